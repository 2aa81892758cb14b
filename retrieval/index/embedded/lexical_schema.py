"""How tantivy lays out the words: the fields of a passage, how long each is, its key, and the stamp."""

from collections.abc import Mapping

import tantivy

from retrieval.index.base import Field

NAMES: Mapping[Field, str] = {"text": "body", "beside": "known", "sound": "sound"}
"""The fields, as tantivy knows them."""


def length(name: str) -> str:
    """The field that holds how many tokens a passage has in this one."""
    return f"{name}_length"


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", indexed=True, fast=True)
    for name in NAMES.values():
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field(length(name), fast=True)
    builder.add_text_field("stamp", stored=True, tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()
