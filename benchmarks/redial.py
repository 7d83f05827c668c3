"""Recommending for people's dialogues (ReDial; Li et al., 2018): the product alone, and with features from dialogues.

    python benchmarks/redial.py --turns redial_valid.jsonl.gz --items redial_items.jsonl.gz
                                [--ratings title.ratings.tsv.gz] [--limit 300]

A turn is {"dialog", "context": [text...], "named": [film or genre or person...], "gold": [film...]}, an item {"name",
"plot", "genre", "director", "writer", "star", "imdb_id"}. Films that the dialogue already named are left out of the
ranking and of the gold. What is learnt for a dialogue is learnt from others: counts and texts of all other dialogues,
weights in five folds by dialogue. A hit is any gold film; all gold films count alike.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
from tqdm import tqdm

from moviechat import params, paths
from moviechat.arrays import Array
from moviechat.chat.recommend import recommend
from moviechat.chat.taste import Taste
from moviechat.chat.wish import Like, Wish
from moviechat.linking.spelling import tokenize
from moviechat.retrieval import index
from moviechat.retrieval.encoder import Encoder
from moviechat.retrieval.films import Films
from moviechat.retrieval.index import Index
from moviechat.retrieval.lexical import Field, build, terms
from moviechat.schema import Movie, Passage

DEPTHS = (1, 10, 50)
FOLDS, CANDIDATES = 5, 1500
HEARD = 4  # last messages of a context that count as its text
_SHRUNK = 5.0  # weight of the films' frequencies, in co-mentions
_RARE = 0.3  # score of a film without any co-mention
_NEAREST, _SHARP = 5, 12.0  # dialogues that are surely near, and how fast the weight of the others falls
_DATED = re.compile(r"^(.*?) \((\d{4})\)$")
GROUPS = {
    "frequency": ("frequency",),
    "words of other dialogues": ("frequency", "told_alike", "meant_alike"),
    "co-mentions, shrunk": ("frequency", "named_with"),
    "what dialogues teach": ("frequency", "told_alike", "meant_alike", "named_with"),
    "content": tuple("known rating year era genres genres_said people people_said like_meaning meaning words".split()),
}
GROUPS["all"] = tuple(dict.fromkeys(part for parts in GROUPS.values() for part in parts))


@dataclass(frozen=True, slots=True)
class Turn:
    """A dialogue up to a recommendation: films by row; `said` are the genres and people that it names.

    `whole` is all of its text, `text` the end of it, both without the names of films.
    """

    dialogue: int
    named: list[int]
    gold: list[int]
    said: list[str]
    text: str
    whole: str


def main() -> None:
    """Print a row for the product alone, and one per group of features with weights fitted on other folds."""
    asked = _arguments()
    movies, passages, rows = _catalogue(asked.items, asked.ratings)
    turns = list(_turns(asked.turns, rows))
    with tempfile.TemporaryDirectory() as folder:
        p, encoder = params.load(), Encoder(paths.FETCH_MODELS / "encoder")
        index.build(
            movies, passages, encoder, Path(folder) / "cache", Path(folder) / "index", p.build_index.model_dump()
        )
        films = Films(Index(Path(folder) / "index", movies), encoder, movies)
        told = [t for t in turns if t.gold]
        print(f"{len(movies):,} films, {len(told):,} turns of {1 + turns[-1].dialogue:,} dialogues")
        _tell("moviechat recommend", _product(told[: asked.limit], films, passages, p), told[: asked.limit])
        features = Features(turns, films, encoder, Path(folder))
        chosen, values = _candidates(told, features)
    for name, parts in GROUPS.items():
        scores = _learnt([features.names.index(part) for part in parts], values, chosen, told)
        _tell(name, [c[np.argsort(-s, kind="stable")] for c, s in zip(chosen, scores, strict=True)], told)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Recommending for dialogues of people.")
    parser.add_argument("--turns", type=Path, required=True)
    parser.add_argument("--items", type=Path, required=True)
    parser.add_argument("--ratings", type=Path, help="IMDb's title.ratings: votes and ratings of the items")
    parser.add_argument("--limit", type=int, help="turns for the product; default: all")
    return parser.parse_args()


def _catalogue(items: Path, ratings: Path | None) -> tuple[list[Movie], dict[str, list[Passage]], dict[str, int]]:
    """The items as films with one text each, and their rows by name."""
    voted = {}
    if ratings:
        table = pl.read_csv(ratings, separator="\t", quote_char=None)
        voted = {t: (r, v) for t, r, v in table.select("tconst", "averageRating", "numVotes").iter_rows()}
    named = {item["name"]: item for item in pl.read_ndjson(items).iter_rows(named=True)}
    movies = [_movie(n, item, *voted.get(item["imdb_id"], (None, 0))) for n, item in enumerate(named.values())]
    passages = {
        m.tconst: [Passage(m.tconst, 0, item["plot"], None, "ReDial", None, None, None)]
        for m, item in zip(movies, named.values(), strict=True)
        if item["plot"]
    }
    return movies, passages, {name: row for row, name in enumerate(named)}


def _movie(number: int, item: dict[str, Any], rating: float | None, votes: int) -> Movie:
    dated = _DATED.match(item["name"])
    title, year = (dated.group(1), int(dated.group(2))) if dated else (item["name"], 2000)
    genres = tuple(genre.title() for genre in item["genre"])
    parts = {"directors": "director", "writers": "writer", "cast": "star"}
    people: dict[str, Any] = {field: tuple(item[part]) for field, part in parts.items()}
    return Movie(f"tt{number:07d}", title, title, year, None, genres, rating, votes, **people)


def _turns(source: Path, rows: dict[str, int]) -> Iterator[Turn]:
    numbers: dict[str, int] = {}
    for turn in pl.read_ndjson(source).iter_rows(named=True):
        named = [rows[n] for n in turn["named"] if n in rows]
        said = [n.lower() for n in turn["named"] if n not in rows]
        gold = [rows[n] for n in turn["gold"] if n in rows and n not in turn["named"]]
        dated = sorted((n for n in turn["named"] if _DATED.match(n)), key=len, reverse=True)
        text, whole = (_without(" ".join(turn["context"][-last:]), dated) for last in (HEARD, len(turn["context"])))
        yield Turn(numbers.setdefault(turn["dialog"], len(numbers)), named, gold, said, text, whole)


def _without(text: str, names: Sequence[str]) -> str:
    for name in names:
        text = text.replace(name, " ")
    return text


def _product(turns: Sequence[Turn], films: Films, passages: dict[str, list[Passage]], p: params.Params) -> list[Array]:
    """The result of `recommend` for the films named and the words said, with nothing learnt from dialogues."""
    shelf: Any = SimpleNamespace(films=films, passages=passages, taste=Taste.from_json(p.chat.model_dump()))
    found = []
    for turn in tqdm(turns, desc="product"):
        likes = tuple(Like(films.movies[row].tconst) for row in turn.named)
        genres = tuple(said.title() for said in turn.said)
        words = "" if likes or genres else turn.text
        picks = recommend(Wish(words=words, like=likes, leaning=genres, count=max(DEPTHS)), shelf).picks
        found.append(np.array([films.row(pick.movie.tconst) for pick in picks]))
    return found


class Features:
    """Features of every film at a turn, one row per feature."""

    names = GROUPS["all"]

    def __init__(self, turns: Sequence[Turn], films: Films, encoder: Encoder, folder: Path) -> None:
        self._films, self._all = films, np.arange(len(films.movies))
        last = {t.dialogue: t for t in turns}  # the longest context of each
        self._mentioned = np.zeros((len(last), len(films.movies)), np.float32)
        for turn in turns:
            self._mentioned[turn.dialogue, [*turn.named, *turn.gold]] = 1
        texts = [last[d].whole for d in range(len(last))]
        build([terms(tokenize(text)) for text in texts], folder / "dialogues", k1=1.2, b=0.75)
        self._texts, self._meanings = Field(folder / "dialogues"), encoder.encode(texts)

    def of(self, turn: Turn) -> Array:
        """float32 [features, films]."""
        told = self._taught(turn) | self._content(turn)
        return np.stack([told[name] for name in self.names]).astype(np.float32)

    def _taught(self, turn: Turn) -> dict[str, Array]:
        others = np.ones(len(self._mentioned), np.float32)
        others[turn.dialogue] = 0
        count = others @ self._mentioned
        share = (count + _RARE) / (count + _RARE).sum()
        named = np.zeros(len(count))
        for row in turn.named:
            met = (others * self._mentioned[:, row]) @ self._mentioned
            met[row] = 0
            named += (met + _SHRUNK * share) / (met.sum() + _SHRUNK) / len(turn.named)
        near = self._meanings @ self._films.encode([turn.text or " "])[0]
        near[turn.dialogue] = -1
        alike = others * self._texts.scores(terms(tokenize(turn.text)))[0]
        return {
            "frequency": np.log(count + _RARE),
            "named_with": np.log(named / share) if turn.named else 0 * share,
            "told_alike": self._voted((alike / max(alike.max(initial=0.0), 1e-9)) ** 3, count),
            "meant_alike": self._voted(np.exp(_SHARP * (near - np.sort(near)[-_NEAREST])), count),
        }

    def _voted(self, weights: Array, count: Array) -> Array:
        """What dialogues with these weights [dialogues] name; films that all dialogues name are damped."""
        voted: Array = np.log1p(5 * (weights @ self._mentioned) / (1 + _RARE * count) ** 0.5)
        return voted

    def _content(self, turn: Turn) -> dict[str, Array]:
        films, movies = self._films, [self._films.movies[row] for row in turn.named]
        year, votes, nothing = films.column("year"), films.column("votes"), np.zeros(len(self._all))
        liked = [films.meaning(films.centres(np.array([row]))[0], self._all) for row in turn.named]
        era = 1 - abs(year - np.median([m.year for m in movies])) / 20 if movies else nothing
        return {
            "known": np.log10(votes + 1),
            "rating": np.nan_to_num(films.column("rating") - 6.5),
            "year": year,
            "era": era.clip(0),
            "genres": np.mean([films.alike(m.genres, self._all) for m in movies], axis=0) if movies else nothing,
            "genres_said": self._having("genres", [s.title() for s in turn.said]),
            "people": self._having("any", [n for m in movies for n in (*m.directors, *m.cast)]),
            "people_said": self._having("any", turn.said),
            "like_meaning": np.mean(liked, axis=0) if liked else nothing,
            "meaning": films.meaning(films.encode([turn.text or " "])[0], self._all),
            "words": films.words(turn.text),
        }

    def _having(self, kind: str, names: Sequence[str]) -> Array:
        found = np.zeros(len(self._all))
        for name in names:
            found[self._films.having(kind, name)] += 1
        return found.clip(0, 2)


def _candidates(turns: Sequence[Turn], features: Features) -> tuple[Array, Array]:
    """The films of each turn with any positive feature, and their features: [turns, n], [turns, n, features]."""
    rows, values = [], []
    for turn in tqdm(turns, desc="features"):
        found = features.of(turn)
        apart = (found - found.mean(axis=1, keepdims=True)) / (found.std(axis=1, keepdims=True) + 1e-6)
        total = apart.sum(axis=0)
        total[turn.named] = -np.inf
        chosen = np.argsort(-total, kind="stable")[:CANDIDATES]
        rows.append(chosen)
        values.append(found[:, chosen].T)
    return np.stack(rows), np.stack(values)


def _learnt(parts: Sequence[int], values: Array, chosen: Array, turns: Sequence[Turn]) -> Array:
    """Scores of the candidates [turns, n]; each fold's weights are fitted on the others (softmax)."""
    dialogues = np.array([t.dialogue for t in turns])
    fold = np.random.default_rng(0).permutation(dialogues.max() + 1)[dialogues] % FOLDS
    right = np.stack([np.isin(c, t.gold) for c, t in zip(chosen, turns, strict=True)])
    found = values[:, :, parts]
    scores = np.zeros(right.shape)
    for held in range(FOLDS):
        scores[fold == held] = found[fold == held] @ _weights(found[fold != held], right[fold != held])
    return scores


