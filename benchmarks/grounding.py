"""Is the check right? Precision and recall of grounding.check on labelled pairs, by kind of planted error.

    python benchmarks/grounding.py [--pairs tests/data/grounding.jsonl] [--show]

It reads the catalogue that the pipeline built (data/filter, data/describe). A pair is a JSON object a line:
{"tconst", "question", "answer", "supported": true or false, "error": null or the kind of the planted error}.
Precision is the share of supported pairs among those accepted, recall the share of accepted among the supported.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from moviechat import jsonl, paths
from moviechat.catalogue import load_movies, load_passages
from moviechat.grounding import Record, check

# Names of the film's own put in each other's place: no word of the answer is wrong, so it is told apart.
APART = "swap"
_ROW = "{:<26}{:>8}{:>10}{:>10}"


def main() -> None:
    """Print the table: one row a kind of pair, then precision and recall."""
    asked = _arguments()
    texts = load_passages(paths.PASSAGES)
    records = {m.tconst: Record.of(m, [p.text for p in texts.get(m.tconst, ())]) for m in load_movies(paths.MOVIES)}
    pairs, accepted = Counter[str](), Counter[str]()
    for row in jsonl.read(asked.pairs):
        question, answer, kind = row.text("question"), row.text("answer"), row.optional("error") or "supported"
        verdict = check(question, answer, records[row.text("tconst")])
        pairs[kind] += 1
        accepted[kind] += verdict.supported
        if asked.show and verdict.supported != (kind == "supported"):
            print(f"{kind}: {question} | {answer} {' '.join(verdict.unsupported)}")
    print(_ROW.format("pairs", "number", "accepted", "rejected"))
    for kind, number in sorted(pairs.items(), key=lambda item: (item[0] != "supported", item[0])):
        print(_ROW.format(kind, number, accepted[kind], number - accepted[kind]))
    for told, kinds in (("precision", set(pairs) - {APART}), ("precision, swaps included", set(pairs))):
        print(f"{told:<26}{accepted['supported'] / sum(accepted[k] for k in kinds):>8.3f}")
    print(f"{'recall':<26}{accepted['supported'] / pairs['supported']:>8.3f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Precision and recall of the grounding check on labelled pairs.")
    parser.add_argument("--pairs", type=Path, default=Path("tests/data/grounding.jsonl"))
    parser.add_argument("--show", action="store_true", help="print every pair that is judged wrongly")
    return parser.parse_args()


if __name__ == "__main__":
    main()
