"""What is told, in one line, of a Milvus that does not do what it is asked for."""

from retrieval.errors import AwayError, StorageError


def line_of(error: Exception) -> str:
    return " ".join(str(getattr(error, "message", error)).split())[:300]


def away(uri: str | None, error: Exception) -> AwayError:
    return AwayError(
        f"Milvus at {uri} does not answer ({line_of(error)}). Is it running, and are index.milvus_uri, token and "
        "certificate right? Nothing is lost: try again when it is back."
    )


def not_opened(uri: str | None, error: Exception) -> StorageError:
    return StorageError(
        f"{uri} cannot be opened ({line_of(error)}). Is it open in another process? milvus-lite serves one at a time."
    )


def refuses(uri: str | None, error: Exception) -> StorageError:
    return StorageError(
        f"Milvus at {uri} refuses: {line_of(error)}. Look at index.milvus_token and index.milvus_database, and into "
        "the server's log."
    )
