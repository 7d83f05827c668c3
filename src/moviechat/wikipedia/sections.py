"""What is read of an article on a film (lead, plot, cast, production, reception, themes), and whether it is on one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from moviechat.passages import PARAGRAPH
from moviechat.wikitext import paragraphs, plain

LEAD, PLOT, CAST, PRODUCTION, RECEPTION, THEMES = "Lead", "Plot", "Cast", "Production", "Reception", "Themes"
SECTIONS = (LEAD, PLOT, CAST, PRODUCTION, RECEPTION, THEMES)

# Whole headings first; then the first of these words that a heading has.
_HEADINGS = {
    "critical analysis": THEMES,
    "summary": PLOT,
    "story": PLOT,
    "the film": PLOT,
    "background": PRODUCTION,
    "making": PRODUCTION,
    "making of": PRODUCTION,
    "conception": PRODUCTION,
    "writing": PRODUCTION,
    "style": THEMES,
    "response": RECEPTION,
    "critics": RECEPTION,
    "box office": RECEPTION,
}
_WORDS = {
    **dict.fromkeys(("plot", "synopsis", "premise", "storyline"), PLOT),
    **dict.fromkeys(("cast", "characters", "voices", "starring"), CAST),
    **dict.fromkeys(("reception", "critical", "reviews", "response"), RECEPTION),
    **dict.fromkeys(
        ("production", "filming", "development", "photography", "pre-production", "post-production", "casting"),
        PRODUCTION,
    ),
    **dict.fromkeys(
        ("themes", "theme", "analysis", "interpretation", "interpretations", "symbolism", "thematic"), THEMES
    ),
}
_LEFT_OUT = {
    "soundtrack", "track listing", "home media", "marketing", "references", "notes", "sources", "see also",
    "external links", "further reading", "citations", "bibliography", "footnotes", "gallery", "explanatory notes",
    "works cited", "sequel", "sequels", "future", "in popular culture", "production credits", "production companies",
}  # fmt: skip
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_REFERENCE, _REFERENCE_END = re.compile(r"<ref\b[^<>]*>", re.IGNORECASE), re.compile(r"</ref\s*>", re.IGNORECASE)
_HEADING = re.compile(r"(={2,6})(.*)")

_INFOBOX = re.compile(r"\{\{[\s_]*infobox[\s_]+([^|{}<\n]*)", re.IGNORECASE)
_DISAMBIGUATION = re.compile(
    r"\{\{(?:[^|{}\n]{0,80}disambig[^|{}\n]{0,80}|\s{0,9}(?:dab|hndis|disamb)\s{0,9})[|}]", re.IGNORECASE
)
_CATEGORY = re.compile(r"\[\[[\s_]*category[\s_]*:([^\[\]|]*)", re.IGNORECASE)
_FILM = "film"
_INFOBOXES = {
    **dict.fromkeys(
        ("film", "hollywood cartoon", "short film", "animated film", "television film", "documentary"), _FILM
    ),
    **dict.fromkeys(("film awards", "award", "awards", "award ceremony", "film award"), "an award"),
    **dict.fromkeys(("film festival", "festival", "recurring event", "event", "music festival"), "a festival"),
    **dict.fromkeys(("album", "soundtrack", "song", "single", "musical composition"), "a soundtrack"),
    **dict.fromkeys(
        ("book", "novel", "book series", "short story", "play", "comic book title", "graphic novel"), "a book"
    ),
    **dict.fromkeys(
        ("television", "television season", "television episode", "tv", "web series", "podcast"), "a series"
    ),
    **dict.fromkeys(("animanga/header", "comics story arc", "comic strip"), "a series"),
    **dict.fromkeys(("person", "actor", "artist", "musical artist", "officeholder", "writer", "criminal"), "a person"),
    **dict.fromkeys(("character", "comics character", "media franchise", "fictional character"), "a franchise"),
    **dict.fromkeys(("video game", "vg", "vg series"), "a game"),
    **dict.fromkeys(("company", "organization", "website", "musical", "opera"), "something else"),
}
_CATEGORIES = (
    (re.compile(r"\bfilm festivals?\b|\bfestivals\b"), "a festival"),
    (re.compile(r"\b(?:film|movie) awards?\b|\bceremon(?:y|ies)\b"), "an award"),
    (re.compile(r"\b(?:soundtracks|albums)\b"), "a soundtrack"),
    (re.compile(r"\b(?:television|tv|web) (?:series|shows|miniseries|seasons|episodes)\b"), "a series"),
    (re.compile(r"\b(?:novels|books|short stories|plays|memoirs)\b"), "a book"),
    (re.compile(r"\bfilms?$|\bfilms (?:about|set|shot|directed|with|based|scored|produced|featuring)\b"), _FILM),
    (re.compile(r"\b(?:people|actors|actresses|directors|births)\b"), "a person"),
)


def sections(wikitext: str) -> list[tuple[str, str]]:
    """The sections that are read, as (one of SECTIONS, paragraphs joined by PARAGRAPH), in the article's order."""
    found: list[tuple[str, str]] = []
    for name, body in _named(_without_references(_COMMENT.sub("", wikitext))):
        if text := PARAGRAPH.join(paragraphs(body)):
            found.append((name, text))
    return found


