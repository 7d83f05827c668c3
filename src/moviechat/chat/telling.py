"""What a turn tells about films: seen, loved, hated, not wanted."""

from __future__ import annotations

from moviechat.chat.draft import Draft, Stance
from moviechat.chat.known import Known
from moviechat.chat.pointing import pointed_at
from moviechat.chat.query import Told
from moviechat.chat.references import chosen_of
from moviechat.chat.stances import stances
from moviechat.chat.state import State
from moviechat.chat.wish import Like

_HATED = -1.0  # the weight of a hated film


def told(draft: Draft, state: State, known: Known) -> Told:
    """The films that a turn calls seen, loved, hated or not wanted."""
    seen, likes, rejected = list[str](), list[Like](), list[str]()
    for mention, said in zip(draft.mentions.films, stances(draft), strict=True):
        stance = said or draft.stance
        ids = [chosen_of(mention, draft, state, known), *mention.doubles] if mention.films else []
        seen += ids if stance == "seen" else []
        rejected += ids if stance in ("rejected", "like") else []
        likes += [Like(t, 1.0 if stance == "loved" else _HATED) for t in ids if stance in ("loved", "hated")]
    pointed = _pointed(draft, state, known)
    match _of_pointed(draft) if pointed and not draft.mentions.films else None:
        case "seen":
            seen += pointed
        case "hated":
            likes += [Like(t, _HATED) for t in pointed]
        case "loved":
            likes += [Like(t) for t in pointed[:1]]
        case "rejected":
            rejected += pointed
    return Told(tuple(dict.fromkeys(seen)), tuple(likes), tuple(dict.fromkeys(rejected)))


def _of_pointed(draft: Draft) -> Stance | None:
    """What is said of the films that a message points at."""
    if draft.mentions.has("seen") and not _asks_again(draft):
        return "seen"
    if draft.mentions.has("hated"):
        return "hated"
    if draft.mentions.has("loved") and draft.intent != "fact":
        return "loved"
    return "rejected" if any(draft.mentions.denied[p.first] for p in draft.points) else draft.stance


def _pointed(draft: Draft, state: State, known: Known) -> list[str]:
    found = [t for p in draft.points if p.kind != "person" for t in pointed_at(p, state, known)]
    if not found and draft.mentions.has("seen") and {"all", "them", "those", "these"} & set(draft.mentions.norms):
        found = list(state.listed)
    if not found and draft.mentions.has("seen"):
        numbers = [int(n.value) for n in draft.mentions.numbers if n.unit == "" and n.value == int(n.value)]
        found = [state.listed[n - 1] for n in numbers if 1 <= n <= len(state.listed)]  # "seen 1 and 3"
    return list(dict.fromkeys(found))


def _asks_again(draft: Draft) -> bool:
    """Whether "seen" is in a question, not in a statement: "have you seen it?"."""
    return draft.mentions.norms[:2] in (["have", "you"], ["did", "you"])
