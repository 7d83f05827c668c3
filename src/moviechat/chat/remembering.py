"""Questions for what was said before: the films talked of, suggested, seen or loved, and what was asked for."""

from __future__ import annotations

from collections.abc import Iterator

from moviechat.chat.draft import Draft
from moviechat.chat.facts import listed
from moviechat.chat.known import Known
from moviechat.chat.names import telling
from moviechat.chat.query import AskSaid
from moviechat.chat.said import Said
from moviechat.chat.state import State
from moviechat.chat.wording import described
from moviechat.reply import Source
from moviechat.schema import Movie

_FIRST = frozenset("first start started starting begin began beginning initially originally 1st".split())
_LAST = frozenset("last just latest recently".split())
_TOLD = {
    "films": "We have talked about {films}.",
    "shown": "I have suggested {films}.",
    "seen": "You told me that you know {films}.",
    "loved": "You told me that you liked {films}.",
    "hated": "You did not like, or did not want, {films}.",
}
_NOTHING = {
    "films": "We have not talked about any film yet.",
    "shown": "I have not suggested any film yet.",
    "seen": "You have not told me of any film that you know.",
    "loved": "You have not told me of any film that you liked.",
    "hated": "You have not told me of any film that you did not like.",
    "limits": "You have not told me yet what you are looking for.",
    "other": "I keep only the films and the wishes of a conversation, so that I cannot tell.",
}


def remembered(draft: Draft, state: State, known: Known) -> AskSaid:
    """What is asked of the conversation: one film if the message says which, otherwise all of that kind."""
    among = {
        "films": state.asked,
        "shown": state.shown,
        "seen": state.seen,
        "loved": tuple(like.tconst for like in state.likes if like.weight > 0),
        "hated": (*(like.tconst for like in state.likes if like.weight < 0), *state.rejected),
    }.get(draft.topic, ())
    wish = state.wish if draft.topic in ("limits", "hated") else None
    return AskSaid(draft.topic, _asked_for(draft, among, state, known), among, wish)


def _asked_for(draft: Draft, among: tuple[str, ...], state: State, known: Known) -> tuple[str, ...]:
    """Which of the films a message says: the one of whose record it has a word, the first, the one before."""
    if draft.topic not in ("films", "shown"):
        return among
    m = draft.mentions
    norms = set(m.norms)
    ordinals = [p for p in draft.points if p.kind == "ordinal" and p.count == 1]
    if _FIRST & norms:
        return among[:1]
    if "before" in norms and state.focus[-1:] and state.focus[-1] in among:
        return among[: among.index(state.focus[-1])][-1:]
    if ordinals:
        return among[ordinals[0].number :][:1]
    if film := known.told_of(among, telling(m)):
        return (film,)
    return among[-1:] if _LAST & norms else among


def _refused(query: AskSaid) -> list[str]:
    """The genres and people that the wish rules out, if what was refused is asked for."""
    if query.what != "hated" or query.wish is None:
        return []
    return [*(genre.lower() for genre in query.wish.limits.genres_not), *query.wish.limits.people_not]


def answered(query: AskSaid, movies: tuple[Movie, ...]) -> Iterator[Said]:
    """What was said, as far as the conversation keeps it."""
    if query.what == "limits" and query.wish is not None:
        moods = f" Moods: {listed(query.wish.moods)}." if query.wish.moods else ""
        words = f" In your words: {query.wish.words}." if query.wish.words else ""
        yield Said(f"You asked for {described(query.wish.limits)}.{moods}{words}", ())
        return
    refused = _refused(query)
    if refused:
        yield Said(f"You asked for no {' or '.join(refused)}.", ())
        if not movies:
            return
    if movies:
        sources = tuple(Source(m.tconst, "title", m.title) for m in movies)
        yield Said(_TOLD[query.what].format(films=listed([m.label for m in movies])), sources)
    else:
        yield Said(_NOTHING[query.what], ())
