"""Training speed: this project against transformers' Trainer + peft and TRL's SFTTrainer, in one run.

    python benchmarks/train.py [--steps 8] [--rounds 3] [--sides plain trl moviechat] [--set train.precision=fp32 ...]
    python benchmarks/train.py --gpu [--quick] [--steps 35]      on one GPU, a random base of open_llama_3b_v2's shape

Each system (benchmarks/sides.py) runs in its own process with the same pairs, adapter, batch and steps, from data/split
and models/fetch_models (`dvc repro split fetch_models`). "useful" counts the tokens of responses, "tokens" those of
whole pairs, neither counts padding; the first steps are not timed. The systems take turns in each round, and each
figure is the median of its system's rounds. "a CPU s": useful tokens per second of CPU time, which other work on the
machine disturbs less. Loss: per response token of the same validation pairs, after the last step. `--gpu` prints the
card's name and compares with TRL + Liger at several micro-batches (`--quick`: with nothing else); its base is kept in
data/cache/bench.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

import yaml
from base import OPEN_LLAMA_3B, TINY, card, random_base
from sides import GPU_SIDES, SIDES, encoded

from moviechat import params, paths, threads
from moviechat.frames import read_parquet
from moviechat.schema import QAPair

WARM_UP = {"cpu": 2, "gpu": 5}  # steps that are not timed
_ROW = "{:<42}{:>9}{:>7}{:>10}{:>7}{:>10}{:>8}{:>8}{:>8}"


@dataclass(frozen=True)
class Job:
    """What one process trains: `p` sets the adapter and the steps, `base` and `split` are folders."""

    side: str
    told: str
    p: dict[str, Any]
    base: str
    split: str
    warm_up: int = WARM_UP["cpu"]


@dataclass(frozen=True)
class Result:
    """The result: tokens per second and per CPU second; memory in GB, the GPU's if there is one."""

    told: str
    useful: float
    tokens: float
    cpu: float
    memory: float
    loss: float
    seconds: float


def main() -> None:
    """Print the table: one row per system."""
    asked = _arguments()
    if asked.job:
        print(json.dumps(asdict(_train(Job(**json.loads(asked.job))))))
        return
    if asked.gpu:
        print(card())
    print(_ROW.format("side", "useful/s", "ratio", "a CPU s", "ratio", "tokens/s", "GB", "loss", "s/step"))
    jobs = _gpu_jobs(asked) if asked.gpu or asked.tiny else _jobs(asked)
    runs: dict[str, list[Result]] = {}
    for _ in range(asked.rounds):
        for job in jobs:
            result = _apart(job)
            if isinstance(result, str):
                print(f"{job.told:<42}{result}")
                continue
            runs.setdefault(job.told, []).append(result)
            print(_line(result, runs[next(iter(runs))][-1]), flush=True)
    if asked.rounds > 1:
        medians = [_median(told, results) for told, results in runs.items()]
        print(f"medians of {asked.rounds} rounds", *(_line(m, medians[0]) for m in medians), sep="\n")
    if asked.gpu or asked.tiny:
        for line in _best(runs):
            print(line)


def _best(runs: dict[str, list[Result]]) -> list[str]:
    """For each number of pairs per step, our tokens/s divided by those of the fastest TRL + Liger."""
    rates: dict[str, dict[str, float]] = {}
    for told, results in runs.items():
        side, _, pairs = told.partition(", bf16, ")
        found = rates.setdefault(pairs.partition(" a step")[0], {})
        found[side] = max(found.get(side, 0.0), statistics.median(r.tokens for r in results))
    return [
        f"{pairs} a step: moviechat {found[_OURS]:.0f} tokens/s, TRL + Liger at its best {found[_RIVAL]:.0f}: "
        f"{found[_OURS] / found[_RIVAL]:.2f}"
        for pairs, found in rates.items()
        if {_OURS, _RIVAL} <= set(found)
    ]


def _median(told: str, results: list[Result]) -> Result:
    rows = [astuple(r)[1:] for r in results]
    return Result(told, *(statistics.median(values) for values in zip(*rows, strict=True)))


def _line(r: Result, first: Result) -> str:
    rates = (f"{r.useful:.1f}", f"{r.useful / first.useful:.2f}", f"{r.cpu:.1f}", f"{r.cpu / first.cpu:.2f}")
    return _ROW.format(r.told, *rates, f"{r.tokens:.0f}", f"{r.memory:.2f}", f"{r.loss:.3f}", f"{r.seconds:.2f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Training against a plain Trainer and TRL, each in its own process.")
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=list(SIDES))
    parser.add_argument("--steps", type=int, help="default: 8, with --gpu 35, of which 30 are timed")
    parser.add_argument("--rounds", type=int, default=1, help="rounds; the systems take turns")
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="further parameters of train")
    parser.add_argument(
        "--gpu", action="store_true", help="compare with TRL + Liger and the published set-up, on a random 3B"
    )
    parser.add_argument("--quick", action="store_true", help="with --gpu: compare with TRL + Liger only")
    parser.add_argument("--set-ups", nargs="+", type=int, choices=range(len(_SET_UPS)), help="with --gpu; default: all")
    parser.add_argument("--tiny", action="store_true", help="the same as --gpu, with a tiny base on any machine")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    return parser.parse_args()


