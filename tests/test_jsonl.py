import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.errors import DataError
from moviechat.jsonl import Line, files, read, read_folder


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_lines_know_where_they_stand(tmp_path: Path, name: str) -> None:
    path = _write(tmp_path / name, '\ufeff{"a": "é"}\n\n  {"b": 1}'.encode())
    assert list(read(path)) == [Line(f"{path}:1", '{"a": "é"}', {"a": "é"}), Line(f"{path}:3", '{"b": 1}', {"b": 1})]


def test_a_folder_is_read_by_file_name(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.jsonl.gz", "c.jsonl"):
        _write(tmp_path / name, json.dumps({"n": name}).encode())
    _write(tmp_path / "notes.txt", b"no JSON")
    assert [line.value["n"] for line in read_folder(tmp_path)] == ["a.jsonl.gz", "b.jsonl", "c.jsonl"]
    assert files(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b'{"a": 1', "not JSON"),
        (b"[1]", "a JSON list, not an object"),
        (b"null", "a JSON NoneType, not an object"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, data: bytes, fault: str) -> None:
    path = _write(tmp_path / "a.jsonl", b'{"good": 1}\n' + data)
    with pytest.raises(DataError, match=rf"a\.jsonl:2: {fault}"):
        list(read(path))


def test_a_cut_file_is_told(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.jsonl.gz", b'{"a": "some text"}\n' * 999)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DataError, match=r"a\.jsonl\.gz is damaged or cut short"):
        list(read(path))


def test_values_are_strings_or_told() -> None:
    line = Line("f:7", "", {"text": "x", "revision": 12, "none": None, "flag": True, "list": ["y"], "half": "a\ud800b"})
    assert (line.text("text"), line.text("revision"), line.optional("none"), line.text("half")) == (
        "x",
        "12",
        None,
        "ab",
    )
    with pytest.raises(DataError, match=r'^f:7: "title" is missing'):
        line.text("title")
    for key in ("flag", "list"):
        with pytest.raises(DataError, match=f'^f:7: "{key}" is .*not a string'):
            line.optional(key)


@given(st.dictionaries(st.text(), st.none() | st.text() | st.integers() | st.floats() | st.booleans()))
def test_any_object_is_read(tmp_path_factory: pytest.TempPathFactory, value: dict[str, object]) -> None:
    path = _write(tmp_path_factory.mktemp("j") / "a.jsonl", json.dumps(value).encode())
    assert [repr(line.value) for line in read(path)] == [repr(json.loads(json.dumps(value)))]
