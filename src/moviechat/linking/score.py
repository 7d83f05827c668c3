"""The fitted score: the probability that a candidate is meant, by logistic regression on its features."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib import resources

WEIGHTS = "weights.json"  # beside this module; written by `fit`
Features = dict[str, float]


@cache
def weights() -> dict[str, dict[str, float]]:
    """The weights of each step, by feature name: a title alone, a title among others, a person's name."""
    text = (resources.files("moviechat.linking") / WEIGHTS).read_text(encoding="utf-8")
    return {step: {name: float(w) for name, w in table.items()} for step, table in json.loads(text)["steps"].items()}


def probability(features: Mapping[str, float], weigh: Mapping[str, float]) -> float:
    """The logistic function of the features' weighted sum; features without a weight are ignored."""
    total = weigh.get("bias", 0.0) + sum(weigh.get(name, 0.0) * value for name, value in features.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))
