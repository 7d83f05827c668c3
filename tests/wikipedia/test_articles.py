import json
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from moviechat.errors import FetchError
from moviechat.schema import Passage
from moviechat.wikipedia.articles import BATCH, FILMS, Found, Wikipedia
from moviechat.wikipedia.client import Client
from moviechat.wikipedia.store import Store

Loopback = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]


class Wikimedia:
    """Wikidata and MediaWiki in small: pages by title, titles by IMDb id; `fails` after so many requests."""

    def __init__(self) -> None:
        self.items = {"tt1": ["Old Bus"], "tt2": ["Parasite (film)", "Gisaengchung"], "tt3": ["Gone"], "tt4": ["moved"]}
        self.pages = {
            "Old Bus": "'''Old Bus''' is lost.\n==Plot==\nIt waits.",
            "Gisaengchung": "A family folds boxes.",
            "Moved there": "A film that moved.",
        }
        self.redirects: dict[str, dict[str, str]] = {"Moved": {"to": "Moved there"}}
        self.asked: list[list[str]] = []
        self.whole: list[bool] = []  # whether a request to MediaWiki asked for texts
        self.fails_at: int | None = None
        self.page_size = 50

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"])).decode()
        fields = {k: v[0] for k, v in parse_qs(body).items()}
        if self.fails_at is not None and len(self.asked) >= self.fails_at:
            return request.send_error(403)
        reply = self._sparql(fields) if "query" in fields else self._mediawiki(fields)
        request.send_response(200)
        request.end_headers()
        request.wfile.write(json.dumps(reply).encode())
        return None

    def _sparql(self, fields: dict[str, str]) -> dict[str, Any]:
        ids = re.findall(r'"(tt\d+)"', fields["query"])
        self.asked.append(ids)
        rows = [{"imdb": {"value": t}, "title": {"value": title}} for t in ids for title in self.items.get(t, [])]
        return {"results": {"bindings": rows}}

    def _mediawiki(self, fields: dict[str, str]) -> dict[str, Any]:
        titles = fields["titles"].split("|")
        self.asked.append(titles)
        self.whole.append("content" in fields["rvprop"])
        assert (fields["prop"], fields["rvslots"], fields["maxlag"]) == ("revisions", "main", "5")
        normalized = [{"from": t, "to": t.capitalize()} for t in titles if t[0].islower()]
        named = [t.capitalize() if t[0].islower() else t for t in titles]
        redirects = [{"from": t, **self.redirects[t]} for t in named if t in self.redirects]
        final = list(dict.fromkeys(self.redirects.get(t, {"to": t})["to"] for t in named))
        start = int(fields.get("rvcontinue", 0))
        shown = final[start : start + self.page_size]
        pages = [self._page(t, whole=t in shown) for t in final]
        reply = {"query": {"normalized": normalized, "redirects": redirects, "pages": pages}}
        more = start + self.page_size
        return reply | ({"continue": {"rvcontinue": str(more), "continue": "||"}} if more < len(final) else {})

    def _page(self, title: str, *, whole: bool) -> dict[str, Any]:
        if title not in self.pages:
            return {"title": title, "missing": True}
        revision: dict[str, Any] = {"revid": len(self.pages[title]), "slots": {"main": {"content": self.pages[title]}}}
        if not self.whole[-1]:
            del revision["slots"]
        return {"title": title} | ({"revisions": [revision]} if whole else {})


@pytest.fixture
def wikimedia() -> Wikimedia:
    return Wikimedia()


@pytest.fixture
def ask(wikimedia: Wikimedia, loopback: Loopback, tmp_path: Path) -> Callable[..., Found]:
    """Asks for films through a fresh client over one store."""
    url = loopback(wikimedia)
    client = Client("me@example.org", per_minute=1e6, sleep=lambda seconds: None)
    return lambda *films: Wikipedia(client, Store(tmp_path), f"{url}/sparql", f"{url}/api").texts(films)


Ask = Callable[..., Found]


def test_a_film_gets_its_articles_sections(ask: Ask) -> None:
    url, license = "https://en.wikipedia.org/wiki/Old_Bus", "CC BY-SA 4.0"
    assert ask("tt1").passages == [
        Passage("tt1", 0, "Old Bus is lost.", "Lead", "wikipedia", url, "41", license),
        Passage("tt1", 1, "It waits.", "Plot", "wikipedia", url, "41", license),
    ]


def test_of_two_articles_the_first_in_the_alphabet_is_taken(ask: Ask) -> None:
    assert [p.text for p in ask("tt2").passages] == ["A family folds boxes."]


def test_an_article_that_moved_is_followed(ask: Ask) -> None:
    assert [(p.text, p.url) for p in ask("tt4").passages] == [
        ("A film that moved.", "https://en.wikipedia.org/wiki/Moved_there")
    ]


