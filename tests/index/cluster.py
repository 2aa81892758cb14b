"""`make cluster-test MILVUS=http://host:19530`: what is promised of an index, tried on a Milvus of yours.

The collections that it makes have names of their own (t and twelve digits), and are dropped at the end. It says
itself what it ran on: one process is no cluster.
"""

import argparse
import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import grpc
from pymilvus import MilvusException

from config.settings import IndexSettings
from retrieval.errors import StorageError
from retrieval.index.milvus.client import Milvus
from tests.index.conftest import CLUSTER
from tests.support.running import ROOT

TESTS = ("contract", "contract_of_several", "store_contract", "visible", "milvus", "same_answers")
BEHIND_A_PROXY = ("proxy", "partitions")
"""Of ours, which speaks to a server without TLS alone."""
_GROUP = "__default_resource_group"


def ran_on(settings: IndexSettings) -> str:
    """The server's version and address, how many nodes answer questions, and into what collections are divided."""
    with closing(Milvus(settings)) as milvus:
        version = milvus.version()
        try:
            nodes = milvus._opened().describe_resource_group(_GROUP).nodes
            counted = f"{len(nodes)} nodes that answer ({', '.join(sorted(node.hostname for node in nodes))})"
        except (MilvusException, grpc.RpcError):  # milvus-lite knows of none
            counted = "one process, no cluster"
    shards, replicas = settings.milvus_shards, settings.milvus_replicas
    return f"Milvus {version} at {settings.milvus_uri}, {counted}; {shards} shards and {replicas} replicas"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.index.cluster", description=__doc__)
    parser.add_argument("address", help="for example http://host:19530")
    parser.add_argument("--token", help="user:password, or a key")
    parser.add_argument("--certificate", help="PEM file of the authority that signed the server's")
    parser.add_argument("--shards", type=int, default=1)
    parser.add_argument("--replicas", type=int, default=1)
    chosen, rest = parser.parse_known_args()
    own = {"milvus_uri": chosen.address, "milvus_shards": chosen.shards, "milvus_replicas": chosen.replicas}
    own |= {"milvus_timeout": 60, "milvus_token": chosen.token, "milvus_certificate": chosen.certificate}
    try:
        told = ran_on(IndexSettings.model_validate({"engine": "milvus", **own}))
    except StorageError as error:
        sys.exit(str(error))
    sys.stdout.write(f"{told}\n")
    sys.stdout.flush()
    names = (*TESTS, *BEHIND_A_PROXY) if chosen.address.startswith("http://") else TESTS
    files = [str(Path(__file__).with_name(f"test_{name}.py")) for name in names]
    command = [sys.executable, "-m", "pytest", "-m", "slow or not slow", "-k", "not embedded", *files, *rest]
    code = subprocess.run(command, cwd=ROOT, env=os.environ | {CLUSTER: json.dumps(own)}, check=False).returncode
    sys.stdout.write(f"{told}: {'all promises were kept' if code == 0 else 'what failed stands above'}.\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
