from __future__ import annotations

import json
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from moviechat.errors import FetchError
from moviechat.schema import Fact
from moviechat.wikipedia.client import Client
from moviechat.wikipedia.store import Store
from moviechat.wikipedia.wikidata import BATCH, Wikidata

Loopback = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
Row = dict[str, dict[str, str]]
ENTITY = "http://www.wikidata.org/entity/"


def row(imdb: str, item: str, field: str, value: str, **more: str) -> Row:
    """A row as the query service writes it: an item, a title or (value "_:b0") a blank node."""
    kind = "bnode" if value.startswith("_") else "uri" if re.fullmatch(r"Q\d+", value) else "literal"
    uri = f"{ENTITY}{value}" if kind == "uri" else value
    plain = {name: {"type": "literal", "value": said} for name, said in {"imdb": imdb, "field": field, **more}.items()}
    return plain | {"item": {"type": "uri", "value": ENTITY + item}, "value": {"type": kind, "value": uri}}


class Service:
    """A query service that knows rows; above `most` films it cuts its answer off with status 200."""

    def __init__(self, *rows: Row) -> None:
        self.rows, self.most = list(rows), 10**6
        self.asked: list[list[str]] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        fields = parse_qs(request.rfile.read(int(request.headers["Content-Length"])).decode())
        ids = re.findall(r'"(tt\d+)"', fields["query"][0])
        self.asked.append(ids)
        found = [r for r in self.rows if r["imdb"]["value"] in ids]
        data = json.dumps({"head": {"vars": ["imdb"]}, "results": {"bindings": found}}).encode()
        if len(ids) > self.most:
            data = data[: len(data) // 2] + b"\njava.util.concurrent.TimeoutException\n\tat com.bigdata..."
        request.send_response(200)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)


@pytest.fixture
def ask(loopback: Loopback, tmp_path: Path) -> Callable[..., list[tuple[str, str, str]]]:
    """Asks a service for films through a fresh client over one store: (tconst, field, value) of what is found."""

    def facts(service: Service, *films: str) -> list[tuple[str, str, str]]:
        client = Client("me@example.org", per_minute=1e6, sleep=lambda seconds: None)
        found = Wikidata(client, Store(tmp_path), loopback(service)).facts(films)
        return [(f.tconst, f.field, f.value) for f in found]

    return facts


Ask = Callable[..., list[tuple[str, str, str]]]


def test_every_field_is_told(ask: Ask) -> None:
    service = Service(
        row("tt1", "Q1", "article", "Old Bus (film)"),
        row("tt1", "Q1", "countries", "Q30", en="United States of America"),
        row("tt1", "Q1", "countries", "Q16", en="Canada"),
        row("tt1", "Q1", "languages", "Q1860", en="English"),
        row("tt1", "Q1", "age_rating", "Q18665344", en="R"),
        row("tt1", "Q1", "awards", "Q102427", en="Academy Award for Best Picture", year="2020"),
        row("tt1", "Q1", "awards", "Q5", en="A prize"),
        row("tt1", "Q1", "based_on", "Q6", en="Old Buses", form="novel", author="Cy Ruz"),
        row("tt1", "Q1", "based_on", "Q6", en="Old Buses", form="novel", author="Ann Lee"),
        row("tt1", "Q1", "based_on", "Q7", en="A myth"),
        row("tt1", "Q1", "filming_places", "Q60", en="New York City"),
        row("tt1", "Q1", "companies", "Q8", en="A24"),
    )
    assert ask(service, "tt1") == [
        ("tt1", "countries", "Canada"),
        ("tt1", "countries", "United States"),
        ("tt1", "languages", "English"),
        ("tt1", "age_rating", "R"),
        ("tt1", "awards", "A prize"),
        ("tt1", "awards", "Academy Award for Best Picture (2020)"),
        ("tt1", "based_on", "A myth"),
        ("tt1", "based_on", "Old Buses (novel by Ann Lee and Cy Ruz)"),
        ("tt1", "filming_places", "New York City"),
        ("tt1", "companies", "A24"),
        ("tt1", "article", "Old Bus (film)"),
    ]