def _weights(values: Array, right: Array) -> Array:
    import torch

    told = right.any(axis=1)
    spread = values.std(axis=(0, 1)) + 1e-6
    x, y = torch.tensor(values[told] / spread), torch.tensor(right[told], dtype=torch.float32)
    y = y / y.sum(dim=1, keepdim=True)
    weights = torch.zeros(x.shape[2], requires_grad=True)
    search = torch.optim.LBFGS([weights], max_iter=60, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        search.zero_grad()
        off = -(y * torch.log_softmax(x @ weights, dim=1)).sum(dim=1).mean() + 1e-3 * (weights**2).sum()
        off.backward()  # type: ignore[no-untyped-call]
        return off

    search.step(loss)  # type: ignore[no-untyped-call]
    learnt: Array = weights.detach().numpy() / spread
    return learnt


def _tell(name: str, found: Sequence[Array], turns: Sequence[Turn]) -> None:
    total = sum(len(t.gold) for t in turns)
    hits = [
        sum(len(set(rows[:k].tolist()) & set(t.gold)) for rows, t in zip(found, turns, strict=True)) for k in DEPTHS
    ]
    print(
        f"{name:<28}" + "".join(f"  R@{k} {hit / total:.3f}" for k, hit in zip(DEPTHS, hits, strict=True)), flush=True
    )


if __name__ == "__main__":
    main()
