"""What a message wants of films, taken from its mentions: limits, what is lifted, moods, order, count, open words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from moviechat.chat.amounts import Amount
from moviechat.chat.cues import Cue
from moviechat.chat.genres import MOTIFS, GenreSet
from moviechat.chat.mentions import Mentions
from moviechat.chat.phrases import Phrases, Sized, Tag, overlaps
from moviechat.chat.taste import Taste
from moviechat.chat.tokens import FILM, PERSON
from moviechat.chat.vague import NOT_VAGUE, VAGUE, Vague
from moviechat.chat.wish import Order
from moviechat.limits import Limits
from moviechat.words import STOP

How = Literal["any", "director", "cast", "writer", "composer", "by", "with"]
_KIDS = ("Family", "Animation")
_OR = frozenset(("or", "/", "oder", "ou", "o"))
_BETWEEN = 3  # words between two genres that one "or" joins
_ROLES: Phrases[How] = Phrases(
    {
        "director": """directed by|director|direct|directed|directing|directs|filmmaker|in the director s chair
            |as director|as the director|helmed by|dir by|d by""",
        "writer": "written by|writer|wrote|write|writes|penned by|script by|screenplay by|scripted by",
        "composer": "composed by|scored by|music by|score by|composer|soundtrack by",
        "cast": """with|starring|stars|featuring|feat|star|acted|acting|actor|actress|acts|plays|played|playing
            |in it|is in|was in|w /|appears|cast|mit|con|avec|has|opposite|alongside|kicking|kicks""",
        "by": "by|from|of|de|von|di",
    }
)
_NEAR = 3  # words between a name and the word that tells its role
_FREE: Phrases[str] = Phrases(
    {
        "countries": "any country|anywhere|country|countries",
        "runtime": "length|runtime|running time|long|short|duration|minutes|any length|how long|the time|hours|lengths",
        "year": "year|years|old|older|new|newer|recent|release|age|any year|decade|era",
        "rating": "rating|ratings|score|scores|stars|rated|any rating|imdb|grade|good|bar",
        "votes": "votes|popularity|popular|famous|known|obscure|voters|how many people",
        "genres": "genre|genres|any genre|kind|type",
        "people": "actor|actors|actress|director|him|her|them|he|she|person|any actor|cast|who|anyone|anybody",
        "languages": "language|languages|subtitles|english",
        "age_rating": "age rating|certificate",
    }
)
_LIFTED = {
    "runtime": ("runtime_min", "runtime_max"),
    "year": ("year_min", "year_max"),
    "rating": ("rating_min", "rating_max"),
    "votes": ("votes_min", "votes_max"),
    "people": ("people",),
    "genres": ("genres_all", "genres_any", "genres_not"),
    "countries": ("countries_any", "countries_not"),
    "languages": ("languages_any", "languages_not"),
    "age_rating": ("age_rating_max",),
}
_SPOKEN: tuple[Cue, ...] = (
    "want",
    "noun",
    "like",
    "more",
    "seen",
    "loved",
    "hated",
    "drop",
    "only",
    "undo",
    "reset",
    "again",
    "swap",
    "same",
    "correct",
    "also",
)
_REACH = 5  # words between "forget" and what is forgotten
_COUNTED = frozenset(
    "films film titles ones one suggestions recommendations options picks others examples more".split()
)
_CHATTER = STOP | frozenset(
    """film films please something anything want need watch see show give recommend suggest find got get like love
        loved really thing things stuff tonight good bad great best ideas tell maybe also too kind sort know think
        make let go going one ones two three thanks hi hello hey okay ok time night day evening today tomorrow
        weekend people friends friend movie someone somebody everyone nobody bit lot little big new old long short
        funny actually really even ever never always still already pretty quite properly basically kinda sorta
        help looking search mood feel feeling fancy i you we he she they it is am are was were be been being do
        does did have has had will would can could should must may might shall let us me my your our their his her
        its this that these those there here what which who whom whose when where why how all any some no not nor
        only own same so than then once during before after above below up down in out on off over under again
        further because until while at by for with about against between into through to from of and but if or as
        a an the lol haha omg pls hmm oh well yes no list title right minutes hours hour minute min rating rated
        score votes year years imdb least most max minimum maximum less more higher lower tops wanna put pick
        choose fits says said preferably ideally boyfriend girlfriend wife husband mother father mom dad brother
        sister family kids kid son daughter children partner roommate flatmate mate""".split()
)


@dataclass(frozen=True, slots=True)
class Named:
    """A person of a wish: how the text says that they took part, and whether they are not wanted."""

    name: str
    how: How | None
    denied: bool


@dataclass(frozen=True, slots=True)
class Relative:
    """A limit by comparison: more or less of `field` than the film that a § names, or than what was shown."""

    field: str
    up: bool
    film: int | None = None  # which of the message's films


@dataclass(frozen=True, slots=True)
class Wanting:
    """What a message wants.

    `limits` are those it sets (people apart, in `named`); `lifted` the names of limits, `freed` the genres that no
    longer matter. `vague` names the vague words among them.
    """

    limits: Limits = field(default_factory=Limits)
    named: tuple[Named, ...] = ()
    lifted: tuple[str, ...] = ()
    freed: tuple[str, ...] = ()
    relative: tuple[Relative, ...] = ()
    moods: tuple[str, ...] = ()
    order: Order | None = None
    count: int | None = None
    words: str = ""
    vague: tuple[Vague, ...] = ()
    same: tuple[str, ...] = ()  # "year", "director", "genre": as the film it starts from

    @property
    def empty(self) -> bool:
        """Whether nothing is wanted."""
        asks = self.limits or self.named or self.lifted or self.freed or self.relative or self.moods or self.same
        return not (asks or self.order or self.vague)


def wanting(m: Mentions, vagueness: Taste, years: tuple[int, int]) -> Wanting:
    """What a message wants; `years` are the first and the last of the catalogue."""
    freed = _freed(m)
    lifted, held = freed
    taken = {i for t in held for i in range(t.first, t.last)}
    genres = [t for t in m.genres if not taken & set(range(t.first, t.last)) and not _part_of_talk(m, t)]
    limits = _genre_limits(m, genres)
    vague = _vague(m)
    limits = _with_amounts(m, _with_vague(limits, vague, vagueness, years), years)
    limits = replace(_with_places(m, limits), age_rating_max=_age_rating(m))
    return Wanting(
        limits=limits,
        named=_named(m),
        lifted=lifted,
        freed=tuple(dict.fromkeys(g for t in held for g in t.value.names)),
        relative=_relative(m),
        moods=tuple(dict.fromkeys(t.value for t in m.moods if not mood_denied(m, t))),
        order=_order(m),
        count=_count(m),
        words=_words(m),
        vague=tuple(dict.fromkeys(v.value for v in vague)),
        same=_same(m),
    )


def mood_denied(m: Mentions, tag: Tag[str]) -> bool:
    """Whether a mood is not wanted: "not too dark", "less violent"."""
    before = m.norms[max(0, tag.first - 2) : tag.first]
    return m.denied[tag.first] or "less" in before or (before[:1] in (["not"], ["nothing"]) and before[1:] == ["too"])


def _part_of_talk(m: Mentions, tag: Tag[GenreSet]) -> bool:
    """Whether a genre's word only tells of the person: "my family", "action!" in a name."""
    before = m.words[tag.first - 1].norm if tag.first else ""
    said = m.words[tag.first].norm
    return (
        said == "family"
        and before in ("my", "our", "her", "his", "whole", "your")
        and "film" not in m.norms[tag.last : tag.last + 1]
    )


