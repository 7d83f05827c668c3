"""Wikitext as a reader sees it, through mwparserfromhell (https://mwparserfromhell.readthedocs.io)."""

from __future__ import annotations

import re
from typing import Any

import mwparserfromhell
from mwparserfromhell import nodes

_ITEM = "\x01"  # marks the beginning of a list's item
_UNSEEN_TAGS = {"ref", "references", "gallery", "table", "math", "timeline", "score", "imagemap", "style", "chem"}
_BREAKS = {"br", "li", "dd", "dt", "hr", "p"}
_UNSEEN_LINKS = {"file", "image", "category", "media"}
_OTHER_LANGUAGE = re.compile(r"[a-z]{2,3}:")
# Templates that stand inside sentences, and the place of the parameter that a reader sees; others are left out.
_SEEN = {
    **dict.fromkeys(("lang", "transl", "transliteration", "nowrap", "nobr", "small", "nobold", "noitalic"), -1),
    **dict.fromkeys(("em", "strong", "sic", "not a typo", "as written", "proper name", "visible anchor", "big"), 0),
    **dict.fromkeys(("nihongo", "ill", "interlanguage link", "abbr", "tooltip", "sortname", "linktext"), 0),
}
_BEFORE = {
    **dict.fromkeys(("us$", "usd"), "US$"),
    **dict.fromkeys(("a$", "aud"), "A$"),
    **dict.fromkeys(("c$", "ca$", "cad"), "C$"),
    **dict.fromkeys(("£", "gbp", "pound sterling"), "£"),
    **dict.fromkeys(("€", "eur", "euro"), "€"),
    **dict.fromkeys(("₹", "inr", "indian rupee"), "₹"),
    **dict.fromkeys(("¥", "jpy", "yen"), "¥"),
    **dict.fromkeys(("circa", "c.", "ca."), "c. "),
    "as of": "As of ",
}  # what a template writes before its first parameter
_LITERAL = {
    **dict.fromkeys(("nbsp", "space", "nbs", "spaces", "thinsp", "hair space"), " "),
    **dict.fromkeys(("snd", "spnd", "spaced ndash", "spaced en dash"), " – "),
    **dict.fromkeys(("ndash", "en dash"), "–"),
    **dict.fromkeys(("mdash", "em dash"), "—"),
    **dict.fromkeys(("'", "apostrophe"), "'"),
    **dict.fromkeys(("'s", "`s"), "'s"),
    **dict.fromkeys(("\"'", "' \""), "\"'"),
}
_LISTS = {"plainlist", "plain list", "flatlist", "cast listing", "castlist", "cast list", "columns-list", "hidden"}
_ITEMS = {"unbulleted list", "ubl", "ublist", "hlist", "bulleted list", "ordered list"}
_CRORES = {"c": " crore", "l": " lakh", "m": " million", "b": " billion", "k": " thousand"}
# What taking a template out of a bracket leaves behind: "( ; )", "(; 2019)", "(2019, )", "word ,".
_EMPTY_BRACKETS = re.compile(r"[(\[][\s;,:/–-]*[)\]]")
_OPENING, _CLOSING = re.compile(r"([(\[])[\s;,:/]+"), re.compile(r"(?<![\s;,:/])[\s;,:/]++([)\]])")
_BEFORE_MARK = re.compile(r"(?<!\s)\s++([,;.])(?=\s|$)")
# Markup that the parser could not make sense of: half a link, half a template, half a table, a stray tag.
_HALF_TABLE = ("{|", "|", "!")
_HALVES = re.compile(
    r"\[\[[^\[\]|]*\||\{\{[^{}|\n]*|<ref\b[^<]*|</?[a-zA-Z][^<>]*>|<!--|-->|__[A-Z]+__"
    r"|\[{2,}|\]{2,}|\{{2,}|\}{2,}|\{\||\|\}|'{2,}"
)
_ENDED = (".", "!", "?", ":", ";", ",", '"', "”", ")", "…")


def plain(wikitext: str) -> str:
    """The text in one line, without markup, references, tables, files and templates; headings are left out."""
    return " ".join(paragraphs(wikitext))


def paragraphs(wikitext: str) -> list[str]:
    """The paragraphs as lines of text without markup; an item of a list ends like a sentence."""
    found: list[list[str]] = [[]]
    for line in _text(mwparserfromhell.parse(wikitext)).split("\n"):
        said = line.strip()
        if not said:
            found.append([])
        elif not said.startswith(_HALF_TABLE):
            found[-1].append(_item(said) if said.startswith(_ITEM) else said)
    return [text for lines in found if (text := _mend(" ".join(lines)))]


def _item(line: str) -> str:
    said = _mend(line)
    return said if not said or said.endswith(_ENDED) else f"{said}."


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
            return _link(node)
        case nodes.ExternalLink():
            return _text(node.title)
        case nodes.Template():
            return _template(node)
        case nodes.Heading():
            return "\n\n"
    return ""  # comments, template arguments


def _link(node: Any) -> str:
    title = str(node.title).strip().removeprefix(":")
    space = title.partition(":")[0].strip().casefold()
    if space in _UNSEEN_LINKS or (node.text is None and _OTHER_LANGUAGE.match(title)):
        return ""
    shown = _text(node.title).removeprefix(":") if node.text is None else _text(node.text)
    return shown if shown.strip() else title.partition(" (")[0]


def _tag(node: Any) -> str:
    name = str(node.tag).strip().casefold()
    if name in _UNSEEN_TAGS:
        return ""
    if name in _BREAKS and not node.contents:
        return _ITEM if node.wiki_markup else " "
    return _text(node.contents)


def _template(node: Any) -> str:
    name = " ".join(str(node.name).replace("_", " ").split()).casefold()
    if name in _LITERAL:
        return _LITERAL[name]
    if name in _LISTS | _ITEMS:
        items = ("\n" + (_ITEM if name in _ITEMS else "") + _text(p.value) for p in node.params if not p.showkey)
        return "".join(items) + "\n"
    shown = [_text(p.value).strip() for p in node.params if not p.showkey]
    if not shown:
        return ""
    if name == "convert":
        return " ".join(shown[:2])
    if name in ("inrconvert", "inr convert"):
        return f"₹{shown[0]}{_CRORES.get(shown[1], '') if len(shown) > 1 else ''}"
    if name in _BEFORE:
        return _BEFORE[name] + shown[0]
    return shown[_SEEN[name]] if name in _SEEN else _aggregated(name, shown)


def _aggregated(name: str, shown: list[str]) -> str:
    """The sentence that a template makes of an aggregator's figures; "" for other templates."""
    score, *more = shown
    if name in ("rotten tomatoes prose", "rt prose") and len(more) >= 2:
        said = (
            f"On the review aggregator website Rotten Tomatoes, {score}% of {more[1]} critics' reviews are positive, "
            f"with an average rating of {more[0]}/10."
        )
        return f'{said} The website\'s consensus reads: "{more[2]}"' if len(more) > 2 and more[2] else said
    if name in ("metacritic film prose", "mc film", "mc film prose", "metacritic prose") and more:
        return (
            "Metacritic, which uses a weighted average, assigned the film "
            f"a score of {score} out of 100, based on {more[0]} critics."
        )
    return ""


def _mend(text: str) -> str:
    text = _HALVES.sub("", text.replace(_ITEM, " "))
    text = _CLOSING.sub(r"\1", _OPENING.sub(r"\1", _EMPTY_BRACKETS.sub("", text)))
    text = _HALVES.sub("", text)  # what was taken out may have brought two halves together
    return _BEFORE_MARK.sub(r"\1", " ".join(text.split()))
