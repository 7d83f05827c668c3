from __future__ import annotations

from pathlib import Path

import pytest

from moviechat import params
from moviechat.chat.taste import Taste
from moviechat.errors import BundleError

ROOT = Path(__file__).parents[2]
SAID = params.load(ROOT / "params.yaml").chat.model_dump()
# The genres that IMDb gives films.
GENRES = frozenset(
    """Action Adventure Animation Biography Comedy Crime Documentary Drama Family Fantasy History Horror Music Musical
    Mystery News Romance Sci-Fi Sport Thriller War Western""".split()
)


def test_it_is_read_from_the_section_of_the_bundle() -> None:
    taste = Taste.from_json(SAID)
    assert (taste.count, taste.kids_any, taste.weights["words"]) == (
        5,
        ("Family", "Animation"),
        SAID["weights"]["words"],
    )
    assert taste.moods["scary"].genres["Horror"] > 0 > taste.moods["scary"].genres["Family"]
    assert "jump scares" in taste.moods["scary"].words


@pytest.mark.parametrize("missing", ["count", "moods", "weights"])
def test_a_bundle_without_a_parameter_is_of_another_version(missing: str) -> None:
    said = {name: value for name, value in SAID.items() if name != missing}
    with pytest.raises(BundleError, match=f"section chat lacks '{missing}': run `dvc repro bundle`"):
        Taste.from_json(said)


def test_every_mood_weighs_genres_that_films_have() -> None:
    for mood in Taste.from_json(SAID).moods.values():
        assert mood.genres.keys() <= GENRES and any(value > 0 for value in mood.genres.values())


def test_no_words_ask_for_two_moods() -> None:
    asked = [word for mood in Taste.from_json(SAID).moods.values() for word in mood.words]
    assert {word for word in asked if asked.count(word) > 1} == set()


def test_the_profiles_share_their_moods_and_weights() -> None:
    for path in (ROOT / "profiles").glob("*.yaml"):
        chat = params.load(path).chat.model_dump()
        assert (chat["moods"], chat["weights"]) == (SAID["moods"], SAID["weights"]), path.name
