from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from moviechat.chat import Chat
from moviechat.errors import BundleError
from moviechat.serve.tools.films import Tools
from moviechat.serve.tools.server import server

Call = Callable[[str, dict[str, Any]], Any]


@pytest.fixture(scope="module")
def tools(bundle_folder: Path) -> Tools:
    return Tools(Chat.load(bundle_folder))


def _ask(to: Any, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    async def ask() -> list[Any]:
        async with Client(to) as client:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

    return anyio.run(ask)


@pytest.fixture
def call(tools: Tools) -> Call:
    """Calls a tool in this process and gives its structured answer."""

    def called(name: str, arguments: dict[str, Any]) -> Any:
        (result,) = _ask(server(lambda: tools), (name, arguments))
        assert not result.is_error, result.content
        return result.structured_content

    return called


def _titles(found: Any) -> list[str]:
    return [film["title"] for film in found["films"]]


def test_the_tools_and_their_limits_are_described(tools: Tools) -> None:
    async def listed() -> Any:
        async with Client(server(lambda: tools)) as client:
            return (await client.list_tools()).tools

    found = {tool.name: tool for tool in anyio.run(listed)}
    assert list(found) == ["search_films", "film", "recommend", "similar"]
    within = found["search_films"].input_schema["$defs"]["Within"]["properties"]
    assert len(within) == 18 and {"genres_not", "runtime_max", "people", "age_rating_max"} <= set(within)
    assert all(tool.output_schema for tool in found.values())


def test_search_keeps_every_limit(call: Call) -> None:
    assert _titles(call("search_films", {"query": "a bus lost in the jungle", "limit": 1})) == ["Diablo Rojo PTY"]
    assert _titles(call("search_films", {"limits": {"runtime_max": 94}})) == ["The Platform", "Diablo Rojo PTY"]
    within = {"genres_any": ["Horror", "War"], "rating_min": 7, "people": [{"name": "Sam Mendes", "role": "director"}]}
    assert _titles(call("search_films", {"query": "soldiers", "limits": within})) == ["1917"]


def test_a_name_of_two_people_is_told(call: Call) -> None:
    either = call("search_films", {"limits": {"people": [{"name": "Kim Lee"}]}})
    assert _titles(either) == ["Parasite", "1917"]
    assert "the composer of 1917 (2019) (nm1)" in either["note"]
    one = call("search_films", {"limits": {"people": [{"name": "Kim Lee", "id": "nm1"}]}})
    assert (_titles(one), one["note"]) == (["1917"], "")
    wished = call("recommend", {"wish": "Kim Lee films"})
    assert sorted(_titles(wished)) == ["1917", "Parasite"]
    assert wished["note"].startswith("Kim Lee may be the editor of Parasite (2019) (nm2) or ")


def test_an_empty_result_says_what_to_relax(call: Call) -> None:
    found = call("search_films", {"limits": {"genres_all": ["Horror"], "rating_min": 8}})
    assert found["films"] == [] and found["total"] == 0
    assert found["note"].startswith("No film of the catalogue keeps every limit; without ")
    assert found["relax"][0]["films"] >= 1 and found["relax"][0]["best"]
    wrong = call("search_films", {"limits": {"genres_all": ["Horor"]}})
    assert "no film has 'Horor' (but Horror)" in wrong["note"]


def test_one_film_with_its_texts(call: Call) -> None:
    for named in ({"title": "Parasite"}, {"title": "gisaengchung (2019)"}, {"title": "tt01"}):
        film = call("film", named)
        assert (film["tconst"], film["directors"], film["runtime"]) == ("tt01", ["Bong Joon Ho"], 132)
    assert film["texts"][0]["license"] == "CC0" and "pizza boxes" in film["texts"][0]["text"]


def test_recommendations_keep_what_is_said_and_what_is_limited(call: Call) -> None:
    found = call("recommend", {"wish": "something under 100 minutes", "limits": {"rating_min": 6}})
    assert _titles(found) == ["The Platform"] and found["total"] == 1
    assert "The Platform" not in _titles(call("recommend", {"wish": "a horror film", "seen": ["The Platform (2019)"]}))
    assert "1917" not in _titles(call("recommend", {"liked": ["1917"], "count": 3}))


def test_similar_films(call: Call) -> None:
    found = call("similar", {"title": "The Platform", "limits": {"genres_all": ["Horror"]}})
    assert _titles(found) == ["Diablo Rojo PTY"]


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("film", {"title": "Purple Llamas"}, "'Purple Llamas': no film of that title in the catalogue"),
        ("search_films", {"limits": {"genres": ["Horror"]}}, "genres"),
        ("search_films", {"limits": {"genres_all": [" "]}}, "genres_all"),
        ("recommend", {"count": 0}, "count"),
    ],
)
def test_a_mistake_is_an_answer(tools: Tools, name: str, arguments: dict[str, Any], said: str) -> None:
    (result,) = _ask(server(lambda: tools), (name, arguments))
    assert result.is_error and said in result.content[0].text


def test_a_missing_bundle_is_an_answer() -> None:
    def load() -> Tools:
        raise BundleError("no bundle in /nowhere: run `make demo`")

    (result,) = _ask(server(load), ("film", {"title": "Parasite"}))
    assert result.is_error and "run `make demo`" in result.content[0].text


COMMAND = ["-c", "from moviechat.serve.cli import main; main()", "mcp", "--bundle"]


def test_standard_input_and_output(bundle_folder: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "PYTHONPATH", "VIRTUAL_ENV")}
    to = StdioServerParameters(command=sys.executable, args=[*COMMAND, str(bundle_folder)], env=environment)
    found, lost = _ask(stdio_client(to), ("search_films", {"query": "pizza boxes"}), ("film", {"title": "Titanic"}))
    assert _titles(found.structured_content)[0] == "Parasite" and lost.is_error


def test_nothing_but_protocol_is_written(tmp_path: Path) -> None:
    hello = (
        '{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-06-18", '
        '"capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}}\n'
    )
    done = subprocess.run(
        [sys.executable, *COMMAND, str(tmp_path)], input=hello, capture_output=True, text=True, check=True, timeout=60
    )
    assert [line[:1] for line in done.stdout.splitlines()] == ["{"] and '"serverInfo"' in done.stdout


def test_streamable_http_and_its_key(bundle_folder: Path) -> None:
    command = [sys.executable, *COMMAND, str(bundle_folder), "--http", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            found = re.search(r"http://127\.0\.0\.1:\d+/mcp", process.stderr.readline())
            assert found
            (result,) = _ask(found.group(), ("film", {"title": "1917"}))
        finally:
            process.kill()
    assert result.structured_content["directors"] == ["Sam Mendes"]
    refused = subprocess.run(
        [*command, "--host", "0.0.0.0"], capture_output=True, text=True, env=os.environ | {"MOVIECHAT_API_KEY": ""}
    )
    assert refused.returncode == 2 and "set MOVIECHAT_API_KEY" in refused.stderr
