"""Addresses and places as people may see them: user names and passwords stay in the environment."""

from __future__ import annotations

import re

_MARK = "://"
_ENDS = "/?#"  # of what stands before a path


# Where a bundle is held while it is used (moviechat.holding); people know it by the folder beside.
_HELD = re.compile(r"/\.([^/\s]{1,200})\.held/\d{1,12}-\w{1,20}")


def scrubbed(text: str) -> str:
    """`text` without the user names and passwords of the addresses in it: `http://me:secret@host` is `http://host`.

    A held bundle's files are called by the bundle's own name.
    """
    text = _HELD.sub(r"/\1", text)
    if "@" not in text or _MARK not in text:
        return text
    return "".join(_word(word) for word in _words(text))


def _words(text: str) -> list[str]:
    """`text` cut between spaces and what is not, in order."""
    words: list[str] = []
    begin = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or text[at].isspace() != text[begin].isspace():
            words.append(text[begin:at])
            begin = at
    return words


def _word(word: str) -> str:
    before, mark, address = word.partition(_MARK)
    if not mark or "@" not in address:
        return word
    host = address[: min((at for at in map(address.find, _ENDS) if at >= 0), default=len(address))]
    # A password with a "/" that should have been escaped: all up to the last "@" may be of it.
    secret = address.rpartition("@") if ":" in host or "@" in host else ("", "", address)
    return before + mark + secret[2]