# --- genres


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
    """Genres joined by "or" (or by commas before an "or") in groups, each other one alone."""
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
    """ "horror, thriller or mystery": what stands before a group with only commas between belongs to it."""
    found: list[list[Tag[GenreSet]]] = []
    for group in reversed(groups):
        if found and len(found[-1]) > 1 and m.norms[group[-1].last : found[-1][0].first] == [","] and len(group) == 1:
            found[-1] = group + found[-1]
        else:
            found.append(group)
    return found[::-1]


def _one_group(groups: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """One "any of": the first, narrowed by others that share genres with it."""
    chosen: tuple[str, ...] = ()
    for group in groups:
        shared = tuple(g for g in chosen if g in group)
        chosen = shared or chosen or group
    return chosen


# --- numbers and vague words


def _vague(m: Mentions) -> list[Tag[Vague]]:
    no = NOT_VAGUE.tags(m.words)
    free: list[Sized] = [*no, *m.orders, *(t for t in m.comparisons if m.films or _followed(m, t.last, "than"))]
    found = [t for t in VAGUE.tags(m.words) if not overlaps(t, free)]
    # "good drama" wants one that is good; "as good as it gets" and a reply of "good." want nothing
    return [
        t
        for t in found
        if not (t.value == "good" and (t.last == len(m.words) or m.words[t.last].mark) and t.first == 0)
    ]


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
                )  # "90 minutes" is what there is time for
            whole = (lambda x: x) if name == "rating" else (lambda x: None if x is None else int(x))
            limits = limits.changed(**{f"{name}_min": whole(low), f"{name}_max": whole(high)})
    return limits


