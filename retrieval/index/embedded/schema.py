"""The tables of the database."""

SCHEMA_VERSION = 5
VECTORS = """
CREATE TABLE vectors (
    passage INTEGER PRIMARY KEY REFERENCES passages(key) ON DELETE CASCADE,
    own BLOB NOT NULL,
    sentences BLOB NOT NULL
);
CREATE TABLE texts (
    key BLOB NOT NULL,
    passage INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (key, passage)
) WITHOUT ROWID;
CREATE INDEX documents_by_counts ON documents(passages, characters, vectors)
"""
"""`texts` says with which passages, and at which of their vectors, the vector of a text lies. Counts are read from
the index: in the table they stand among whole documents."""
CHECKSUMS = """
CREATE TABLE checksums (
    document INTEGER PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE,
    content TEXT NOT NULL,
    vectors TEXT NOT NULL
)
"""
"""In a table of their own: to add them to a document would write its whole text again."""
LEFT_OUT = """
CREATE TABLE left_out (
    document INTEGER PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE,
    told TEXT NOT NULL
)
"""
"""What a reader left out of a document's file; of most documents nothing."""
# What is long stands last in a table: SQLite walks through all that stands before what is asked for.
SCHEMA = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    date TEXT,
    url TEXT,
    characters INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    vectors INTEGER NOT NULL,
    indexed_at TEXT NOT NULL,
    page_starts TEXT NOT NULL,
    articles TEXT NOT NULL,
    paragraphs TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    section TEXT,
    page INTEGER,
    title TEXT NOT NULL,
    place TEXT,
    date TEXT,
    spans TEXT NOT NULL,
    sentences TEXT NOT NULL,
    vector_keys BLOB NOT NULL
);
CREATE INDEX passages_by_document ON passages(document, ordinal);
CREATE INDEX passages_by_seq ON passages(seq);
CREATE TABLE commits (seq INTEGER PRIMARY KEY, token TEXT NOT NULL);
CREATE TABLE removals (key INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
CREATE INDEX removals_by_seq ON removals(seq);
{VECTORS};
{CHECKSUMS};
{LEFT_OUT};
"""
