"""Does the record have the answer's words: every name and number, and enough of the others?"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from moviechat.grounding.record import JOINED_NAME, Record
from moviechat.grounding.words import FRAMING
from moviechat.words import STOP, fold, number, sentences, stem, tokens

# Words of a group support each other: different words for the same person or event.
_GROUPS = (
    "grandmother grandma granny",
    "grandfather grandpa granddad",
    "mother mom mum mama",
    "father dad papa",
    "parent mother father",
    "sibling brother sister",
    "child kid son daughter children kids",
    "spouse wife husband",
    "death die dies died dead dying funeral killed killing burial",
    "kill kills murder murders murdered slain",
    "policeman police officer cop cops",
    "doctor physician",
    "marry marriage married wedding wife husband",
    "reunite reunites meet meets reunion",
    "decide decides decision choose chooses answer",
    "boy son",
    "girl daughter",
    "begin start",
    "house home",
    "comedy comic funny humor humour",
    "old elderly aged ageing aging",
    "fire burn burns burning burnt alight ablaze",
)
_KIN: dict[str, frozenset[str]] = {}
for _group in _GROUPS:
    _stems = frozenset(stem(w) for w in _group.split())
    for _s in _stems:
        _KIN[_s] = _KIN.get(_s, frozenset()) | _stems

_ABOUT_ENDING = frozenset(stem(w) for w in "end ending ends finish conclude conclusion resolve outcome finally".split())
_ABOUT_THEMES = frozenset(stem(w) for w in "tone theme themes genre genres mood kind style atmosphere".split())
_SHARE = 0.6  # minimum share of an answer's content words that the record has
_SHARE_ENDING = 0.8  # endings are what models invent
_SHARE_THEMES = 0.34  # themes are described in the reader's own words; names and numbers must still be in the record
_CAPITALISED = r"[^\W\d_a-zß-öø-ÿ][\w-]*+(?!['’])"
_OPENING_NAME = re.compile(rf"\A\W*+({_CAPITALISED}(?:\s++{_CAPITALISED})*+)")
_TOLD = 0.5  # minimum overlap of a "who" question with a sentence for it to count as evidence
_COMMON_PREFIX = 5
_COUNTING = re.compile(r"\bhow (?:many|much|long|old|often|far|tall)\b|\bwhat (?:age|number)\b", re.IGNORECASE)
_WHO = re.compile(r"\bwh(?:o|om|ose)\b", re.IGNORECASE)
_AFTER_NAMES = frozenset("is was has had does did will would can could and who whom".split())
_SYLLABLE = 5
# "Min-ho" is one name: a film with a Min-ji and a Dong-ho has no Min-ho. This is not about "Sci-Fi" or "Half-mad".


def hard(question: str, answer: str, record: Record) -> tuple[str, ...]:
    """Names and numbers of the answer that the record lacks, or that have another's place there."""
    words = [w for w in tokens(answer) if fold(w) not in STOP]
    found = tuple(w for w in words if _is_hard(w, question, answer) and not _holds(record, w))
    found += tuple(
        n for n in JOINED_NAME.findall(answer) if fold(n) not in record.joined and _is_joined_name(n, question, answer)
    )
    return tuple(dict.fromkeys(found or _misplaced(question, words, answer, record)))


def lacking(question: str, answer: str, record: Record) -> tuple[tuple[str, ...], float]:
    """The other words that the record lacks, and by how much they exceed what may be missing (0 or less: fine)."""
    words = [w for w in tokens(answer) if fold(w) not in STOP]
    soft = dict.fromkeys(w for w in words if stem(w) not in FRAMING and number(w) is None)  # a repeat counts once
    missing = tuple(w for w in soft if not _holds(record, w))
    return missing, len(missing) / max(1, len(soft)) - (1 - _share(question))


def _share(question: str) -> float:
    asked = {stem(w) for w in tokens(question)}
    if asked & _ABOUT_ENDING:
        return _SHARE_ENDING
    return _SHARE_THEMES if asked & _ABOUT_THEMES else _SHARE


def _is_hard(word: str, question: str, answer: str) -> bool:
    # A number, or a name: a capital that is not at the start of a sentence. "One" and "two" ("the two of
    # them") are seldom numbers, unless the question asks for a number. The person asked for often comes first.
    if number(word) is not None:
        return fold(word) not in ({"one"} if _COUNTING.search(question) else {"one", "two"})
    if not word[0].isupper():
        return False
    return not _opens_sentence(word, answer) or _is_person(word, question, answer)


def _is_person(word: str, question: str, answer: str) -> bool:
    """Whether the answer to a "who" starts with a name: one word before its verb, or several capitalised ones."""
    after = re.search(rf"^\W*{re.escape(word)}((?:\s+[^\W\d_][\w'’-]*)?)", answer)
    if after is None or not _WHO.search(question):
        return False
    next_word = after.group(1).strip()
    if not next_word or next_word[0].isupper() or fold(next_word) in _AFTER_NAMES:
        return True
    return fold(next_word) not in STOP and next_word.endswith(("s", "ed"))


def _is_joined_name(name: str, question: str, answer: str) -> bool:
    first, _, second = name.partition("-")
    if not (first[0].isupper() and second[0].islower() and max(len(first), len(second)) <= _SYLLABLE):
        return False
    return fold(second) not in STOP and (not _opens_sentence(name, answer) or _WHO.search(question) is not None)


def _opens_sentence(word: str, answer: str) -> bool:
    return any(s.lstrip("\"'“‘([").startswith(word) for s in sentences(answer))


def _misplaced(question: str, words: Sequence[str], answer: str, record: Record) -> tuple[str, ...]:
    """Names that answer a "who" although the evidence is about others: two names of the film are swapped."""
    if not _WHO.search(question):
        return ()
    bags = [frozenset(stem(w) for w in tokens(s)) for s in record.sentences]
    names = [w for w in _opening_name(answer) if any(stem(w) in bag for bag in bags)]
    asked = {stem(w) for w in (*tokens(question), *words) if fold(w) not in STOP and not w[0].isupper()} - FRAMING
    held = [sum(among(w, bag) for w in asked) for bag in bags]
    if not names or not asked or max(held) < _TOLD * len(asked):
        return ()
    # A "she" may stand for a name in the previous sentence.
    near = [bags[n] | bags[max(0, n - 1)] for n, of in enumerate(held) if of == max(held)]
    absent = [tuple(w for w in names if stem(w) not in bag) for bag in near]
    return min(absent, key=lambda some: len(some))


def _opening_name(answer: str) -> list[str]:
    """The words of the name that an answer starts with; none if it is possessive ("Charlie's nurse")."""
    found = _OPENING_NAME.match(answer)
    return [w for w in tokens(found.group(1)) if fold(w) not in STOP] if found else []


def _holds(record: Record, word: str) -> bool:
    if (value := number(word)) is not None:
        return value in record.numbers
    return among(stem(word), record.stems)


def among(root: str, stems: Set[str]) -> bool:
    """Whether the stem, a word of its group or one with the same beginning is among `stems`."""
    if root in stems or _KIN.get(root, frozenset()) & stems:
        return True
    # "jeweller" is supported by "jewels": stems with a long common beginning count as one word.
    return len(root) >= _COMMON_PREFIX and any(
        s[:_COMMON_PREFIX] == root[:_COMMON_PREFIX] for s in stems if len(s) >= _COMMON_PREFIX
    )