def test_a_fact_says_where_it_is_from(loopback: Loopback, tmp_path: Path) -> None:
    url = loopback(Service(row("tt1", "Q1", "countries", "Q30", en="Chad")))
    assert Wikidata(Client("me", per_minute=1e6), Store(tmp_path), url).facts(["tt1"]) == [
        Fact("tt1", "countries", "Chad", "wikidata", "https://www.wikidata.org/wiki/Q1")
    ]


def test_unknown_and_nameless_values_are_left_out(ask: Ask) -> None:
    service = Service(
        row("tt1", "Q1", "countries", "_:b0"),
        row("tt1", "Q1", "countries", "Q30"),
        row("tt1", "Q1", "companies", "Q31", mul="A24"),
        row("tt1", "Q1", "colour", "Q32", en="red"),
    )
    assert ask(service, "tt1") == [("tt1", "companies", "A24")]


def test_of_two_items_of_one_id_the_one_that_more_is_known_of(ask: Ask) -> None:
    service = Service(
        row("tt1", "Q5", "countries", "Q1", en="Chad"),
        row("tt1", "Q40", "countries", "Q2", en="Peru"),
        row("tt1", "Q40", "languages", "Q3", en="Quechua"),
        row("tt2", "Q10", "countries", "Q1", en="Chad"),
        row("tt2", "Q9", "countries", "Q2", en="Peru"),
    )
    assert ask(service, "tt2", "tt1") == [
        ("tt2", "countries", "Peru"),
        ("tt1", "countries", "Peru"),
        ("tt1", "languages", "Quechua"),
    ]


def test_films_without_an_item_and_strange_ids(ask: Ask) -> None:
    service = Service()
    assert ask(service, "tt9", 'tt1" } DROP', "nm1") == []
    assert service.asked == [["tt9"]]


def test_an_answer_that_is_cut_off_is_asked_for_in_halves(ask: Ask) -> None:
    films = [f"tt{n}" for n in range(1, 8)]
    service = Service(*(row(t, f"Q{t[2:]}", "countries", "Q1", en="Chad") for t in films))
    service.most = 2
    assert ask(service, *films) == [(t, "countries", "Chad") for t in films]
    whole = [asked for asked in service.asked if len(asked) <= 2]
    assert sorted(t for asked in whole for t in asked) == sorted(films)


def test_one_film_that_is_always_cut_off_is_told(ask: Ask) -> None:
    service = Service()
    service.most = 0
    with pytest.raises(FetchError, match="half a reply, or no JSON"):
        ask(service, "tt1", "tt2")


def test_questions_go_out_in_batches_and_never_twice(ask: Ask) -> None:
    films = [f"tt{n}" for n in range(1, 2 * BATCH + 11)]
    service = Service(*(row(t, f"Q{t[2:]}", "countries", "Q1", en="Chad") for t in films))
    assert len(ask(service, *films)) == len(films)
    assert [len(asked) for asked in service.asked] == [BATCH, BATCH, 10]
    assert ask(service, "tt3", "tt1") == [("tt3", "countries", "Chad"), ("tt1", "countries", "Chad")]
    assert len(service.asked) == 3


def test_the_query_asks_for_every_field(loopback: Loopback, tmp_path: Path) -> None:
    queries: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        fields = parse_qs(request.rfile.read(int(request.headers["Content-Length"])).decode())
        queries.append(fields["query"][0])
        request.send_response(200)
        request.end_headers()
        request.wfile.write(b'{"results": {"bindings": []}}')

    Wikidata(Client("me", per_minute=1e6), Store(tmp_path), loopback(answer)).facts(["tt1"])
    (query,) = queries
    assert re.findall(r'BIND\("(\w+)" AS \?field\)', query) == [
        "countries", "languages", "age_rating", "filming_places", "companies", "awards", "based_on", "article",
    ]  # fmt: skip
    assert query.count("{") == query.count("}")


@pytest.mark.parametrize("reply", [{}, {"results": {}}, {"results": {"bindings": [{"imdb": 3}]}}])
def test_an_answer_in_another_form_is_told(loopback: Loopback, tmp_path: Path, reply: dict[str, Any]) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(json.dumps(reply).encode())

    with pytest.raises(FetchError, match="answers in another form than expected"):
        Wikidata(Client("me"), Store(tmp_path), loopback(answer)).facts(["tt1"])
