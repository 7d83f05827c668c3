"""Limits as people write them, and hits as they are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.errors import DataError
from moviechat.limits import Credit, Limits
from moviechat.reply import Hit
from moviechat.retrieval.search import Explained
from moviechat.serve import finding


class FakeChat:
    """Knows which names are strange."""

    def __init__(self, strange: dict[str, dict[str, tuple[str, ...]]]) -> None:
        self._strange = strange

    def unknown(self, within: Limits) -> dict[str, dict[str, tuple[str, ...]]]:
        return self._strange


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        (None, (None, None)),
        ("2020", (2020, 2020)),
        ("2019..2021", (2019, 2021)),
        ("7.5..", (7.5, None)),
        ("..100", (None, 100)),
        ("0", (0, 0)),
    ],
)
def test_spans(said: str | None, ends: finding.Span) -> None:
    assert finding.span("--rating", said, whole=False) == ends


@pytest.mark.parametrize("said", ["", "..", "x", "2021..2019", "-5", "1e9", "nan", "2019...2021", "٢٠٢٠x", "\x00"])
def test_what_is_no_range(said: str) -> None:
    with pytest.raises(DataError, match=r"--rating .* is no range: give one like"):
        finding.limits({"rating": said}, {})


def test_years_come_whole() -> None:
    with pytest.raises(DataError, match=r"--runtime 90\.5\.\. is in parts: give whole numbers"):
        finding.limits({"runtime": "90.5.."}, {})


@given(st.text(max_size=12))
def test_any_text_is_a_range_or_refused(said: str) -> None:
    try:
        least, most = finding.span("--votes", said, whole=True)
    except DataError:
        return
    assert least is None or most is None or least <= most


def test_every_flag_sets_its_limit() -> None:
    ranges = {"year": "2019..", "runtime": "..100", "rating": "6.5", "votes": None}
    names = {flag: [flag.strip("-")] for flag in finding.FLAGS}
    roles = ("any", "director", "cast", "writer", "composer")
    assert finding.limits(ranges, names, "pg-13") == Limits(
        genres_all=("genre",),
        genres_any=("any-genre",),
        genres_not=("without-genre",),
        year_min=2019,
        runtime_max=100,
        rating_min=6.5,
        rating_max=6.5,
        people=tuple(Credit("person" if role == "any" else role, role) for role in roles),
        people_not=("without-person",),
        countries_any=("country",),
        countries_not=("without-country",),
        languages_any=("language",),
        languages_not=("without-language",),
        age_rating_max="PG-13",
    )
    assert not finding.limits({"year": None}, {"--genre": None, "--person": []})


def test_places_are_said_as_people_say_them() -> None:
    names = {"--country": ["USA", "scandinavian", "Utopia"], "--without-language": ["hindi", "Klingon", "korean"]}
    assert finding.limits({}, names) == Limits(
        countries_any=("United States", "Denmark", "Norway", "Sweden", "Utopia"),
        languages_not=("Hindi", "Klingon", "Korean"),
    )


def test_what_is_no_name_and_no_age_rating() -> None:
    with pytest.raises(DataError, match="--cast is empty"):
        finding.limits({}, {"--cast": ["A", " "]})
    with pytest.raises(DataError, match="--age-rating 18 is none of G, PG, PG-13, R, NC-17"):
        finding.limits({}, {}, "18")


def test_a_name_that_no_film_has_is_told_with_its_flag_and_near_ones() -> None:
    within = Limits(genres_not=("horor",), people=(Credit("Bong", "director"), Credit("Nobody Atall")))
    people = {"Bong": ("Bong Joon Ho", "Bong Seon-ju", "Bonnie"), "Nobody Atall": ()}
    with pytest.raises(DataError) as caught:
        finding.check(FakeChat({"genres_not": {"horor": ("Horror",)}, "people": people}), within)  # type: ignore[arg-type]
    assert str(caught.value) == (
        "--without-genre horor: no film of the catalogue has it, is it Horror?; "
        "--director Bong: no film of the catalogue has it, is it Bong Joon Ho, Bong Seon-ju or Bonnie?; "
        "--person Nobody Atall: no film of the catalogue has it, nothing on record is spelled like it"
    )


def test_only_parts_that_added_are_told() -> None:
    found = [Explained(Hit("tt1", "A" * 60, 2020, 3.5), {"words": 3.5, "year": 0.0})]
    header, line = finding.told(found, explain=True)
    assert header.split() == ["score", "words"]
    assert line.endswith("…     3.50     3.50") and len(line) == len(header)
