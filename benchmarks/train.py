"""Training: this project's loop against transformers' Trainer + peft and against TRL's SFTTrainer, in one run.

    python benchmarks/train.py [--steps 8] [--sides plain trl moviechat] [--set train.precision=fp32 ...]
    python benchmarks/train.py --gpu [--steps 30]       the published set-up against profiles/imdb.yaml's, on one GPU

Each side is a process of its own: the same pairs, adapter, batch and steps, from data/split and models/fetch_models
(`dvc repro split fetch_models`). "useful" counts the tokens of responses, "tokens" those of whole pairs, padding
neither; the first steps are not timed. "a CPU s": useful tokens a second of the cores' work, which what else runs on
the machine disturbs less. Loss: per response token of the same validation pairs, after the last step.
`--gpu` makes a base of open_llama_3b_v2's shape with random weights once and keeps it in data/cache/bench.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from moviechat import params, paths, prompts, threads
from moviechat.frames import read_parquet
from moviechat.schema import QAPair

WARM_UP = 2  # steps that are not timed
OPEN_LLAMA_3B: dict[str, Any] = {
    "hidden_size": 3200,
    "intermediate_size": 8640,
    "num_hidden_layers": 26,
    "num_attention_heads": 32,
}
TINY: dict[str, Any] = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4}
Trained = tuple[
    Any, list[tuple[float, float]]
]  # the model; seconds on the wall and of work, at the start and after each step
_ROW = "{:<34}{:>9}{:>7}{:>10}{:>7}{:>10}{:>8}{:>8}{:>8}"


@dataclass(frozen=True)
class Job:
    """What one process trains: `p` decides the adapter and the steps, `base` and `split` are folders."""

    side: str
    told: str
    p: dict[str, Any]
    base: str
    split: str


@dataclass(frozen=True)
class Result:
    """What it came to: tokens a second and a second of all cores' work; memory in GB, of the GPU where there is one."""

    told: str
    useful: float
    tokens: float
    cpu: float
    memory: float
    loss: float
    seconds: float


def main() -> None:
    """Print the table: one row a side."""
    asked = _arguments()
    if asked.job:
        print(json.dumps(asdict(_train(Job(**json.loads(asked.job))))))
        return
    print(_ROW.format("side", "useful/s", "ratio", "a CPU s", "ratio", "tokens/s", "GB", "loss", "s/step"))
    first: Result | None = None
    for job in _gpu_jobs(asked) if asked.gpu or asked.tiny else _jobs(asked):
        result = _apart(job)
        if isinstance(result, str):
            print(f"{job.told:<34}{result}")
            continue
        first = first or result
        print(_line(result, first), flush=True)


def _line(r: Result, first: Result) -> str:
    rates = (f"{r.useful:.1f}", f"{r.useful / first.useful:.2f}", f"{r.cpu:.1f}", f"{r.cpu / first.cpu:.2f}")
    return _ROW.format(r.told, *rates, f"{r.tokens:.0f}", f"{r.memory:.2f}", f"{r.loss:.3f}", f"{r.seconds:.2f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Training against a plain Trainer and TRL, each in its own process.")
    parser.add_argument("--sides", nargs="+", choices=_SIDES, default=list(_SIDES))
    parser.add_argument("--steps", type=int, help="default: 8, with --gpu 30")
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="other parameters of train")
    parser.add_argument("--gpu", action="store_true", help="the published set-up against the better one, a random 3B")
    parser.add_argument("--set-ups", nargs="+", type=int, choices=range(len(_SET_UPS)), help="of --gpu; default: all")
    parser.add_argument("--tiny", action="store_true", help="what --gpu does, on a tiny base and on any machine")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    return parser.parse_args()


def _jobs(asked: argparse.Namespace) -> list[Job]:
    changes = dict(text.split("=", 1) for text in asked.set)
    p = params.load().train.model_dump() | {k.removeprefix("train."): yaml.safe_load(v) for k, v in changes.items()}
    p |= {"max_steps": asked.steps or 8}
    place = (str(paths.LANGUAGE_MODEL), str(paths.SPLIT))
    return [Job(side, _SIDES[side][0], p, *place) for side in asked.sides]


