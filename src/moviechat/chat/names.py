"""The name in a message that the catalogue does not have: what remains when all known words are removed."""

from __future__ import annotations

import re

from moviechat.chat.believing import CALLED
from moviechat.chat.cues import CUES
from moviechat.chat.mentions import Mentions
from moviechat.chat.phrases import Sized
from moviechat.words import STOP, TOKEN

_QUOTED = re.compile(r"[\"“”„«»‘]([^\"“”„«»’]{2,80})[\"“”»’]|(?<!\w)'([^']{2,80})'(?!\w)")
_COMMON = STOP | frozenset(
    """film films movie movies know tell give need want like think mean very first one ones please again exactly
        actually really curious ok okay hey hi hello so well just also me my you your year years old new people
        pls name called titled good bad great time watch watched seen see looking look find get got have stuff
        thing things say says said anything something any some much many rather ever yet still kind sort wondering
        wonder quick question info information made make did does list original sure remember idea guy man woman
        girl boy actor actress film's version going come came out based list title titles find catalogue database
        there's thinking talking about part nothing none""".split()
)
_LONGEST = 7  # maximum words of a name
_TELLING = 4  # minimum letters of a word that tells of one film
_TITLE = 3  # minimum capitals of a title
_SEVERAL, _FEW = 2, 2  # minimum words of a title in lower case, and maximum words that ask for a fact after it
_ASKING = frozenset("which what any got how do have".split())
_TITLE_AFTER = frozenset("of directed wrote made shot scored starred film movie".split())


def unknown_name(m: Mentions) -> str:
    """The most likely unknown title or name: a quotation, otherwise the longest run of unexplained words."""
    if quoted := quoted_name(m):
        return quoted
    runs = _runs(m)
    if not runs:
        return ""
    first, last = max(runs, key=lambda r: (_capitals(m, *r), r[1] - r[0], -r[0]))
    return m.text[m.words[first].span[0] : m.words[last - 1].span[1]]


def quoted_name(m: Mentions) -> str:
    """What stands in quotation marks and is no film of the catalogue, or ""."""
    quoted = _QUOTED.search(m.text)
    if not quoted or any(f.span[0] < quoted.end() and quoted.start() < f.span[1] for f in m.films):
        return ""
    return str(quoted.group(1) or quoted.group(2)).strip()


def is_framed(m: Mentions, name: str) -> bool:
    """Whether the words around a name of several words mark it as a title: "runtime of tiger king".

    In lower case an article before it points at something that was told: "plot of the winner in a line".
    """
    said = [w for w in m.words if not w.mark]
    size = len(TOKEN.findall(name))
    starts = [i for i, w in enumerate(said) if m.text.startswith(name, w.span[0])]
    points = name == name.lower() and name.split()[0] in ("the", "a", "an")
    if size < _SEVERAL or points or not starts:
        return False
    before = said[starts[0] - 1].norm if starts[0] else ""
    last = starts[0] + size
    ends = last >= len(said) or m.text[said[last - 1].span[1] :].lstrip()[:1] in (",", ".", "?")
    return (ends and before in _TITLE_AFTER) or (not before and len(said) - size <= _FEW)


def names_unknown(m: Mentions) -> bool:
    """Whether a message marks a title that no film has: in quotation marks, or by three capitals."""
    capitals = any(_capitals(m, *run) >= _TITLE for run in _runs(m)) and not m.text.isupper()
    return not (m.films or m.people) and (bool(quoted_name(m)) or capitals)


def calls_film(m: Mentions) -> bool:
    """Whether a title that no film has stands in quotation marks or after "called"."""
    called = any(m.norms[max(0, first - 1)] in CALLED and _capitals(m, first, last) for first, last in _runs(m))
    return not m.films and (bool(quoted_name(m)) or called)


def calls_somebody(m: Mentions) -> bool:
    """Whether the only unknown words, one or two, stand where a name does: "stuff by hitchcock"."""
    left = left_over(m)
    if not 0 < len(left) <= 2 or left[-1] - left[0] + 1 != len(left):
        return False
    before, after = m.norms[max(0, left[0] - 1) : left[0]], m.norms[left[-1] + 1 : left[-1] + 2]
    asked = m.norms[: left[0]] and m.norms[0] in _ASKING
    return before == ["by"] or (bool(asked) and after in (["film"], ["films"]) and not m.denied[left[0]])


def left_over(m: Mentions) -> list[int]:
    """The positions of content words that no table has."""
    explained = _explained(m)
    return [i for i, w in enumerate(m.words) if i not in explained and w.norm not in _COMMON and w.norm[0].isalpha()]


def telling(m: Mentions) -> list[str]:
    """The content words that no table has and that are long enough to tell of one film, folded."""
    return [m.norms[i] for i in left_over(m) if len(m.norms[i]) >= _TELLING]


def _runs(m: Mentions) -> list[tuple[int, int]]:
    """Runs [first, last) of words that no table has; function words inside a run stay in it."""
    explained = _explained(m)
    own = [i for i, w in enumerate(m.words) if i not in explained and w.norm not in _COMMON and w.norm[0].isalnum()]
    runs: list[tuple[int, int]] = []
    for i in own:
        if runs and _little(m, runs[-1][1], i) and i - runs[-1][0] < _LONGEST:
            runs[-1] = (runs[-1][0], i + 1)
        else:
            runs.append((i, i + 1))
    return [_with_article(m, *r) for r in runs]


def _little(m: Mentions, first: int, last: int) -> bool:
    return last - first <= 2 and all(
        n in ("of", "the", "in", "and", "a", "to", "for", "on", "-", ":", "with", "is", "de", "la")
        for n in m.norms[first:last]
    )


def _with_article(m: Mentions, first: int, last: int) -> tuple[int, int]:
    return (first - 1, last) if first and m.norms[first - 1] in ("the", "a", "an") else (first, last)


def _explained(m: Mentions) -> set[int]:
    tags: list[Sized] = [
        *m.genres,
        *m.places,
        *m.amounts,
        *m.numbers,
        *m.fields,
        *m.orders,
        *m.comparisons,
        *m.moods,
        *m.smalltalk,
    ]
    for cue in CUES:
        tags += list(m.cues[cue])
    return {i for t in tags for i in range(t.first, t.last)}


def _capitals(m: Mentions, first: int, last: int) -> int:
    return sum(w.raw[0].isupper() and w.span[0] > 0 for w in m.words[first:last])
