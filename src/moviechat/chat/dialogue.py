"""Films for a whole dialogue: those that it names are liked, the rest of what the user said is wished for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from moviechat.chat.recommend import recommend
from moviechat.chat.shelf import Finder, Shelf
from moviechat.chat.wish import Like, Wish
from moviechat.reply import Hit

Message = tuple[str, str]  # role, content
_HEARD = 3  # last messages of the user whose words count


def suggest(messages: Sequence[Message], shelf: Shelf, limit: int, exclude: Iterable[str] = ()) -> list[Hit]:
    """At most `limit` films for a dialogue, best first: none that it names, none of `exclude`."""
    named, words = list[str](), list[str]()
    for role, content in messages:
        films, rest = _read(content, shelf.finder)
        named += films
        if role == "user":
            words.append(rest)
    likes = tuple(Like(tconst) for tconst in dict.fromkeys(named))
    wish = Wish(words=" ".join(words[-_HEARD:]).strip(), like=likes, count=limit)
    picks = recommend(wish, shelf, exclude=frozenset(exclude)).picks
    return [Hit(p.movie.tconst, p.movie.title, p.movie.year, p.score) for p in picks]


def _read(text: str, finder: Finder) -> tuple[list[str], str]:
    """The films that a text names, and the text without their names."""
    links = finder.link(text)
    rest, at = "", 0
    for link in links:
        rest, at = rest + text[at : link.span[0]], link.span[1]
    return [link.tconst for link in links], rest + text[at:]
