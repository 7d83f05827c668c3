"""What a conversation remembers: small, frozen, and JSON both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from moviechat.chat.which import Which
from moviechat.chat.wish import Like, Wish
from moviechat.errors import DataError
from moviechat.limits import Limits

REMEMBERED = 20  # maximum films talked about, and earlier wishes


@dataclass(frozen=True, slots=True)
class State:
    """Films by tconst, the latest last.

    `focus` and `people`: films and people under discussion; `listed`: the films of the last list; `talked`: all films
    asked about, `asked` the same in the order of their first mention, `run` those of them asked about since the last
    list of films. `shown` were suggested; `seen` and `rejected` are
    not suggested again. `wish` is the current wish, `wishes` are earlier ones. `fields` and `question` are what was
    asked last, of any film. `settled` are people told from others of their name, and `which` is what the last answer
    left open about such a name (query.Turn). `language` is the last one that was not English, or "".
    """

    focus: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    talked: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    run: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    likes: tuple[Like, ...] = ()
    wish: Wish | None = None
    wishes: tuple[Wish, ...] = ()
    fields: tuple[str, ...] = ()
    question: str = ""
    last: str = ""
    language: str = ""
    settled: tuple[str, ...] = ()
    which: Which | None = None

    def to_json(self) -> dict[str, Any]:
        """The state as a JSON object, without empty values."""
        plain = {name: value for name, value in asdict(self).items() if value}
        if self.wish:
            plain["wish"] = _wish_json(self.wish)
        if self.wishes:
            plain["wishes"] = [_wish_json(w) for w in self.wishes]
        return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`; raises DataError for an unknown key."""
        names = {f.name for f in fields(cls)}
        try:
            if not set(said) <= names:
                raise KeyError(min(set(said) - names))
            return cls(**{name: _value(name, value) for name, value in said.items()})
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"{error} is not a state of a conversation: start a new one") from None


def _wish_json(wish: Wish) -> dict[str, Any]:
    plain = asdict(wish) | {"limits": wish.limits.to_json()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}


def _wish(said: Mapping[str, Any]) -> Wish:
    parts = dict(said)
    parts["limits"] = Limits.from_json(said.get("limits", {}))
    parts["like"] = tuple(Like(str(x["tconst"]), float(x["weight"])) for x in said.get("like", ()))
    parts |= {name: tuple(map(str, said.get(name, ()))) for name in ("moods", "leaning")}
    return Wish(**parts)


def _value(name: str, value: Any) -> Any:
    if name == "wish":
        return _wish(value)
    if name == "wishes":
        return tuple(_wish(v) for v in value)
    if name == "likes":
        return tuple(Like(str(x["tconst"]), float(x["weight"])) for x in value)
    if name == "which":
        return Which.from_json(value)
    if name in ("question", "last", "language"):
        return str(value)
    if not isinstance(value, list):
        raise TypeError(f"{name}: {value!r}")
    return tuple(map(str, value))


def added(earlier: tuple[str, ...], now: Iterable[str]) -> tuple[str, ...]:
    """The films of `earlier` and `now`, each once, at its last position."""
    return tuple(dict.fromkeys([*(t for t in earlier if t not in set(now := tuple(now))), *now]))


def with_told(state: State, seen: Iterable[str], likes: Iterable[Like], rejected: Iterable[str]) -> State:
    """The state after a turn told about films: liked and disliked films were also seen."""
    likes = tuple(likes)
    weights = {like.tconst: like.weight for like in (*state.likes, *likes)}
    return replace(
        state,
        seen=added(state.seen, (*seen, *(like.tconst for like in likes))),
        rejected=added(state.rejected, rejected),
        likes=tuple(Like(t, w) for t, w in weights.items()),
    )
