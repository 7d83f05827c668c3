from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.imdb.credits import alternative_titles, characters, people
from moviechat.imdb.reading import Tables
from moviechat.imdb.tables import AKAS, NAMES, PRINCIPALS
from moviechat.schema import PEOPLE

Write = Callable[[Path, Mapping[str, Sequence[Mapping[str, str]]]], Path]
FILMS = pl.DataFrame({"tconst": ["tt1", "tt2"], "title": ["Parasite", "NA"]})


def _name(nconst: str, name: str) -> dict[str, str]:
    return {"nconst": nconst, "primaryName": name}


def _part(tconst: str, ordering: int, nconst: str, category: str, played: str = "\\N") -> dict[str, str]:
    known = {"tconst": tconst, "ordering": str(ordering), "nconst": nconst, "category": category}
    return known | {"characters": played}


def _people(tmp_path: Path, write_imdb: Write, max_cast: int = 10, **tables: list[dict[str, str]]) -> dict[str, object]:
    names = {NAMES.name: [_name(f"nm{n}", f"Name {n}") for n in range(1, 8)] + [_name("nm8", "\\N")]}
    folder = write_imdb(tmp_path, names | {k.replace("_", "."): v for k, v in tables.items()})
    rows = people(Tables(folder), FILMS.select("tconst"), max_cast).rows(named=True)
    return {row["tconst"]: row for row in rows}


def test_crew_stands_in_imdbs_order(tmp_path: Path, write_imdb: Write) -> None:
    crew = [
        {"tconst": "tt1", "directors": "nm3,nm1", "writers": "\\N"},
        {"tconst": "tt9", "directors": "nm2", "writers": "nm2"},
    ]
    found = _people(tmp_path, write_imdb, title_crew=crew)
    assert list(found) == ["tt1"]
    assert found["tt1"]["directors"] == ["Name 3", "Name 1"]
    assert found["tt1"]["writers"] == []


def test_cast_stands_in_ordering_with_its_characters(tmp_path: Path, write_imdb: Write) -> None:
    parts = [
        _part("tt1", 10, "nm4", "self"),
        _part("tt1", 9, "nm2", "actress", '["Ki-jung","\\"Jessica\\""]'),
        _part("tt1", 1, "nm1", "actor", '["Ki-taek"]'),
        _part("tt1", 2, "nm5", "archive_footage"),
    ]
    found = _people(tmp_path, write_imdb, title_principals=parts)["tt1"]
    assert found["cast"] == ["Name 1", "Name 2", "Name 4"]
    assert found["characters"] == ["Ki-taek", 'Ki-jung / "Jessica"', ""]


def test_who_has_no_name_is_left_out_before_the_cast_is_cut(tmp_path: Path, write_imdb: Write) -> None:
    parts = [_part("tt1", n, nconst, "actor") for n, nconst in enumerate(["nm99", "nm8", "nm1", "nm2", "nm3"])]
    found = _people(tmp_path, write_imdb, max_cast=2, title_principals=parts)["tt1"]
    assert found["cast"] == ["Name 1", "Name 2"]
    assert found["characters"] == ["", ""]


def test_someone_listed_twice_in_one_part_stands_there_once(tmp_path: Path, write_imdb: Write) -> None:
    parts = [
        _part("tt1", 1, "nm1", "actor", '["Adelaide"]'),
        _part("tt1", 2, "nm1", "actor", '["Red"]'),
        _part("tt1", 3, "nm1", "producer"),
    ]
    found = _people(tmp_path, write_imdb, title_principals=parts)["tt1"]
    assert (found["cast"], found["characters"], found["producers"]) == (["Name 1"], ["Adelaide"], ["Name 1"])


def test_every_part_has_its_field(tmp_path: Path, write_imdb: Write) -> None:
    categories = ("producer", "composer", "cinematographer", "editor")
    parts = [_part("tt2", n, f"nm{n}", category) for n, category in enumerate(categories, 1)]
    found = _people(tmp_path, write_imdb, title_principals=parts)["tt2"]
    assert set(found) == {"tconst", "characters", "people_ids", *PEOPLE}
    assert [found[f"{c}s"] for c in categories] == [["Name 1"], ["Name 2"], ["Name 3"], ["Name 4"]]


def test_people_of_one_name_keep_their_ids(tmp_path: Path, write_imdb: Write) -> None:
    names = [_name("nm1", "Ann"), _name("nm2", "Tom Holland"), _name("nm3", "Tom Holland"), _name("nm4", "Ann")]
    parts = [
        _part("tt1", 1, "nm1", "actor"),
        _part("tt1", 2, "nm2", "actor"),
        _part("tt1", 3, "nm2", "producer"),
        _part("tt2", 1, "nm1", "editor"),
        _part("tt9", 1, "nm4", "actor"),
    ]
    crew = [{"tconst": "tt1", "directors": "nm3,nm1", "writers": "\\N"}]
    found = _people(tmp_path, write_imdb, title_principals=parts, title_crew=crew, name_basics=names)
    assert found["tt1"]["people_ids"] == ["nm3", "", "", "nm2", "nm2"]  # the other Ann made no film that is kept
    assert found["tt2"]["people_ids"] == []


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ('["Joker"]', "Joker"),
        ('["Arthur Fleck"," Joker ",""]', "Arthur Fleck / Joker"),
        ("", ""),
        ("[]", ""),
        ("Joker", "Joker"),
        ('["half', '["half'),
        ("7", "7"),
    ],
)
def test_characters_are_read_from_imdbs_lists(cell: str, read: str) -> None:
    assert characters(cell) == read


@given(st.text())
def test_no_cell_of_characters_is_too_strange(cell: str) -> None:
    assert isinstance(characters(cell), str)


def test_other_titles_are_distinct_sorted_and_not_the_title(tmp_path: Path, write_imdb: Write) -> None:
    akas = [
        {"titleId": tconst, "title": title}
        for tconst, title in [
            ("tt1", "기생충"),
            ("tt1", "Parasite"),
            ("tt1", "Gisaengchung"),
            ("tt1", "Gisaengchung"),
            ("tt2", "NA"),
            ("tt9", "Elsewhere"),
            ("tt1", "\\N"),
        ]
    ]
    found = alternative_titles(Tables(write_imdb(tmp_path, {AKAS.name: akas})), FILMS)
    assert found.rows() == [("tt1", ["Gisaengchung", "기생충"])]


def test_without_the_table_there_are_no_other_titles(tmp_path: Path, write_imdb: Write) -> None:
    assert alternative_titles(Tables(write_imdb(tmp_path, {})), FILMS).is_empty()


def test_a_name_of_ten_megabytes_is_left_out(tmp_path: Path, write_imdb: Write) -> None:
    names = [_name("nm1", "x" * 10_000_000), _name("nm2", "Ana")]
    parts = [_part("tt1", n, f"nm{n}", "actor", "y" * 5_000) for n in (1, 2)]
    tables = Tables(write_imdb(tmp_path, {NAMES.name: names, PRINCIPALS.name: parts}))
    (row,) = people(tables, FILMS.select("tconst"), 10).rows(named=True)
    assert (row["cast"], row["characters"]) == (["Ana"], ["y" * 1000])
