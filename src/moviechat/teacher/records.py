"""Pairs made by code from the table and the passages' own sentences: a teacher without a model.

Every answer is a field of the table, a sentence of a passage, or that the description does not say.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from random import Random

from moviechat.schema import NOT_SAID, Movie
from moviechat.teacher import Draft, Film
from moviechat.words import STOP, fold, sentences

LONGEST_ANSWER = 60  # words
_UNANSWERABLE_SHARE = 1 / 6

# (kind, question, answer): `{t}` in a question is the film's title.
_Pair = tuple[str, str, str]

_ABOUT = (
    "What is {t} about?",
    "What is the story of {t}?",
    "Can you tell me what {t} is about?",
    "In one sentence, what happens in {t}?",
)
_PEOPLE = {
    "directors": ("Who directed {t}?", "Who is the director of {t}?", "{t} was directed by whom?"),
    "writers": ("Who wrote {t}?", "Who is credited with writing {t}?"),
    "cast": ("Who stars in {t}?", "Who acts in {t}?", "Which actors appear in {t}?"),
    "producers": ("Who produced {t}?", "Who are the producers of {t}?"),
    "composers": ("Who composed the music of {t}?", "Whose music is heard in {t}?"),
    "cinematographers": ("Who shot {t}?", "Who was the cinematographer of {t}?"),
    "editors": ("Who edited {t}?", "Who was the editor of {t}?"),
}
_YEAR = ("What year is {t} from?", "When did {t} come out?", "In which year was {t} released?")
_RUNTIME = ("How long is {t}?", "What is the runtime of {t}?", "How many minutes does {t} last?")
_GENRES = ("What genre is {t}?", "Which genres does {t} belong to?", "What kind of film is {t}?")
_RATING = ("How is {t} rated on IMDb?", "What rating does {t} have?", "How well do voters like {t}?")
_TWO_FACTS = ("Who directed {t}, and when did it come out?", "Which year is {t} from, and who directed it?")
_ROLE = ("Who plays {c} in {t}?", "Which actor is {c} in {t}?")
_NAME = (
    "What does the description of {t} say about {n}?",
    "What do we learn about {n} in {t}?",
    "What is said of {n} in {t}?",
)
_ENDING = ("How does {t} end?", "What happens at the end of {t}?", "What is the ending of {t}?")
# Questions that a record cannot answer, unless its text touches on them (the pattern): then they are not asked.
_UNKNOWABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"budget|cost|million|dollar|\$", ("What was the budget of {t}?", "How much did it cost to make {t}?")),
    (r"box.office|gross|earn|million", ("How much did {t} earn at the box office?", "Was {t} a box office success?")),
    (r"award|prize|oscar|nomin|\bw[io]n", ("Which awards did {t} win?", "Has {t} won any prizes?")),
    (r"song|sing|sang|music|ballad", ("Which song plays over the credits of {t}?", "What is the theme song of {t}?")),
    (r"film(?:ed|ing)|shot|shoot|locat", ("Where was {t} filmed?", "In which places was {t} shot?")),
    (r"sequel|prequel|trilogy|franchise|part", ("Is there a sequel to {t}?", "What is the sequel to {t} called?")),
    (r"\bcars?\b|driv|vehicle|truck", ("What make of car is driven in {t}?", "Which colour is the car in {t}?")),
    (r"\bdogs?\b|puppy|hound|\bpets?\b", ("What is the name of the dog in {t}?", "Whose dog appears in {t}?")),
    (r"certificate|age rating|suitable", ("From what age may one watch {t}?", "Is {t} suitable for children?")),
    (r"distribut|studio|netflix|amazon|disney", ("Which company distributed {t}?", "Which studio made {t}?")),
    (r"poster", ("What does the poster of {t} show?", "What is on the poster of {t}?")),
    (r"critic|review|acclaim", ("What did critics say about {t}?", "What reviews did {t} get?")),
)
# A name inside a sentence: one to three capitalised words after a word in lower case.
_CAPITALISED = r"[A-ZÀ-ÖØ-Þ][\w-]*[^\W\d_A-Z]"
_PROPER_NAME = re.compile(rf"(?<=[^\W\d_A-Z]|[,;]) ({_CAPITALISED}(?: {_CAPITALISED}){{0,2}})\b")
_NO_NAME_AFTER = frozenset("a an the this that his her their its former".split())
_NO_NAME = re.compile(r"^..$|(?:ian|can|ese|ish|ic)$")  # "Dr", "Sicilian"
_TEASER_ENDS = ("?", "…", "...")


class RecordsTeacher:
    """Up to `per_film` pairs per film, chosen by a seeded hash of its id: other films change nothing."""

    name = "records"

    def __init__(self, per_film: int, seed: int) -> None:
        self.per_film, self.seed = per_film, seed

    def write(self, films: Sequence[Film]) -> Iterator[Draft]:
        """The pairs of each film, in the films' order."""
        for film in films:
            for kind, question, answer in self._pairs(film):
                raw = json.dumps({"question": question, "answer": answer}, ensure_ascii=False)
                yield Draft(film.movie.tconst, kind, question, answer, raw)

    def _pairs(self, film: Film) -> list[_Pair]:
        digest = hashlib.sha256(f"{self.seed}:{film.movie.tconst}".encode()).digest()
        rng = Random(int.from_bytes(digest[:8], "big"))
        unknowns = list(_unknown(film, rng))
        answers = [*_facts(film.movie, rng), *_particulars(film, rng)]
        rng.shuffle(unknowns)
        rng.shuffle(answers)
        unknowns = unknowns[: round(self.per_film * _UNANSWERABLE_SHARE)]
        about = list(_about(film, rng))
        return [*about, *answers[: max(0, self.per_film - len(about) - len(unknowns))], *unknowns][: self.per_film]


