from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.exports import Entry, Parsed
from moviechat.chat.history import Catalogue, load, match, read
from moviechat.errors import DataError
from moviechat.schema import Movie


def _movie(tconst: str, title: str, year: int, director: str = "", original: str = "") -> Movie:
    return Movie(tconst, title, original or title, year, 100, (), None, 0, (director,) if director else ())


MOVIES = {
    m.tconst: m
    for m in (
        _movie("tt01", "Parasite", 2019, "Bong Joon Ho", "Gisaengchung"),
        _movie("tt02", "The Call", 2020, "Lee Chung-hyun"),
        _movie("tt03", "The Call", 2020, "Timothy Woodward Jr."),
        _movie("tt04", "Amélie & Co", 2021),
        _movie("tt05", "Home", 2019, "Anna Bo"),
        _movie("tt06", "Home", 2022, "Bo Anna"),
    )
}
CATALOGUE = Catalogue(MOVIES)


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (Entry("f", 1, "whatever", 1950, "tt01"), "tt01"),
        (Entry("f", 1, "PARASITE", 2019), "tt01"),
        (Entry("f", 1, "Parásito", 2019, original="Gisaengchung"), "tt01"),
        (Entry("f", 1, "Amelie and Co", 2021), "tt04"),
        (Entry("f", 1, "Parasite", 2020), "tt01"),  # one year off, no other film of the title
        (Entry("f", 1, "Parasite"), "tt01"),
        (Entry("f", 1, "The Call", 2020, people=("Lee Chung-Hyun",)), "tt02"),
        (Entry("f", 1, "Home", 2021, people=("Bo Anna",)), "tt06"),  # one year off, a shared person
        (Entry("f", 1, "Parasite", 2019, "tt6751668", people=("Bong Joon Ho",)), "tt01"),
    ],
)
def test_a_row_is_matched(entry: Entry, found: str) -> None:
    assert CATALOGUE.find(entry) == MOVIES[found]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (Entry("f", 1, "Parasite", 2019, "tt9999999"), "tt9999999 is not in the catalogue"),  # an episode, maybe
        (Entry("f", 1, "Parasite", 1982), "the catalogue's film of that title is of 2019, not 1982"),
        (Entry("f", 1, "The Call", 2020), "2 films of the catalogue have that title and year"),
        (Entry("f", 1, "Home"), "2 films of the catalogue have that title"),
        (Entry("f", 1, "Home", 2021), "the catalogue's film of that title is of 2019 and 2022, not 2021"),
        (Entry("f", 1, "Purple Llamas", 2021), "no film of that title in the catalogue"),
        (Entry("f", 1, "", None), "the row names no film"),
    ],
)
def test_a_row_that_is_not_matched_says_why(entry: Entry, reason: str) -> None:
    assert CATALOGUE.find(entry) == reason


def test_loved_hated_seen_and_wished() -> None:
    text = (
        "Date,Name,Year,Letterboxd URI,Rating\r\n2021-01-01,Parasite,2019,u,4\r\n2021-01-01,Home,2019,u,2\r\n"
        "2021-01-01,Home,2022,u,3\r\n2021-01-01,Llamas,2020,u,5\r\n"
    )
    found = read("ratings.csv", text.encode(), CATALOGUE)
    assert found.seen == {"tt01", "tt05", "tt06"}
    assert (found.loved, found.hated, found.wished) == ({"tt01"}, {"tt05"}, frozenset())
    assert (found.rows, found.matched, len(found.unmatched)) == (4, 3, 1)
    assert found.told() == "Read 4 rows: 3 matched 3 films (3 seen, 1 loved, 1 disliked), 1 did not match."
    assert found.to_json()["unmatched"] == [
        {
            "file": "ratings.csv",
            "line": 5,
            "title": "Llamas",
            "year": 2020,
            "reason": "no film of that title in the catalogue",
        }
    ]


def test_what_was_seen_is_no_longer_wished_for_and_today_s_rating_counts() -> None:
    entries = (
        Entry("watchlist.csv", 2, "Parasite", 2019, wished=True),
        Entry("ratings.csv", 2, "Parasite", 2019, rating=9, dated="2020-01-01"),
        Entry("diary.csv", 2, "Parasite", 2019, rating=2, dated="2021-01-01"),
        Entry("likes/films.csv", 2, "Amelie and Co", 2021, liked=True),
        Entry("diary.csv", 2, "Home", 2022, rating=9, dated="2020-01-01"),
        Entry("diary.csv", 3, "Home", 2022, rating=1, dated="2021-01-01"),
    )
    found = match(Parsed(entries, ()), CATALOGUE)
    assert (found.seen, found.wished) == ({"tt01", "tt04", "tt06"}, frozenset())
    assert (found.loved, found.hated) == ({"tt01", "tt04"}, {"tt06"})


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "seen.txt").write_text("Parasite (2019)\n", encoding="utf-8")
    assert load(tmp_path / "seen.txt", CATALOGUE).seen == {"tt01"}
    with pytest.raises(DataError, match="cannot be read"):
        load(tmp_path / "other.txt", CATALOGUE)


ENTRIES = st.builds(
    Entry,
    file=st.sampled_from(["ratings.csv", "watchlist.csv"]),
    line=st.integers(1, 9),
    title=st.sampled_from(["Parasite", "Home", "The Call", "", "Llamas"]),
    year=st.none() | st.integers(2017, 2023),
    tconst=st.none() | st.sampled_from(["tt01", "tt02", "tt99"]),
    people=st.lists(st.sampled_from(["Bo Anna", "Lee Chung-hyun"]), max_size=2).map(tuple),
    rating=st.none() | st.floats(0.5, 10),
    wished=st.booleans(),
)


@given(st.lists(ENTRIES, max_size=8))
def test_rows_read_are_matched_or_not(entries: list[Entry]) -> None:
    found = match(Parsed(tuple(entries), ()), CATALOGUE)
    assert found.rows == len(entries)
    assert found.loved | found.hated <= found.seen
    assert not found.seen & found.wished and not found.loved & found.hated
    assert found.seen | found.wished <= MOVIES.keys()