def test_every_film_without_a_text_is_accounted_for(ask: Ask, wikimedia: Wikimedia) -> None:
    wikimedia.redirects["Moved"]["tofragment"] = "Sequels"
    wikimedia.items |= {"tt5": ["Stub"], "tt6": ["Series"]}
    wikimedia.pages |= {"Stub": "{{Infobox film}}", "Series": "{{Infobox television}} A series."}
    found = ask("tt9", "tt3", "tt4", "tt5", "tt6", 'tt1" } DROP', "nm1")
    assert found.passages == []
    assert found.without == {
        "tt9": "no article",
        "tt3": "article is gone",
        "tt4": "part of a wider article",
        "tt5": "nothing to read in it",
        "tt6": "article on a series",
        'tt1" } DROP': "no article",
        "nm1": "no article",
    }
    assert wikimedia.asked == [["tt9", "tt3", "tt4", "tt5", "tt6"], ["Gone", "moved", "Stub", "Series"]]


def test_a_rerun_asks_only_for_what_changed(ask: Ask, wikimedia: Wikimedia) -> None:
    first = ask("tt1", "tt2", "tt3", "tt9")
    asked = len(wikimedia.asked)
    assert ask("tt1", "tt2", "tt3", "tt9") == first
    assert wikimedia.asked[asked:] == [["tt9"], ["Old Bus", "Gisaengchung", "Gone"]]
    assert wikimedia.whole[1:] == [False]
    wikimedia.pages["Old Bus"] = "It was found."
    wikimedia.items["tt9"] = ["Newer"]
    wikimedia.pages |= {"Newer": "A newer film.", "Gone": "It came back."}
    asked = len(wikimedia.asked)
    third = ask("tt1", "tt2", "tt3", "tt9")
    assert [p.text for p in third.passages] == [
        "It was found.",
        "A family folds boxes.",
        "It came back.",
        "A newer film.",
    ]
    assert wikimedia.asked[asked:] == [["tt9"], ["Old Bus", "Gisaengchung", "Gone"], ["Old Bus", "Gone", "Newer"]]


def test_questions_go_out_in_batches(ask: Ask, wikimedia: Wikimedia) -> None:
    films = _many(wikimedia, FILMS + 10)
    assert [p.text for p in ask(*films).passages] == [f"Text of {t}." for t in films]
    assert [len(batch) for batch in wikimedia.asked] == [FILMS, 10, *[BATCH] * (FILMS // BATCH), 10]


def _many(wikimedia: Wikimedia, count: int) -> list[str]:
    films = [f"tt{n}" for n in range(1, count + 1)]
    wikimedia.items = {t: [f"Film {t}"] for t in films}
    wikimedia.pages = {f"Film {t}": f"Text of {t}." for t in films}
    return films


def test_a_reply_in_pieces_is_put_together(ask: Ask, wikimedia: Wikimedia) -> None:
    wikimedia.page_size = 1
    assert [p.tconst for p in ask("tt1", "tt2", "tt4").passages] == ["tt1", "tt1", "tt2", "tt4"]


def test_runs_that_died_go_on_with_what_they_lack(ask: Ask, wikimedia: Wikimedia) -> None:
    films = _many(wikimedia, 4 * BATCH)
    for at in (2, 3):
        wikimedia.fails_at = at
        with pytest.raises(FetchError, match="HTTP 403"):
            ask(*films)
    wikimedia.fails_at = None
    assert len(ask(*films).passages) == len(films)
    assert len(wikimedia.asked) == 1 + 4
    wikimedia.fails_at = 5 + 2  # in the middle of looking for newer revisions
    with pytest.raises(FetchError, match="HTTP 403"):
        ask(*films)
    wikimedia.fails_at = None
    ask(*films)
    assert len(wikimedia.asked) == 1 + 4 + 4
    assert wikimedia.whole == [True] * 4 + [False] * 4


@pytest.mark.parametrize("reply", [{}, {"results": {}}, {"results": {"bindings": [{"imdb": 3}]}}])
def test_an_answer_in_another_form_is_told(loopback: Loopback, tmp_path: Path, reply: dict[str, Any]) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(json.dumps(reply).encode())

    url = loopback(answer)
    with pytest.raises(FetchError, match="answers in another form than expected"):
        Wikipedia(Client("me"), Store(tmp_path), url, url).texts(["tt1"])


def test_the_environment_says_where_and_who(
    monkeypatch: pytest.MonkeyPatch, wikimedia: Wikimedia, loopback: Loopback, tmp_path: Path
) -> None:
    url = loopback(wikimedia)
    monkeypatch.setenv("MOVIECHAT_CONTACT", "me@example.org")
    monkeypatch.setenv("MOVIECHAT_WIKIDATA_URL", f"{url}/sparql")
    monkeypatch.setenv("MOVIECHAT_WIKIPEDIA_URL", f"{url}/api")
    assert [p.text for p in Wikipedia.from_environment(tmp_path).texts(["tt2"]).passages] == ["A family folds boxes."]
