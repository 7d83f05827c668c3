"""What people say, with slots for names."""

from __future__ import annotations

from pathlib import Path

from moviechat.linking.said import listed, messages


def test_lines_are_listed_as_often_as_they_say(tmp_path: Path) -> None:
    path = tmp_path / "said.txt"
    path.write_text("# a remark\n\nwho directed {f}\n3x {f} or {g}?\n", encoding="utf-8")
    assert listed(path) == ["who directed {f}", *["{f} or {g}?"] * 3]


def test_slots_of_messages_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    path.write_text('{"text": "{film} or {film} with {person}, as {character}"}\n{"text": "hi"}\n', encoding="utf-8")
    assert messages(tmp_path) == ["{f} or {g} with {p}, as {c}", "hi"]
