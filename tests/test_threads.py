from __future__ import annotations

import os

import pytest

from moviechat import threads


def test_the_users_own_setting_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOMP_SPINCOUNT", "7")
    threads.yield_soon()
    assert os.environ["GOMP_SPINCOUNT"] == "7"
    monkeypatch.delenv("GOMP_SPINCOUNT")
    threads.yield_soon()
    assert os.environ["GOMP_SPINCOUNT"] == "500"
