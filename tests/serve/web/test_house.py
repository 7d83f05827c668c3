from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from moviechat.errors import BundleError
from moviechat.serve.web.house import Estate, House


class Opener:
    """Opens a folder as what its bundle.json says; "broken" cannot be opened."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.closed: list[str] = []

    def __call__(self, folder: Path) -> House:
        said = (folder / "bundle.json").read_text()
        self.opened.append(said)
        if said == "broken":
            raise BundleError("broken")
        return SimpleNamespace(said=said, close=lambda: self.closed.append(said))  # type: ignore[return-value]


def _write(folder: Path, said: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "bundle.json").write_text(said)
    return folder


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def estate(tmp_path: Path) -> Any:
    """An estate that looks often, its opener and the folder that it finds."""
    found, opener = [tmp_path / "a"], Opener()
    made = Estate(lambda: found[0], opener, look=0.01)
    yield made, opener, found
    made.stop()


def _said(estate: Estate) -> str:
    return getattr(estate.now, "said", "")


def test_a_bundle_is_opened_once(estate: Any) -> None:
    made, opener, found = estate
    _write(found[0], "first")
    assert made.now is None
    made.start(wait=True)
    assert _said(made) == "first"
    time.sleep(0.1)
    assert opener.opened == ["first"] and opener.closed == []
    made.stop()
    assert opener.closed == ["first"]


def test_a_replaced_bundle_and_another_folder_are_taken_up(estate: Any, tmp_path: Path) -> None:
    made, _, found = estate
    _write(found[0], "first")
    made.start(wait=True)
    _write(found[0], "second")
    _until(lambda: _said(made) == "second")
    found[0] = _write(tmp_path / "b", "champion")
    _until(lambda: _said(made) == "champion")


def test_what_cannot_be_opened_leaves_the_old_one(estate: Any) -> None:
    made, opener, found = estate
    made.start()
    time.sleep(0.05)
    assert made.now is None  # the folder is not here yet
    _write(found[0], "first")
    _until(lambda: _said(made) == "first")
    _write(found[0], "broken")
    _until(lambda: opener.opened.count("broken") > 2)
    assert _said(made) == "first"
    _write(found[0], "mended")
    _until(lambda: _said(made) == "mended")
