"""Exact and one-typo look-ups."""

from __future__ import annotations

import string
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from moviechat.linking.table import MIN_TYPO, NameTable, build

KEYS = st.text(string.ascii_lowercase[:4] + "é", min_size=1, max_size=8)


def test_a_key_may_stand_for_several_numbers_with_their_surest_kind() -> None:
    table = build([("prey", 7, 0), ("prey", 8, 0), ("prey", 8, 2), ("", 9, 0)])
    assert table.targets(table.find(["prey"])["prey"]) == [(7, 0), (8, 0)]
    assert len(table.keys) == 1


@given(st.lists(KEYS, max_size=12), st.lists(KEYS, max_size=6))
def test_find_and_near_are_what_comparing_all_gives(stored: list[str], asked: list[str]) -> None:
    table = build((key, i, 0) for i, key in enumerate(stored))
    assert set(table.find(asked)) == set(stored) & set(asked)
    near = {(key, table.keys[name]) for key, name in table.near(asked)}
    long = [k for k in asked if len(k) >= MIN_TYPO]
    expected = {(a, s) for a in long for s in stored if len(s) >= MIN_TYPO and OSA.distance(a, s) == 1}
    assert {(a, s) for a, s in near if len(s) >= MIN_TYPO} == expected


def test_a_key_longer_than_any_name_costs_nothing() -> None:
    table = build([("parasite", 1, 0)])
    assert table.near(["parasite" * 10_000_000, "parasites"]) == [("parasites", 0)]


def test_an_empty_table_finds_nothing() -> None:
    table = build([])
    assert table.find(["parasite", ""]) == {} and table.near(["parasite"]) == []


def test_a_saved_table_is_the_same(tmp_path: Path) -> None:
    build([("parasite", 1, 0), ("tár", 2, 1)]).save(tmp_path)
    table = NameTable.load(tmp_path)
    assert [table.keys[n] for _, n in table.near(["parasit", "tárr"])] == ["parasite", "tár"]
    assert table.targets(table.find(["tár"])["tár"]) == [(2, 1)]
