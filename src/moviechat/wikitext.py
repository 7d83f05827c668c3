"""Wikitext as plain text, through mwparserfromhell (https://mwparserfromhell.readthedocs.io)."""

from __future__ import annotations

import re
from typing import Any

import mwparserfromhell
from mwparserfromhell import nodes

LEAD = "Lead"
PLOT = "Plot"

_PLOT_HEADINGS = {"plot", "plot summary", "synopsis", "plot synopsis", "premise", "story", "storyline", "summary"}
_UNSEEN_TAGS = {"ref", "references", "gallery", "table", "math", "timeline", "score", "imagemap", "style"}
_UNSEEN_LINKS = ("file:", "image:", "category:", ":category:")
# Templates within sentences, and the position of the parameter that a reader sees; others are left out.
_SEEN = {
    **dict.fromkeys(("lang", "transl", "transliteration", "nowrap", "nobr", "small", "nobold", "noitalic"), -1),
    **dict.fromkeys(("nihongo", "ill", "interlanguage link", "abbr", "sortname", "linktext"), 0),
}
_LITERAL = {
    **dict.fromkeys(("nbsp", "space", "nbs"), " "),
    **dict.fromkeys(("snd", "spnd", "spaced ndash", "spaced en dash"), " – "),
    **dict.fromkeys(("ndash", "en dash"), "–"),
    **dict.fromkeys(("'", "apostrophe"), "'"),
    **dict.fromkeys(("'s", "`s"), "'s"),
}
# What removing a template leaves in brackets: "( ; )", "(; 2019)", "(2019, )", "word ,".
_EMPTY_BRACKETS = re.compile(r"[(\[][\s;,:/–-]*[)\]]")
_OPENING, _CLOSING = re.compile(r"([(\[])[\s;,:/]+"), re.compile(r"(?<![\s;,:/])[\s;,:/]++([)\]])")
_BEFORE_MARK = re.compile(r"(?<!\s)\s++([,;.])(?=\s|$)")


def plain(wikitext: str) -> str:
    """The text without markup, references, tables, files and templates; headings are left out."""
    return _mend(_text(mwparserfromhell.parse(wikitext)))


def lead_and_plot(wikitext: str) -> list[tuple[str, str]]:
    """What stands before the first heading as ("Lead", text) and, if there is one, the plot as ("Plot", text)."""
    sections = mwparserfromhell.parse(wikitext).get_sections(levels=[2], include_lead=True)
    plots = (section for section in sections[1:] if _heading(section) in _PLOT_HEADINGS)
    found = [(LEAD, _mend(_text(section))) for section in sections[:1]]
    found += [(PLOT, _mend(_text(section))) for section in plots][:1]
    return [(name, text) for name, text in found if text]


def _heading(section: Any) -> str:
    return " ".join(_text(section.filter_headings()[0].title).split()).casefold()


def _text(code: Any) -> str:
    return "".join(_node(node) for node in code.nodes) if code is not None else ""


def _node(node: Any) -> str:
    match node:
        case nodes.Text():
            return str(node.value)
        case nodes.HTMLEntity():
            return str(node.normalize())
        case nodes.Tag():
            return _tag(node)
        case nodes.Wikilink():
            unseen = str(node.title).strip().casefold().startswith(_UNSEEN_LINKS)
            return "" if unseen else _text(node.title if node.text is None else node.text)
        case nodes.ExternalLink():
            return _text(node.title)
        case nodes.Template():
            return _template(node)
    return ""  # headings, comments, template arguments


def _tag(node: Any) -> str:
    name = str(node.tag).strip().casefold()
    if name in _UNSEEN_TAGS:
        return ""
    return " " if name in ("br", "li", "dd", "dt", "hr", "p") and not node.contents else _text(node.contents)


def _template(node: Any) -> str:
    name = " ".join(str(node.name).split()).casefold()
    if name in _LITERAL:
        return _LITERAL[name]
    shown = [_text(p.value).strip() for p in node.params if not p.showkey]
    if name == "convert":
        return " ".join(shown[:2])
    return shown[_SEEN[name]] if name in _SEEN and shown else ""


def _mend(text: str) -> str:
    text = _CLOSING.sub(r"\1", _OPENING.sub(r"\1", _EMPTY_BRACKETS.sub("", text)))
    return _BEFORE_MARK.sub(r"\1", " ".join(text.split()))
