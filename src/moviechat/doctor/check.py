"""A line of the doctor's: what was looked at, how it is, and the command that mends it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from moviechat.addresses import scrubbed

State = Literal["ok", "missing"]


@dataclass(frozen=True, slots=True)
class Check:
    """One line. Nobody can chat without what is `needed`; `mend` is what to run or to do, None where all is well."""

    name: str
    state: State
    said: str
    mend: str | None = None
    needed: bool = False

    def to_json(self) -> dict[str, Any]:
        """The line as JSON."""
        return asdict(self)

    def told(self) -> str:
        """The line for a terminal, with the command below it."""
        line = f"{self.state:<8} {self.name:<11} {self.said}"
        return f"{line}\n{'':<20} -> {self.mend}" if self.mend else line


def ok(name: str, said: str) -> Check:
    """A line of what is as it should be."""
    return Check(name, "ok", _one_line(said))


def missing(name: str, said: str, mend: str, *, needed: bool = False) -> Check:
    """A line of what is not there, with what mends it."""
    return Check(name, "missing", _one_line(said), mend, needed)


def _one_line(text: str) -> str:
    return scrubbed(" ".join(text.split()))
