"""The English Wikipedia's articles on films, found by their IMDb id (Wikidata's property P345)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import quote

from tqdm import tqdm

from moviechat.errors import FetchError
from moviechat.schema import Passage
from moviechat.wikipedia.client import Client, contact
from moviechat.wikipedia.store import Store
from moviechat.wikitext import lead_and_plot

WIKIDATA = "https://query.wikidata.org/sparql"
WIKIPEDIA = "https://en.wikipedia.org/w/api.php"
LICENSE = "CC BY-SA 4.0"
BATCH = 50  # the most titles that MediaWiki takes in one request

_T = TypeVar("_T")
_Found = dict[str, dict[str, Any] | None]
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
        return cls(Client(contact()), Store(cache), wikidata, wikipedia)

    def texts(self, tconsts: Iterable[str]) -> list[Passage]:
        """Lead and plot of each film's article, uncut and uncleaned, in the films' order; raises FetchError."""
        ids = [t for t in tconsts if _TCONST.fullmatch(t)]
        titles = self._known("wikidata P345", ids, self._titles)
        named = {tconst: found["title"] for tconst, found in titles.items() if found}
        articles = self._known("enwiki", list(dict.fromkeys(named.values())), self._articles)
        return [p for tconst, title in named.items() if (found := articles[title]) for p in _passages(tconst, found)]

    def _known(self, what: str, names: Sequence[str], ask: Callable[[Sequence[str]], _Found]) -> _Found:
        """The answer for every name: from the store, else by `ask` in batches."""
        missing = [name for name in names if f"{what} {name}" not in self._store]
        for start in tqdm(range(0, len(missing), BATCH), desc=what, unit="request", disable=not missing):
            batch = missing[start : start + BATCH]
            found = ask(batch)
            for name in batch:
                self._store[f"{what} {name}"] = found.get(name)
        return {name: self._store[f"{what} {name}"] for name in names}

    def _titles(self, tconsts: Sequence[str]) -> _Found:
        ids = " ".join(f'"{tconst}"' for tconst in tconsts)
        reply = self._client.ask(self._wikidata, {"query": _QUERY.format(ids=ids), "format": "json"})
        rows = _expected(self._wikidata, partial(_rows, reply))
        # Two items of one id: the first in the alphabet, so that every run takes the same.
        return {tconst: {"title": title} for tconst, title in sorted(rows, reverse=True)}

    def _articles(self, titles: Sequence[str]) -> _Found:
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
            _expected(self._wikipedia, partial(_merge, reply, pages, names))
            more = reply.get("continue")
        return {title: pages.get(_follow(title, names)) for title in titles}


def _rows(reply: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(row["imdb"]["value"], row["title"]["value"]) for row in reply["results"]["bindings"]]


def _expected(url: str, read: Callable[[], _T]) -> _T:
    try:
        return read()
    except (KeyError, TypeError, AttributeError, IndexError):
        raise FetchError(f"{url} answers in another form than expected: is it the right address?") from None


def _merge(reply: Mapping[str, Any], pages: dict[str, dict[str, Any]], names: dict[str, str]) -> None:
    query = reply["query"]
    for step in query.get("normalized", []):
        names[step["from"]] = step["to"]
    for step in query.get("redirects", []):
        # A redirect into a section leads to an article on something wider than the film.
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
