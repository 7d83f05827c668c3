"""A message that leaves open which of several people of one name it means."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from moviechat.chat.which import Which


def test_it_is_json_and_back() -> None:
    which = Which("films by Ann Lee", "Ann Lee", ("nm2", "nm1"), "nm2")
    assert Which.from_json(json.loads(json.dumps(asdict(which)))) == which


def test_anything_else_is_refused() -> None:
    with pytest.raises(KeyError):
        Which.from_json({"text": "films by Ann Lee"})
