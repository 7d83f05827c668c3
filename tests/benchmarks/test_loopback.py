"""The loopback servers of the benchmarks behave as those that they stand for."""

from __future__ import annotations

import json
from pathlib import Path

import requests

from benchmarks.loopback import NOT_SAID, Files, Teacher, Wikimedia, served
from moviechat.fetch import fetch


def test_a_file_is_sent_whole_from_a_byte_on_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "names.gz").write_bytes(bytes(range(256)) * 400)
    with served(Files(tmp_path / "given")) as server:
        url, target = f"{server.url}/names.gz", tmp_path / "names.gz"
        for _ in range(2):
            fetch(url, target)
            assert target.read_bytes() == bytes(range(256)) * 400
        etag = requests.get(url, timeout=9).headers["ETag"]
        rest = requests.get(url, headers={"Range": "bytes=100000-", "If-Range": etag}, timeout=9)
        assert (rest.status_code, rest.content) == (206, (bytes(range(256)) * 400)[100_000:])
        changed = requests.get(url, headers={"Range": "bytes=100000-", "If-Range": '"other"'}, timeout=9)
        assert (changed.status_code, len(changed.content)) == (200, 102_400)
        assert requests.get(f"{server.url}/other.gz", timeout=9).status_code == 404
    assert server.asked == {"files": 3, "unchanged": 1, "resumed": 1}


def test_articles_and_facts_are_counted_apart() -> None:
    with served(Wikimedia(seed=1)) as server:
        facts = requests.post(
            f"{server.url}/sparql", {"query": '?field VALUES "tt0000010" "tt0000011"'}, timeout=9
        ).json()
        items = requests.post(f"{server.url}/sparql", {"query": 'VALUES "tt0000010" "tt0000011"'}, timeout=9).json()
        asked = {"titles": "Film 11|Film 99", "rvprop": "ids|content"}
        pages = requests.post(f"{server.url}/api", asked, timeout=9).json()["query"]["pages"]
    assert [row["en"]["value"] for row in facts["results"]["bindings"]][1::2] == ["English", "English"]
    assert [row["title"]["value"] for row in items["results"]["bindings"]] == ["Film 11"]  # one in ten has no article
    assert "Infobox film" in pages[0]["revisions"][0]["slots"]["main"]["content"] and pages[1]["missing"]
    assert server.asked == {"Wikidata, facts": 1, "Wikidata": 1, "texts": 1}


def test_answers_are_sentences_of_the_text() -> None:
    text = "Title: Soul\nDescription: A bus waits. It rains.\n\n1. about: what\n2. setting: where\n3. ending: how"
    with served(Teacher(latency=0.0)) as server:
        said = [_said(server, text), _said(server, "Title: Soul\n1. about: what")]
    assert [pair["answer"] for pair in said[0].values()] == ["A bus waits.", "It rains.", "A bus waits."]
    assert said[1] == {"about": {"question": "What is the about of Soul?", "answer": NOT_SAID}}
    assert server.asked == {"Soul": 2}


def _said(server: Teacher, text: str) -> dict[str, dict[str, str]]:
    body = {"messages": [{"role": "user", "content": text}]}
    reply = requests.post(f"{server.url}/v1/chat/completions", json=body, timeout=9).json()
    found: dict[str, dict[str, str]] = json.loads(reply["choices"][0]["message"]["content"])
    return found
