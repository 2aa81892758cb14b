"""What another program imports: the names of the package, loaded only when they are used."""

import subprocess
import sys

import pytest

import retrieval
from tests.support.running import ROOT


@pytest.mark.parametrize("name", retrieval.__all__)
def test_each_public_name_is_there(name: str) -> None:
    assert name in dir(retrieval)
    assert getattr(retrieval, name).__name__ == name


def test_there_are_no_others() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = retrieval.Nothing


def test_importing_the_package_loads_no_library() -> None:
    code = "import sys, retrieval; print([n for n in ('numpy', 'pydantic', 'faiss', 'torch') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
