"""A bundle as the chat reads it: each part when it is first needed, and none before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from moviechat import params
from moviechat.chat.intents import HEAD
from moviechat.chat.session import Chat
from moviechat.chat.shelf import BundleShelf
from moviechat.errors import BundleError
from moviechat.frames import frame, write_parquet
from moviechat.schema import Fact, Movie, Outside, Passage
from moviechat.stages import build_index, bundle

ROOT = Path(__file__).parents[2]
FACTS = [Fact("tt05", "countries", "Panama", "test", None)]


@pytest.fixture
def bundled(
    bundle_inputs: dict[str, Any],
    bundle_params: Any,
    movies: Mapping[str, Movie],
    passages: Mapping[str, list[Passage]],
    tiny_encoder: Path,
    tmp_path: Path,
) -> Path:
    """The twelve films as a bundle, with an encoder and a language model made of random numbers."""
    tables: dict[str, tuple[type, list[Any]]] = {"movies": (Movie, list(movies.values())), "facts": (Fact, FACTS)}
    tables |= {"passages": (Passage, [p for some in passages.values() for p in some]), "outside": (Outside, [])}
    paths = {name: tmp_path / f"{name}.parquet" for name in tables}
    for name, (kind, rows) in tables.items():
        write_parquet(frame(kind, rows), paths[name])
    p = params.load(ROOT / "params.yaml").build_index
    build_index.run(p, **paths, encoder=tiny_encoder, cache=tmp_path / "cache", out=tmp_path / "index")
    inputs = bundle_inputs | {n: paths[n] for n in ("movies", "facts", "passages")} | {"index": tmp_path / "index"}
    bundle.run(bundle_params, **inputs, out=tmp_path / "bundle")
    return tmp_path / "bundle"


def test_the_chat_of_a_bundle(bundled: Path, movies: Mapping[str, Movie], taste: Any) -> None:
    shelf = BundleShelf(bundled)
    assert {*vars(shelf)} == {"_info"}, "nothing is loaded before it is needed"
    assert dict(shelf.movies) == dict(movies)
    assert (shelf.facts["tt05"], shelf.known.years) == ({"countries": ("Panama",)}, (2019, 2022))
    assert (shelf.taste.count, shelf.taste.moods.keys()) == (taste.count, taste.moods.keys())
    assert (shelf.max_new_tokens, shelf.worded) == (32, False)
    assert shelf.films is shelf.finder.films
    session = Chat(shelf).session()
    assert "Bong Joon Ho" in session.ask("who directed parasite?").answer
    assert "_head" not in vars(shelf), "a clear fact needs no classifier"
    assert [m.tconst for m in session.ask("a war film please").movies] == ["tt02"]
    assert "model" not in vars(shelf), "facts and wishes need no language model"


def test_a_bundle_without_its_classifier_is_refused(bundled: Path) -> None:
    (bundled / HEAD).unlink()
    with pytest.raises(BundleError, match=r"intents\.json is missing"):
        Chat.load(bundled)


def test_a_folder_that_is_no_bundle_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="make demo"):
        Chat.load(tmp_path)
