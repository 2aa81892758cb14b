"""The one door to Wenju: what the command line and the bot call, and nothing behind it."""

from collections.abc import Callable, Sequence
from copy import copy
from pathlib import Path

from config.settings import Settings
from retrieval.answering.asked_figures import asked_figures
from retrieval.answering.citations import by_page, cite, printed_on
from retrieval.answering.compose import CITATIONS
from retrieval.asking import QuestionPipeline, Sources
from retrieval.documents.decode import UndecodableError, decode
from retrieval.documents.discover import absolute, is_passed_over
from retrieval.embedding.base import Embedder, ModelIdentity
from retrieval.embedding.engine import identify
from retrieval.errors import NotFoundError
from retrieval.index.base import NOTHING, PassageIndex
from retrieval.index.engine import open_store
from retrieval.index.lookup import Surroundings, find, passage, select, surroundings, text_of
from retrieval.index.visible import Visibility, VisibilityFilter
from retrieval.ingestion.adding import Addition
from retrieval.ingestion.ingest import IngestReport, Progress
from retrieval.ingestion.passages import recipe
from retrieval.maintenance.archive import Beside
from retrieval.maintenance.maintenance import Maintenance, ignore
from retrieval.maintenance.rebuild import rebuild
from retrieval.maintenance.verify import Verification, verify
from retrieval.models import Models
from retrieval.query.followup.thread import thread_of
from retrieval.query.message.checked import QUESTION_LENGTH, checked_question
from retrieval.query.message.courtesy import language_of
from retrieval.query.message.dependent import goes_on
from retrieval.query.message.likeness import asks, core_of
from retrieval.query.message.said import COURTESY, OF_LAST, Said, what_is_said
from retrieval.query.message.several import questions_in
from retrieval.query.question import Question
from retrieval.query.scope import Scope
from retrieval.query.words.synonym_file import SynonymFile
from retrieval.reading.base import Reader
from retrieval.text.topics import topics
from retrieval.text.whereabouts import are_apart, names_place
from retrieval.types import Answer, Document, DocumentRecord, Hit, StoredPassage

__all__ = [
    "COURTESY", "OF_LAST", "QUESTION_LENGTH", "Beside", "IngestReport", "KnowledgeBase", "Progress",
    "Said", "Scope", "Surroundings", "UndecodableError", "Verification", "Visibility", "absolute",
    "are_apart", "asked_figures", "asks", "checked_question", "cite", "core_of", "decode", "goes_on", "ignore",
    "is_passed_over", "language_of", "names_place", "printed_on", "questions_in", "thread_of", "topics",
    "what_is_said",
]  # fmt: skip


