"""Conversations held with a bundle's chat and judged turn by turn: the table by family, and what was missed.

    python benchmarks/talk.py CASES.jsonl [--bundle models/bundle] [--misses 20] [--families fact unknown]

The form of the cases is told in data/sample/README.md. They must be over the bundle's own films; those that no chat
over it could get right are named first.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from moviechat import paths
from moviechat.chat import Chat
from moviechat.errors import MoviechatError
from moviechat.evaluation import cases, latency, report, talk
from moviechat.evaluation.talk import Judged
from moviechat.launch import USAGE_ERROR
from moviechat.quiet import quiet
from moviechat.stages.evaluate import known

_SHOWN = 300  # characters of an answer


def main() -> int:
    """Print the faults of the cases, the misses and the table; the exit code."""
    quiet()
    asked = _arguments()
    try:
        chosen = [c for c in cases.read([asked.cases]) if not asked.families or c.family in asked.families]
        chat = Chat.load(asked.bundle)
    except MoviechatError as error:
        print(error, file=sys.stderr)
        return USAGE_ERROR
    if not chosen:
        print(f"{asked.cases} holds no conversation of these families", file=sys.stderr)
        return USAGE_ERROR
    catalogue = known(chat, asked.bundle)
    for fault in cases.faults(chosen, catalogue):
        print(f"unfair: {fault}")
    judged = talk.converse(chosen, chat.session, catalogue, perf_counter)
    _tell_misses(judged, asked.misses)
    report.show([report.talk(talk.summarise(judged)), latency.table(latency.summarise(talk.seconds(judged)))])
    return 0


def _tell_misses(judged: Sequence[Judged], limit: int) -> None:
    for row in talk.misses(judged)[:limit]:
        answer = " ".join(str(row["answer"]).split())[:_SHOWN]
        print(f"{row['case']}  {' / '.join(row['said'])}\n    {row['kind']}: {answer}\n    {row['wrong']}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="conversations held with the chat and judged, by family")
    parser.add_argument("cases", type=Path, metavar="CASES.jsonl", help="conversations with what each turn must show")
    parser.add_argument("--bundle", type=Path, default=paths.BUNDLE, help="the bundle whose chat is asked")
    parser.add_argument("--misses", type=int, default=20, help="missed turns that are printed")
    parser.add_argument("--families", nargs="+", default=[], help="only these families")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