def _jobs(asked: argparse.Namespace) -> list[Job]:
    changes = dict(text.split("=", 1) for text in asked.set)
    p = params.load().train.model_dump() | {k.removeprefix("train."): yaml.safe_load(v) for k, v in changes.items()}
    p |= {"max_steps": asked.steps or 8}
    place = (str(paths.LANGUAGE_MODEL), str(paths.SPLIT))
    return [Job(side, SIDES[side][0], p, *place) for side in asked.sides]


def _gpu_jobs(asked: argparse.Namespace) -> list[Job]:
    import torch

    if not torch.cuda.is_available() and not asked.tiny:
        sys.exit("no GPU here: run this on a machine with a GPU (`--tiny` runs the same code with a tiny base)")
    base = random_base(TINY if asked.tiny else OPEN_LLAMA_3B)
    jobs = []
    for told, side, profile, changes in [
        _SET_UPS[n] for n in asked.set_ups or range(_QUICK if asked.quick else len(_SET_UPS))
    ]:
        p = params.load(Path("profiles") / f"{profile}.yaml").train.model_dump() | changes
        p |= {"max_steps": asked.steps or 35}
        jobs.append(Job(side, told, p, str(base), str(paths.SPLIT), WARM_UP["gpu"]))
    return jobs


_OURS, _RIVAL = "moviechat", "TRL + Liger"


def _pairs_of(micro_batch: int, accumulation: int) -> dict[str, Any]:
    return {"micro_batch": micro_batch, "accumulation": accumulation}


# 16 pairs per step are the published 4 x 4; ours computes as many at once as the card holds, whatever the micro-batch.
_SET_UPS: list[tuple[str, str, str, dict[str, Any]]] = [
    (f"{_OURS}, bf16, 16 a step", "moviechat", "imdb", {}),
    (f"{_RIVAL}, bf16, 16 a step, 16 at once", "liger", "imdb", _pairs_of(16, 1)),
    (f"{_OURS}, bf16, 64 a step", "moviechat", "imdb", _pairs_of(4, 16)),
    (f"{_RIVAL}, bf16, 64 a step, 32 at once", "liger", "imdb", _pairs_of(32, 2)),
    (f"{_RIVAL}, bf16, 64 a step, 64 at once", "liger", "imdb", _pairs_of(64, 1)),
    ("Trainer, bf16, 16 a step, 16 at once", "plain", "imdb", _pairs_of(16, 1)),
    ("published: Trainer, 8-bit, fp16", "plain", "published", {}),
    (f"{_OURS}, 8-bit, fp16", "moviechat", "published", {}),
    (f"{_OURS}, NF4, bf16", "moviechat", "imdb", {"quantize": "4bit"}),
]
_QUICK = 5  # the first one


def _apart(job: Job) -> Result | str:
    command = [sys.executable, __file__, "--job", json.dumps(asdict(job))]
    environment = {**os.environ, "TRANSFORMERS_VERBOSITY": "error", "TRL_EXPERIMENTAL_SILENCE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no output"]
        return f"did not run: {next((line for line in reversed(lines) if 'Error' in line), lines[-1])[:120]}"
    return Result(**json.loads(done.stdout.splitlines()[-1]))


def _train(job: Job) -> Result:
    import torch

    p, pairs = params.Train.model_validate(job.p), _pairs(job)
    train = GPU_SIDES[job.side] if job.side in GPU_SIDES else SIDES[job.side][1]
    model, steps = train(p, Path(job.base), pairs["train"])
    loss = _loss(model, encoded(p, Path(job.base), pairs["validation"]))
    # Only whole steps are counted, with the same pairs in every system; their total does not depend on the order.
    taken = encoded(p, Path(job.base), pairs["train"])
    seconds, work = (
        (end - start) / (len(steps) - 1 - job.warm_up) for start, end in zip(steps[job.warm_up], steps[-1], strict=True)
    )
    useful = sum(label != -100 for row in taken for label in row["labels"]) / p.max_steps
    tokens = sum(len(row["labels"]) for row in taken) / p.max_steps
    return Result(job.told, useful / seconds, tokens / seconds, useful / work, _memory(torch), loss, seconds)


def _memory(torch: Any) -> float:
    import resource

    if torch.cuda.is_available():
        return float(torch.cuda.max_memory_allocated() / 1e9)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def _pairs(job: Job) -> dict[str, list[QAPair]]:
    number = {"train": job.p["max_steps"] * job.p["micro_batch"] * job.p["accumulation"], "validation": 16}
    found = {}
    for part, wanted in number.items():
        table = read_parquet(Path(job.split) / f"{part}.parquet", QAPair, "split")
        rows = [QAPair.from_row(row) for row in table.sample(fraction=1.0, shuffle=True, seed=1).iter_rows(named=True)]
        found[part] = (rows * (wanted // len(rows) + 1))[:wanted]
    return found


def _loss(model: Any, rows: list[dict[str, list[int]]]) -> float:
    import torch
    from torch.nn import functional

    inner, total, number = model.eval().get_base_model(), 0.0, 0
    with torch.no_grad(), torch.autocast("cuda", torch.bfloat16, enabled=torch.cuda.is_available()):
        for row in rows:
            ids, labels = (torch.tensor([row[k]], device=model.device) for k in ("input_ids", "labels"))
            hidden = inner.model(ids, attention_mask=torch.ones_like(ids), use_cache=False)[0]
            counted = labels[:, 1:] != -100
            logits = inner.lm_head(hidden[:, :-1][counted]).float()
            total += float(functional.cross_entropy(logits, labels[:, 1:][counted], reduction="sum"))
            number += int(counted.sum())
    return total / number


if __name__ == "__main__":
    threads.yield_soon(threads.PATIENT)
    main()
