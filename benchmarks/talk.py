"""Hold conversations with a bundle's chat and judge them turn by turn: a table by family, and the missed turns.

    python benchmarks/talk.py CASES.jsonl [--bundle models/bundle] [--misses 20] [--families fact unknown] [--llm]

data/sample/README.md describes the format of the cases. They must be about the bundle's own films; cases that no chat
over that bundle could get right are listed first. With `--llm` the bundle's base model, in llama.cpp's own server, says
what messages do (`chat.understand: llm`), and how often the network stood in for it is told.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from time import perf_counter

from serving import llama_cpp

from moviechat import files, paths
from moviechat.bundle import MANIFEST, BundleInfo, open_bundle
from moviechat.chat import Chat
from moviechat.errors import MoviechatError
from moviechat.evaluation import cases, latency, report, talk
from moviechat.evaluation.talk import Judged
from moviechat.launch import USAGE_ERROR
from moviechat.quiet import quiet
from moviechat.stages.evaluate import known

_SHOWN = 300  # characters of an answer
_CONTEXT = 4096  # tokens of the language model's prompt and reply


def main() -> int:
    """Print the faults of the cases, the misses and the table; returns the exit code."""
    quiet()
    asked = _arguments()
    try:
        chosen = [c for c in cases.read([asked.cases]) if not asked.families or c.family in asked.families]
        bundle = open_bundle(asked.bundle)
    except MoviechatError as error:
        print(error, file=sys.stderr)
        return USAGE_ERROR
    if not chosen:
        print(f"{asked.cases} has no conversation of these families", file=sys.stderr)
        return USAGE_ERROR
    with _read_by_llm(bundle) if asked.llm else nullcontext(Chat.load(asked.bundle)) as chat:
        catalogue = known(chat, asked.bundle)
        for fault in cases.faults(chosen, catalogue):
            print(f"unfair: {fault}")
        judged = talk.converse(chosen, chat.session, catalogue, perf_counter)
    _tell_misses(judged, asked.misses)
    report.show([report.talk(talk.summarise(judged)), latency.table(latency.summarise(talk.seconds(judged)))])
    return 0


@contextmanager
def _read_by_llm(bundle: BundleInfo) -> Iterator[Chat]:
    """The chat of a bundle that differs in `chat.understand` only."""
    beside = bundle.folder.parent  # on one disk with it: files are linked, not copied
    with tempfile.TemporaryDirectory(dir=beside) as folder, llama_cpp(bundle.base, None, _CONTEXT) as url:
        other = Path(shutil.copytree(bundle.folder, Path(folder) / "bundle", copy_function=os.link))
        said = json.loads((other / MANIFEST).read_text(encoding="utf-8"))
        (other / MANIFEST).unlink()
        files.write_json(other / MANIFEST, said | {"chat": said["chat"] | {"understand": "llm"}})
        stood_in = _Counted()
        logging.getLogger("moviechat.chat").addHandler(stood_in)
        chat = Chat.load(other)
        os.environ |= {"MOVIECHAT_LLM_URL": url, "MOVIECHAT_LLM_MODEL": "base"}
        assert chat.shelf.understanding  # it reads the environment when it is first needed
        del os.environ["MOVIECHAT_LLM_URL"]  # plots are answered as without it
        yield chat
        print(f"the network stood in {stood_in.count} times")


class _Counted(logging.Handler):
    """Counts what is logged."""

    count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


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
    parser.add_argument("--llm", action="store_true", help="a language model says what messages do")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