def _given(m: Mentions, amount: Amount) -> bool:
    """Whether points are what somebody gave a film ("joker 9/10"), or a year says which film: "Mulan (2020)"."""
    if amount.field == "year" and not amount.bounded:
        return m.norms[amount.first - 2 : amount.first] == [FILM, "("]
    return m.norms[amount.first - 1 : amount.first] == [FILM] and "/" in m.norms[amount.first : amount.last]


def _measures_else(m: Mentions, amount: Amount) -> bool:
    """Whether a number measures something else than films: percents of other sites, ages."""
    after = m.norms[amount.last : amount.last + 3]
    return "%" in after[:1] or "tomatoes" in m.norms[amount.last : amount.last + 4] or "metacritic" in after


def _ends(said: Sequence[Amount]) -> tuple[float | None, float | None]:
    lows, highs = [a.low for a in said if a.low is not None], [a.high for a in said if a.high is not None]
    low, high = (max(lows) if lows else None), (min(highs) if highs else None)
    last = said[-1]
    return (last.low, last.high) if low is not None and high is not None and low > high else (low, high)


def _joined_ends(m: Mentions, said: Sequence[Amount], years: tuple[int, int]) -> tuple[float | None, float | None]:
    """Years: single ones are joined ("2019 or 2020"), a denied one is left out ("not 2019")."""
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
    """The US age rating that films may have at most: "PG-13 at most", "nothing rated R"."""
    said = _RATED.tags(m.words)
    if not said:
        return None
    return _MILDER.get(said[0].value) if m.denied[said[0].first] else said[0].value


def _with_places(m: Mentions, limits: Limits) -> Limits:
    def names(denied: bool, kind: str) -> tuple[str, ...]:
        tags = [t for t in m.places if m.denied[t.first] == denied]
        return tuple(dict.fromkeys(n for t in tags for n in getattr(t.value, kind)))

    spoken = {"language", "languages", "subtitles", "subtitled", "speak", "spoken", "dubbed", "in"} & set(m.norms)
    by_language = bool(spoken) and any(
        m.norms[t.first - 1 : t.first] == ["in"] or "language" in m.norms for t in m.places
    )
    kind, other = ("languages", "countries") if by_language else ("countries", "languages")
    yes, no = names(False, kind), names(True, kind)
    if not yes and not no:  # a place that is only a language, or only a country
        kind, yes, no = other, names(False, other), names(True, other)
    return limits.changed(**{f"{kind}_any": yes, f"{kind}_not": no})


