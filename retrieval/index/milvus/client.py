"""Calls to Milvus, or to milvus-lite, its form for one machine. The only file that imports pymilvus.

Every call may be repeated: rows are put by their key, and deleting what is gone deletes nothing. So a call whose
answer was lost is made again, until `milvus_timeout` is over.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import grpc
from pymilvus import DataType, MilvusClient, MilvusException

from config.settings import IndexSettings
from retrieval.embedding.base import Vectors
from retrieval.errors import StorageError
from retrieval.index.milvus.calls import in_calls
from retrieval.index.milvus.expressions import BATCH, in_batches
from retrieval.index.milvus.schema import Schema
from retrieval.index.milvus.told import away, line_of, not_opened, refuses

T = TypeVar("T")
Row = dict[str, Any]
MOST = 16_384
"""Rows that Milvus gives for one search at most."""
_NO_COLLECTION, _RELEASED, _AWAY = 100, (101, 103), 2  # Milvus's codes; of 103 a part is still being loaded
_REFUSED, _NOT_LET_IN = -1, (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0


class MissingCollectionError(StorageError):
    """A collection is not there (any more)."""


class Milvus:
    """Collections on one server, opened by the first call. Safe to use from several threads. Raises StorageError,
    which says what to do, when the server is away or refuses."""

    def __init__(self, settings: IndexSettings) -> None:
        self.settings, self._is_a_file = settings, str(settings.milvus_uri).endswith(".db")
        self._client: MilvusClient | None = None
        self._opening = threading.Lock()

    def close(self) -> None:
        with self._opening:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def version(self) -> str:
        """The server's, in its words."""
        return str(self._call(MilvusClient.get_server_version))

    # -- collections ---------------------------------------------------------------------------------------------

    def collections(self) -> list[str]:
        return list(self._call(MilvusClient.list_collections))

    def make(self, name: str, schema: Schema) -> None:
        """A collection, ready to be searched; one that is there already is made ready."""

        def make(client: MilvusClient, name: str) -> None:
            if not client.has_collection(name):
                made = client.create_schema(auto_id=False, enable_dynamic_field=False)
                for field, kind, options in schema.fields:
                    made.add_field(field, DataType[kind], **options)
                how = {"consistency_level": "Strong", "num_shards": self.settings.milvus_shards}
                how |= {"num_partitions": self.settings.milvus_partitions} if schema.has_partitions else {}
                _surely(
                    partial(client.create_collection, name, schema=made, **how),
                    partial(client.has_collection, name),
                )
            arrays = {field for field, kind, _ in schema.fields if kind == "ARRAY"}
            is_lite = "lite" in client.get_server_version()  # which knows no index of arrays
            there = client.list_indexes(name)
            for field, kind in schema.indexes:
                if field not in there and not (is_lite and field in arrays):
                    wanted = client.prepare_index_params()
                    wanted.add_index(field, kind, field, **({} if kind == "INVERTED" else {"metric_type": "IP"}))
                    _surely(
                        partial(client.create_index, name, wanted, sync=False),
                        partial(client.list_indexes, name, field_name=field),
                    )

        self._call(make, name)
        self._load(name)

    def _load(self, name: object) -> None:
        self._call(MilvusClient.load_collection, name, replica_number=self.settings.milvus_replicas)

    def drop(self, name: str) -> None:
        with suppress(MissingCollectionError):
            self._call(MilvusClient.drop_collection, name)

    # -- rows ----------------------------------------------------------------------------------------------------

    def put(self, collection: str, rows: Sequence[Row], seconds: float | None = None) -> None:
        """Rows in place of those with the same keys; each is there whole, or as it was. Each call is tried for so
        many seconds at most, where they are given."""
        limit = {} if seconds is None else {"timeout": seconds}
        for own in in_calls(rows):
            self._call(MilvusClient.upsert, collection, own, **limit)

    def delete_in(self, collection: str, field: str, values: Iterable[object], also: str = "") -> None:
        """The rows that `rows_in` gives."""
        for where in in_batches(field, values, also):
            self._call(MilvusClient.delete, collection, filter=where)

    def rows(self, collection: str, where: str, fields: Sequence[str]) -> list[Row]:
        """All rows for which the expression holds, in no particular order."""

        def read(client: MilvusClient, collection: str) -> list[Row]:
            found: list[Row] = []
            pages = client.query_iterator(collection, filter=where, output_fields=list(fields), batch_size=BATCH)
            try:
                while page := pages.next():
                    found.extend(page)
            finally:
                pages.close()
            return found

        return self._call(read, collection)

    def rows_in(
        self, collection: str, field: str, values: Iterable[object], fields: Sequence[str], also: str = ""
    ) -> list[Row]:
        """The rows whose field is one of the values (whole numbers, or names without quotation marks), as of one
        moment for each thousand."""
        found: list[Row] = []
        for where in in_batches(field, values, also):
            found += self._call(MilvusClient.query, collection, filter=where, output_fields=list(fields))
        return found

    def count(self, collection: str, where: str) -> int:
        (row,) = self._call(MilvusClient.query, collection, filter=where, output_fields=["count(*)"])
        return int(row["count(*)"])

    def search(
        self,
        collection: str,
        field: str,
        vector: Vectors | Mapping[int, float],
        count: int,
        where: str = "",
        *,
        may_lag: bool = False,
    ) -> list[tuple[int, float]]:
        """Keys and products of the `count` rows, at most MOST, with the greatest inner products to the vector:
        (dimension,), or weights by term. With `may_lag` they are as at some moment of the last seconds, without what
        was written since."""
        found = self._call(
            MilvusClient.search,
            collection,
            data=[vector],
            anns_field=field,
            limit=min(count, MOST),
            filter=where,
            output_fields=["document"],  # else milvus-lite gives all fields
            search_params={"metric_type": "IP"},
            **({"consistency_level": "Bounded"} if may_lag else {}),
        )
        (hits,) = found
        return list(zip(hits.ids, hits.distances, strict=True))

    # -- one call ------------------------------------------------------------------------------------------------

    def _call(self, call: Callable[..., T], *arguments: object, **options: Any) -> T:
        """What a call gives, tried again with longer and longer pauses while the server is away. Its first argument
        names the collection: that is loaded where it is not, as milvus-lite has it after each start."""
        most = self.settings.milvus_timeout
        end, pause = time.monotonic() + min(most, options.get("timeout", most)), _FIRST_PAUSE
        while True:
            if "timeout" in options:
                options["timeout"] = max(end - time.monotonic(), _FIRST_PAUSE)
            try:
                return call(self._opened(), *arguments, **options)
            except (MilvusException, grpc.RpcError) as error:
                code = _code(error)
                if code == _NO_COLLECTION:
                    told = f"{line_of(error)}: a rebuild may have replaced it. Try again, or restore a backup."
                    raise MissingCollectionError(told) from error
                if code not in (_AWAY, *_RELEASED) or time.monotonic() + pause > end:
                    raise self._told(error) from error
            if code in _RELEASED:
                self._load(arguments[0])
            # With jitter, so that all who were waiting do not come back at once.
            time.sleep(pause * random.uniform(0.5, 1))
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _opened(self) -> MilvusClient:
        with self._opening:
            if self._client is None:
                logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # what it has to say is raised, too
                own = self.settings
                secure = {"server_pem_path": str(own.milvus_certificate)} if own.milvus_certificate else {}
                try:
                    self._client = MilvusClient(
                        own.milvus_uri,
                        token=own.milvus_token.get_secret_value() if own.milvus_token else "",
                        db_name=own.milvus_database or "",
                        timeout=own.milvus_timeout,
                        **secure,
                    )
                except OSError as error:
                    raise StorageError(
                        f"The certificate {own.milvus_certificate} cannot be read: {error.strerror or error}. Mend "
                        "index.milvus_certificate."
                    ) from error
            return self._client

    def _told(self, error: Exception) -> StorageError:
        uri = self.settings.milvus_uri
        if _code(error) == _AWAY:
            return away(uri, error)
        if self._client is None and self._is_a_file:
            return not_opened(uri, error)
        return refuses(uri, error)


def _surely(make: Callable[[], object], is_there: Callable[[], object]) -> None:
    """pymilvus makes a call again whose answer was lost, and is then told that what it made is there already."""
    try:
        make()
    except MilvusException:
        if not is_there():
            raise


def _code(error: MilvusException | grpc.RpcError) -> int:
    if isinstance(error, MilvusException):
        return int(error.code)
    return _REFUSED if error.code() in _NOT_LET_IN else _AWAY
