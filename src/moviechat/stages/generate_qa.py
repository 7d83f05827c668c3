"""Question-answer pairs, each checked against its film's record; nothing is dropped in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from tqdm import tqdm

from moviechat import params, paths, prompts
from moviechat.errors import DataError
from moviechat.frames import frame, read_parquet, write_parquet
from moviechat.grounding import Record, check
from moviechat.launch import launch
from moviechat.schema import Movie, Passage, QAPair
from moviechat.teacher import Draft, Film, Teacher
from moviechat.teacher.file import FileTeacher
from moviechat.teacher.records import RecordsTeacher
from moviechat.words import fold, tokens


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: a pair that was asked for, and what became of it (`reason` is None if accepted)."""

    tconst: str
    kind: str
    question: str
    answer: str
    source: str
    accepted: bool
    reason: str | None
    raw: str


def run(
    p: params.GenerateQa,
    *,
    movies: Path = paths.MOVIES,
    passages: Path = paths.PASSAGES,
    pairs: Path = paths.PAIRS,
    ledger: Path = paths.LEDGER,
) -> None:
    """Write the accepted pairs (columns of schema.QAPair) and the ledger (columns of Entry), both sorted by film."""
    films = _films(movies, passages)
    teacher = _teacher(p)
    judge = Judge(films)
    drafts = sorted(teacher.write(list(films.values())), key=lambda draft: draft.tconst)
    judged = [(d, judge.fault(d)) for d in tqdm(drafts, desc="checking", unit="pair", mininterval=1)]
    entries = [_entry(draft, fault, teacher.name) for draft, fault in judged]
    accepted = [draft for draft, fault in judged if fault is None]
    _tell(entries, films)
    if not accepted:
        raise DataError(
            f"none of {len(entries):,} pairs by generate_qa.provider {p.provider} was accepted: the counts above say "
            "why; mend generate_qa.folder or describe.folder, or set generate_qa.provider to records"
        )
    write_parquet(frame(Entry, entries), ledger)
    write_parquet(frame(QAPair, _pairs(accepted, films, teacher.name)), pairs)


def _films(movies: Path, passages: Path) -> dict[str, Film]:
    rows = read_parquet(passages, Passage, "describe").sort("tconst", "passage").iter_rows(named=True)
    texts = {tconst: tuple(of_film) for tconst, of_film in groupby(map(Passage.from_row, rows), lambda p: p.tconst)}
    found = map(Movie.from_row, read_parquet(movies, Movie, "filter").iter_rows(named=True))
    return {movie.tconst: Film(movie, texts.get(movie.tconst, ())) for movie in found}


def _teacher(p: params.GenerateQa) -> Teacher:
    return FileTeacher(Path(p.folder)) if p.provider == "file" else RecordsTeacher(p.per_film, p.seed)


class Judge:
    """Says what is wrong with a draft; drafts of one film come one after another."""

    def __init__(self, films: Mapping[str, Film]) -> None:
        self._films = films
        self._asked: set[tuple[str, tuple[str, ...]]] = set()
        self._record = lru_cache(maxsize=1)(self._make_record)

    def fault(self, draft: Draft) -> str | None:
        """The first reason to reject the draft, or None."""
        if draft.fault:
            return draft.fault
        if draft.tconst not in self._films:
            return "film not in the catalogue"
        if not draft.answer.strip():
            return "empty answer"
        if not names_film(draft.question, self._films[draft.tconst].movie):
            return "names no film"
        return self._repeated(draft) or self._unsupported(draft)

    def _repeated(self, draft: Draft) -> str | None:
        asked = (draft.tconst, _folded(draft.question))
        if asked in self._asked:
            return "duplicate question"
        self._asked.add(asked)
        return None

    def _unsupported(self, draft: Draft) -> str | None:
        verdict = check(draft.question, draft.answer, self._record(draft.tconst))
        return None if verdict.supported else f"unsupported: {', '.join(verdict.unsupported)}"

    def _make_record(self, tconst: str) -> Record:
        film = self._films[tconst]
        return Record.of(film.movie, film.texts)


def names_film(question: str, movie: Movie) -> bool:
    """Whether the question holds one of the film's titles, whatever its case, diacritics and punctuation."""
    asked = _folded(question)
    return any(
        _holds(asked, title, question) for title in (movie.title, movie.original_title, *movie.alternative_titles)
    )


def _holds(asked: Sequence[str], title: str, question: str) -> bool:
    wanted = _folded(title)
    if not wanted:  # a title without letters or digits, such as "..."
        return title in question
    return any(asked[i : i + len(wanted)] == wanted for i in range(len(asked) - len(wanted) + 1))


@lru_cache(maxsize=4096)  # a film's titles are asked for once a pair
def _folded(text: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in tokens(text))


def _entry(draft: Draft, fault: str | None, source: str) -> Entry:
    return Entry(draft.tconst, draft.kind, draft.question, draft.answer, source, fault is None, fault, draft.raw)


def _pairs(accepted: Sequence[Draft], films: Mapping[str, Film], source: str) -> Iterator[QAPair]:
    for tconst, drafts in groupby(accepted, lambda draft: draft.tconst):
        record = prompts.render_record(films[tconst].movie, films[tconst].texts)
        for d in drafts:
            yield QAPair(tconst, d.kind, d.question, d.answer, record, source, d.reasoning)


def _tell(entries: Sequence[Entry], films: Mapping[str, Film]) -> None:
    rejected = Counter(entry.reason.partition(":")[0] for entry in entries if entry.reason)
    kinds = Counter(entry.kind for entry in entries if entry.accepted)
    asked = len({entry.tconst for entry in entries if entry.accepted})
    rows = [("pairs asked", len(entries)), *((f"- {reason}", n) for reason, n in rejected.most_common())]
    rows += [("pairs accepted", kinds.total()), *((f"  {kind}", n) for kind, n in sorted(kinds.items()))]
    for name, count in (*rows, (f"films with pairs, of {len(films):,}", asked)):
        print(f"{name:<30}{count:>10,}")


if __name__ == "__main__":
    launch("generate_qa", run)
