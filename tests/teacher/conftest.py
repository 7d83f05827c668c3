"""What the tests of the API teacher share: its parameters, and a server that misbehaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from moviechat.params import Api

_API: dict[str, Any] = {
    "endpoint": "other",
    "model": "films",
    "style": "chat",
    "structured": None,
    "temperature": 0.0,
    "max_tokens": 400,
    "reasoning": False,
    "attempts": 1,
    "options": None,
    "mix": {"about": 1, "setting": 1, "themes": 0, "ending": 0, "particular": 0, "fact": 0, "not_said": 0},
    "batch": False,
    "in_flight": 8,
    "requests_per_minute": None,
    "tokens_per_minute": None,
    "timeout": 10.0,
    "tries": 4,
    "unanswered": "stop",
    "input_price": 1.0,
    "output_price": 2.0,
    "batch_discount": 0.5,
    "max_cost": 1000.0,
}


@pytest.fixture(scope="session")
def make_api() -> Callable[..., Api]:
    """The section generate_qa.api with changes: `make_api(model="films")`."""

    def make(**changes: Any) -> Api:
        return Api.model_validate(_API | changes)

    return make
