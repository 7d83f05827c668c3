"""Worked examples for the model: two invented films, and good pairs of every kind about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from moviechat.schema import NOT_SAID, Movie, Passage
from moviechat.teacher import Film

# By task: question, reasoning, answer.
_Pairs = Mapping[str, tuple[tuple[str, str, str], ...]]
_FIELDS = ("question", "reasoning", "answer")


@dataclass(frozen=True, slots=True)
class Example:
    """A film and its pairs; the first film's text stops before its end, the other's does not."""

    film: Film
    pairs: _Pairs

    def pair(self, task: str, number: int = 0) -> dict[str, str]:
        """A good pair for the task: question, reasoning and answer; `number` selects among several."""
        of_task = self.pairs[task]
        return dict(zip(_FIELDS, of_task[number % len(of_task)], strict=True))


def _film(movie: Movie, text: str) -> Film:
    return Film(movie, (Passage("", 0, text, None, "people", None, None, None),))


_SALT = Example(
    _film(
        Movie("", "The Salt Road", "The Salt Road", 2020, 104, ("Drama", "Mystery"), 6.4, 2310),
        "Ilse, a widowed surveyor, comes to a village in Jutland to measure the land for a dam. The villagers hide her "
        "instruments, because the dam would flood their churchyard. Then the priest's son Anton disappears, and Ilse "
        "has one night to find out why.",
    ),
    {
        "about": (
            (
                "What is The Salt Road about?",
                "Ilse comes to measure the land for a dam, and the priest's son disappears.",
                "A widowed surveyor comes to a village to measure the land for a dam, and the priest's son disappears.",
            ),
        ),
        "setting": (
            ("Where is The Salt Road set?", "Ilse comes to a village in Jutland.", "In a village in Jutland."),
        ),
        "themes": (
            (
                "What are the genres and themes of The Salt Road?",
                "The genres are drama and mystery; the villagers fear for their churchyard.",
                "It is a drama and mystery about a village, a dam and a disappearance.",
            ),
        ),
        "ending": (("How does The Salt Road end?", "The description breaks off before the night is over.", NOT_SAID),),
        "particular": (
            (
                "In The Salt Road, why do the villagers hide Ilse's instruments?",
                "The villagers hide her instruments, because the dam would flood their churchyard.",
                "Because the dam would flood their churchyard.",
            ),
            ("Who disappears in The Salt Road?", "The priest's son Anton disappears.", "The priest's son Anton."),
        ),
        "fact": (
            (
                "What year is The Salt Road from, and how long is it?",
                "The release year is 2020, and the runtime is 104 minutes.",
                "It is from 2020 and runs for 104 minutes.",
            ),
        ),
        "not_said": (
            ("In The Salt Road, how did Ilse's husband die?", "Ilse is widowed, and no more is told.", NOT_SAID),
        ),
    },
)
_GLOVES = Example(
    _film(
        Movie("", "Two Left Gloves", "Två vänsterhandskar", 2021, 88, ("Comedy",), 7.1, 540),
        "Bruno sells gloves at a market in Lisbon. When his twin sister Clara comes home from prison, they open a bar "
        "in a garage. The neighbours call the police every night, until Clara sells her half of the bar to a "
        "policeman.",
    ),
    {
        "about": (
            (
                "What is Two Left Gloves about?",
                "When his twin sister Clara comes home from prison, they open a bar in a garage.",
                "A man who sells gloves opens a bar in a garage with his twin sister, who comes home from prison.",
            ),
        ),
        "setting": (("Where is Two Left Gloves set?", "Bruno sells gloves at a market in Lisbon.", "In Lisbon."),),
        "themes": (
            (
                "What are the genres and themes of Two Left Gloves?",
                "The genre is comedy; twins open a bar, and the neighbours call the police.",
                "It is a comedy about twins, prison and trouble with neighbours.",
            ),
        ),
        "ending": (
            (
                "How does Two Left Gloves end?",
                "Clara sells her half of the bar to a policeman.",
                "Clara sells her half of the bar to a policeman.",
            ),
        ),
        "particular": (
            (
                "In Two Left Gloves, who comes home from prison?",
                "His twin sister Clara comes home from prison.",
                "Bruno's twin sister Clara.",
            ),
            (
                "What does Bruno sell in Two Left Gloves?",
                "Bruno sells gloves at a market in Lisbon.",
                "He sells gloves at a market.",
            ),
        ),
        "fact": (
            (
                "What genre is Two Left Gloves, and when did it come out?",
                "The genre is comedy, and the release year is 2021.",
                "It is a comedy from 2021.",
            ),
        ),
        "not_said": (
            (
                "In Two Left Gloves, what was Clara in prison for?",
                "Clara comes home from prison, and no more is told.",
                NOT_SAID,
            ),
        ),
    },
)
EXAMPLES = (_SALT, _GLOVES)
