"""Question-answer pairs, each checked against its film's record; nothing is dropped silently."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

from tqdm import tqdm

from moviechat import params, paths, prompts
from moviechat.errors import DataError, ParamsError
from moviechat.frames import frame, read_parquet, write_parquet
from moviechat.grounding.check import Checker, Strength
from moviechat.launch import launch
from moviechat.schema import Movie, Passage, QAPair
from moviechat.teacher import BESIDE_STORY, Draft, Film, Teacher
from moviechat.teacher.api import ApiTeacher
from moviechat.teacher.file import FileTeacher
from moviechat.teacher.judge import Check, Judge
from moviechat.teacher.providers import endpoint
from moviechat.teacher.records import RecordsTeacher
from moviechat.teacher.reply import MORE
from moviechat.teacher.shards import Shard


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: a requested pair and its outcome (`reason` is None if it was accepted)."""

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
    encoder: Path = paths.BASE_ENCODER,
    parser: Path = paths.PARSER,
    replies: Path = paths.CACHE / "generate_qa",
    dry_run: bool = False,
    shard: Shard | None = None,
) -> None:
    """Write the accepted pairs (columns of schema.QAPair) and the ledger (columns of Entry), both sorted by film.

    A language model's replies are stored in `replies`. `dry_run` only prints the estimated cost; a `shard` requests its
    films' pairs and stores the replies, for a run without `shard` to read.
    """
    if p.provider == "api" and p.api is not None:
        endpoint(p.api)  # a model that was shut down is reported before anything is read
    films = _films(movies, passages)
    check = Checker.load(parser, encoder).check
    if shard is not None:
        _fill(p, films, check, replies, shard)
        return
    teacher = _teacher(p, films, check, replies)
    if dry_run:
        _tell_cost(teacher, p, films)
        return
    # Pairs by people, and pairs made by code from the record, only need the record's words.
    strength: Strength = "fair" if p.provider == "api" else "words"
    judge = Judge(films, check, strength, by_people=p.provider == "file")
    drafts = sorted(teacher.write(list(films.values())), key=lambda draft: draft.tconst)
    judged = [(d, judge.fault(d)) for d in tqdm(drafts, desc="checking", unit="pair", mininterval=1)]
    entries = [_entry(draft, fault, teacher.name) for draft, fault in judged]
    accepted = [draft for draft, fault in judged if fault is None]
    _tell(entries, films)
    write_parquet(frame(Entry, entries), ledger)
    if not accepted:
        raise DataError(
            f"none of {len(entries):,} pairs by generate_qa.provider {p.provider} was accepted: the counts above say "
            f"why, {ledger} says it of each; mend generate_qa.folder or describe.folder, or set generate_qa.provider "
            "to records"
        )
    write_parquet(frame(QAPair, _pairs(accepted, films, teacher.name)), pairs)


def _films(movies: Path, passages: Path) -> dict[str, Film]:
    rows = read_parquet(passages, Passage, "describe").sort("tconst", "passage").iter_rows(named=True)
    # Pairs are about the story: what is said beside it would make "The description does not say" untrue.
    told = (passage for row in rows if (passage := Passage.from_row(row)).section not in BESIDE_STORY)
    texts = {tconst: tuple(of_film) for tconst, of_film in groupby(told, lambda p: p.tconst)}
    found = map(Movie.from_row, read_parquet(movies, Movie, "filter").iter_rows(named=True))
    return {movie.tconst: Film(movie, texts.get(movie.tconst, ())) for movie in found}


def _teacher(p: params.GenerateQa, films: Mapping[str, Film], check: Check, replies: Path) -> Teacher:
    if p.provider == "api" and p.api is not None:
        return ApiTeacher(p.api, p.per_film, p.seed, replies, Judge(films, check).fault)
    return FileTeacher(Path(p.folder)) if p.provider == "file" else RecordsTeacher(p.per_film, p.seed)


def _fill(p: params.GenerateQa, films: Mapping[str, Film], check: Check, replies: Path, shard: Shard) -> None:
    if p.provider != "api" or p.api is None:
        raise ParamsError(f"generate_qa.provider is {p.provider}: only provider api can be sharded")
    part = shard.part(list(films.values()))
    teacher = _teacher(p.model_copy(update={"api": shard.limited(p.api)}), films, check, replies)
    pairs = sum(1 for _ in teacher.write(part))
    print(f"shard {shard.number}/{shard.of}: {len(part):,} films, {pairs:,} pairs asked")


def _tell_cost(teacher: Teacher, p: params.GenerateQa, films: Mapping[str, Film]) -> None:
    if p.api is None or not isinstance(teacher, ApiTeacher):
        print(f"generate_qa.provider is {p.provider}: nothing is asked of a language model, nothing is paid")
        return
    e = teacher.estimate(list(films.values()))
    rests = f"{e.from_replies:,} earlier replies" if e.from_replies else "the prompts' lengths and usual answers"
    print(
        f"{len(films):,} films, {len(films) - e.requests:,} of them answered already; {e.requests:,} requests to make"
    )
    print(f"about {e.prompt_tokens:,} input and {e.completion_tokens:,} output tokens, by {rests}")
    print(
        f"about {e.cost:.2f} at {p.api.input_price or 0:g} and {p.api.output_price or 0:g} a million; "
        f"max_cost {p.api.max_cost:g}"
    )


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
    extra = rejected[MORE]
    rows = [
        ("pairs asked", len(entries) - extra),
        *([("pairs not asked for", extra)] if extra else []),
        *((f"- {reason}", n) for reason, n in rejected.most_common()),
    ]
    rows += [("pairs accepted", kinds.total()), *((f"  {kind}", n) for kind, n in sorted(kinds.items()))]
    for name, count in (*rows, (f"films with pairs, of {len(films):,}", asked)):
        print(f"{name:<30}{count:>10,}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m moviechat.stages.generate_qa", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="say what asking a language model would cost, and stop")
    parser.add_argument(
        "--shard", metavar="2/8", help="request a part of the films' pairs, store the replies, and stop"
    )
    return parser.parse_args()


def _run(asked: argparse.Namespace, p: params.GenerateQa) -> None:
    run(p, dry_run=asked.dry_run, shard=Shard.parse(asked.shard) if asked.shard else None)


if __name__ == "__main__":
    asked = _arguments()
    launch("generate_qa", partial(_run, asked), writes=not (asked.dry_run or asked.shard))
