"""Pure scoring functions: texts, rankings, and confidence intervals."""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

_NOTHING = 1e-9  # a narrower interval has no width but rounding's
LEVEL = 0.95  # confidence level of the intervals

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and the ends of its interval, in the unit of the values."""

    mean: float
    low: float
    high: float


def normalise(text: str) -> str:
    """Lower case, no ASCII punctuation, no articles, single spaces (Rajpurkar et al., 2016, arXiv:1606.05250)."""
    bare = text.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def exact_match(answer: str, gold: str) -> float:
    """1.0 if both texts are equal after `normalise`, else 0.0 (Rajpurkar et al., 2016, arXiv:1606.05250)."""
    return float(normalise(answer) == normalise(gold))


def token_f1(answer: str, gold: str) -> float:
    """Harmonic mean of token precision and recall after `normalise`, 0-1 (Rajpurkar et al., 2016, arXiv:1606.05250)."""
    said, meant = normalise(answer).split(), normalise(gold).split()
    if not said or not meant:
        return float(said == meant)
    return _f1((Counter(said) & Counter(meant)).total(), len(said), len(meant))


def rouge_l(answer: str, gold: str) -> float:
    """F1 of the longest common subsequence of lower-case words, 0-1 (Lin, 2004, aclanthology.org/W04-1013)."""
    said, meant = _WORDS.findall(answer.lower()), _WORDS.findall(gold.lower())
    if not said or not meant:
        return float(said == meant)
    return _f1(_common_subsequence(said, meant), len(said), len(meant))


def _f1(shared: int, said: int, meant: int) -> float:
    return 2 * shared / (said + meant)


def _common_subsequence(left: Sequence[str], right: Sequence[str]) -> int:
    row = [0] * (len(right) + 1)
    for word in left:
        diagonal = 0
        for j, other in enumerate(right, 1):
            diagonal, row[j] = row[j], diagonal + 1 if word == other else max(row[j], row[j - 1])
    return row[-1]


def recall_at(hits: Sequence[str], gold: Collection[str], k: int) -> float:
    """1.0 if any of `gold` is among the first `k` of `hits`, else 0.0 (success at k: one item is searched for)."""
    return float(any(hit in gold for hit in hits[:k]))


def reciprocal_rank(hits: Sequence[str], gold: Collection[str]) -> float:
    """1 / rank of the first of `gold` in `hits` (the best rank is 1), or 0.0 if there is none."""
    return next((1 / rank for rank, hit in enumerate(hits, 1) if hit in gold), 0.0)


def mean(values: Sequence[float]) -> float:
    """Arithmetic mean; ValueError if there is no value."""
    if not values:
        raise ValueError("mean of no values")
    return math.fsum(values) / len(values)


def mrr(rankings: Iterable[tuple[Sequence[str], Collection[str]]]) -> float:
    """Mean reciprocal rank of (hits, gold) pairs, 0-1 (Voorhees, 1999, TREC-8); ValueError if there is none."""
    return mean([reciprocal_rank(hits, gold) for hits, gold in rankings])


def mean_interval(
    values: Sequence[float], *, resamples: int, seed: int, clusters: Sequence[Hashable] | None = None
) -> Interval:
    """Mean of scores (0-1) with its percentile bootstrap interval (Efron & Tibshirani, 1993, chapter 13).

    With `clusters` (one label per value) whole clusters are resampled, for dependent values, such as answers about one
    film (Davison & Hinkley, 1997, section 3.8). If all values are alike, resampling gives no width; the interval is
    then Wilson's for that number of clusters. ValueError if there is no value.
    """
    found = _bootstrap(values, resamples, seed, clusters)
    if found.high - found.low > _NOTHING or not 0 <= found.mean <= 1:
        return found
    return _wilson(found.mean, len(set(clusters)) if clusters is not None else len(values))


def _bootstrap(
    values: Sequence[float], resamples: int, seed: int, clusters: Sequence[Hashable] | None = None
) -> Interval:
    sums, counts = _clustered(values, clusters if clusters is not None else range(len(values)))
    rng = np.random.default_rng(seed)
    means = [_resampled_mean(sums, counts, rng) for _ in range(resamples)]
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(means, [tail, 100 - tail])
    return Interval(float(sums.sum() / counts.sum()), float(low), float(high))


def paired_interval(
    left: Sequence[float],
    right: Sequence[float],
    *,
    resamples: int,
    seed: int,
    clusters: Sequence[Hashable] | None = None,
) -> Interval:
    """Mean of left - right, pair by pair, with its bootstrap interval (Koehn, 2004, aclanthology.org/W04-3250).

    ValueError if the lengths differ or there is no pair.
    """
    differences = [a - b for a, b in zip(left, right, strict=True)]
    return _bootstrap(differences, resamples, seed, clusters)


def _clustered(
    values: Sequence[float], clusters: Iterable[Hashable]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    sums: dict[Hashable, float] = {}
    counts: Counter[Hashable] = Counter()
    for value, cluster in zip(values, clusters, strict=True):
        sums[cluster] = sums.get(cluster, 0.0) + value
        counts[cluster] += 1
    if not sums:
        raise ValueError("mean of no values")
    return np.array(list(sums.values()), float), np.array([counts[c] for c in sums], float)


def _resampled_mean(sums: NDArray[np.float64], counts: NDArray[np.float64], rng: np.random.Generator) -> float:
    drawn = rng.integers(len(sums), size=len(sums))
    return float(sums[drawn].sum() / counts[drawn].sum())


def wilson_interval(hits: int, trials: int) -> Interval:
    """The share of `hits` with its Wilson score interval (Wilson, 1927, JASA 22); valid for shares of 0 and 1.

    ValueError if there is no trial.
    """
    if not trials:
        raise ValueError("share of no trials")
    return _wilson(hits / trials, trials)


def _wilson(share: float, trials: int) -> Interval:
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    reach = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / (1 + z * z / trials)
    return Interval(share, min(share, max(middle - reach, 0.0)), max(share, min(middle + reach, 1.0)))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a `share` (0-1) of `values` lies, linearly interpolated; ValueError without values."""
    if not values:
        raise ValueError("percentile of no values")
    return float(np.percentile(np.asarray(values, float), 100 * share))
