"""A short answer in the words of the sentence that it rests on."""

from __future__ import annotations

from moviechat.words import TOKEN, stem

_LEFT_OUT = 3  # words that an answer may have left out, such as adjectives or a "not"


def as_written(answer: str, sentence: str) -> str:
    """`answer` as `sentence` has it where it left a word out of it ("The bus." -> "The old bus."), else unchanged."""
    said = [stem(m.group()) for m in TOKEN.finditer(answer)]
    words = list(TOKEN.finditer(sentence))
    stems = [stem(m.group()) for m in words]
    for length in range(len(said), len(said) + _LEFT_OUT + 1) if len(said) > 1 else ():
        for first in range(len(stems) - length + 1):
            window = stems[first : first + length]
            if window[0] == said[0] and window[-1] == said[-1] and _follows(said, window):
                quoted = sentence[words[first].start() : words[first + length - 1].end()]
                return f"{quoted[0].upper()}{quoted[1:]}."
    return answer


def _follows(said: list[str], window: list[str]) -> bool:
    rest = iter(window)
    return all(word in rest for word in said)
