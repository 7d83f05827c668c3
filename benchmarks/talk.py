"""Hold conversations with a bundle's chat and judge them turn by turn: a table by family, and the missed turns.

    python benchmarks/talk.py CASES.jsonl [--bundle models/bundle] [--misses 20] [--families fact unknown]

data/sample/README.md describes the format of the cases. They must be about the bundle's own films; cases that no chat
over that bundle could get right are listed first.
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
    """Print the faults of the cases, the misses and the table; returns the exit code."""
    quiet()
    asked = _arguments()
    try:
        chosen = [c for c in cases.read([asked.cases]) if not asked.families or c.family in asked.families]
        chat = Chat.load(asked.bundle)
    except MoviechatError as error:
        print(error, file=sys.stderr)
        return USAGE_ERROR
    if not chosen:
        print(f"{asked.cases} has no conversation of these families", file=sys.stderr)
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
    parser = argparse.ArgumentParser(description="hold and judge conversations with the chat, by family")
    parser.add_argument("cases", type=Path, metavar="CASES.jsonl", help="conversations with what each turn must show")
    parser.add_argument("--bundle", type=Path, default=paths.BUNDLE, help="the bundle to talk to")
    parser.add_argument("--misses", type=int, default=20, help="number of missed turns to print")
    parser.add_argument("--families", nargs="+", default=[], help="only these families")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
