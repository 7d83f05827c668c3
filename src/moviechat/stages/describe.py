"""Collect passages of text about every film, with source and licence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from moviechat import jsonl, params, paths
from moviechat.addressed import apart
from moviechat.errors import DataError
from moviechat.frames import frame, read_parquet, write_parquet
from moviechat.launch import launch
from moviechat.passages import clean, cut
from moviechat.schema import Movie, Passage
from moviechat.wikipedia.articles import Wikipedia
from moviechat.wikitext import LEAD

_KEPT, _UNKNOWN, _AGAIN, _EMPTY = "kept", "of films not in the catalogue", "said twice of one film", "empty"


def run(
    p: params.Describe,
    *,
    movies: Path = paths.MOVIES,
    passages: Path = paths.PASSAGES,
    cache: Path = paths.CACHE / "describe",
) -> None:
    """Write the films' texts (columns of schema.Passage, sorted by film): the folder's, then Wikipedia's if asked."""
    wikipedia = Wikipedia.from_environment(cache) if p.wikipedia else None
    films = read_parquet(movies, Movie, "filter")["tconst"].to_list()
    texts = _sifted(_from_folder(Path(p.folder), needed=not p.wikipedia), set(films), p.folder)
    if wikipedia:
        described = {text.tconst for text in texts}
        bare = [tconst for tconst in films if tconst not in described]
        found = _sifted(wikipedia.texts(bare), set(bare), "Wikipedia")
        print(f"{len(bare) - len({text.tconst for text in found}):,} films without an article")
        texts += found
    rows = list(_numbered(texts, p.max_words))
    write_parquet(frame(Passage, rows), passages)
    _tell(rows, len(films))


def _from_folder(folder: Path, *, needed: bool) -> Iterator[Passage]:
    if needed and not jsonl.files(folder):
        raise DataError(
            f"describe.folder {folder} holds no *.jsonl or *.jsonl.gz: put texts there "
            '(lines like {"tconst": "tt...", "text": "..."}), or set describe.wikipedia to true'
        )
    return (_passage(line) for line in jsonl.read_folder(folder))


def _passage(line: jsonl.Line) -> Passage:
    return Passage(
        tconst=line.text("tconst").strip(),
        passage=0,
        text=line.text("text"),
        section=(line.optional("section") or "").strip() or None,
        source=line.optional("source") or Path(line.place.rpartition(":")[0]).name.partition(".")[0],
        url=line.optional("url"),
        revision=line.optional("revision"),
        license=line.optional("license"),
    )


def _sifted(texts: Iterable[Passage], films: Container[str], origin: str) -> list[Passage]:
    """The texts of `films`, cleaned, each once a film; prints what became of all.

    Sentences that speak to the reader or to a model are left out (moviechat.addressed).
    """
    counts: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    kept, spoken = [], 0
    for text in tqdm(texts, desc=f"reading {origin}", unit="text", mininterval=1):
        cleaned, addressed = apart(clean(text.text)) if text.tconst in films else ("", [])
        spoken += len(addressed)
        fate = _fate(text.tconst, cleaned, films, seen)
        counts[fate] += 1
        if fate == _KEPT:
            seen.add((text.tconst, cleaned))
            kept.append(replace(text, text=cleaned))
    told = ", ".join(f"{counts[fate]:,} {fate}" for fate in (_KEPT, _UNKNOWN, _AGAIN, _EMPTY))
    print(f"{counts.total():,} texts of {origin}: {told}; {spoken:,} sentences that speak to the reader left out")
    return kept


def _fate(tconst: str, cleaned: str, films: Container[str], seen: Container[tuple[str, str]]) -> str:
    if tconst not in films:
        return _UNKNOWN
    if not cleaned:
        return _EMPTY
    return _AGAIN if (tconst, cleaned) in seen else _KEPT


def _numbered(texts: Iterable[Passage], max_words: int) -> Iterator[Passage]:
    """Passages of at most `max_words` words: by film, leads and texts without a section first, otherwise in order."""
    count: Counter[str] = Counter()
    for text in sorted(texts, key=lambda t: (t.tconst, (t.section or LEAD).casefold() != LEAD.casefold())):
        for piece in cut(text.text, max_words):
            yield replace(text, passage=count[text.tconst], text=piece)
            count[text.tconst] += 1


def _tell(rows: Iterable[Passage], films: int) -> None:
    described = Counter(row.tconst for row in rows)
    print(
        f"{described.total():,} passages on {len(described):,} of {films:,} films; "
        f"{films - len(described):,} have no text and are found by title and facts only"
    )


if __name__ == "__main__":
    launch("describe", run)
