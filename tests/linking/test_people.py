"""The people of a catalogue, and their films."""

from __future__ import annotations

from pathlib import Path

import pytest

from moviechat.linking.people import NAME, SURNAME, People, surname
from moviechat.schema import Movie


def _directed(*names: str, votes: int = 0) -> list[Movie]:
    return [Movie(f"tt{i}", "A", "A", 2020, None, (), None, votes + i, directors=(n,)) for i, n in enumerate(names)]


def test_spellings_of_one_name_are_told(tmp_path: Path) -> None:
    People.build(_directed("Bong Joon Ho", "Bong Joon-ho", "Bong Joon Ho")).save(tmp_path)
    people = People.load(tmp_path)
    assert sorted(row for p in people.called("bong joon ho") for row in people.films(p)) == [0, 1, 2]
    assert people.called("nobody") == []


def _namesakes() -> list[Movie]:
    parts = [
        {"cast": ("Tom Holland", "Ann Lee"), "people_ids": ("nm2", "")},
        {"directors": ("Tom Holland",), "people_ids": ("nm1",)},
        {"cast": ("Tom Holland",), "people_ids": ("nm2",)},
        {"directors": ("Ann Lee",)},
    ]
    return [Movie(f"tt{i}", "A", "A", 2020, None, (), None, 10**i, **some) for i, some in enumerate(parts)]  # type: ignore[arg-type]


def test_two_people_of_one_name_are_two(tmp_path: Path) -> None:
    People.build(_namesakes()).save(tmp_path)
    people = People.load(tmp_path)
    actor, director = people.called("tom holland")  # best known first
    assert [(people.names[p], people.ids[p]) for p in (actor, director)] == [("Tom Holland", f"nm{i}") for i in (2, 1)]
    assert [people.films(p).tolist() for p in (actor, director)] == [[0, 2], [1]]
    assert [people.renown(p) for p in (actor, director)] == [101, 10]
    assert people.renowns([actor, director, *people.called("Ann Lee")]) == [1001, 111]
    assert people.meant(people.table.find(["holland"])["holland"], SURNAME) == [actor, director]


def test_equal_people_give_equal_bytes(tmp_path: Path) -> None:
    for folder in ("one", "other"):
        People.build(_namesakes()).save(tmp_path / folder)
    files = [sorted(p for p in (tmp_path / folder).rglob("*") if p.is_file()) for folder in ("one", "other")]
    assert [p.read_bytes() for p in files[0]] == [p.read_bytes() for p in files[1]]


def test_a_last_name_means_the_best_known_first() -> None:
    people = People.build(_directed("Ann Lee", "Bo Lee", "Lee"))
    place = people.table.find(["lee"])["lee"]
    assert [people.names[p] for p in people.meant(place, SURNAME)] == ["Bo Lee", "Ann Lee"]
    assert [people.names[p] for p in people.meant(place, NAME)] == ["Lee"]
    assert people.renown(people.called("Bo Lee")[0]) == 1


def test_every_role_counts() -> None:
    movie = Movie(
        "tt1", "A", "A", 2020, None, (), None, 0, ("D",), ("W",), ("C",), ("ch",), ("P",), ("M",), ("F",), ("E",)
    )
    assert set(People.build([movie]).names) == set("DWCPMFE")


@pytest.mark.parametrize(
    ("name", "last"),
    [("Jordan Peele", "peele"), ("Robert Downey Jr.", "downey"), ("Zendaya", ""), ("Bong Joon Ho", ""), ("", "")],
)
def test_last_names(name: str, last: str) -> None:
    assert surname(name) == last
