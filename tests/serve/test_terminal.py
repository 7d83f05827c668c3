import io
from collections.abc import Iterator
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from moviechat.errors import ModelError
from moviechat.reply import MovieRef, Reply, Source
from moviechat.serve.terminal import HELP, cited, relay, show, talk, visible

FILMS = tuple(MovieRef(f"tt{n}", title, 2019) for n, title in enumerate(("Parasite", "1917", "Joker", "Her")))


def _reply(answer: str, *sources: tuple[int, str]) -> Reply:
    rests_on = tuple(Source(f"tt{n}", field, "text") for n, field in sources)
    return Reply(answer, "fact", bool(sources), FILMS, rests_on, "catalogue", 0.0)


class FakeSession:
    """Answers with what was said, a word a piece."""

    def __init__(self) -> None:
        self.last: Reply | None = None

    def ask(self, text: str) -> Reply:
        return [self.last for _ in self.stream(text)][-1] or _reply("")

    def stream(self, text: str) -> Iterator[str]:
        if text == "fail":
            raise ModelError("the model is gone: bring it back")
        self.last = _reply(f"You said:\n{text}", (0, "directors"))
        yield from ("You said:\n", text)


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
    relay(FakeSession(), io.BytesIO("hello\n\n\xff\nfail\n/help\n기생충\n/quit\nnever".encode("latin-1", "replace")))  # type: ignore[arg-type]
    assert capsys.readouterr().out.splitlines() == [
        "You said: hello [Parasite (2019), directors]",
        "You said: [Parasite (2019), directors]",
        "You said: \ufffd [Parasite (2019), directors]",
        "moviechat: the model is gone: bring it back",
        HELP,
        "You said: ??? [Parasite (2019), directors]",
    ]


@pytest.mark.parametrize("leaving", ["/quit\r", "\x04", "\x03"])
def test_a_conversation_at_the_terminal(capsys: Any, leaving: str) -> None:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text(f"hello\r\r/help\rfail\r{leaving}")
        talk(FakeSession())  # type: ignore[arg-type]
    said = capsys.readouterr().out
    assert "bot> You said:\nhello\n     [Parasite (2019), directors]\n" in said
    assert said.count(HELP) == 3
    assert "moviechat: the model is gone" in said
    assert said.endswith("Goodbye.\n")