def _gpu_jobs(asked: argparse.Namespace) -> list[Job]:
    import torch

    if not torch.cuda.is_available() and not asked.tiny:
        sys.exit("no GPU here: run this where there is one (`--tiny` tries the same path on a tiny base)")
    base = _random_base(TINY if asked.tiny else OPEN_LLAMA_3B)
    jobs = []
    for told, side, profile, changes in [_SET_UPS[n] for n in asked.set_ups or range(len(_SET_UPS))]:
        p = params.load(Path("profiles") / f"{profile}.yaml").train.model_dump() | changes
        p |= {"max_steps": asked.steps or 30}
        jobs.append(Job(side, told, p, str(base), str(paths.SPLIT)))
    return jobs


# What all sides take from the stage's own arguments.
_SHARED = """
    per_device_train_batch_size gradient_accumulation_steps train_sampling_strategy learning_rate lr_scheduler_type
    warmup_steps weight_decay max_steps max_grad_norm optim fp16 bf16 use_cpu seed data_seed dataloader_pin_memory
""".split()

# The first is what was published; each of the others changes what stands in its name.
_SET_UPS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("published: Trainer, 8-bit, fp16", "plain", "published", {}),
    ("moviechat, 8-bit, fp16", "moviechat", "published", {}),
    ("moviechat, bf16, fused AdamW", "moviechat", "imdb", {}),
    ("moviechat, bf16, micro-batch 16", "moviechat", "imdb", {"micro_batch": 16, "accumulation": 1}),
    ("moviechat, NF4, bf16", "moviechat", "imdb", {"quantize": "4bit"}),
]


def _random_base(shape: dict[str, Any]) -> Path:
    """A Llama of `shape` with random weights and the fetched model's tokenizer, made once."""
    import torch
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    from moviechat import files

    folder = paths.CACHE / "bench" / f"llama-{shape['hidden_size']}x{shape['num_hidden_layers']}"
    if folder.is_dir():
        return folder
    tokenizer = AutoTokenizer.from_pretrained(paths.LANGUAGE_MODEL)
    torch.manual_seed(0)
    config = LlamaConfig(**shape, vocab_size=max(32_000, len(tokenizer)), tie_word_embeddings=False)
    with files.whole(folder) as partial:
        model: Any = LlamaForCausalLM(config)
        model.to(torch.float16).save_pretrained(partial)
        tokenizer.save_pretrained(partial)
    return folder


def _apart(job: Job) -> Result | str:
    command = [sys.executable, __file__, "--job", json.dumps(asdict(job))]
    environment = {**os.environ, "TRANSFORMERS_VERBOSITY": "error", "TRL_EXPERIMENTAL_SILENCE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it said nothing"]
        return f"did not run: {next((line for line in reversed(lines) if 'Error' in line), lines[-1])[:120]}"
    return Result(**json.loads(done.stdout.splitlines()[-1]))


