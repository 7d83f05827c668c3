"""Features that tell whether a span is meant as a title, relative to the other candidates in its text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from moviechat.linking.around import Around
from moviechat.linking.candidates import Candidate
from moviechat.linking.score import Features
from moviechat.linking.text import JOINS, Span


def among(found: Sequence[tuple[Candidate, float]], around: Around, kinds: Mapping[Span, str]) -> list[Features]:
    """Features of each candidate relative to the others of its text, given the first step's probabilities."""
    return [_among(i, found, around, kinds) for i in range(len(found))]


def _among(at: int, found: Sequence[tuple[Candidate, float]], around: Around, kinds: Mapping[Span, str]) -> Features:
    c, own = found[at]
    logit = math.log(max(own, 1e-9) / max(1.0 - own, 1e-9))
    others = [(o, p) for i, (o, p) in enumerate(found) if i != at]
    common = around.common(c.span)
    features = {
        "logit": max(-8.0, min(8.0, logit)),
        "holder": max((p for o, p in others if c.inside(o)), default=0.0),
        "held": max((p for o, p in others if o.inside(c)), default=0.0),
        "crossing": max((p for o, p in others if c.overlaps(o) and not c.inside(o) and not o.inside(c)), default=0.0),
        "rival": max((p for o, p in others if not c.overlaps(o)), default=0.0),
        "beside": max((p for o, p in others if _listed(c, o, around)), default=0.0),
    }
    features |= {f"{name} & common": value * common for name, value in features.items() if name != "logit"}
    features |= {f"{name} & {kinds[c.span]}": features[name] for name in ("holder", "held", "rival")}
    features |= {f"kind={kinds[c.span]}": 1.0, f"logit & {kinds[c.span]}": features["logit"]}
    features |= {f"holder {kinds[o.span]}": 1.0 for o, p in others if c.inside(o) and p > 0.2}
    return {name: value for name, value in features.items() if value}


def _listed(c: Candidate, other: Candidate, around: Around) -> bool:
    """Whether two candidates are neighbours in a list: a comma or a conjunction between them."""
    first, second = (c, other) if c.span[0] < other.span[0] else (other, c)
    gap = second.span[0] - first.span[1]
    read = around.read
    if gap == 0:
        return "," in read.gaps[second.span[0]] or "\n" in read.gaps[second.span[0]]
    return 0 < gap <= 2 and all(
        read.words[i] in JOINS or read.words[i] == "the" for i in range(first.span[1], second.span[0])
    )
