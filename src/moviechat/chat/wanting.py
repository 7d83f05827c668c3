"""What a message wants of films, taken from its mentions: limits, what is lifted, moods, order, count, open words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from moviechat.chat.cues import Cue
from moviechat.chat.genres import GenreSet
from moviechat.chat.lifting import LIFTED, clause, drops, freed, given_up, kind, removed
from moviechat.chat.limiting import limits_of, vague_words
from moviechat.chat.mentions import Mentions
from moviechat.chat.named import ROLES, Named, named_people
from moviechat.chat.phrases import Sized, Tag
from moviechat.chat.pointing import LATTER, ORDINALS
from moviechat.chat.taste import Taste
from moviechat.chat.tokens import FILM, norm_at
from moviechat.chat.vague import VAGUE, Vague
from moviechat.chat.wish import Order
from moviechat.limits import Limits
from moviechat.words import STOP

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
_TURNED: dict[Order | None, Order] = {"rating": "worst", "votes": "least_votes"}
_SAYS = frozenset("says said say tells told thinks reckons swears claims insists recommended recommends".split())
_GROWN = 13  # years from which somebody is no child
_COUNTED = frozenset(
    "films film titles ones one suggestions recommendations options picks others examples more".split()
)
_GIVE = frozenset("only just give me us list name pick show suggest want need".split())  # before a number of films
_NO_MORE = frozenset("please pls plz max maximum tops only total".split())  # after it
_CHATTER = (
    STOP
    | LATTER
    | frozenset(ORDINALS)
    | frozenset(
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
)


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
    longer matter, `removed` those of them that are to go. `vague` names the vague words among them.
    """

    limits: Limits = field(default_factory=Limits)
    named: tuple[Named, ...] = ()
    lifted: tuple[str, ...] = ()
    freed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
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
    lifted, held = freed(m)
    values = given_up(m)
    lifted = tuple(dict.fromkeys((*lifted, *(name for tag in values for name in LIFTED[kind(tag)]))))
    m = replace(
        m,
        amounts=tuple(a for a in m.amounts if a not in values),
        places=tuple(t for t in m.places if t not in values),
    )
    taken = {i for t in held for i in range(t.first, t.last)}
    genres = [t for t in m.genres if not taken & set(range(t.first, t.last)) and not _part_of_talk(m, t)]
    vague = vague_words(m)
    return Wanting(
        limits=limits_of(m, genres, vague, vagueness, years),
        named=named_people(m),
        lifted=lifted,
        freed=tuple(dict.fromkeys(g for t in held for g in t.value.names)),
        removed=removed(m, held),
        relative=_relative(m),
        moods=tuple(dict.fromkeys(t.value for t in m.moods if not (mood_denied(m, t) or speaks(m, t)))),
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


def speaks(m: Mentions, tag: Sized) -> bool:
    """Whether words for people only tell who said something: "my niece says that is how you tell"."""
    return norm_at(m.words, tag.last) in _SAYS


def _part_of_talk(m: Mentions, tag: Tag[GenreSet]) -> bool:
    """Whether a genre's word only tells of the person: "my family", "action!" in a name."""
    before = m.words[tag.first - 1].norm if tag.first else ""
    said = m.words[tag.first].norm
    if said == "year" and before.isdigit() and int(before) >= _GROWN:
        return True
    if speaks(m, tag):
        return True
    return (
        said == "family"
        and before in ("my", "our", "her", "his", "whole", "your")
        and "film" not in m.norms[tag.last : tag.last + 1]
    )


def _relative(m: Mentions) -> tuple[Relative, ...]:
    set_fields = {a.field for a in m.amounts}
    found = [t for t in m.comparisons if t.value.field not in set_fields and not _compares_amount(m, t)]
    found = [t for t in found if m.norms[t.first] != "as" or m.denied[t.first]]  # "not as long as X"
    found = [t for t in found if m.norms[t.first : t.last + 1] not in (["better", "a"], ["better", "an"])]
    freeing = {i for cue in drops(m) for i in clause(m, cue.first, cue.last)}
    found = [t for t in found if t.first not in freeing]  # "older is fine" frees a limit and sets none
    vague = VAGUE.tags(m.words)
    found = [t for t in found if not any(v.first < t.first and t.last <= v.last for v in vague)]  # "not too long"
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
    chosen: Order | None = (by or said)[0].value if said else None
    if chosen in _TURNED and any(t.value == "worst" for t in said):  # "bottom 3 by votes"
        return _TURNED[chosen]
    return chosen


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
        ends = n.last == len(m.words) or m.words[n.last].mark or after[0] in _NO_MORE
        alone = ends and (before in _GIVE or after[:1] in (["max"], ["maximum"], ["tops"]))
        if (
            alone
            or before in ("top", "best", "first", "any", "bottom", "worst", "say", "exactly", "precisely")
            or "like" in after[:1]
            or near_genre
            or (_COUNTED & set(after))
        ):
            return int(n.value)
    if any(
        m.norms[i : i + 2] in (["one", "more"], ["another", "one"], ["just", "one"], ["one", "film"], ["one", "only"])
        for i in range(len(m.words))
    ):
        return 1
    starts = {t.first for t in m.genres}
    one = [i for i, norm in enumerate(m.norms) if norm == "one" and {i + 1, i + 2} & starts]
    return 1 if any(m.norms[i - 1 : i] not in (["the"], ["that"], ["this"]) for i in one) else None


def _same(m: Mentions) -> tuple[str, ...]:
    found = []
    for i, norm in enumerate(m.norms[:-1]):
        if norm == "same" or (norm == "that" and m.norms[i - 1 : i] in (["of"], ["from"], ["in"], ["by"], ["with"])):
            found.append(f"not {m.norms[i + 1]}" if m.denied[i] else m.norms[i + 1])
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
            if named.get(f, f) in ("year", "director", "cast", "genre", "writer", "composer", "not director")
        )
    )


def _words(m: Mentions) -> str:
    """The open words of a wish: those that no table holds, not denied, and no chatter."""
    cued = [t for cue in _SPOKEN for t in m.cues[cue]]
    spoken: list[Sized] = [*cued, *VAGUE.tags(m.words), *ROLES.tags(m.words), *m.smalltalk, *m.fields]
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
