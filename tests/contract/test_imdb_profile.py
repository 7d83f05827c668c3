"""The data stages of profiles/imdb.yaml, download to describe, with IMDb, Wikidata and Wikipedia on loopback."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from moviechat import params
from moviechat.catalogue import load_facts, load_movies, load_passages
from moviechat.imdb.tables import TABLES
from moviechat.stages import describe, download, enrich, filter

ROOT = Path(__file__).parents[2]
FILMS = 120  # every fourth of a year that is asked for, every tenth of those without an article
ENTITY = "http://www.wikidata.org/entity/"


def _rows(n: int) -> dict[str, list[tuple[str, ...]]]:
    """Film n's rows in each table."""
    t, people = f"tt{n:07d}", (f"nm{n:07d}", f"nm{n + 5000:07d}")
    year = "2020" if n % 4 == 0 else "1990"
    return {
        "title.basics": [(t, "movie", f"Film {n}", f"Film {n}", "0", year, "\\N", "90", "Drama")],
        "title.ratings": [(t, "7.5", str(100 + n))],
        "title.crew": [(t, people[0], people[0])],
        "title.principals": [(t, "1", people[1], "actor", "\\N", '["Bo"]')],
        "name.basics": [(p, f"Name {p}", "\\N", "\\N", "actor", t) for p in people],
        "title.akas": [(t, "1", f"Cinta {n}", "ES", "es", "imdbDisplay", "\\N", "0")],
    }


class Internet:
    """IMDb's files under /imdb, Wikidata's service at /sparql, Wikipedia's at /api; counts what was asked of each."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.files = {}
        for table in TABLES:
            lines = [table.columns, *(row for n in range(FILMS) for row in _rows(n)[table.name])]
            self.files[table.filename] = gzip.compress("".join("\t".join(x) + "\n" for x in lines).encode())

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        _, place, *name = request.path.split("/")
        self.asked[place] += 1
        if place == "imdb":
            body, headers = self.files[name[0]], {"ETag": '"1"', "Last-Modified": "Thu, 26 Nov 2026 08:00:00 GMT"}
        else:
            form = parse_qs(request.rfile.read(int(request.headers["Content-Length"])).decode())
            said = self._sparql(form["query"][0]) if place == "sparql" else self._wiki(form["titles"][0].split("|"))
            body, headers = json.dumps(said).encode(), {}
        request.send_response(200)
        for header, value in {**headers, "Content-Length": str(len(body))}.items():
            request.send_header(header, value)
        request.end_headers()
        request.wfile.write(body)

    def _sparql(self, query: str) -> dict[str, Any]:
        numbers = [int(n) for n in re.findall(r'"tt(\d+)"', query)]
        if "?field" in query:
            rows = [
                {
                    "imdb": {"type": "literal", "value": f"tt{n:07d}"},
                    "item": {"type": "uri", "value": f"{ENTITY}Q{n}"},
                    "field": {"type": "literal", "value": "countries"},
                    "value": {"type": "uri", "value": f"{ENTITY}Q884"},
                    "en": {"type": "literal", "value": "South Korea"},
                }
                for n in numbers
            ]
        else:
            known = [n for n in numbers if n % 10]
            rows = [{"imdb": {"value": f"tt{n:07d}"}, "title": {"value": f"Film {n}"}} for n in known]
        return {"results": {"bindings": rows}}

    def _wiki(self, titles: list[str]) -> dict[str, Any]:
        text = "{{Infobox film}}\n'''A film'''.\n==Plot==\nIt waits.\n==Critical response==\nLiked.\n"
        revision = {"revid": 7, "slots": {"main": {"content": text}}}
        return {"query": {"pages": [{"title": t, "revisions": [revision]} for t in titles]}}


def test_the_data_stages_of_the_full_system_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loopback: Callable[..., str]
) -> None:
    internet = Internet()
    url = loopback(internet)
    for name, value in {"CONTACT": "me@x.org", "WIKIDATA_URL": f"{url}/sparql", "WIKIPEDIA_URL": f"{url}/api"}.items():
        monkeypatch.setenv(f"MOVIECHAT_{name}", value)
    p = params.load(ROOT / "profiles" / "imdb.yaml")
    monkeypatch.chdir(tmp_path)  # the profile's own folders, which are empty here
    download.run(p.download.model_copy(update={"url": f"{url}/imdb"}))
    filter.run(p.filter)
    enrich.run(p.enrich)
    describe.run(p.describe)
    assert internet.asked == {"imdb": 6, "sparql": 2, "api": 1}
    movies = load_movies(Path("data/filter/movies.parquet"))
    assert [m.tconst for m in movies] == [f"tt{n:07d}" for n in range(0, FILMS, 4)]
    assert (movies[1].directors, movies[1].cast, movies[1].alternative_titles) == (
        ("Name nm0000004",),
        ("Name nm0005004",),
        ("Cinta 4",),
    )
    facts = load_facts(Path("data/enrich/facts.parquet"))
    assert facts == {m.tconst: {"countries": ("South Korea",)} for m in movies}
    texts = load_passages(Path("data/describe/passages.parquet"))
    assert set(texts) == {f"tt{n:07d}" for n in range(0, FILMS, 4) if n % 10}
    assert [(t.section, t.text) for t in texts["tt0000004"]] == [
        ("Lead", "A film."),
        ("Plot", "It waits."),
        ("Reception", "Liked."),
    ]
    manifest = json.loads(Path("data/download/tables.json").read_text())
    assert {about["date"] for about in manifest.values()} == {"2026-11-26"}
