import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from moviechat.catalogue import load_facts
from moviechat.errors import DataError, FetchError
from moviechat.frames import columns
from moviechat.params import Enrich
from moviechat.schema import Fact
from moviechat.stages.enrich import run
from tests.catalogues import write_lines


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "facts").mkdir()
    return tmp_path / "facts"


def _run(movies: Path, folder: Path, *, source: str = "file", inferred: bool = True) -> list[Fact]:
    out = movies.parent / "facts.parquet"
    p = Enrich.model_validate({"source": source, "folder": str(folder), "inferred": inferred})
    run(p, movies=movies, facts=out, cache=movies.parent / "cache")
    assert pl.read_parquet_schema(out) == columns(Fact)
    return [Fact.from_row(row) for row in pl.read_parquet(out).iter_rows(named=True)]


def test_facts_stand_by_film_and_field_each_once(
    movies: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = {"tconst": "tt2", "languages": ["Korean"], "countries": ["South Korea"], "age_rating": "R", "sources": ["x"]}
    write_lines(folder / "a.jsonl.gz", one, {"tconst": "tt9", "countries": ["India"]})
    more = {"tconst": "tt2", "countries": ["Japan", "South Korea"], "age_rating": "PG"}
    write_lines(folder / "b.jsonl", {"tconst": "tt1", "awards": ["A prize (2020)"]}, more)
    assert _run(movies, folder) == [
        Fact("tt1", "awards", "A prize (2020)", "b", None),
        Fact("tt2", "countries", "South Korea", "x", None),
        Fact("tt2", "countries", "Japan", "b", None),
        Fact("tt2", "languages", "Korean", "x", None),
        Fact("tt2", "age_rating", "R", "x", None),
    ]
    said = capsys.readouterr().out
    assert "1 of films not in the catalogue" in said
    assert (
        "5 facts on 2 of 4 films: countries of 1, languages of 1, age_rating of 1, awards of 1, based_on of 0" in said
    )


def test_a_key_that_is_no_field_is_told(movies: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_lines(folder / "a.jsonl", {"tconst": "tt1", "contries": ["India"]}, {"tconst": "tt2", "contries": ["India"]})
    assert _run(movies, folder) == []
    assert "contries (2 lines) not read: the fields are countries, " in capsys.readouterr().out


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_without_facts_makes_an_empty_table(movies: Path, folder: Path, there: bool) -> None:
    assert _run(movies, folder if there else folder / "none") == []
    assert load_facts(movies.parent / "facts.parquet") == {}


def test_guesses_can_be_left_out(movies: Path, folder: Path) -> None:
    write_lines(folder / "a.jsonl", {"tconst": "tt1", "countries": ["India"], "inferred": ["countries"]})
    assert [f.source for f in _run(movies, folder)] == ["a, inferred"]
    assert _run(movies, folder, inferred=False) == []


def test_a_bad_line_is_named_and_nothing_is_written(movies: Path, folder: Path) -> None:
    write_lines(folder / "a.jsonl", {"tconst": "tt1", "countries": ["India"]}, {"tconst": "tt1", "countries": 3})
    with pytest.raises(DataError, match=r'a\.jsonl:2: "countries" is 3, not a list of strings'):
        _run(movies, folder)
    assert not (movies.parent / "facts.parquet").exists()


def test_the_same_facts_give_the_same_bytes(movies: Path, folder: Path) -> None:
    write_lines(folder / "a.jsonl", *({"tconst": f"tt{n}", "countries": ["Peru", "Chad"]} for n in (3, 1, 2)))
    out = movies.parent / "facts.parquet"
    _run(movies, folder)
    first = out.read_bytes()
    _run(movies, folder)
    assert out.read_bytes() == first


def test_wikidata_needs_a_contact(movies: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOVIECHAT_CONTACT", raising=False)
    with pytest.raises(FetchError, match=r"MOVIECHAT_CONTACT .*or set enrich\.source to file"):
        _run(movies, folder, source="wikidata")


def test_the_folder_comes_before_wikidata(
    movies: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, loopback: Callable[..., str]
) -> None:
    def cells(tconst: str, field: str, name: str) -> dict[str, Any]:
        uri = {"type": "uri", "value": f"http://www.wikidata.org/entity/{name}"}
        plain = {"imdb": tconst, "field": field, "en": name}
        item = {"type": "uri", "value": "http://www.wikidata.org/entity/Q7"}
        return {"value": uri, "item": item} | {k: {"type": "literal", "value": v} for k, v in plain.items()}

    rows = [cells("tt1", "countries", "Chad"), cells("tt1", "languages", "Arabic"), cells("tt3", "countries", "Peru")]

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(json.dumps({"results": {"bindings": rows}}).encode())

    monkeypatch.setenv("MOVIECHAT_CONTACT", "me@x.org")
    monkeypatch.setenv("MOVIECHAT_WIKIDATA_URL", loopback(answer))
    write_lines(folder / "a.jsonl", {"tconst": "tt1", "countries": ["France"]})
    url = "https://www.wikidata.org/wiki/Q7"
    assert _run(movies, folder, source="wikidata") == [
        Fact("tt1", "countries", "France", "a", None),
        Fact("tt1", "languages", "Arabic", "wikidata", url),
        Fact("tt3", "countries", "Peru", "wikidata", url),
    ]
