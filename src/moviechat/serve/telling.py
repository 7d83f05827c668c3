"""How the command line ends when something is wrong: one sentence and an exit code, never a traceback."""

from __future__ import annotations

import os
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from moviechat import threads
from moviechat.addresses import scrubbed
from moviechat.errors import MoviechatError

USER_MISTAKE = 2
FAULT = 1
TRACEBACK = "MOVIECHAT_TRACEBACK"
_TOLD = 300  # characters of an error that are told


class Telling(TyperGroup):
    """Commands whose MoviechatErrors end in one sentence on stderr and exit code 2; the program's own faults in 1."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        threads.yield_soon()
        try:
            return super().invoke(ctx)
        except (BrokenPipeError, TyperException, typer.Exit, typer.Abort):
            raise  # typer's own ways to end; and where the reader has gone, nobody is left to be told
        except (MoviechatError, OSError) as error:
            typer.echo(scrubbed(f"moviechat: {error}"), err=True)
            raise typer.Exit(USER_MISTAKE) from None
        except Exception as error:
            if os.environ.get(TRACEBACK):
                raise
            typer.echo(_fault(error), err=True)
            raise typer.Exit(FAULT) from None


def _fault(error: Exception) -> str:
    said = scrubbed(" ".join(f"{type(error).__name__} {error}".split())[:_TOLD])
    return (
        f"moviechat: {said}: a fault of the program, or of a file that it read (`moviechat doctor` compares them); "
        f"{TRACEBACK}=1 shows where"
    )
