"""What a message contains: films, people, genres, places, numbers and cues, each with its position. Nothing is
decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moviechat.chat import genres
from moviechat.chat.amounts import Amount, amounts
from moviechat.chat.backing import Backs, unbacked
from moviechat.chat.believing import Linking, believed
from moviechat.chat.cues import COMPARISONS, CUES, ORDERS, SMALLTALK, Comparison, Cue
from moviechat.chat.fields import asking
from moviechat.chat.genres import GenreSet
from moviechat.chat.languages import in_english, language
from moviechat.chat.numbers import Number
from moviechat.chat.phrases import Phrases, Tag
from moviechat.chat.places import PLACES, Place
from moviechat.chat.spelling import spelled
from moviechat.chat.tokens import FILM, PERSON, Word, clean, norm_at, words
from moviechat.chat.wish import Order
from moviechat.linking import FilmMention, PersonMention

_LISTED_WORDS = 7  # maximum words of a list in which an "or" is searched
_NOT = frozenset("not no never none without nothing zero except minus skip avoid exclude nor neither hates".split())
_NOT_PHRASES: Phrases[str] = Phrases(
    {
        "not": """i dislike|dislike|can not stand|do not show me|never show me|anything but|other than|rather than
            |instead of|apart from|sick of|tired of|enough of|fed up with|stay away from|leave out|w / o|keep out
            |cut out|done with|hold the|less of the|minus the|i hate|hates|i dislike|spare me|allergic to
            |aber kein|aber keine|kein|keine|keinen|ohne|sin|sans|pas de|senza|sem|nada de|nicht|bina|not a fan of
            |had enough of|no more|been through all of|been through everything by|seen everything by|seen all of
            |seen everything with|know everything by"""
    }
)
_NO_SCOPE = frozenset(
    ("too", "so", "only", "just", "bad", "sure", "really", "matter", "care", "mind", "necessarily", "know")
)
# "nothing with X" denies X: there is nothing else that the "not" could deny.
_EMPTY = frozenset(
    """anything something stuff film films title titles one ones any more all of them those these everything every
        the a""".split()
)
_STOP_WORDS = frozenset(
    "but only instead just though tho because since if when whereas however give show tell and".split()
)


@dataclass(frozen=True, slots=True)
class Mentions:
    """A message taken apart.

    `words` (folded: `norms`) has § and ¶ where names stand, in the order of `films` and `people`. `denied[i]` says that
    word i is in the
    reach of a "not", `stops[i]` that a clause ends at it. `numbers` set no limit. `words` are English whatever the
    `language` of the message was. `described`: the film is not named but told of.
    """

    text: str
    words: tuple[Word, ...]
    norms: list[str]
    films: tuple[FilmMention, ...]
    people: tuple[PersonMention, ...]
    genres: tuple[Tag[GenreSet], ...]
    places: tuple[Tag[Place], ...]
    moods: tuple[Tag[str], ...]
    amounts: tuple[Amount, ...]
    numbers: tuple[Number, ...]
    fields: tuple[Tag[str], ...]
    orders: tuple[Tag[Order], ...]
    comparisons: tuple[Tag[Comparison], ...]
    smalltalk: tuple[Tag[str], ...]
    cues: Mapping[Cue, tuple[Tag[Cue], ...]]
    denied: tuple[bool, ...]
    stops: tuple[bool, ...]
    language: str = "en"
    described: bool = False

    @property
    def english(self) -> str:
        """The message, in English as far as it is understood; names are as they were written."""
        return self.text if self.language == "en" else " ".join(w.raw for w in self.words)

    @property
    def about_it(self) -> str:
        """The message in English, with "it" for its films: a question that can be asked of any film."""
        if self.language != "en":
            return " ".join("it" if w.norm == FILM else w.raw for w in self.words)
        text, at = "", 0
        for film in self.films:
            text, at = f"{text}{self.text[at : film.span[0]]}it", film.span[1]
        return text + self.text[at:]

    @property
    def size(self) -> int:
        """The number of words, marks not counted."""
        return sum(not w.mark for w in self.words)

    def has(self, *cues: Cue) -> bool:
        """Whether one of `cues` is there."""
        return any(self.cues.get(cue) for cue in cues)

    def at(self, sign: str) -> list[int]:
        """The positions of the words § or ¶."""
        return [i for i, w in enumerate(self.words) if w.norm == sign]


def read(
    text: str,
    linker: Linking,
    moods: Phrases[str],
    *,
    focus: bool = False,
    used: str = "en",
    backs: Backs = unbacked,
    described: FilmMention | None = None,
) -> Mentions:
    """Parse a message (any text); `moods` are the words for moods, `used` is the language of the conversation so far.

    With `focus` a film is under discussion: a question need not name one. `backs`: see `believed`. `described` is a
    film that words of the message mean though they are not its name.
    """
    text = clean(text)
    named = believed(text, linker, focus=focus, backs=backs)
    if described is not None:
        end = described.span[1]
        named = sorted(
            [*(n for n in named if n.span[1] <= described.span[0] or n.span[0] >= end), described], key=lambda n: n.span
        )
    said = words(text, [(n.span, FILM if isinstance(n, FilmMention) else PERSON) for n in named])
    spoken = language(said, used)
    said = spelled(said if spoken == "en" else in_english(said, spoken), _NOT)
    kept = {w.span for w in said if w.norm in (FILM, PERSON)}  # a name without a letter leaves no word
    films = tuple(n for n in named if isinstance(n, FilmMention) and n.span in kept)
    people = tuple(n for n in named if isinstance(n, PersonMention) and n.span in kept)
    stops = _stops(said)
    bounds, numbers = amounts(said, stops)
    taken = {i for a in bounds for i in range(a.first, a.last)}
    genre_tags = [t for t in genres.tags(said) if not taken & set(range(t.first, t.last))]
    return Mentions(
        text=text,
        words=tuple(said),
        norms=[w.norm for w in said],
        films=films,
        people=people,
        genres=tuple(genre_tags),
        places=tuple(PLACES.tags(said)),
        moods=tuple(moods.tags(said)),
        amounts=tuple(bounds),
        numbers=tuple(numbers),
        fields=tuple(t for t in asking().tags(said) if not taken & set(range(t.first, t.last))),
        orders=tuple(ORDERS.tags(said)),
        comparisons=tuple(COMPARISONS.tags(said)),
        smalltalk=tuple(SMALLTALK.tags(said)),
        cues={cue: tuple(table.tags(said)) for cue, table in CUES.items()},
        denied=_denied(said, stops, genre_tags),
        stops=stops,
        language=spoken,
        described=described is not None,
    )


def _stops(said: Sequence[Word]) -> tuple[bool, ...]:
    """Where the scope of a "not" ends: at a punctuation mark, or at a word that begins something else."""
    return tuple((w.mark and w.norm not in ("-", "“", "”", '"')) or w.norm in _STOP_WORDS - {"and"} for w in said)


def _denied(said: Sequence[Word], stops: Sequence[bool], genre_tags: Sequence[Tag[GenreSet]]) -> tuple[bool, ...]:
    """The words in the scope of a "not": to the end of its clause, across the commas of a list with "or"."""
    starts = {t.first: t.last for t in _NOT_PHRASES.tags(said)}
    begins = {t.first for t in genre_tags}
    found, inside, until = [False] * len(said), False, 0
    for i, word in enumerate(said):
        if stops[i] and inside and i >= until and not (word.norm == ":" and said[i - 1].norm in _NOT):
            inside = word.norm == "," and _or_follows(said, i + 1)
        elif i in starts or (word.norm in _NOT and not _harmless(said, i)):
            inside, until = True, max(until, starts.get(i, i + 1))
        elif (
            inside
            and i > until
            and word.norm in ("and", "with", "in", "from", "for")
            and not _list_goes_on(said, i, begins)
            and not all(w.norm in _EMPTY for w in said[until:i])
        ):
            inside = False
        found[i] = inside
    for tag in genre_tags:
        if _is_out(said, tag.last):
            found[tag.first : tag.last] = [True] * (tag.last - tag.first)
    return tuple(found)


def _is_out(said: Sequence[Word], at: int) -> bool:
    """Whether what stands before word `at` is excluded: "action is out", "horror genre out"."""
    begin = at + (norm_at(said, at) in ("is", "are", "genre"))
    return norm_at(said, begin) == "out" and norm_at(said, begin + 1) != "of"


def _harmless(said: Sequence[Word], at: int) -> bool:
    """Whether a "no" or "not" here negates nothing that follows: "no, ...", "not too long", "does not matter"."""
    after = norm_at(said, at + 1)
    if said[at].norm in ("no", "not") and (after in _NO_SCOPE or after in (",", ".", "!", "")):
        return after != ":"
    return said[at].norm == "no" and after in ("i", "the", "problem", "idea", "wait", "but", "worries", "not")


def _or_follows(said: Sequence[Word], at: int) -> bool:
    """Whether a list continues to an "or": a few words, each with at most a comma."""
    for w in said[at : at + _LISTED_WORDS]:
        if w.norm in ("or", "nor"):
            return True
        if (w.mark and w.norm != ",") or w.norm in _STOP_WORDS or w.norm.isdigit():
            return False
    return False


def _list_goes_on(said: Sequence[Word], at: int, begins: set[int]) -> bool:
    return at + 1 in begins
