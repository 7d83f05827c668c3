"""The English Wikipedia's articles on films, found by their IMDb id (Wikidata's property P345)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from moviechat.schema import Passage
from moviechat.wikipedia.client import WIKIDATA, Client, contact, expected
from moviechat.wikipedia.sections import other_kind, sections
from moviechat.wikipedia.store import Answers, Store

WIKIPEDIA = "https://en.wikipedia.org/w/api.php"
LICENSE = "CC BY-SA 4.0"
BATCH = 50  # the most titles that MediaWiki takes in one request
FILMS = 200  # films in one request to Wikidata

NO_ARTICLE, GONE, PART, EMPTY = "no article", "article is gone", "part of a wider article", "nothing to read in it"

_QUERY = """SELECT ?imdb ?title WHERE {{
  VALUES ?imdb {{ {ids} }}
  ?film wdt:P345 ?imdb .
  ?article schema:about ?film ; schema:isPartOf <https://en.wikipedia.org/> ; schema:name ?title .
}}"""
_TCONST = re.compile(r"tt\d+")


@dataclass(frozen=True, slots=True)
class Found:
    """The texts, and of each film without one the reason."""

    passages: list[Passage]
    without: dict[str, str]


class Wikipedia:
    """Articles by IMDb id; every answer is kept in a Store, so a killed run goes on.

    Runs that come to their end are counted as turns. What was answered in this turn is not asked again; of what an
    earlier turn brought, only the number of the newest revision is asked, and the text if it has changed.
    """

    def __init__(self, client: Client, store: Store, wikidata: str, wikipedia: str) -> None:
        self._client, self._store, self._wikidata, self._wikipedia = client, store, wikidata, wikipedia

    @classmethod
    def from_environment(cls, cache: Path) -> Self:
        """With MOVIECHAT_CONTACT, MOVIECHAT_WIKIDATA_URL and MOVIECHAT_WIKIPEDIA_URL; raises FetchError."""
        wikidata = os.environ.get("MOVIECHAT_WIKIDATA_URL") or WIKIDATA
        wikipedia = os.environ.get("MOVIECHAT_WIKIPEDIA_URL") or WIKIPEDIA
        return cls(Client(contact("set describe.wikipedia to false")), Store(cache), wikidata, wikipedia)

    def texts(self, tconsts: Iterable[str]) -> Found:
        """The sections of each film's article, a passage each, uncut, in the films' order; raises FetchError."""
        turn, ids = self._turn(), list(tconsts)
        names = self._names([t for t in ids if _TCONST.fullmatch(t)], turn)
        self._refresh(list(dict.fromkeys(names.values())), turn)
        passages, without = list[Passage](), dict[str, str]()
        for tconst in ids:
            found, reason = self._read(tconst, names.get(tconst))
            passages += found
            if not found:
                without[tconst] = reason
        self._store["turn"] = {"number": turn, "done": True}
        return Found(passages, without)

    def _turn(self) -> int:
        last = self._store.get("turn")
        number = int(last.get("number", 0)) + bool(last.get("done", True))
        self._store["turn"] = {"number": number, "done": False}
        return number

    def _names(self, ids: Sequence[str], turn: int) -> dict[str, str]:
        """The article of each film that has one; a film without one is asked about anew in every turn."""
        what = "wikidata P345"
        answers = {tconst: self._store.get(f"{what} {tconst}") for tconst in ids}
        missing = [t for t, said in answers.items() if not (said.get("title") or said.get("turn") == turn)]
        self._store.ask(what, missing, partial(self._titles, turn), FILMS)
        answers |= {tconst: self._store.get(f"{what} {tconst}") for tconst in missing}
        return {tconst: said["title"] for tconst, said in answers.items() if said.get("title")}

    def _titles(self, turn: int, tconsts: Sequence[str]) -> Answers:
        ids = " ".join(f'"{tconst}"' for tconst in tconsts)
        reply = self._client.ask(self._wikidata, {"query": _QUERY.format(ids=ids), "format": "json"})
        rows = expected(self._wikidata, partial(_rows, reply))
        # Two items of one id: the first in the alphabet, so that every run takes the same.
        found = dict(sorted(rows, reverse=True))
        return {tconst: {"title": found.get(tconst), "turn": turn} for tconst in tconsts}

    def _refresh(self, titles: Sequence[str], turn: int) -> None:
        """Have every article's newest revision in the store, or why there is none."""
        older = [t for t in titles if f"enwiki {t}" in self._store and self._seen(t).get("turn") != turn]
        self._store.ask("enwiki revision", older, partial(self._revisions, turn), BATCH)
        stale = [t for t in titles if self._is_stale(t, turn)]
        for start in range(0, len(stale), BATCH):
            some = stale[start : start + BATCH]
            self._store.ask("enwiki", some, self._articles, BATCH)
            for title in some:
                self._store[f"enwiki revision {title}"] = {"turn": turn} | _revision(self._store.get(f"enwiki {title}"))

    def _is_stale(self, title: str, turn: int) -> bool:
        seen, article = self._seen(title), self._store.get(f"enwiki {title}")
        return seen.get("turn") != turn or _revision(seen) != _revision(article)

    def _seen(self, title: str) -> dict[str, Any]:
        return self._store.get(f"enwiki revision {title}")

    def _revisions(self, turn: int, titles: Sequence[str]) -> Answers:
        return {title: {"turn": turn} | _revision(found or {}) for title, found in self._ask(titles, "ids").items()}

    def _articles(self, titles: Sequence[str]) -> Answers:
        return self._ask(titles, "ids|content")

    def _ask(self, titles: Sequence[str], properties: str) -> Answers:
        """{"title", "revision"} of each article, with "wikitext" if it is asked for; {"reason"} where there is none."""
        asked = {
            "action": "query",
            "prop": "revisions",
            "rvprop": properties,
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
            expected(self._wikipedia, partial(_merge, reply, pages, names, whole="content" in properties))
            more = reply.get("continue")
        followed = {title: _follow(title, names) for title in titles}
        return {t: pages.get(to) or {"reason": GONE if to else PART} for t, to in followed.items()}

    def _read(self, tconst: str, title: str | None) -> tuple[list[Passage], str]:
        """The passages of a film's article; if there are none, the reason."""
        if title is None:
            return [], NO_ARTICLE
        article = self._store.get(f"enwiki {title}")
        if "wikitext" not in article:
            return [], str(article.get("reason", GONE))
        if kind := other_kind(article["wikitext"]):
            return [], f"article on {kind}"
        return _passages(tconst, article), EMPTY


def _revision(article: Mapping[str, Any]) -> dict[str, Any]:
    return {"revision": article.get("revision")}


def _rows(reply: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(row["imdb"]["value"], row["title"]["value"]) for row in reply["results"]["bindings"]]


def _merge(reply: Mapping[str, Any], pages: dict[str, dict[str, Any]], names: dict[str, str], *, whole: bool) -> None:
    query = reply["query"]
    for step in query.get("normalized", []):
        names[step["from"]] = step["to"]
    for step in query.get("redirects", []):
        # A redirect into a section leads to an article on something wider than the film.
        names[step["from"]] = "" if "tofragment" in step else step["to"]
    for page in query.get("pages", []):
        for revision in page.get("revisions", []):
            found = {"title": page["title"], "revision": str(revision["revid"])}
            main = revision["slots"]["main"] if whole else {}
            if not whole or "content" in main:
                pages[page["title"]] = found | ({"wikitext": main["content"]} if whole else {})


def _follow(title: str, names: Mapping[str, str]) -> str:
    for _ in range(len(names) + 1):
        title = names.get(title, title)
    return title


def _passages(tconst: str, article: Mapping[str, Any]) -> list[Passage]:
    url = "https://en.wikipedia.org/wiki/" + quote(article["title"].replace(" ", "_"), safe="/:()!,'*@$;")
    return [
        Passage(tconst, number, text, section, "wikipedia", url, article["revision"], LICENSE)
        for number, (section, text) in enumerate(sections(article["wikitext"]))
    ]