# --- people


def _named(m: Mentions) -> tuple[Named, ...]:
    roles = _ROLES.tags(m.words)
    places = m.at(PERSON)
    return tuple(
        Named(person.name, _how(m, at, roles), m.denied[at] or _left_out(m, at))
        for at, person in zip(places, m.people, strict=True)
        if not _tells_film(m, at)
    )


def _left_out(m: Mentions, at: int) -> bool:
    """Whether a "not" follows a name: "where Tom Holland is not in it"."""
    return m.norms[at + 1 : at + 3] in (["is", "not"], ["not", "in"], ["does", "not"])


def _tells_film(m: Mentions, at: int) -> bool:
    """Whether a person only says which film is meant: "Murder Mystery, the Sandler one"."""
    films = [f for f in m.at(FILM) if f < at]
    if (
        not films
        or at - films[-1] > 5
        or any(m.words[i].norm in (".", "?", "!", ";", "but") for i in range(films[-1], at))
    ):
        return False
    between = set(m.norms[films[-1] + 1 : at])
    if m.norms[at - 2 : at] in (["ones", "with"], ["one", "with"]) and m.has("seen"):
        return True
    return m.norms[at + 1 : at + 2] in (["one"], ["version"], ["film"]) or between <= {
        "with",
        ",",
        "the",
        "by",
        "(",
        "from",
        "starring",
    }


def _how(m: Mentions, at: int, roles: Sequence[Tag[How]]) -> How | None:
    """The word nearest to a name that tells its role: before it, past other names; or right after it."""
    after = [t for t in roles if at < t.first <= at + _NEAR and t.value in ("director", "writer", "cast", "composer")]
    after = [t for t in after if not any(m.stops[i] or m.words[i].norm == PERSON for i in range(at + 1, t.first))]
    before = [t for t in roles if at - 2 * _NEAR <= t.first < at and _leads(m, t.last, at)]
    strong = [t for t in before if t.value not in ("by",)]
    if strong and strong[-1].last == at:
        return strong[-1].value
    if after and after[0].value != "cast":
        return after[0].value
    return before[-1].value if before else after[0].value if after else None


def _leads(m: Mentions, first: int, at: int) -> bool:
    return all(
        m.words[i].norm in (PERSON, "and", "or", ",", "the", "both", "as", "is", "was", "great", "-", ":")
        for i in range(first, at)
    )


# --- the rest


def _relative(m: Mentions) -> tuple[Relative, ...]:
    set_fields = {a.field for a in m.amounts}
    found = [t for t in m.comparisons if t.value.field not in set_fields and not _compares_amount(m, t)]
    return tuple(Relative(t.value.field, t.value.up != m.denied[t.first], _than(m, t.last)) for t in found)


def _compares_amount(m: Mentions, tag: Sized) -> bool:
    return any(a.first <= tag.first < a.last for a in m.amounts)


def _than(m: Mentions, at: int) -> int | None:
    """Which of the message's films a comparison is with: the first after "than", else the first of all."""
    films = m.at(FILM)
    after = [n for n, place in enumerate(films) if at <= place <= at + 4]
    return after[0] if after else 0 if films else None


def _order(m: Mentions) -> Order | None:
    said = [t for t in m.orders if not m.denied[t.first] and not _praise(m, t)]
    by = [
        t
        for t in said
        if any(m.norms[i] in ("by", "first", "rated", "rating", "score", "votes") for i in range(t.first, t.last))
    ]
    return (by or said)[0].value if said else None


def _praise(m: Mentions, tag: Tag[Order]) -> bool:
    """Whether "the best" only praises: at the end, or after "is", or in "in the best way"."""
    single = tag.last - tag.first == 1
    before, after = m.norms[max(0, tag.first - 3) : tag.first], m.norms[tag.last : tag.last + 1]
    return (
        single
        and (
            "was" in before or "are" in before or "in" in before[-2:] or after in (["way"], ["friend"], ["of", "luck"])
        )
        and tag.value in ("rating", "worst")
    )


