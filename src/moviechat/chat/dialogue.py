"""Films for a whole dialogue: similar to those it names, of the genres and moods that the user mentions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from moviechat.chat.mentions import read
from moviechat.chat.recommend import recommend
from moviechat.chat.shelf import Shelf
from moviechat.chat.wish import Like, Wish
from moviechat.reply import Hit

Message = tuple[str, str]  # role, content
_HEARD = 3  # last messages of the user whose genres, moods and words count


def suggest(messages: Sequence[Message], shelf: Shelf, limit: int, exclude: Iterable[str] = ()) -> list[Hit]:
    """At most `limit` films for a dialogue, best first; none that it names, none of `exclude`.

    Nothing said becomes a hard limit: people who talk about films mention what would be welcome.
    """
    heard = [(role, read(content, shelf.linker, shelf.moods)) for role, content in messages]
    said = [m for role, m in heard if role == "user"][-_HEARD:]
    named = (t for _, m in heard for film in m.films for t in film.films[:1])
    wish = Wish(
        moods=_once(t.value for m in said for t in m.moods if not m.denied[t.first]),
        leaning=_once(g for m in said for t in m.genres if not m.denied[t.first] for g in t.value.names),
        like=tuple(map(Like, _once(named))),
        count=limit,
    )
    if not (wish.moods or wish.leaning or wish.like):  # with any of these, the other words are chatter
        wish = replace(wish, words=" ".join(m.text for m in said))
    picks = recommend(wish, shelf, exclude=frozenset(exclude)).picks
    return [Hit(p.movie.tconst, p.movie.title, p.movie.year, p.score) for p in picks]


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
