"""Collect facts that IMDb's tables lack: countries, languages, age ratings, awards and more, each with its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from moviechat import jsonl, params, paths
from moviechat.facts import ABOUT, FIELDS, SINGLE, of_line
from moviechat.frames import frame, read_parquet, write_parquet
from moviechat.launch import launch
from moviechat.schema import Fact, Movie
from moviechat.wikipedia.wikidata import Wikidata


def run(
    p: params.Enrich,
    *,
    movies: Path = paths.MOVIES,
    facts: Path = paths.FACTS,
    cache: Path = paths.CACHE / "enrich",
) -> None:
    """Write the films' facts (columns of schema.Fact, by film and field): the folder's, then optionally Wikidata's.

    If the folder has a field of a film, Wikidata is not used for it. Raises DataError for a line that cannot be read,
    FetchError if Wikidata does not answer.
    """
    wikidata = Wikidata.from_environment(cache) if p.source == "wikidata" else None
    films = read_parquet(movies, Movie, "filter")["tconst"].to_list()
    found = _of_films(_from_folder(Path(p.folder), p.inferred), films, p.folder)
    if wikidata:
        told = {(fact.tconst, fact.field) for fact in found}
        more = [fact for fact in wikidata.facts(films) if (fact.tconst, fact.field) not in told]
        print(f"{len(more):,} facts of Wikidata")
        found += more
    rows = list(_once(found))
    write_parquet(frame(Fact, rows), facts)
    _tell(rows, len(films))


def _from_folder(folder: Path, inferred: bool) -> Iterator[Fact]:
    strange: Counter[str] = Counter()
    for line in jsonl.read_folder(folder):
        strange.update(key for key in line.value if key not in ABOUT and key not in FIELDS)
        yield from of_line(line, inferred)
    if strange:
        told = ", ".join(f"{key} ({count:,} lines)" for key, count in sorted(strange.items()))
        print(f"{folder}: {told} not read: the fields are {', '.join(FIELDS)}")


def _of_films(facts: Iterable[Fact], films: Sequence[str], origin: str) -> list[Fact]:
    known, everything = set(films), list(facts)
    kept = [fact for fact in everything if fact.tconst in known]
    print(f"{len(kept):,} facts of {origin}, {len(everything) - len(kept):,} of films not in the catalogue")
    return kept


def _once(facts: Iterable[Fact]) -> Iterator[Fact]:
    """By film and field, each value once, in order; of a single-valued field the first one."""
    seen: set[tuple[str, ...]] = set()
    for fact in sorted(facts, key=lambda f: (f.tconst, FIELDS.index(f.field))):
        one = (fact.tconst, fact.field) if fact.field in SINGLE else (fact.tconst, fact.field, fact.value)
        if one not in seen:
            seen.add(one)
            yield fact


def _tell(rows: Sequence[Fact], films: int) -> None:
    known = Counter(field for _, field in {(row.tconst, row.field) for row in rows})
    told = ", ".join(f"{field} of {known[field]:,}" for field in FIELDS)
    print(f"{len(rows):,} facts on {len({row.tconst for row in rows}):,} of {films:,} films: {told}")


if __name__ == "__main__":
    launch("enrich", run)
