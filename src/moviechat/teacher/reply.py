"""A server's reply: its text and usage, and the pairs that can be parsed from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from moviechat.jsonl import encodable
from moviechat.teacher import Draft
from moviechat.teacher.form import kind_of
from moviechat.teacher.request import Request

MORE = "more than asked for"
_SHOWN = 200  # characters of what a server sent instead of a text
_FIELDS = ("question", "answer", "reasoning")
_KEY = re.compile(r'"([^"\\]+)"\s*:\s*$')
_MARK = re.compile(
    r"^(?:[^\S\n]|[*#>-])*+([QRA])\s*+(\d{1,3})\s*+(?:\(([^)\n]*)\))?\s*+[*]*+[:.)][*]*[ \t]*", re.MULTILINE
)
_LETTERS = {"Q": "question", "R": "reasoning", "A": "answer"}
_REFUSAL = re.compile(
    r"^\W*(?:i['’]?m sorry|sorry|i apologi[sz]e|i can(?:not|['’]t)|i(?:['’]m| am) (?:not able|unable)|as an ai)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's reply: `finish` and `refusal` in its own words, `fault` if it refused this request.

    Tokens are as the server counted them, None if it did not; `model` is what it says it answered with.
    """

    text: str
    finish: str | None = None
    refusal: str | None = None
    fault: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    model: str | None = None
    batch: bool = False

    def to_json(self) -> str:
        """The reply as it is stored."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


class UnreadableError(ValueError):
    """A completion whose text cannot be read: it was paid for, and `reply` says what it cost and why it is nothing."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.fault)
        self.reply = reply


def read_body(body: str, style: str, *, batch: bool = False) -> Reply:
    """The reply in a response's body.

    Raises UnreadableError for a completion without a text, ValueError for what is no completion at all: one that is cut
    short, another page, or the error that routers send with a status of 200.
    """
    value = _json(body)
    try:
        choice = value["choices"][0]
        message = choice if style == "instruct" else choice["message"]
        text = message.get("text" if style == "instruct" else "content")
        failed = _failure(choice) or ("failed" if choice.get("finish_reason") == "error" else None)
    except (AttributeError, IndexError, KeyError, TypeError):
        raise ValueError(_failure(value) or "half a reply, or no completion") from None
    if failed:
        raise ValueError(failed)
    usage = value.get("usage") if isinstance(value.get("usage"), dict) else {}
    said = _text(text)
    reply = Reply(
        said or "",
        _string(choice.get("finish_reason")),
        _string(message.get("refusal")),
        None if said is not None else f"unreadable reply: its text is {json.dumps(text)[:_SHOWN]}",
        prompt_tokens=_count(usage.get("prompt_tokens")),
        completion_tokens=_count(usage.get("completion_tokens")),
        model=_string(value.get("model")),
        batch=batch,
    )
    if reply.fault:
        raise UnreadableError(reply)
    return reply


def _json(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError("half a reply, or no completion") from None


def _failure(value: Any) -> str | None:
    """What an `error` in the place of an answer says."""
    error = value.get("error") if isinstance(value, dict) else None
    told = error.get("message") or error if isinstance(error, dict) else error
    return f"the server says: {encodable(' '.join(str(told).split())[:_SHOWN])}" if error else None


def _text(content: Any) -> str | None:
    """A content's text: a string, or those of its parts that are text; "" for none, None for what is neither."""
    if content is None or isinstance(content, str):
        return _string(content) or ""
    if not isinstance(content, list):
        return None
    parts = [part.get("text", "") if isinstance(part, dict) else part for part in content]
    return "".join(_string(part) or "" for part in parts) if all(isinstance(part, str) for part in parts) else None


def _string(value: Any) -> str | None:
    # JSON can contain half a surrogate pair, which UTF-8 files cannot.
    return value.encode("utf-8", "ignore").decode("utf-8") if isinstance(value, str) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def drafts(request: Request, reply: Reply) -> list[Draft]:
    """One draft per slot, then one per additional pair; a slot without a pair has its fault."""
    found = list((_in_json if request.style == "chat" else _in_lines)(request, reply))
    filled: dict[str, Mapping[str, str]] = {}
    spare: list[Mapping[str, str]] = []
    for slot, pair in found:
        if slot in request.slots and slot not in filled:
            filled[slot] = pair
        else:
            spare.append(pair)
    if not filled:  # keys of the model's own: the pairs are in the order of the slots
        filled, spare = dict(zip(request.slots, spare, strict=False)), spare[len(request.slots) :]
    fault = _fault(reply)
    asked = [_draft(request, slot, filled.get(slot), reply, fault) for slot in request.slots]
    return asked + [_draft(request, request.slots[-1], pair, reply, MORE, extra=True) for pair in spare]


def _draft(
    request: Request, slot: str, pair: Mapping[str, str] | None, reply: Reply, fault: str, extra: bool = False
) -> Draft:
    tconst, kind, raw = request.tconst, kind_of(slot), reply.fault or reply.refusal or reply.text
    if pair is None:
        return Draft(tconst, kind, "", "", raw, fault)
    texts = [" ".join(pair.get(field, "").split()) for field in _FIELDS]
    own = MORE if extra else None
    return Draft(tconst, kind, texts[0], texts[1], json.dumps(dict(pair), ensure_ascii=False), own, texts[2] or None)


def _fault(reply: Reply) -> str:
    """Why a slot may be empty."""
    if reply.fault:
        return reply.fault
    if reply.refusal or reply.finish == "content_filter" or _REFUSAL.match(reply.text):
        return "refused by the model"
    if not reply.text.strip():
        return "empty reply"
    return "cut off at max_tokens" if reply.finish == "length" else "no such pair in the reply"


def _in_json(request: Request, reply: Reply) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every object with a question and an answer, anywhere: fenced, in prose, in a truncated text."""
    text, decoder, at = reply.text, json.JSONDecoder(), 0
    while (at := text.find("{", at)) >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except RecursionError:  # so deep a text is no reply; every later start would fail as slowly
            return
        except ValueError:
            at += 1
            continue
        if _is_pair(value):
            key = _KEY.search(text, max(0, at - 80), at)
            yield str(key.group(1) if key else value.get("kind", "")), _strings(value)
            at = end
        else:
            at += 1


def _is_pair(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(field), str) for field in _FIELDS[:2])


def _strings(value: Mapping[str, Any]) -> dict[str, str]:
    return {field: text for field in _FIELDS if (text := _string(value.get(field))) is not None}


def _in_lines(request: Request, reply: Reply) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Lines that start with Q1, R1 or A1; a pair is complete with its answer, so a truncated text ends without one."""
    text = request.primed + reply.text
    marks = list(_MARK.finditer(text))
    pairs: list[tuple[int, dict[str, str]]] = []
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        if after is None and reply.finish == "length":
            break
        letter, number = mark.group(1), int(mark.group(2))
        if letter == "Q":
            pairs.append((number, {}))
        if pairs and pairs[-1][0] == number:
            said = text[mark.end() : after.start() if after else len(text)].strip().split("\n\n")[0]
            pairs[-1][1].setdefault(_LETTERS[letter], said)
    for number, pair in pairs:
        if _is_pair(pair):
            yield (request.slots[number - 1] if 0 < number <= len(request.slots) else ""), pair
