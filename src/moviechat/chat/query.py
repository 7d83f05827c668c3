"""What a question asks, once it is understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from moviechat.chat.vocabulary import Fact

Asked = Literal[
    "smalltalk",  # `topic` says which
    "fact",  # `facts` of `films`
    "overview",  # `films` in a sentence each
    "credits",  # the films of `people`
    "plot",  # a question for the descriptions of `films`, or of a film to be found
    "describe",  # a film to be found by what happens in it
    "unknown_title",  # `title` is no film of the catalogue
    "which_film",  # a question about a film that was not named
    "not_found",  # a description that fits no film
]


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked, of which films and people (`films` and `namesakes`, of the same titles, are tconsts).

    `question` is the text with follow-ups spelled out, `masked` the text with § for titles and ¶ for names of people,
    `rest` its words that neither ask for a fact nor point at a film.
    """

    asked: Asked
    text: str
    question: str
    masked: str
    films: tuple[str, ...] = ()
    namesakes: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    people: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    yes_no: bool = False
    topic: str = ""
    title: str = ""
