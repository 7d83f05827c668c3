"""Wikidata's facts about films (CC0), found by their IMDb id (property P345) through its SPARQL service."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self

from moviechat.facts import FIELDS, used
from moviechat.schema import Fact
from moviechat.wikipedia.client import WIKIDATA, Client, UnansweredError, contact, expected
from moviechat.wikipedia.store import Answers, Store

SOURCE = "wikidata"
BATCH = 200  # films per request: 35,000 films need 175
_TCONST = re.compile(r"tt\d+")
_PLAIN = {
    "countries": "P495",
    "languages": "P364",
    "age_rating": "P1657",
    "filming_places": "P915",
    "companies": "P272",
}
_ENTITY = "http://www.wikidata.org/entity/"
_QUERY = """SELECT ?imdb ?item ?field ?value ?en ?mul ?year ?author ?form WHERE {{
  VALUES ?imdb {{ {ids} }}
  ?item wdt:P345 ?imdb .
  {plain}
  {{ ?item p:P166 ?award . ?award ps:P166 ?value . BIND("awards" AS ?field)
    MINUS {{ ?award wikibase:rank wikibase:DeprecatedRank }}
    OPTIONAL {{ ?award pq:P585 ?when . BIND(YEAR(?when) AS ?year) }} }}
  UNION {{ ?item wdt:P144 ?value . BIND("based_on" AS ?field)
    OPTIONAL {{ ?value wdt:P50/rdfs:label ?author . FILTER(LANG(?author) = "en") }}
    OPTIONAL {{ ?value wdt:P7937/rdfs:label ?form . FILTER(LANG(?form) = "en") }} }}
  UNION {{ ?page schema:about ?item ; schema:isPartOf <https://en.wikipedia.org/> ; schema:name ?value .
    BIND("article" AS ?field) }}
  OPTIONAL {{ ?value rdfs:label ?en . FILTER(LANG(?en) = "en") }}
  OPTIONAL {{ ?value rdfs:label ?mul . FILTER(LANG(?mul) = "mul") }}
}}"""


class Wikidata:
    """Facts by IMDb id; every answer is cached in a Store, so a killed run resumes."""

    def __init__(self, client: Client, store: Store, url: str) -> None:
        self._client, self._store, self._url = client, store, url

    @classmethod
    def from_environment(cls, cache: Path) -> Self:
        """With MOVIECHAT_CONTACT and MOVIECHAT_WIKIDATA_URL; raises FetchError."""
        url = os.environ.get("MOVIECHAT_WIKIDATA_URL") or WIKIDATA
        return cls(Client(contact("set enrich.source to file")), Store(cache), url)

    def facts(self, tconsts: Iterable[str]) -> list[Fact]:
        """The facts of the films, in their order and that of FIELDS; raises FetchError."""
        ids = [t for t in tconsts if _TCONST.fullmatch(t)]
        known = self._store.known("wikidata facts", ids, self._ask, BATCH)
        return [fact for tconst, found in known.items() if found for fact in _facts(tconst, found)]

    def _ask(self, tconsts: Sequence[str]) -> Answers:
        ids, plain = " ".join(f'"{tconst}"' for tconst in tconsts), "\n  ".join(_branches())
        try:
            reply = self._client.ask(self._url, {"query": _QUERY.format(ids=ids, plain=plain), "format": "json"})
        except UnansweredError:
            if len(tconsts) == 1:
                raise
            # The service aborts a query after a minute: half as many films are half the work.
            half = len(tconsts) // 2
            return self._ask(tconsts[:half]) | self._ask(tconsts[half:])
        return _films(expected(self._url, partial(_rows, reply)))


def _branches() -> Iterator[str]:
    for field, number in _PLAIN.items():
        yield f'{{ ?item wdt:{number} ?value . BIND("{field}" AS ?field) }} UNION'


def _rows(reply: Mapping[str, Any]) -> list[dict[str, str]]:
    """The rows as plain strings; unknown values are blank nodes, values without a name are dropped."""
    found = []
    for row in reply["results"]["bindings"]:
        plain = {name: str(cell["value"]) for name, cell in row.items()}
        named = {"imdb", "item", "field", "value"} <= plain.keys() and plain["field"] in FIELDS
        name = plain["value"] if row["value"]["type"] == "literal" else plain.get("en") or plain.get("mul")
        if named and name:
            found.append(plain | {"name": name})
    return found


def _films(rows: Iterable[Mapping[str, str]]) -> Answers:
    """{"item", "facts": {field: names}} per film; of two items with one id, the one with more facts."""
    items: dict[str, dict[str, list[Mapping[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        items[row["imdb"]][row["item"].removeprefix(_ENTITY)].append(row)
    best = {imdb: min(found, key=lambda q: (-len(found[q]), len(q), q)) for imdb, found in items.items()}
    return {imdb: {"item": item, "facts": _values(items[imdb][item])} for imdb, item in best.items()}


def _values(rows: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    together: dict[tuple[str, str, str], list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        together[row["field"], row["value"], row.get("year", "")].append(row)
    found: dict[str, set[str]] = defaultdict(set)
    for (field, _, year), same in together.items():
        found[field].add(_said(same[0]["name"], year, same))
    return {field: sorted(values) for field, values in found.items()}


def _said(name: str, year: str, rows: Sequence[Mapping[str, str]]) -> str:
    """The name with the year of an award, or with a work's form and authors: "Little Women (novel by ...)"."""
    form, authors = (sorted({row[key] for row in rows if key in row}) for key in ("form", "author"))
    by = f"by {' and '.join(authors)}" if authors else ""
    about = year or " ".join(filter(None, (*form[:1], by)))
    return f"{name} ({about})" if about else name


def _facts(tconst: str, found: Mapping[str, Any]) -> Iterator[Fact]:
    url = f"https://www.wikidata.org/wiki/{found['item']}"
    for field in FIELDS:
        values = dict.fromkeys(used(field, value) for value in found["facts"].get(field, ()))
        yield from (Fact(tconst, field, value, SOURCE, url) for value in values)
