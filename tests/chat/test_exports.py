from __future__ import annotations

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.exports import Entry, parse
from moviechat.errors import DataError

RATINGS = (
    "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,"
    "Num Votes,Release Date,Directors\r\n"
)
WATCHLIST = (
    "Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,"
    "Genres,Num Votes,Release Date,Directors,Your Rating,Date Rated\r\n"
)
OLD = (
    '"position","const","created","modified","description","Title","Title type","Directors","You rated","IMDb Rating",'
    '"Runtime (mins)","Year","Genres","Num. Votes","Release Date (month/day/year)","URL"\n'
)
PARASITE = (
    'tt6751668,9,2021-03-01,Parasite,Gisaengchung,https://www.imdb.com/title/tt6751668,{kind},8.5,132,2019,"{genres}",'
    "900000,2019-05-21,Bong Joon Ho\r\n"
)


def _one(name: str, text: str | bytes) -> Entry:
    (entry,) = parse(name, text.encode() if isinstance(text, str) else text).entries
    return entry


@pytest.mark.parametrize(
    ("kind", "genres"),
    [("Movie", "Comedy, Drama"), ("Película", "Comedia, Drama"), ("Film", "Komödie, Drama"), ("फ़िल्म", "कॉमेडी")],
)
def test_imdb_ratings_in_any_account_language(kind: str, genres: str) -> None:
    entry = _one("ratings.csv", RATINGS + PARASITE.format(kind=kind, genres=genres))
    assert (entry.tconst, entry.title, entry.original, entry.year) == ("tt6751668", "Parasite", "Gisaengchung", 2019)
    assert (entry.rating, entry.people, entry.wished) == (9.0, ("Bong Joon Ho",), False)


def test_imdb_ratings_saved_by_excel_in_europe() -> None:
    text = RATINGS.replace(",", ";") + (
        "tt6751668;9,0;01.03.2021;Parasite;Gisaengchung;https://www.imdb.com/title/tt6751668;Film;8,5;132;2019;"
        '"Komödie, Drama";900.000;21.05.2019;Bong Joon Ho\r\n'
    )
    for content in (text.encode("cp1252"), text.encode("utf-8-sig"), text.replace(";", "\t").encode("utf-16")):
        entry = _one("ratings.csv", content)
        assert (entry.rating, entry.year, entry.title) == (9.0, 2019, "Parasite")


def test_imdb_ratings_of_2017() -> None:
    row = (
        '"1","tt6751668","Fri Mar  1 2019","","","Parasite","Feature Film","Bong Joon Ho","9","8.5","132","2019",'
        '"comedy, drama","900000","2019-05-21","http://www.imdb.com/title/tt6751668/"\n'
    )
    entry = _one("ratings.csv", OLD + row)
    assert (entry.rating, entry.people, entry.year, entry.wished) == (9.0, ("Bong Joon Ho",), 2019, False)


def test_imdb_ratings_without_a_header_or_with_one_in_other_words() -> None:
    row = PARASITE.format(kind="Movie", genres="Comedy, Drama")
    for head in ("", ",".join(["Spalte"] * 14) + "\r\n"):
        entry = _one("ratings.csv", head + row)
        assert (entry.tconst, entry.rating, entry.title, entry.year) == ("tt6751668", 9.0, "Parasite", 2019)


def test_ragged_rows_keep_what_they_have() -> None:
    short, long = (
        "tt6751668,9,2021-03-01,Parasite\r\n",
        "tt8579674,3,2021-03-01,1917,1917,u,Movie,8.2,119,2019,A,B,C,D,E,F\r\n",
    )
    first, second = parse("ratings.csv", (RATINGS + short + "\r\n" + long).encode()).entries
    assert (first.tconst, first.rating, first.title, first.year) == ("tt6751668", 9.0, "Parasite", None)
    assert (second.tconst, second.rating, second.year) == ("tt8579674", 3.0, 2019)


def test_a_watch_list_is_wished_for_where_it_has_no_rating() -> None:
    row = "1,tt6751668,2021-01-01,2021-01-01,,Parasite,Gisaengchung,u,Movie,8.5,132,2019,Drama,9,2019-05-21,Bong,{}\r\n"
    wished, rated = (_one("WATCHLIST.csv", WATCHLIST + row.format(r)) for r in (",", "8,2021-02-02"))
    assert (wished.wished, wished.rating) == (True, None)
    assert (rated.wished, rated.rating) == (False, 8.0)


HEAD = "Date,Name,Year,Letterboxd URI"
URI = "https://boxd.it/hTha"


def test_letterboxd_tells_watched_and_watch_list_apart_by_name() -> None:
    text = f"{HEAD}\r\n2021-03-01,Parasite,2019,{URI}\r\n"
    assert not _one("watched.csv", text).wished
    assert _one("watchlist.csv", text).wished


