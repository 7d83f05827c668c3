"""A film that is called by what it is about: "the ship film", "that ice road one with Neeson"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from moviechat.chat.known import Known
from moviechat.chat.mentions import Mentions
from moviechat.chat.names import left_over
from moviechat.chat.pointing import ORDINALS
from moviechat.chat.state import State
from moviechat.chat.tokens import PERSON
from moviechat.linking import FilmMention
from moviechat.reply import Hit

Search = Callable[[str, int], list[Hit]]
_THE = frozenset("the that this".split())
_ONE = frozenset("one film thing story picture documentary".split())
_NOT_TELLING = frozenset((*ORDINALS, *"other another next same back first".split()))
_LONGEST = 5  # maximum words between "the" and "one"
_LETTERS = 3  # minimum of a word that tells what a film is about
_HITS = 3  # films that a description may be of
_SCORE = 0.9  # of a film whose record has what is said


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The words [first, last] of "the ... one", those of them that no table has, and whether "the" begins it."""

    first: int
    last: int
    telling: tuple[int, ...]
    the: bool


def described(m: Mentions, state: State, known: Known, search: Search) -> FilmMention | None:
    """The film that a phrase such as "the heist one" means: one of the conversation, else of the catalogue.

    In the catalogue it must be told by two words, or by a person and a word.
    """
    phrase = None if m.films else _phrase(m)
    if phrase is None:
        return None
    said = [m.norms[i] for i in phrase.telling]
    named = zip(m.people, m.at(PERSON), strict=True)
    refused = m.denied[phrase.last]  # "films with her, but not the zombie one"
    people = [p.name for p, at in named if refused or phrase.first <= at <= phrase.last + 2]
    among = dict.fromkeys((*reversed(state.talked), *state.listed))
    film = known.told_of((t for t in among if _is_theirs(t, people, known)), said)
    asks = m.has("want", "like", "more") and not (refused and people)
    if not film and phrase.the and said and len(said) + len(people) > 1 and not asks:
        film = _of_catalogue(said, people, known, search)
    if not film:
        return None
    span = m.words[phrase.first].span[0], m.words[phrase.last].span[1]
    return FilmMention(span, (film,), (), (), "partial", _SCORE)


def _phrase(m: Mentions) -> _Phrase | None:
    left = {i for i in left_over(m) if len(m.norms[i]) >= _LETTERS and m.norms[i] not in _NOT_TELLING}
    for last in (i for i, norm in enumerate(m.norms) if norm in _ONE):
        first = last
        while first > max(0, last - _LONGEST - 1) and not m.words[first - 1].mark and m.norms[first] not in _THE:
            first -= 1
        the = m.norms[first] in _THE
        if not the:  # "ship one": the words right before it
            first = last
            while first - 1 in left:
                first -= 1
        telling = tuple(i for i in range(first, last) if i in left)
        if telling:
            return _Phrase(first, last, telling, the)
    return None


def _is_theirs(tconst: str, people: Sequence[str], known: Known) -> bool:
    return all(known.worked_on(tconst, name) for name in people)


def _of_catalogue(said: Sequence[str], people: Sequence[str], known: Known, search: Search) -> str:
    """The film on whose record all words are: of the people's films, else of the first that a search finds."""
    if people:
        found = [movie.tconst for movie in known.films_of(people)]
    else:
        found = [hit.tconst for hit in search(" ".join(said), _HITS)]
    return next((t for t in found if len(known.on_record(t, said)) == len(said)), "")