def _train(job: Job) -> Result:
    import torch

    p, pairs = params.Train.model_validate(job.p), _pairs(job)
    model, steps = _SIDES[job.side][1](p, Path(job.base), pairs["train"])
    loss = _loss(model, _encoded(p, Path(job.base), pairs["validation"]))
    # Only whole steps are counted, and of all sides the same pairs: what they hold does not depend on the order.
    taken = _encoded(p, Path(job.base), pairs["train"])
    seconds, work = (
        (end - start) / (len(steps) - 1 - WARM_UP) for start, end in zip(steps[WARM_UP], steps[-1], strict=True)
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


def _encoded(p: params.Train, base: Path, pairs: list[QAPair]) -> list[dict[str, list[int]]]:
    from transformers import AutoTokenizer

    from moviechat.training.examples import encode

    tokenizer: Any = AutoTokenizer.from_pretrained(base)
    return [encode(pair, tokenizer, p.max_length) for pair in pairs]


def _loss(model: Any, rows: list[dict[str, list[int]]]) -> float:
    import torch
    from torch.nn import functional

    inner, total, number = model.eval().get_base_model(), 0.0, 0
    with torch.no_grad(), torch.autocast("cuda", enabled=torch.cuda.is_available()):
        for row in rows:
            ids, labels = (torch.tensor([row[k]], device=model.device) for k in ("input_ids", "labels"))
            hidden = inner.model(ids, attention_mask=torch.ones_like(ids), use_cache=False)[0]
            counted = labels[:, 1:] != -100
            logits = inner.lm_head(hidden[:, :-1][counted]).float()
            total += float(functional.cross_entropy(logits, labels[:, 1:][counted], reduction="sum"))
            number += int(counted.sum())
    return total / number


def _clock() -> Any:
    from transformers import TrainerCallback

    class Clock(TrainerCallback):
        """When training began and each step ended, by the wall's clock and by this process's work."""

        def __init__(self) -> None:
            self.steps: list[tuple[float, float]] = []

        def on_train_begin(self, *_: Any, **__: Any) -> None:
            self.steps.append((time.perf_counter(), time.process_time()))

        def on_step_end(self, *_: Any, **__: Any) -> None:
            self.steps.append((time.perf_counter(), time.process_time()))

    return Clock()


def _bare(p: params.Train, base: Path) -> Any:
    """transformers + peft as their manuals have it, in the precision of `p`."""
    import peft
    from transformers import AutoModelForCausalLM, set_seed

    from moviechat.training import adapted

    set_seed(p.seed)
    model = AutoModelForCausalLM.from_pretrained(base, dtype=adapted.dtype(p), quantization_config=adapted.quantized(p))
    if p.quantize != "none":
        prepare: Any = peft.prepare_model_for_kbit_training
        model = prepare(model, use_gradient_checkpointing=False)
    return model, adapted.lora(p, model.config.num_hidden_layers)


def _options(p: params.Train, folder: str) -> dict[str, Any]:
    from moviechat.training import loop

    ours: Any = loop.arguments(p, Path(folder))
    return {name: ours.to_dict()[name] for name in _SHARED} | {
        "output_dir": folder,
        "save_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
        "logging_strategy": "no",
    }


def _plain(p: params.Train, base: Path, pairs: list[QAPair]) -> Trained:
    import peft
    from datasets import Dataset
    from transformers import AutoTokenizer, DataCollatorForSeq2Seq, Trainer, TrainingArguments

    model, lora = _bare(p, base)
    model.config.use_cache = False
    tokenizer, clock = AutoTokenizer.from_pretrained(base), _clock()
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model=peft.get_peft_model(model, lora),
            args=TrainingArguments(**_options(p, folder)),
            train_dataset=Dataset.from_list(_encoded(p, base, pairs)),
            data_collator=DataCollatorForSeq2Seq(tokenizer, padding=True, pad_to_multiple_of=8),
            callbacks=[clock],
        )
        trainer.train()
    return trainer.model, clock.steps


def _trl(p: params.Train, base: Path, pairs: list[QAPair]) -> Trained:
    try:
        from trl.trainer.sft_config import SFTConfig
        from trl.trainer.sft_trainer import SFTTrainer
    except ImportError as error:
        sys.exit(f"TRL is not installed ({error}): pip install --constraint constraints.txt trl")
    from datasets import Dataset
    from transformers import AutoTokenizer

    model, lora = _bare(p, base)
    rows = [
        {"prompt": prompts.render(q.question, q.input), "completion": prompts.render_answer(q.answer)} for q in pairs
    ]
    clock = _clock()
    with tempfile.TemporaryDirectory() as folder:
        options: dict[str, Any] = {"gradient_checkpointing": False, "max_length": p.max_length}
        trainer = SFTTrainer(
            model=model,
            args=SFTConfig(**_options(p, folder), **options),
            train_dataset=Dataset.from_list(rows),
            processing_class=AutoTokenizer.from_pretrained(base),
            peft_config=lora,
            callbacks=[clock],
        )
        trainer.train()
    return trainer.model, clock.steps


def _moviechat(p: params.Train, base: Path, pairs: list[QAPair]) -> Trained:
    from transformers import AutoTokenizer

    from moviechat.training import adapted, loop

    # A look at validation films comes after the last step, and is not timed.
    p, clock = p.model_copy(update={"eval_steps": p.max_steps, "samples": 0}), _clock()
    rows = _encoded(p, base, pairs)
    with tempfile.TemporaryDirectory() as folder:
        trainer = loop.optimise(
            adapted.load(p, base), AutoTokenizer.from_pretrained(base), rows, rows[:1], p, Path(folder), [clock]
        )
    return trainer.model, clock.steps


_SIDES: dict[str, tuple[str, Callable[[params.Train, Path, list[QAPair]], Trained]]] = {
    "plain": ("transformers' Trainer + peft", _plain),
    "trl": ("TRL's SFTTrainer", _trl),
    "moviechat": ("moviechat", _moviechat),
}

if __name__ == "__main__":
    threads.yield_soon(threads.PATIENT)
    main()