def _ask(rng: Random, wordings: Sequence[str], **words: str) -> str:
    # Not str.format: a title may have braces.
    question = rng.choice(wordings)
    return re.sub(r"\{(\w)\}", lambda slot: words[slot.group(1)], question)


def _about(film: Film, rng: Random) -> Iterator[_Pair]:
    first = next((s for text in film.texts for s in sentences(text)[:1]), "")
    if 0 < len(first.split()) <= LONGEST_ANSWER:
        yield "about", _ask(rng, _ABOUT, t=film.movie.title), first


def _facts(movie: Movie, rng: Random) -> Iterator[_Pair]:
    title = movie.title
    yield "fact", _ask(rng, _YEAR, t=title), f"{movie.year}."
    if movie.runtime:
        yield "fact", _ask(rng, _RUNTIME, t=title), f"{movie.runtime} minutes."
    if movie.genres:
        yield "themes", _ask(rng, _GENRES, t=title), f"{_listed(movie.genres)}."
    if movie.rating is not None:
        yield "fact", _ask(rng, _RATING, t=title), f"{movie.rating}, from {movie.votes} votes."
    if movie.directors:
        yield "fact", _ask(rng, _TWO_FACTS, t=title), f"{_listed(movie.directors)}, {movie.year}."
    for field, wordings in _PEOPLE.items():
        if people := getattr(movie, field)[:3]:
            yield "fact", _ask(rng, wordings, t=title), f"{_listed(people)}."
    for actor, character in zip(movie.cast[:3], movie.characters[:3], strict=False):
        if character:
            yield "fact", _ask(rng, _ROLE, t=title, c=character), f"{actor}."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _particulars(film: Film, rng: Random) -> Iterator[_Pair]:
    """For each proper name, the first sentence with it."""
    told: dict[str, str] = {}
    for sentence in (s for text in film.texts for s in sentences(text)):
        if len(sentence.split()) <= LONGEST_ANSWER:
            for name in _names(sentence):
                told.setdefault(name, sentence)
    for name, sentence in told.items():
        if name not in film.movie.title:
            yield "particular", _ask(rng, _NAME, t=film.movie.title, n=name), sentence


def _names(sentence: str) -> Iterator[str]:
    words = sentence.split()
    if sum(word[0].isupper() for word in words) > len(words) / 2:  # Every Word Written Like This
        return
    for found in _PROPER_NAME.finditer(sentence):
        name, before = found.group(1), sentence[: found.start()].rpartition(" ")[2]
        if " " in name or not (before.casefold() in _NO_NAME_AFTER or _NO_NAME.search(name) or fold(name) in STOP):
            yield name


def _unknown(film: Film, rng: Random) -> Iterator[_Pair]:
    """What the record does not have: empty fields, and subjects that its text does not touch on."""
    movie, text = film.movie, " ".join(film.texts)
    for field in ("directors", "writers", "composers"):
        if not getattr(movie, field) and not re.search(r"direct|wr[io]t|compos|music", text, re.IGNORECASE):
            yield "fact", _ask(rng, _PEOPLE[field], t=movie.title), NOT_SAID
    if movie.runtime is None and not re.search(r"minute|hour", text, re.IGNORECASE):
        yield "fact", _ask(rng, _RUNTIME, t=movie.title), NOT_SAID
    for pattern, wordings in _UNKNOWABLE:
        if not re.search(pattern, text, re.IGNORECASE):
            yield "particular", _ask(rng, wordings, t=movie.title), NOT_SAID
    # A text that stops with a question has no ending.
    if text.endswith(_TEASER_ENDS):
        yield "ending", _ask(rng, _ENDING, t=movie.title), NOT_SAID