class KnowledgeBase:
    """The documents of one home. Safe to use from several threads. `notify` is told in one line what takes long;
    `folder` is the index's in the home; `embedder` and `reader` take the place of those of the settings. Whatever
    reads or writes the index may raise StorageError (AwayError: a server is away); docstrings name other errors."""

    def __init__(
        self,
        settings: Settings,
        notify: Callable[[str], None] = ignore,
        *,
        folder: str = "index",
        embedder: Embedder | None = None,
        reader: Reader | None = None,
    ) -> None:
        self.settings, self.synonyms, self.folder = settings, SynonymFile(settings), folder
        self._store = open_store(settings.home / folder, settings.index, settings.access.collections)
        self._models = Models(settings, notify, embedder, reader)
        self._filter, self._asking = VisibilityFilter(Visibility()), QuestionPipeline()

    def seen_by(self, visibility: Visibility) -> "KnowledgeBase":
        """The same without what is hidden: that is not found, listed, counted or removed. It is closed with this."""
        seen = copy(self)
        seen._filter = VisibilityFilter(visibility)
        return seen

    @property
    def exists(self) -> bool:
        """Whether anything was ever indexed."""
        return self._store.exists()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is indexed (yet, or any more)."""
        return not self.exists or self._index().is_empty()

    # -- documents -----------------------------------------------------------------------------------------------

    def add(
        self,
        paths: Sequence[Path],
        *,
        prune: bool = False,
        confirmed: bool = False,
        progress: Callable[[Progress], None] = ignore,
    ) -> IngestReport:
        """Index what is new or changed below the paths; with `prune` also remove what is gone from them. Files that
        cannot be read are in the report's `failures`, and not raised. Raises ConfirmationRequired where pruning would
        take much and is not `confirmed`, BusyError, ReadOnlyError, IndexMismatchError and ModelError.

        >>> base.add([SAMPLES]).failures
        []
        """
        addition = Addition(self._store, self.embedder, self.settings, self._checked, progress)
        return addition.add(paths, prune=prune, confirmed=confirmed)

    def rebuild(self, progress: Callable[[Progress], None] = ignore) -> IngestReport:
        """Make the index anew with the present settings, from the files where they are unchanged, else from what was
        kept of them. The old index answers until the new one is whole."""
        with self._store.writing(self.settings.index.wait_seconds) as old:
            return rebuild(old, self._store, self.embedder(), self.settings, progress)

    def remove(self, target: str, *, confirmed: bool = False, sha256: str | None = None) -> list[DocumentRecord]:
        """Remove a document (by id, path or file name; with `sha256` only as it was read from that very file) or all
        below a folder; files stay. Gives the records of what went. Raises NotFoundError, ConfirmationRequired when
        more than one would go and it is not `confirmed`, BusyError and ReadOnlyError.

        >>> [record.name for record in base.remove("左云县网格员队伍.md")]
        ['左云县网格员队伍.md']
        """
        select(self._index(), target, confirmed, sha256)
        with self._store.writing(self.settings.index.wait_seconds) as index:
            gone = select(self._filter.of(index), target, confirmed, sha256)  # others may have written meanwhile
            index.remove([record.document_id for record in gone])
            index.publish()
            index.save_caches(whole=True)
        return gone

    def documents(self, first: int = 0, count: int | None = None) -> list[DocumentRecord]:
        """In order of path, `count` of them (None: all) from number `first` on, 0 the first; none where nothing is
        indexed.

        >>> [record.name for record in base.documents(2, 1)]
        ['yuquan-community-workers.pdf']
        """
        return self._index().documents(first, count) if self.exists else []

    def find(self, target: str) -> DocumentRecord:
        """The document by id, path or file name. Raises NotFoundError when none or several go by it."""
        return find(self._index(), target)

    def text(self, target: str) -> Document:
        """The document with its stored `text`; all spans are [start, end) in it and count code points. Raises
        NotFoundError as `find` does.

        >>> base.text("左云县网格员队伍.md").date
        '2026-06-30'
        """
        return text_of(self._index(), target)

    def passage(self, passage_id: str) -> StoredPassage:
        """The passage that a citation or a hit names, with what its spans quote. Raises NotFoundError."""
        return passage(self._index() if self.exists else None, passage_id)

    def passages_of(self, target: str) -> list[StoredPassage]:
        """The passages of a document in the order of its text. Raises NotFoundError as `find` does."""
        return self._index().passages_of(self.find(target).document_id)

    def surroundings(self, passage_id: str, characters: int = 400) -> Surroundings:
        """The passage with at most so many characters of its document's text `before` and `after`. Raises
        NotFoundError."""
        return surroundings(self._index(), self.passage(passage_id), characters)

    # -- questions -----------------------------------------------------------------------------------------------

    def ask(
        self, question: str, *, citations: int = CITATIONS, after: str | None = None, scope: Scope | None = None
    ) -> Answer:
        """The answer, with at most so many citations and never more than `search.top_k`; `confidence` and `relevance`
        are from 0 to 1. `after` is `thread_of` the last answer. Raises QuestionError, NotFoundError where nothing is
        indexed or the scope names what is not there, IndexMismatchError, ModelError and SynonymsError.

        >>> base.ask("左云县有多少网格员").status
        'answered'
        """
        checked_question(question)
        if (index := self._index()).is_empty():  # say so before the model is loaded
            raise NotFoundError(NOTHING)
        own, embedder, reader = self.synonyms.current(), self.embedder(), self._models.reader()
        sources = Sources(self._checked(index), embedder, reader, self.settings, synonyms=own)
        answer = self._asking.answer(sources, question, citations=citations, after=after, scope=scope)
        return by_page(answer, sources.index.document)

    def search(self, question: str, *, read: bool = True, scope: Scope | None = None) -> tuple[Question, list[Hit]]:
        """What an answer is made from: at most `search.top_k` hits, best first; as weighed where not `read`. Of the
        question only `as_shown` and `language` are promised: the rest is how the search understands it, which is
        internal. Raises the same as `ask`.

        >>> question, hits = base.search("左云县有多少网格员")
        >>> len(hits[0].sentence_scores) == len(hits[0].stored.sentences)
        True
        """
        asked, reader = checked_question(question), self._models.reader() if read else None
        given, own = (self._checked(self._index()), self.embedder(), reader, self.settings), self.synonyms.current()
        found = self._asking.search(Sources(*given, synonyms=own), asked, scope)
        return found.question, found.hits

    def embedder(self) -> Embedder:
        """The embedding model, loaded when first needed."""
        return self._models.embedder()

    # -- the index -----------------------------------------------------------------------------------------------

    @property
    def visibility(self) -> Visibility:
        """What of the index is seen."""
        return self._filter.visibility

    def state(self) -> str | None:
        """Another one after each change of the index, and the same in all processes; None where there is no index."""
        return repr(self._index().state()) if self.exists else None

    def stats(self) -> dict[str, int | str]:
        """Counts, what made the index, and what it costs on disk in bytes; counts alone where not all is seen."""
        return self._filter.stats(self._store)

    def check(self) -> None:
        """Raise IndexMismatchError when the settings do not fit the index."""
        self._checked(self._index())

    def verify(self, progress: Callable[[Progress], None] = ignore) -> Verification:
        """Whether all is as it was stored; damage is told, not raised. Nothing is written. Raises IndexMismatchError
        for an index of another layout.

        >>> base.verify().sound
        True
        """
        return verify(self._store, progress) if self.exists else Verification((), ())

    @property
    def maintenance(self) -> Maintenance:
        """Backups, replicas, and what else is done with an index by those who look after it."""
        return Maintenance(self.settings, self._store, lambda made_by: made_by.differs(*self._made_now()))

    def close(self) -> None:
        self._asking.close()
        self._store.close()

    def _index(self) -> PassageIndex:
        return self._filter.of(self._store.current())

    def _checked(self, index: PassageIndex) -> PassageIndex:
        index.made_by.check(*self._made_now())
        return index

    def _made_now(self) -> tuple[ModelIdentity, str]:
        """The model and the recipe by which the settings would make an index."""
        return self._models.loaded_identity or identify(self.settings), recipe(self.settings.passages)