def test_letterboxd_ratings_count_to_five() -> None:
    rows = [f"2021-03-01,{title},2019,{URI},{stars}\r\n" for title, stars in (("A", "4.5"), ("B", "0.5"), ("C", ""))]
    best, worst, none = parse("ratings.csv", "".join([f"{HEAD},Rating\r\n", *rows]).encode()).entries
    assert (best.rating, worst.rating, none.rating, none.wished) == (9.0, 1.0, None, False)


def test_letterboxd_reviews_run_over_many_lines() -> None:
    review = 'First line.\r\n\r\nSecond, with ""quotes"" and a comma, and "",2019,"" in it.'
    text = (
        f"{HEAD},Rating,Rewatch,Review,Tags,Watched Date\r\n"
        f'2021-03-01,Parasite,2019,{URI},5,,"{review}",,2021-02-28\r\n2021-03-02,1917,2019,{URI},2,Yes,short,,2021-03-01\r\n'
    )
    first, second = parse("reviews.csv", text.encode()).entries
    assert (first.title, first.rating, first.dated) == ("Parasite", 10.0, "2021-02-28")
    assert (second.title, second.rating, second.line) == ("1917", 4.0, 5)


def _zip(files: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def test_letterboxds_zip() -> None:
    row = f"2021-03-01,Parasite,2019,{URI}\r\n"
    content = _zip(
        {
            "watched.csv": f"{HEAD}\r\n{row}",
            "watchlist.csv": f"{HEAD}\r\n2021-03-01,1917,2019,{URI}\r\n",
            "likes/films.csv": f"{HEAD}\r\n{row}",
            "lists/best.csv": "Letterboxd list export v7\r\n",
            "deleted/watched.csv": f"{HEAD}\r\n2021-03-01,Cats,2019,{URI}\r\n",
            "profile.csv": "Date Joined,Username\r\n",
        }
    )
    parsed = parse("letterboxd-somebody.zip", content)
    assert [(e.title, e.wished, e.liked) for e in parsed.entries] == [
        ("Parasite", False, False),
        ("1917", True, False),
        ("Parasite", False, True),
    ]
    assert parsed.ignored == ("lists/best.csv", "deleted/watched.csv", "profile.csv")


@pytest.mark.parametrize(
    ("line", "title", "year", "rating"),
    [
        ("Memento (2000)", "Memento", 2000, None),
        ("- Memento (2000)", "Memento", 2000, None),
        ("12. 1917 (2019) 9/10", "1917", 2019, 9.0),
        ("Memento, 2000", "Memento", 2000, None),
        ("2001: A Space Odyssey", "2001: A Space Odyssey", None, None),
        ("“Memento” [2000] - 3 / 10", "Memento", 2000, 3.0),
        ("1917", "1917", None, None),
    ],
)
def test_a_plain_list(line: str, title: str, year: int | None, rating: float | None) -> None:
    entry = _one("seen.txt", f"\n{line}\n\n")
    assert (entry.title, entry.year, entry.rating, entry.wished) == (title, year, rating, False)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "empty.csv lists no film"),
        ("../../etc/ratings.csv", RATINGS.encode(), "ratings.csv lists no film"),
        ("x.zip", b"PK\x03\x04 and no more", "x.zip is no whole zip archive"),
        ("x.zip", _zip({"profile.csv": "a"}), "x.zip holds none of watched.csv"),
        ("r.csv", (RATINGS + '"' + "x" * 140_000).encode(), "r.csv, line 2: no CSV"),
    ],
)
def test_what_lists_no_film_is_told(name: str, content: bytes, said: str) -> None:
    with pytest.raises(DataError, match=said):
        parse(name, content)


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(DataError, match="unpacks to more than 64 MB"):
        parse("bomb.zip", _zip({"watched.csv": "x" * ((64 << 20) + 1)}))


@given(st.binary(max_size=400), st.sampled_from(["a.csv", "watchlist.csv", "b.txt", "c.zip"]))
def test_any_bytes_are_read_or_told(content: bytes, name: str) -> None:
    try:
        assert parse(name, content).entries
    except DataError as error:
        assert str(error).startswith(name)


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@given(
    st.lists(
        st.tuples(CELL.filter(str.strip), st.integers(1900, 2030), st.integers(1, 10), CELL), min_size=1, max_size=6
    )
)
def test_every_row_of_a_table_is_an_entry(rows: list[tuple[str, int, int, str]]) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([*HEAD.split(","), "Rating", "Review"])
    for title, year, stars, review in rows:
        writer.writerow(["2021-01-01", title, year, URI, stars / 2, review])
    entries = parse("reviews.csv", file.getvalue().encode()).entries
    assert [(e.title, e.year, e.rating) for e in entries] == [(t.strip(), y, float(s)) for t, y, s, _ in rows]