def _without_references(wikitext: str) -> str:
    """Without what stands between <ref> and </ref>: half of an article, which the parser need not read."""
    kept, start = [], 0
    while (opens := _REFERENCE.search(wikitext, start)) is not None:
        kept.append(wikitext[start : opens.start()])
        start = opens.end()
        if not opens[0].endswith("/>"):
            closes = _REFERENCE_END.search(wikitext, start)
            if closes is None:  # never closed: the parser makes of it what it can
                kept.append(opens[0])
                break
            start = closes.end()
    return "".join([*kept, wikitext[start:]])


def other_kind(wikitext: str) -> str | None:
    """What an article is on if not on a film ("a series"), by its first infobox, else by its categories."""
    if _DISAMBIGUATION.search(wikitext):
        return "a disambiguation page"
    for box in _INFOBOX.findall(wikitext):
        if kind := _INFOBOXES.get(" ".join(box.replace("_", " ").split()).casefold()):
            return None if kind == _FILM else kind
    categories = [" ".join(c.split()).casefold() for c in _CATEGORY.findall(wikitext)]
    kinds = {kind for category in categories for kind in _of_category(category)}
    if _FILM in kinds or not kinds:
        return None
    return next(kind for _, kind in _CATEGORIES if kind in kinds)


def _of_category(category: str) -> Iterator[str]:
    kind = next((kind for pattern, kind in _CATEGORIES if pattern.search(category)), None)
    if kind:
        yield kind


def _named(wikitext: str) -> Iterator[tuple[str, str]]:
    """Each part that is read, by the name of its section: a part without one of its own takes that of its parent."""
    open_: list[tuple[int, str | None]] = []
    for level, title, body in _parts(wikitext):
        open_ = [(above, name) for above, name in open_ if above < level]
        heading = " ".join(plain(title).split()).casefold().strip(" :") if title else ""
        parent = open_[-1] if open_ else (0, "")
        if level == 0:
            name: str | None = LEAD
        elif heading in _LEFT_OUT or parent[1] is None:
            name = None
        else:
            name = parent[1] or _section(heading)
        if level:
            open_.append((level, name))
        if name:
            yield name, body


def _parts(wikitext: str) -> Iterator[tuple[int, str, str]]:
    """(level, heading, text) of every part; the lead has level 0."""
    level, title, lines = 0, "", list[str]()
    for line in wikitext.split("\n"):
        heading = _HEADING.fullmatch(line.strip()) if line.startswith("==") else None
        if heading and heading[2].endswith(heading[1]) and heading[2].strip("= "):
            yield level, title, "\n".join(lines)
            level, title, lines = len(heading[1]), heading[2].removesuffix(heading[1]).strip(), []
        else:
            lines.append(line)
    yield level, title, "\n".join(lines)


def _section(heading: str) -> str:
    if heading in _HEADINGS:
        return _HEADINGS[heading]
    return next((_WORDS[word] for word in re.findall(r"[\w-]+", heading) if word in _WORDS), "")
