"""Fit the linker's score on utterances with names of a catalogue inserted; each candidate span is a yes or a no.

    python -m moviechat.linking.fit --movies A/movies.parquet --outside A/outside.parquet --absent B/movies.parquet
                                    --texts B/passages.parquet [--number 44000] [--seeds 8 10 11] [--spare 5]

It writes weights.json beside this module. `--movies` must not be the films that the score is measured on. `--absent`
are films that must not be found. `--texts` tell how often titles are ordinary words (some utterances are read without
them, because a small catalogue has few texts). Half of the utterances come from utterances.txt, half from the messages
that the intent classifier is trained on (`--messages`). The weights are the mean over several draws of utterances
(`--seeds`): one draw alone moves names that are nearly as likely as not.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from moviechat.catalogue import load_movies, load_outside, load_passages
from moviechat.files import write_text
from moviechat.linking import score
from moviechat.linking.among import among
from moviechat.linking.lexicon import Lexicon
from moviechat.linking.linker import Linker, Reading
from moviechat.linking.people import People
from moviechat.linking.said import listed, messages
from moviechat.linking.score import Features
from moviechat.linking.spelling import key
from moviechat.linking.titles import Titles, spellings
from moviechat.linking.writing import Slot, Writer
from moviechat.schema import Movie, Outside, Passage
from moviechat.words import sentences

_HERE = Path(__file__).parent
_STRENGTH = 3.0  # inverse strength of regularisation (scikit-learn's C)
_COST = 1.5  # cost of a wrong film: it misleads, whereas a missed one is asked for again
_TEXTLESS = 3  # one utterance in so many is read without the texts
_LEAST = 0.01  # smaller weights are dropped
Row = tuple[Features, bool]


def main() -> None:
    """Write the weights."""
    asked = _arguments()
    movies, outside = load_movies(asked.movies), load_outside(asked.outside)
    linker = _linker(movies, outside, [p for ps in load_passages(asked.texts).values() for p in ps])
    own = {k for k, _, _ in spellings(movies)}
    absent = [m for m in load_movies(asked.absent) if key(m.title) not in own]
    sources = listed(_HERE / "utterances.txt"), [m for m in messages(asked.messages) if not _spared(m, asked.spare)]
    stories = _stories(p.text for ps in load_passages(asked.texts).values() for p in ps)
    fits = []
    for seed in asked.seeds:
        writer = Writer(sources, movies, outside, absent, stories, linker.parts[2].zipf, seed)
        fits.append(_fitted(linker, [writer.written() for _ in tqdm(range(asked.number), desc="written")]))
    steps = {step: _mean([fit[step] for fit in fits]) for step in fits[0]}
    print({step: len(table) for step, table in steps.items()})
    about = {"utterances": asked.number, "seeds": asked.seeds, "films": len(movies)}
    write_text(json.dumps({"about": about, "steps": steps}, indent=1, sort_keys=True) + "\n", _HERE / score.WEIGHTS)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fit the linker's score.")
    for name in ("movies", "outside", "absent", "texts"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--messages", type=Path, default=_HERE.parent / "chat" / "utterances")
    parser.add_argument("--spare", type=int, default=0, help="keep one message in so many for a check")
    parser.add_argument("--number", type=int, default=44_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[8, 10, 11])
    return parser.parse_args()


def _mean(tables: Sequence[dict[str, float]]) -> dict[str, float]:
    """The mean of weights by name; a table without a name gives it no weight."""
    names = sorted({name for table in tables for name in table})
    means = {name: round(sum(table.get(name, 0.0) for table in tables) / len(tables), 3) for name in names}
    return {name: weight for name, weight in means.items() if abs(weight) >= _LEAST}


def _spared(message: str, one_in: int) -> bool:
    return one_in > 0 and zlib.crc32(message.encode()) % one_in == 0


def _stories(texts: Iterable[str]) -> list[str]:
    """One sentence of each text, if it is short enough to be typed."""
    found = (next((s for s in sentences(t) if 6 <= len(s.split()) <= 25), "") for t in texts)
    return [s.rstrip(".") for s in found if s]


def _linker(movies: Sequence[Movie], outside: Sequence[Outside], texts: Sequence[Passage]) -> Linker:
    lent = {m.tconst: texts[i :: len(movies)] for i, m in enumerate(movies)}
    people = People.build(movies)
    lexicon = Lexicon.build([p.text for p in texts], people.names)
    return Linker(Titles.build(movies, lent, outside), people, lexicon, movies)


def _fitted(linker: Linker, said: Sequence[tuple[str, Sequence[Slot]]]) -> dict[str, dict[str, float]]:
    readings = [(linker.read(text), slots) for text, slots in said]
    alone: list[Row] = []
    for i, (reading, slots) in enumerate(tqdm(readings, desc="titles")):
        left = "plain" if i % _TEXTLESS == 0 else "-"
        for c, targets, features in reading.described():
            kept = {name: value for name, value in features.items() if not name.startswith(left)}
            alone.append((kept, _film(reading, c, targets, slots)))
    film = _logistic(alone)
    sides: list[Row] = []
    for reading, slots in tqdm(readings, desc="titles beside others"):
        found = reading.alone(film)
        rows = among([(w.candidate, w.score) for w in found], reading.around, reading.kinds(found))
        sides += [(f, _film(reading, w.candidate, w.targets, slots)) for f, w in zip(rows, found, strict=True)]
    table = _logistic(sides, _COST)
    names: list[Row] = []
    for reading, slots in tqdm(readings, desc="people"):
        reading.weighed(film, table)
        if any(s.kind == "story" for s in slots):
            continue
        names += [(f, _person(reading, n.span, slots)) for n, f in reading.person_features()]
    return {"film": film, "film_among": table, "person": _logistic(names)}


def _film(reading: Reading, c: Any, targets: Sequence[Any], slots: Sequence[Slot]) -> bool:
    begin, end = reading.text.characters(c.span)
    for slot in slots:
        if slot.kind == "film" and begin == slot.span[0] and slot.span[1] <= end <= slot.span[1] + c.cut:
            return any(slot.film in (t.movie, t.outside) for t in targets)
    return False


def _person(reading: Reading, span: tuple[int, int], slots: Sequence[Slot]) -> bool:
    begin, end = reading.text.characters(span)
    return any(s.kind == "person" and begin == s.span[0] and s.span[1] <= end <= s.span[1] + 1 for s in slots)


def _logistic(rows: Sequence[Row], cost: float = 1.0) -> dict[str, float]:
    """The weights, if a wrong yes costs as much as `cost` wrong noes."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    columns = DictVectorizer()
    x, y = columns.fit_transform([f for f, _ in rows]), [label for _, label in rows]
    model = LogisticRegression(C=_STRENGTH, max_iter=3000).fit(x, y, [1.0 if label else cost for label in y])
    weights = dict(zip(columns.feature_names_, model.coef_[0].tolist(), strict=True)) | {"bias": model.intercept_[0]}
    print(f"{len(y):,} candidates, {sum(y):,} meant; right at one half: {model.score(x, y):.4f}")
    return {name: round(w, 3) for name, w in weights.items() if abs(w) >= _LEAST}


if __name__ == "__main__":
    main()
