"""The limits that a message sets: genres, numbers, vague words, countries, languages, age ratings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from moviechat.chat.amounts import Amount
from moviechat.chat.genres import MOTIFS, GenreSet
from moviechat.chat.mentions import Mentions
from moviechat.chat.phrases import Phrases, Sized, Tag, overlaps
from moviechat.chat.places import Place
from moviechat.chat.taste import Taste
from moviechat.chat.tokens import FILM
from moviechat.chat.vague import NOT_VAGUE, VAGUE, Vague
from moviechat.limits import Limits

_KIDS = ("Family", "Animation")
_OR = frozenset(("or", "/", "oder", "ou", "o"))
_SPEAK = frozenset("speak speaks speaking talk talks talking".split())
_BETWEEN = 3  # maximum words between two genres joined by "or"


def limits_of(
    m: Mentions, genres: Sequence[Tag[GenreSet]], vague: Sequence[Tag[Vague]], taste: Taste, years: tuple[int, int]
) -> Limits:
    """The limits of a message, without people; `genres` and `vague` are the words that count."""
    limits = _with_vague(_genre_limits(m, genres), vague, taste, years)
    limits = _with_places(m, _with_amounts(m, limits, years))
    return replace(limits, age_rating_max=_age_rating(m))


def _genre_limits(m: Mentions, tags: Sequence[Tag[GenreSet]]) -> Limits:
    wanted = [t for t in tags if not m.denied[t.first]]
    unwanted = [t for t in tags if m.denied[t.first] and m.norms[t.first] not in MOTIFS]
    no = list(dict.fromkeys(g for t in unwanted for g in _refused(t.value)))
    groups = _groups(m, wanted)
    kids = any(t.value.some == _KIDS for t in wanted)
    every = dict.fromkeys(g for group in groups for t in group if len(group) == 1 for g in t.value.every)
    some = [tuple(dict.fromkeys(n for t in group for n in t.value.names)) for group in groups if len(group) > 1]
    some += [group[0].value.some for group in groups if len(group) == 1 and group[0].value.some]
    if kids and "Horror" not in every:
        no.append("Horror")
    chosen = _one_group([s for s in some if not set(s) & set(every)])
    kept = tuple(g for g in every if g not in no)
    return Limits(
        genres_all=kept, genres_any=tuple(g for g in chosen if g not in no), genres_not=tuple(dict.fromkeys(no))
    )


def _refused(genres: GenreSet) -> tuple[str, ...]:
    return genres.every[:1] or genres.some[:1]


def _groups(m: Mentions, tags: Sequence[Tag[GenreSet]]) -> list[list[Tag[GenreSet]]]:
    """Genres joined by "or" (or by commas before an "or") in groups; every other genre alone."""
    groups: list[list[Tag[GenreSet]]] = []
    for tag in tags:
        if groups and _joined(m, groups[-1][-1].last, tag.first):
            groups[-1].append(tag)
        else:
            groups.append([tag])
    return _with_commas(m, groups)


def _joined(m: Mentions, first: int, last: int) -> bool:
    between = m.norms[first:last]
    return (
        0 < len(between) <= _BETWEEN
        and bool(_OR & set(between))
        and not set(between) & {".", "but", "and", "not", "no"}
    )


def _with_commas(m: Mentions, groups: list[list[Tag[GenreSet]]]) -> list[list[Tag[GenreSet]]]:
    """ "horror, thriller or mystery": genres before a group, separated only by commas, belong to it."""
    found: list[list[Tag[GenreSet]]] = []
    for group in reversed(groups):
        if found and len(found[-1]) > 1 and m.norms[group[-1].last : found[-1][0].first] == [","] and len(group) == 1:
            found[-1] = group + found[-1]
        else:
            found.append(group)
    return found[::-1]


def _one_group(groups: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """One "any of" group: the first, narrowed by other groups that share genres with it."""
    chosen: tuple[str, ...] = ()
    for group in groups:
        shared = tuple(g for g in chosen if g in group)
        chosen = shared or chosen or group
    return chosen


def vague_words(m: Mentions) -> list[Tag[Vague]]:
    """The vague words that count: those that do not belong to an order, a comparison or a greeting."""
    no = NOT_VAGUE.tags(m.words)
    free: list[Sized] = [*m.orders, *(t for t in m.comparisons if m.films or _followed(m, t.last, "than"))]
    found = [t for t in VAGUE.tags(m.words) if not overlaps(t, free) and not _inside(t, m.comparisons)]
    found = [t for t in found if not any(n.first <= t.first and t.last <= n.last for n in no)]
    # "good drama" wants a good one; "as good as it gets" and the reply "good." want nothing
    return [
        t
        for t in found
        if not (t.value == "good" and (t.last == len(m.words) or m.words[t.last].mark) and t.first == 0)
    ]


def _inside(tag: Sized, others: Sequence[Sized]) -> bool:
    """Whether a tag is a part of a longer one: "well known" in "less well known"."""
    return any(o.first <= tag.first and tag.last <= o.last and o.last - o.first > tag.last - tag.first for o in others)


def _followed(m: Mentions, at: int, norm: str) -> bool:
    return m.norms[at : at + 1] == [norm]


def _with_vague(limits: Limits, vague: Iterable[Tag[Vague]], v: Taste, years: tuple[int, int]) -> Limits:
    for tag in vague:
        match tag.value:
            case "short":
                limits = replace(limits, runtime_max=v.short_max)
            case "not_long":
                limits = replace(limits, runtime_max=v.not_long_max)
            case "long":
                limits = replace(limits, runtime_min=v.long_min)
            case "recent":
                limits = replace(limits, year_min=years[1] - v.recent_years + 1)
            case "good":
                limits = replace(limits, rating_min=v.good_min)
            case "well_known":
                limits = replace(limits, votes_min=v.known_votes)
            case "obscure":
                limits = replace(limits, votes_max=v.gem_votes)
            case "hidden_gem":
                limits = replace(limits, votes_max=v.gem_votes, rating_min=v.gem_rating)
    return limits


def _with_amounts(m: Mentions, limits: Limits, years: tuple[int, int]) -> Limits:
    for name in ("year", "runtime", "rating", "votes"):
        said = [a for a in m.amounts if a.field == name and not _measures_else(m, a) and not _given(m, a)]
        said = [a for a in said if a.bounded] or said if name != "year" else said
        if said:
            low, high = _joined_ends(m, said, years) if name == "year" else _ends(said)
            if name == "runtime" and low == high and low is not None and not any(a.bounded for a in said):
                low, high = (
                    (low, None) if limits.runtime_min else (None, high)
                )  # "90 minutes" is the time that the person has
            whole = (lambda x: x) if name == "rating" else (lambda x: None if x is None else int(x))
            limits = limits.changed(**{f"{name}_min": whole(low), f"{name}_max": whole(high)})
    return limits


def _given(m: Mentions, amount: Amount) -> bool:
    """Whether a number is somebody's rating of a film ("joker 9/10"), or a year that belongs to one: "Mulan (2020)"."""
    if amount.field == "year" and not amount.bounded:
        return m.norms[amount.first - 2 : amount.first] == [FILM, "("]
    given = "/" in m.norms[amount.first : amount.last]
    before = m.norms[max(0, amount.first - 3) : amount.first]
    return given and not amount.bounded and bool({FILM, "gave", "give", "was", "is"} & set(before))


