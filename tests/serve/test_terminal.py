from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from moviechat.errors import ModelError
from moviechat.reply import MovieRef, Reply, Source
from moviechat.schema import Movie
from moviechat.serve.commands import HELP
from moviechat.serve.terminal import WELCOME, cited, converse, relay, show, table, visible

FILMS = tuple(MovieRef(f"tt{n}", title, 2019) for n, title in enumerate(("Parasite", "1917", "Joker", "Her")))


def _reply(answer: str, *sources: tuple[int, str]) -> Reply:
    rests_on = tuple(Source(f"tt{n}", field, "text") for n, field in sources)
    return Reply(answer, "fact", bool(sources), FILMS, rests_on, "catalogue", 0.0)


MOVIES = {f.tconst: Movie(f.tconst, f.title, f.title, 2019, 100, ("Drama", "War"), 7.5, 12_345) for f in FILMS}
LIST = "Two dramas:\n1. Parasite (2019), 100 min\n2. 1917 (2019), 100 min\nMore?"


class FakeTalk:
    """Answers with what was said, a word a piece; lists two films at "list", is interrupted at "long"."""

    chat = SimpleNamespace(shelf=SimpleNamespace(movies=MOVIES))

    def __init__(self) -> None:
        self.last: Reply | None = None

    def command(self, line: str) -> str:
        return HELP if line == "/help" else f"did {line}"

    def stream(self, text: str) -> Iterator[str]:
        if text == "fail":
            raise ModelError("the model is gone: bring it back")
        if text == "break":
            raise KeyError("a fault of http://me:secret@host")
        answer = LIST if text == "list" else f"You said:\n{text}"
        for piece in re.findall(r"\s*\S+", answer):
            yield piece
            if text == "long" and piece == " said:":
                raise KeyboardInterrupt
        self.last = _reply(answer, (0, "directors"))
        if text == "list":
            films = (replace(FILMS[0], reason="Because of you."), FILMS[1])
            self.last = replace(self.last, movies=films, suggestions=("others", "shorter"))


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ([(0, "directors")], "[Parasite (2019), directors]"),
        ([(0, "rating"), (0, "votes"), (0, "rating")], "[Parasite (2019), rating, votes]"),
        ([(0, "year"), (1, "year")], "[Parasite (2019), year; 1917 (2019), year]"),
        ([(n, "cast") for n in range(4)], "[Parasite (2019), cast; 1917 (2019), cast; Joker (2019), cast; ...]"),
    ],
)
def test_sources_are_cited_in_short(sources: list[tuple[int, str]], said: str) -> None:
    assert cited(_reply("", *sources)) == said


def test_nothing_speaks_to_the_terminal() -> None:
    assert visible("a\x1b[2Jb\x07c\u202ed\n기생충") == "a [2Jb c d\n기생충"


def test_an_answer_is_shown_with_its_sources(capsys: Any) -> None:
    show(_reply("The [bold]old[/bold] bus.", (0, "description")))
    show(_reply("I don't know."))
    assert capsys.readouterr().out == "The [bold]old[/bold] bus.\n[Parasite (2019), description]\nI don't know.\n"


def test_a_line_in_is_a_line_out(capsys: Any) -> None:
    relay(FakeTalk(), io.BytesIO("hello\n\n\xff\nfail\n/help\n기생충\n/quit\nnever".encode("latin-1", "replace")))  # type: ignore[arg-type]
    assert capsys.readouterr().out.splitlines() == [
        "You said: hello [Parasite (2019), directors]",
        "You said: [Parasite (2019), directors]",
        "You said: \ufffd [Parasite (2019), directors]",
        "moviechat: the model is gone: bring it back",
        " ".join(HELP.split()),
        "You said: ??? [Parasite (2019), directors]",
    ]


@pytest.mark.parametrize("leaving", ["/quit\r", "\x04", "\x03"])
def test_a_conversation_at_the_terminal(capsys: Any, leaving: str) -> None:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text(f"hello\r\r/new\rfail\rlong\r{leaving}")
        converse(FakeTalk())  # type: ignore[arg-type]
    said = capsys.readouterr().out
    assert said.startswith(WELCOME)
    assert "bot> You said:\nhello\n     [Parasite (2019), directors]\n" in said
    assert said.count(HELP) == 1 and "did /new" in said
    assert "moviechat: the model is gone" in said
    assert "bot> You said: (stopped)\n" in said
    assert said.endswith("Goodbye.\n")


@pytest.mark.parametrize(("columns", "rows"), [(100, 1), (60, 0)])
def test_a_list_of_films_is_a_table_where_it_fits(
    capsys: Any, monkeypatch: pytest.MonkeyPatch, columns: int, rows: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("list\r/quit\r")
        converse(FakeTalk())  # type: ignore[arg-type]
    said = capsys.readouterr().out
    assert "bot> Two dramas:\nMore?\n" in said and "     others / shorter\n" in said
    row = "   1. Parasite (2019)                      100 min  Drama, War                    7.5  12,345\n"
    assert said.count(f"{row}      Because of you.\n") == rows
    assert said.count("1. Parasite (2019), 100 min\n") == 1 - rows


def test_a_wide_title_keeps_the_columns() -> None:
    films = {"tt1": replace(MOVIES["tt0"], tconst="tt1", title="기생충" * 9)}
    reply = replace(_reply(""), movies=(MovieRef("tt1", "기생충" * 9, 2019),))
    (row,) = table(reply, films)
    assert "…" not in row and row.index("100 min") < 40


def test_a_fault_is_a_line_and_the_next_is_answered(capsys: Any) -> None:
    relay(FakeTalk(), io.BytesIO(b"fail\nbreak\nhello\n"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "moviechat: the model is gone: bring it back"
    assert lines[1].startswith("moviechat: that could not be answered (KeyError 'a fault of http://host")
    assert lines[2].startswith("You said: hello") and len(lines) == 3
