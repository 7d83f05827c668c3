"""The people of a wish: their roles, and whether they are unwanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from moviechat.chat.mentions import Mentions
from moviechat.chat.phrases import Phrases, Tag
from moviechat.chat.tokens import FILM, PERSON

How = Literal["any", "director", "cast", "writer", "composer", "by", "with"]
ROLES: Phrases[How] = Phrases(
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
_APPOSED = 7  # maximum words between a film and a person who identifies it
_NEAR = 3  # maximum words between a name and the word for its role


@dataclass(frozen=True, slots=True)
class Named:
    """A person of a wish: the role, and whether the person is unwanted."""

    name: str
    how: How | None
    denied: bool


def named_people(m: Mentions) -> tuple[Named, ...]:
    """The wanted and unwanted people of a message, without those who only identify a film."""
    roles = ROLES.tags(m.words)
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
    """Whether a person only identifies a film: "Murder Mystery, the Sandler one"."""
    films = [f for f in m.at(FILM) if f < at]
    if (
        not films
        or at - films[-1] > _APPOSED
        or any(m.words[i].norm in (".", "?", "!", ";", "but") for i in range(films[-1], at))
    ):
        return False
    between = set(m.norms[films[-1] + 1 : at])
    one = m.norms[at - 2 : at] in (["ones", "with"], ["one", "with"])
    if one and (m.has("seen") or m.norms[films[-1] + 1 : films[-1] + 2] == [","]):
        return True  # "X, the quiet marriage one with Bill Nighy"
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
    """The word for a role nearest to a name: before it, across other names, or right after it."""
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