def _count(m: Mentions) -> int | None:
    counted = [n for n in m.numbers if n.unit == "" and n.value == int(n.value) and 1 <= n.value <= 50]
    for n in counted:
        after = m.norms[n.last : n.last + 4]
        before = m.norms[n.first - 1] if n.first else ""
        named: list[Sized] = [*m.genres, *m.orders]
        near_genre = any(n.last <= t.first <= n.last + 2 for t in named)
        if before in ("top", "best", "first", "any") or near_genre or (_COUNTED & set(after)):
            return int(n.value)
    if any(
        m.norms[i : i + 2] in (["one", "more"], ["another", "one"], ["just", "one"], ["one", "film"])
        for i in range(len(m.words))
    ):
        return 1
    return None


def _same(m: Mentions) -> tuple[str, ...]:
    found = []
    for i, norm in enumerate(m.norms[:-1]):
        if norm == "same":
            found.append(m.norms[i + 1])
    director = {
        "its director",
        "the director",
        "whoever directed",
        "that director",
        "director made",
        "by that guy",
        "this director",
    }
    text = " ".join(m.norms)
    if any(p in text for p in director):
        found.append("director")
    named = {
        "guy": "director",
        "actor": "cast",
        "actress": "cast",
        "lead": "cast",
        "people": "director",
        "person": "director",
    }
    return tuple(
        dict.fromkeys(
            named.get(f, f)
            for f in found
            if named.get(f, f) in ("year", "director", "cast", "genre", "writer", "composer")
        )
    )


def _words(m: Mentions) -> str:
    """The open words of a wish: those that no table holds, not denied, and no chatter."""
    cued = [t for cue in _SPOKEN for t in m.cues[cue]]
    spoken: list[Sized] = [*cued, *VAGUE.tags(m.words), *_ROLES.tags(m.words), *m.smalltalk, *m.fields]
    tagged = {i for t in spoken for i in range(t.first, t.last)} | {
        i
        for tags in (m.genres, m.places, m.amounts, m.orders, m.comparisons, m.numbers)
        for t in tags
        for i in range(t.first, t.last)
    }
    kept = [
        w.raw
        for i, w in enumerate(m.words)
        if i not in tagged
        and not m.denied[i]
        and not w.mark
        and w.norm not in _CHATTER
        and len(w.norm) > 2
        and w.norm.isalpha()
    ]
    refused = {w.raw for t in m.moods if mood_denied(m, t) for w in m.words[t.first : t.last]}
    return " ".join(w for w in dict.fromkeys(kept) if w not in refused)


def _freed(m: Mentions) -> tuple[tuple[str, ...], list[Tag[GenreSet]]]:
    """The limits that no longer matter, and the genres' words that say so."""
    lifted: list[str] = []
    held: list[Tag[GenreSet]] = []
    for cue in m.cues["drop"]:
        around = _clause(m, cue.first, cue.last)
        fields = [t for t in _FREE.tags(m.words) if t.first in around]
        lifted += [name for t in fields for name in _LIFTED[t.value]]
        held += [t for t in m.genres if t.first in around and t not in held]
        if any(at in around for at in m.at(PERSON)):
            lifted.append("people")
    if held:
        lifted = [name for name in lifted if not name.startswith("genres")]
    return tuple(dict.fromkeys(lifted)), held


def _clause(m: Mentions, first: int, last: int) -> range:
    begin, end = first, last
    while begin > 0 and not (m.stops[begin - 1] and m.words[begin - 1].norm != ",") and first - begin < _REACH + 2:
        if m.words[begin - 1].norm == ",":
            break
        begin -= 1
    while end < len(m.words) and not m.stops[end] and end - last < _REACH:
        end += 1
    return range(begin, end)
