"""Collect passages of text about every film, with source and licence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from moviechat import jsonl, params, paths
from moviechat.addressed import apart
from moviechat.errors import DataError
from moviechat.frames import frame, read_parquet, write_parquet
from moviechat.launch import launch
from moviechat.passages import PARAGRAPH, clean_paragraphs, cut
from moviechat.schema import Movie, Passage
from moviechat.wikipedia.articles import Wikipedia
from moviechat.wikipedia.coverage import Coverage
from moviechat.wikipedia.sections import LEAD

_KEPT, _UNKNOWN, _AGAIN, _EMPTY = "kept", "of films not in the catalogue", "said twice of one film", "empty"


def run(
    p: params.Describe,
    *,
    movies: Path = paths.MOVIES,
    passages: Path = paths.PASSAGES,
    cache: Path = paths.CACHE / "describe",
) -> None:
    """Write the films' texts (columns of schema.Passage, sorted by film): the folder's, and Wikipedia's if asked.

    What texts each film has, and why one has none, goes to `coverage.json` and `coverage.png` in `cache`.
    """
    wikipedia = Wikipedia.from_environment(cache) if p.wikipedia else None
    films = read_parquet(movies, Movie, "filter")["tconst"].to_list()
    given = {p.folder: [*_from_folder(Path(p.folder), needed=not wikipedia)]}
    without = dict.fromkeys(films, f"no text in {p.folder}")
    if wikipedia:
        found = wikipedia.texts(films)
        given["Wikipedia"], without = found.passages, without | found.without
    texts = _sifted(given if p.first == "folder" else dict(reversed(given.items())), set(films))
    rows = list(_numbered(texts, p.max_words))
    write_parquet(frame(Passage, rows), passages)
    _tell(rows, Coverage.of(films, rows, without), cache)


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


def _sifted(given: Mapping[str, Sequence[Passage]], films: Container[str]) -> list[Passage]:
    """The texts of `films` from each source, cleaned, each once per film; prints what became of all.

    Sentences that speak to the reader or to a model are left out (moviechat.addressed).
    """
    seen: set[tuple[str, str]] = set()
    kept = []
    for origin, texts in given.items():
        counts, spoken = Counter[str](), 0
        for text in tqdm(texts, desc=f"reading {origin}", unit="text", mininterval=1):
            cleaned, addressed = _cleaned(text.text) if text.tconst in films else ("", 0)
            spoken += addressed
            same = (text.tconst, "".join(filter(str.isalnum, cleaned.casefold())) or cleaned)
            fate = _fate(text.tconst, cleaned, films, same in seen)
            counts[fate] += 1
            if fate == _KEPT:
                seen.add(same)
                kept.append(replace(text, text=cleaned))
        told = ", ".join(f"{counts[fate]:,} {fate}" for fate in (_KEPT, _UNKNOWN, _AGAIN, _EMPTY))
        print(f"{counts.total():,} texts of {origin}: {told}; {spoken:,} sentences that speak to the reader left out")
    return kept


def _cleaned(text: str) -> tuple[str, int]:
    """The text's paragraphs without markup and without sentences that speak to the reader, and how many those were."""
    parts = [apart(paragraph) for paragraph in clean_paragraphs(text).split(PARAGRAPH)]
    return PARAGRAPH.join(told for told, _ in parts if told), sum(len(addressed) for _, addressed in parts)


def _fate(tconst: str, cleaned: str, films: Container[str], again: bool) -> str:
    if tconst not in films:
        return _UNKNOWN
    if not cleaned:
        return _EMPTY
    return _AGAIN if again else _KEPT


def _numbered(texts: Iterable[Passage], max_words: int) -> Iterator[Passage]:
    """Passages of at most `max_words` words: by film, leads and texts without a section first, otherwise in order."""
    count: Counter[str] = Counter()
    for text in sorted(texts, key=lambda t: (t.tconst, (t.section or LEAD).casefold() != LEAD.casefold())):
        for piece in cut(text.text, max_words):
            yield replace(text, passage=count[text.tconst], text=piece)
            count[text.tconst] += 1


def _tell(rows: Sequence[Passage], coverage: Coverage, cache: Path) -> None:
    print(coverage.table())
    print(
        f"{len(rows):,} passages on {coverage.films - len(coverage.without):,} of {coverage.films:,} films; "
        f"{len(coverage.without):,} have no text and are found by title and facts only"
    )
    coverage.save(cache)


if __name__ == "__main__":
    launch("describe", run)
