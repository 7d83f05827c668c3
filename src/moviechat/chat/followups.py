"""Suggested next messages, shown beside a reply."""

from __future__ import annotations

from moviechat.chat.find import Result
from moviechat.chat.query import AskCredits, AskFact, AskPlot, Compare, Identify, Recommend
from moviechat.chat.which import Which


def suggestions(result: Result) -> tuple[str, ...]:
    """At most three messages that the conversation would understand after this reply."""
    match result.query:
        case Recommend() if result.movies:
            limits = result.query.wish.limits
            shorter = ["anything shorter?"] if not limits.runtime_max else []
            newer = ["something newer"] if not limits.year_min else []
            return (*shorter, *newer, "what is the first about?", "others")[:3]
        case Recommend():
            way = result.picked.relaxed[0].given_up.said() if result.picked and result.picked.relaxed else ()
            words = {
                "runtime": "any length",
                "rating": "any rating",
                "votes": "any number of votes",
                "year": "any year",
            }
            return tuple(dict.fromkeys(words[n] for name in way if (n := name.split("_")[0]) in words))[:3]
        case AskFact() if result.movies:
            asked = set(result.query.fields)
            more = [
                ("directors", "who directed it?"),
                ("cast", "who is in it?"),
                ("runtime", "how long is it?"),
                ("rating", "how is it rated?"),
            ]
            return (*[said for name, said in more if name not in asked][:2], "something like that")
        case AskPlot() if result.movies:
            return "who is in it?", "how long is it?", "something like that"
        case Identify() if result.movies:
            return "what is the first about?", "who directed it?", "something like that"
        case Compare():
            return "who directed the first?", "something like that"
        case Which():
            return tuple(f"the one of {movie.title}" for movie in result.movies[:3])
        case AskCredits() if result.movies:
            return "which is the best rated?", "how long is the first?"
        case _:
            return ()
