"""Utterances with names inserted, in the ways people type: without capitals or punctuation, misspelt, shortened."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from moviechat.linking.mentions import Outside
from moviechat.linking.people import surname
from moviechat.linking.spelling import key, tokenize
from moviechat.schema import Movie

_SLOT = re.compile(r"\{([a-vx-z])\}")
_FILMS, _LAST = "fgh", "lm"
_BREAK = re.compile(r"(?:(?<!\s)\s++)?(?::|(?<=\s)[-–—]\s)\s*")
_COUNTED = re.compile(r"\b(?:part|chapter|vol\.?|volume) (2|3|4|ii|iii|iv|two|three|four)\b", re.I)
_STORY = ("{}", "the one where {}", "a film about {}", "movie in which {}", "{} what was it called", "i remember {}")
ABSENT = 0.45  # share of questions about an unknown film
_NUMBERED = (" 2", " 3", " part 2", " II", ": Part Two", " 4")
_ASKED, _TYPOS, _RARE_TYPOS = 1000, 0.22, 0.16  # by votes: little known films are mentioned less often
_HURRIED = 0.07  # share of utterances with a typo outside the names
_ANYWHERE = 0.15  # share of films inserted where no utterance expects one
_TINY = 3  # letters
_MARKS = ("",) * 8 + (",", ":", "!", " -", " <3", "...")  # after a title inserted anywhere
_ARTICLES = 8  # one typo in so many is in the article
_CUT = 3  # minimum letters of a shortened first name
_COMMON = 4.2  # Zipf: above, a title is an everyday word
_KNOWN = 20_000  # minimum votes of films that are named by any words of their titles
_LONGEST = 8  # minimum letters for a second typo


@dataclass(frozen=True, slots=True)
class Slot:
    """The position of an inserted name, or (`story`) that the text tells a story in which people may be named."""

    span: tuple[int, int]
    kind: Literal["film", "person", "story"]
    film: Movie | Outside | None = None


class Writer:
    """Draws utterances and fills them."""

    def __init__(
        self,
        sources: Sequence[Sequence[str]],
        movies: Sequence[Movie],
        outside: Sequence[Outside],
        absent: Sequence[Movie],
        stories: Sequence[str],
        zipf: Callable[[Sequence[str]], Sequence[float]],
        seed: int,
    ) -> None:
        self._bare = [[line for line in lines if not _SLOT.search(line)] for lines in sources]
        self._filled = [[line for line in lines if _SLOT.search(line)] for lines in sources]
        self._draw, self._movies, self._absent = random.Random(seed), movies, absent
        self._outside, self._stories = outside, stories
        self._outside_weights = [o.votes**0.5 for o in outside]
        self._numbers = sorted({m.title for m in movies if m.title.isdecimal()}) or ["300"]
        self._years = [n for n in self._numbers if re.fullmatch("(?:19|20)..", n)] or ["1984"]
        self._numbered = [m for m in movies if m.title.isdecimal()] or list(movies)
        self._tiny = [m for m in movies if len(key(m.title)) < _TINY] or list(movies)
        self._counted = [m for m in movies if _COUNTED.search(m.title)]
        self._weights = [(m.votes + 1) ** 0.5 for m in movies]
        self._plain = [m for m in movies if len(tokenize(m.title)) == 1]
        self._plain_weights = [(m.votes + 10) ** 0.3 for m in self._plain]
        self._common = sorted({m.title for m in self._plain if zipf([key(m.title)])[0] >= _COMMON})
        self._casts = [m for m in movies if m.cast and m.directors]
        self._cast_weights = [(m.votes + 1) ** 0.7 for m in self._casts]

    def written(self) -> tuple[str, list[Slot]]:
        """An utterance from one of the sources, drawn equally often, and the names in it."""
        draw = self._draw
        kind, source = draw.random(), draw.randrange(len(self._filled))
        if kind < 0.08:
            return self._styled(draw.choice(_STORY).format(draw.choice(self._stories)), [Slot((0, 0), "story")])
        if kind < 0.28:
            return self._styled(self._hurried(self._ordinary(draw.choice(self._bare[source]))), [])
        anywhere = draw.random() < _ANYWHERE
        line = self._anywhere(self._bare[source]) if anywhere else self._hurried(draw.choice(self._filled[source]))
        absent = draw.random() < ABSENT
        main = self._telling() if anywhere else self._film()
        parts: list[tuple[str, Slot | None]] = []
        at = 0
        for slot in _SLOT.finditer(line):
            parts += [(line[at : slot.start()], None), self._name(slot.group(1), main, absent)]
            at = slot.end()
        return self._joined([*parts, (line[at:], None)])

    def _ordinary(self, line: str) -> str:
        """An utterance with a title's word that is not meant as a title."""
        while "{w}" in line:
            line = line.replace("{w}", self._draw.choice(self._common or ["old"]).lower(), 1)
        return line

    def _hurried(self, line: str) -> str:
        """An utterance, sometimes with a typo in one of its own words."""
        own = [m.span() for m in re.finditer(r"(?<![{\w])[a-z]{3,}(?![}\w])", line)]
        if not own or self._draw.random() >= _HURRIED:
            return line
        begin, end = self._draw.choice(own)
        return line[:begin] + typo(line[begin:end], self._draw) + line[end:]

    def _anywhere(self, bare: Sequence[str]) -> str:
        """An utterance with a film inserted between, or instead of, any of its words: no list has all verbs."""
        words = self._ordinary(self._draw.choice(bare)).split()
        at, mark = self._draw.randrange(len(words) + 1), self._draw.choice(_MARKS)
        return " ".join([*words[:at], "{f}" + mark, *words[at + self._draw.randrange(2) :]])

    def _telling(self) -> Movie | Outside:
        """A film whose title is not an everyday word."""
        while (film := self._film()).title in self._common:
            pass
        return film

    def _film(self) -> Movie | Outside:
        draw, kind = self._draw, self._draw.random()
        if kind < 0.16 and self._outside:
            return draw.choices(self._outside, self._outside_weights)[0]
        if kind < 0.18:
            return draw.choice(self._counted)
        if kind < 0.2:
            return draw.choice(self._numbered)
        if kind < 0.22:
            return draw.choice(self._tiny)
        if kind < 0.34:
            return draw.choices(self._plain, self._plain_weights)[0]
        return draw.choice(self._movies) if kind < 0.48 else draw.choices(self._movies, self._weights)[0]

    def _name(self, slot: str, main: Movie | Outside, absent: bool) -> tuple[str, Slot | None]:
        if slot in _FILMS:
            return self._titled(main if slot == "f" else self._film(), absent)
        if slot == "n":
            return draw_number(self._draw, self._numbers), None
        if slot == "y" and self._draw.random() < 0.1:
            return self._draw.choice(self._years), None
        if slot == "y":
            return str(main.year if self._draw.random() < 0.9 else main.year - self._draw.randint(5, 60)), None
        if slot == "c":
            parts = [c for c in main.characters if c] if isinstance(main, Movie) else []
            return (self._draw.choice(parts).split(" / ")[0].split()[0] if parts else "anna"), None
        return self._person(slot, main)

    def _person(self, slot: str, main: Movie | Outside) -> tuple[str, Slot | None]:
        draw = self._draw
        of = main if isinstance(main, Movie) and draw.random() < 0.75 else None
        of = of or draw.choices(self._casts, self._cast_weights)[0]
        names = [*of.directors, *of.cast[:4]] or ["Nobody Atall"]
        name = draw.choice(names)
        if slot in _LAST:
            whole = [n for n in names if surname(n)]
            name = draw.choice(whole) if whole else name
            name = name.split()[-1] if whole else name
        elif " " in name and len(name.split()[0]) > _CUT and draw.random() < 0.07:
            name = name.split()[0][:_CUT] + " " + name.split()[-1]
        if draw.random() < 0.1 and len(name) >= _LONGEST:
            name = typo(name, draw)
        return name, Slot((0, 0), "person")

    def _titled(self, film: Movie | Outside, absent: bool) -> tuple[str, Slot | None]:
        draw = self._draw
        if absent:
            return self._written(draw.choice(self._absent)), None
        kind = draw.random()
        if kind < 0.03:
            return film.title + draw.choice(_NUMBERED), None
        title = film.title
        if kind < 0.06 and isinstance(film, Movie):
            title = film.original_title
        elif kind < 0.2:
            title = self._shortened(film)
        elif kind < 0.7 and (counted := _COUNTED.search(title)):
            base, number = title[: counted.start()].strip(" :-,"), counted.group(1).casefold()
            base = re.sub("^(?:the|a|an) ", "", base, flags=re.I) if draw.random() < 0.7 else base
            title = draw.choice((f"{base} {number}", f"{base} {counted.group()}", f"the second {base}"))
            title = title if not title.startswith("the second") or number in ("2", "two", "ii") else film.title
        return self._written(film, title), Slot((0, 0), "film", film)

    def _shortened(self, film: Movie | Outside) -> str:
        """A title by one of its parts, or without its articles."""
        pieces, words = _BREAK.split(film.title), film.title.split()
        bare = re.sub("^(?:the|a|an) ", "", film.title, flags=re.I)
        forms = [pieces[0], pieces[-1], bare, " ".join(re.sub("^(?:the|a|an) ", "", p, flags=re.I) for p in pieces)]
        if len(words) > 3 and film.votes > _KNOWN:
            cut = self._draw.randint(2, len(words) - 2)
            forms += [" ".join(words[:cut]), " ".join(words[cut:])]
        return self._draw.choice([f for f in forms if key(f)] or [film.title])

    def _written(self, film: Movie | Outside, title: str = "") -> str:
        """A film's title with one or two typos, without punctuation, or unchanged."""
        draw, kind, title = self._draw, self._draw.random(), title or film.title
        likely = _TYPOS if film.votes >= _ASKED else _RARE_TYPOS
        letters = sum(c.isalpha() for c in title)
        if kind < likely / _ARTICLES and title.startswith("The "):
            return draw.choice(("Teh", "Hte", "Th", "Tje")) + title[3:]
        if kind < likely and letters >= 4:
            title = typo(title, draw)
            return typo(title, draw) if letters > 2 * _LONGEST and draw.random() < 0.3 else title
        if kind < 0.4:
            return " ".join(re.sub(r"['’:,.!?\-]", lambda m: "" if m.group() in "'’" else " ", title).split()) or title
        return title

    def _joined(self, parts: Sequence[tuple[str, Slot | None]]) -> tuple[str, list[Slot]]:
        text, slots = "", list[Slot]()
        for piece, slot in parts:
            if slot is not None:
                slots.append(Slot((len(text), len(text) + len(piece)), slot.kind, slot.film))
            text += piece
        return self._styled(text, slots)

    def _styled(self, text: str, slots: list[Slot]) -> tuple[str, list[Slot]]:
        """In one of the ways people use capitals and punctuation; lengths change only at the end."""
        kind = self._draw.random()
        if kind < 0.5 and len(text.lower()) == len(text):
            text = text.lower()
        elif kind < 0.53 and len(text.upper()) == len(text):
            text = text.upper()
        elif kind < 0.75:
            text = text[:1].upper() + text[1:]
        if self._draw.random() < 0.15:
            text += self._draw.choice(["?", ".", "!", " :)", " please", " lol", " thanks"])
        return text, slots


def draw_number(draw: random.Random, titles: Sequence[str]) -> str:
    """A number that is a film's title, or any number."""
    return (
        draw.choice(titles) if draw.random() < 0.5 else str(draw.choice((draw.randint(1, 10), draw.randint(60, 200))))
    )


def typo(title: str, draw: random.Random) -> str:
    """`title` with one letter dropped, doubled, replaced, swapped with its neighbour, or (less often) added."""
    at = draw.choice([i for i, c in enumerate(title) if c.isalpha()])
    other = draw.choice(string.ascii_lowercase)
    forms = [title[:at] + title[at + 1 :], title[:at] + title[at] + title[at:], title[:at] + other + title[at + 1 :]]
    if at + 1 < len(title):
        forms.append(title[:at] + title[at + 1] + title[at] + title[at + 2 :])
    return draw.choice([*forms, *forms, title[:at] + other + title[at:]])
