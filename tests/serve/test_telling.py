from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from moviechat.errors import BundleError
from moviechat.serve.telling import Telling

FAULTS: dict[str, Exception] = {
    "mistake": BundleError("/x/.bundle.held/12-ab/movies.parquet is bad"),
    "away": OSError("http://me:secret@host is away"),
    "ours": IndexError("index 5 of\nhttp://me:secret@host"),
    "parameter": typer.BadParameter("not that"),
    "end": typer.Exit(7),
}
app = typer.Typer(cls=Telling)


@app.command()
def fail(what: str) -> None:
    """Raise one of the faults."""
    raise FAULTS[what]


@app.command()
def work() -> None:
    """Do nothing wrong."""


@pytest.mark.parametrize(
    ("what", "code", "told"),
    [
        ("mistake", 2, "moviechat: /x/bundle/movies.parquet is bad\n"),
        ("away", 2, "moviechat: http://host is away\n"),
        ("ours", 1, "moviechat: IndexError index 5 of http://host: a fault of the program, or of a file that it read"),
        ("end", 7, ""),
    ],
)
def test_a_fault_is_one_sentence(what: str, code: int, told: str) -> None:
    done = CliRunner().invoke(app, ["fail", what])
    assert done.exit_code == code and done.stderr.startswith(told)
    assert len(done.stderr.splitlines()) == bool(told) and "Traceback" not in done.output
    assert CliRunner().invoke(app, ["work"]).exit_code == 0


def test_typers_own_messages_stay() -> None:
    done = CliRunner().invoke(app, ["fail", "parameter"])
    assert done.exit_code == 2 and "not that" in done.stderr and "Usage" in done.stderr


def test_who_mends_the_program_sees_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOVIECHAT_TRACEBACK", "1")
    assert isinstance(CliRunner().invoke(app, ["fail", "ours"]).exception, IndexError)