def _measures_else(m: Mentions, amount: Amount) -> bool:
    """Whether a number measures something other than films: percentages of other sites, ages."""
    after = m.norms[amount.last : amount.last + 3]
    return "%" in after[:1] or "tomatoes" in m.norms[amount.last : amount.last + 4] or "metacritic" in after


def _ends(said: Sequence[Amount]) -> tuple[float | None, float | None]:
    lows, highs = [a.low for a in said if a.low is not None], [a.high for a in said if a.high is not None]
    low, high = (max(lows) if lows else None), (min(highs) if highs else None)
    bounds = [a for a in said if a.low is None or a.high is None]
    if low == high and bounds and len(said) > 1:  # "exactly 95 minutes ... 95 at most"
        return bounds[-1].low, bounds[-1].high
    last = said[-1]
    return (last.low, last.high) if low is not None and high is not None and low > high else (low, high)


def _joined_ends(m: Mentions, said: Sequence[Amount], years: tuple[int, int]) -> tuple[float | None, float | None]:
    """Years: single ones are joined ("2019 or 2020"), a negated one is left out ("not 2019")."""
    bounded = [a for a in said if a.bounded and a.value != 0]
    singles = [a for a in said if not a.bounded]
    denied = [a.value for a in singles if m.denied[a.first]]
    wanted = [a.value for a in singles if not m.denied[a.first]]
    low, high = _ends(bounded) if bounded else (None, None)
    if wanted and not bounded:
        return min(wanted), max(wanted)
    for year in denied if not bounded else ():
        low, high = (low, year - 1) if year >= years[1] else (year + 1, high)
    return low, high


_RATED: Phrases[str] = Phrases(
    {
        "G": "rated g|g rated|g - rated",
        "PG": "pg|rated pg|pg rated",
        "PG-13": "pg 13|pg - 13|pg13|rated pg - 13",
        "R": "rated r|r rated|r - rated",
    }
)
_MILDER = {"R": "PG-13", "PG-13": "PG", "PG": "G"}


def _age_rating(m: Mentions) -> str | None:
    """The maximum US age rating: "PG-13 at most", "nothing rated R"."""
    said = _RATED.tags(m.words)
    if not said:
        return None
    return _MILDER.get(said[0].value) if m.denied[said[0].first] else said[0].value


def _with_places(m: Mentions, limits: Limits) -> Limits:
    def names(denied: bool, kind: str) -> tuple[str, ...]:
        tags = _narrowest([t for t in m.places if m.denied[t.first] == denied])
        return tuple(dict.fromkeys(n for t in tags for n in getattr(t.value, kind)))

    spoken = {"language", "languages", "subtitles", "subtitled", "spoken", "dubbed", "in"} | _SPEAK
    by_language = bool(spoken & set(m.norms)) and any(
        set(m.norms[max(0, t.first - 1) : t.first]) & ({"in"} | _SPEAK) or "language" in m.norms for t in m.places
    )
    kind, other = ("languages", "countries") if by_language else ("countries", "languages")
    yes, no = names(False, kind), names(True, kind)
    if not yes and not no:  # a place that is only a language, or only a country
        kind, yes, no = other, names(False, other), names(True, other)
    return limits.changed(**{f"{kind}_any": yes, f"{kind}_not": no})


def _narrowest(tags: Sequence[Tag[Place]]) -> list[Tag[Place]]:
    """The places without regions of which a country is named, too: "european, spain or france"."""

    def holds(region: Place, part: Place) -> bool:
        return bool(part.countries) and set(part.countries) < set(region.countries)

    return [t for t in tags if not any(holds(t.value, other.value) for other in tags)]
