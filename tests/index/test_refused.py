"""An expired token, and a certificate of a wrong authority. milvus-lite knows neither, so that a proxy of ours before
it does."""

import datetime
import ipaddress
import time
from base64 import b64encode
from contextlib import closing
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

from config.settings import IndexSettings
from retrieval.errors import StorageError
from retrieval.index.engine import open_store
from tests.index.conftest import milvus_settings
from tests.support.indexes import GRID, MADE_BY, found, made

pytest.importorskip("pymilvus", reason="needs the extra wenju[milvus]")

from tests.index.proxy import Proxy

TOKEN = "clerk:ABCDEFGH"


class Asking(Proxy):
    """Passes on what comes with the token that is right; all of them are wrong once it has `expired`."""

    def __init__(self, target: str) -> None:
        super().__init__(target, 1e-9, seed=7)
        self.expired, self.refused = False, 0

    def service(self, handler_call_details: Any) -> Any:
        told = dict(handler_call_details.invocation_metadata).get("authorization")
        if told == b64encode(TOKEN.encode()).decode() and not self.expired:
            return super().service(handler_call_details)

        def refuse(_: bytes, context: Any) -> bytes:
            self.refused += 1
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "auth check failure")
            return b""

        return grpc.unary_unary_rpc_method_handler(refuse)


@pytest.fixture
def asking(server: str) -> Asking:
    if not server.endswith(".db"):
        return Asking(server)
    from milvus_lite.server_manager import server_manager_instance

    return Asking(str(server_manager_instance.start_and_get_uri(server)))


def settings(proxy: Proxy, folder: Path, **own: Any) -> IndexSettings:
    return milvus_settings(proxy.address, folder).model_copy(update={"milvus_token": SecretStr(TOKEN), **own})


def test_a_token_that_expires_is_told_at_once_and_nothing_is_lost(asking: Asking, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with asking.running(), closing(open_store(folder, settings(asking, folder, milvus_timeout=60))) as store:
        store.create(MADE_BY)
        with store.writing(5) as writer:
            writer.put(made("a", GRID))
        asking.expired, begun = True, time.monotonic()
        with pytest.raises(StorageError, match=r"refuses: .*auth check failure.*Look at index\.milvus_token") as told:
            store.current()
        assert time.monotonic() - begun < 30, "it is not waited for as for a server that is away"
        assert "\n" not in str(told.value) and "ABCDEFGH" not in str(told.value)
        asking.expired = False
        assert found(store.current(), "网格员").keys() == {"a-0"}


def test_a_wrong_token_is_told(asking: Asking, tmp_path: Path) -> None:
    own = {"milvus_token": SecretStr("clerk:12345678"), "milvus_timeout": 1}
    with asking.running(), closing(open_store(tmp_path, settings(asking, tmp_path, **own))) as store:
        with pytest.raises(StorageError, match="token and certificate right") as told:
            store.exists()
        assert "12345678" not in str(told.value)
    assert asking.refused


# -- TLS -----------------------------------------------------------------------------------------------------------


class Authority:
    """Signs a certificate for 127.0.0.1; `file` holds its own."""

    def __init__(self, file: Path) -> None:
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, file.stem)])
        self._key, self.file = ec.generate_private_key(ec.SECP256R1()), file
        file.write_bytes(self._signed(self._key, self._name, x509.BasicConstraints(True, None)))

    def credentials(self) -> grpc.ServerCredentials:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "server")])
        address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        packed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return grpc.ssl_server_credentials([(packed, self._signed(key, name, address))])

    def _signed(self, key: ec.EllipticCurvePrivateKey, name: x509.Name, extension: x509.ExtensionType) -> bytes:
        now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(1)
        made = x509.CertificateBuilder(self._name, name, key.public_key(), x509.random_serial_number())
        made = made.not_valid_before(now - day).not_valid_after(now + day).add_extension(extension, critical=False)
        return made.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture
def right(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "right.pem")


def test_a_server_whose_authority_is_named_answers(asking: Asking, right: Authority, tmp_path: Path) -> None:
    with asking.running(right.credentials()):
        own = settings(asking, tmp_path, milvus_certificate=right.file)
        with closing(open_store(tmp_path / "index", own)) as store:
            store.create(MADE_BY)
            with store.writing(5) as writer:
                writer.put(made("a", GRID))
            assert found(store.current(), "网格员").keys() == {"a-0"}


@pytest.mark.parametrize("is_named", [True, False])
def test_a_server_of_a_wrong_authority_is_told(
    asking: Asking, right: Authority, tmp_path: Path, is_named: bool
) -> None:
    wrong = Authority(tmp_path / "wrong.pem").file if is_named else None
    with asking.running(right.credentials()):
        own = settings(asking, tmp_path, milvus_certificate=wrong, milvus_timeout=1)
        with (
            closing(open_store(tmp_path / "index", own)) as store,
            pytest.raises(StorageError, match=r"does not answer .*token and certificate right") as told,
        ):
            store.exists()
        assert "\n" not in str(told.value)
