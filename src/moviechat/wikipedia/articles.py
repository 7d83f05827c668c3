"""The English Wikipedia's articles about films, found by their IMDb id (Wikidata's property P345)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from moviechat.schema import Passage
from moviechat.wikipedia.client import WIKIDATA, Client, contact, expected
from moviechat.wikipedia.store import Answers, Store
from moviechat.wikitext import lead_and_plot

WIKIPEDIA = "https://en.wikipedia.org/w/api.php"
LICENSE = "CC BY-SA 4.0"
BATCH = 50  # maximum titles per MediaWiki request

_QUERY = """SELECT ?imdb ?title WHERE {{
  VALUES ?imdb {{ {ids} }}
  ?film wdt:P345 ?imdb .
  ?article schema:about ?film ; schema:isPartOf <https://en.wikipedia.org/> ; schema:name ?title .
}}"""
_TCONST = re.compile(r"tt\d+")


class Wikipedia:
    """Articles by IMDb id; every answer is kept in a Store, so a killed run goes on."""

    def __init__(self, client: Client, store: Store, wikidata: str, wikipedia: str) -> None:
        self._client, self._store, self._wikidata, self._wikipedia = client, store, wikidata, wikipedia

    @classmethod
    def from_environment(cls, cache: Path) -> Self:
        """With MOVIECHAT_CONTACT, MOVIECHAT_WIKIDATA_URL and MOVIECHAT_WIKIPEDIA_URL; raises FetchError."""
        wikidata = os.environ.get("MOVIECHAT_WIKIDATA_URL") or WIKIDATA
        wikipedia = os.environ.get("MOVIECHAT_WIKIPEDIA_URL") or WIKIPEDIA
        return cls(Client(contact("set describe.wikipedia to false")), Store(cache), wikidata, wikipedia)

    def texts(self, tconsts: Iterable[str]) -> list[Passage]:
        """Lead and plot of each film's article, uncut and uncleaned, in the films' order; raises FetchError."""
        ids = [t for t in tconsts if _TCONST.fullmatch(t)]
        titles = self._store.known("wikidata P345", ids, self._titles, BATCH)
        named = {tconst: found["title"] for tconst, found in titles.items() if found}
        articles = self._store.known("enwiki", list(dict.fromkeys(named.values())), self._articles, BATCH)
        return [p for tconst, title in named.items() if (found := articles[title]) for p in _passages(tconst, found)]

    def _titles(self, tconsts: Sequence[str]) -> Answers:
        ids = " ".join(f'"{tconst}"' for tconst in tconsts)
        reply = self._client.ask(self._wikidata, {"query": _QUERY.format(ids=ids), "format": "json"})
        rows = expected(self._wikidata, partial(_rows, reply))
        # Two items with one id: the first in the alphabet, so that every run takes the same.
        return {tconst: {"title": title} for tconst, title in sorted(rows, reverse=True)}

    def _articles(self, titles: Sequence[str]) -> Answers:
        asked = {
            "action": "query",
            "prop": "revisions",
            "rvprop": "ids|content",
            "rvslots": "main",
            "redirects": "1",
            "titles": "|".join(titles),
            "format": "json",
            "formatversion": "2",
            "maxlag": "5",
        }
        pages: dict[str, dict[str, Any]] = {}
        names: dict[str, str] = {}
        more: Mapping[str, str] | None = {}
        while more is not None:
            reply = self._client.ask(self._wikipedia, {**asked, **more})
            expected(self._wikipedia, partial(_merge, reply, pages, names))
            more = reply.get("continue")
        return {title: pages.get(_follow(title, names)) for title in titles}


def _rows(reply: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(row["imdb"]["value"], row["title"]["value"]) for row in reply["results"]["bindings"]]


def _merge(reply: Mapping[str, Any], pages: dict[str, dict[str, Any]], names: dict[str, str]) -> None:
    query = reply["query"]
    for step in query.get("normalized", []):
        names[step["from"]] = step["to"]
    for step in query.get("redirects", []):
        # A redirect into a section leads to an article about something wider than the film.
        names[step["from"]] = "" if "tofragment" in step else step["to"]
    for page in query.get("pages", []):
        for revision in page.get("revisions", []):
            if "content" in revision["slots"]["main"]:
                content = revision["slots"]["main"]["content"]
                found = {"title": page["title"], "revision": str(revision["revid"]), "wikitext": content}
                pages[page["title"]] = found


def _follow(title: str, names: Mapping[str, str]) -> str:
    for _ in range(len(names) + 1):
        title = names.get(title, title)
    return title


def _passages(tconst: str, article: Mapping[str, Any]) -> list[Passage]:
    url = "https://en.wikipedia.org/wiki/" + quote(article["title"].replace(" ", "_"), safe="/:()!,'*@$;")
    return [
        Passage(tconst, number, text, section, "wikipedia", url, article["revision"], LICENSE)
        for number, (section, text) in enumerate(lead_and_plot(article["wikitext"]))
    ]
