"""Train the base language model to answer from a film's record: a LoRA adapter."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from moviechat import params, paths, prompts, threads
from moviechat.errors import DataError
from moviechat.files import sha256, whole, write_json
from moviechat.frames import read_parquet
from moviechat.launch import launch
from moviechat.schema import NOT_SAID, QAPair
from moviechat.training import spread
from moviechat.training.examples import encode_all

_LOGGED = ("step", "loss", "eval_loss", "learning_rate", "grad_norm")


def run(
    p: params.Train,
    *,
    split: Path = paths.SPLIT,
    base: Path = paths.LANGUAGE_MODEL,
    out: Path = paths.TRAIN,
    cache: Path = paths.CACHE / "train",
) -> None:
    """Train on the train films, keep the adapter with the lowest validation loss; safetensors only.

    With `p.processes` > 1 it restarts itself under `accelerate launch`; under such a launcher rank 0 writes.
    """
    if p.processes > 1 and not spread.started():
        spread.launch(p, split=split, base=base, out=out, cache=cache)
        return
    train, validation = _apart(_pairs(split, "train"), _pairs(split, "validation"))
    validation = _drawn(validation, p)[: p.eval_pairs]
    train = _fewer_refusals(train, p)
    from moviechat.training import adapted, loop, samples

    tokenizer = _tokenizer(base)
    rows, lost = encode_all(train, tokenizer, p.max_length)
    held_out, lost_too = encode_all(validation, tokenizer, p.max_length)
    _tell_lost(rows, held_out, len(lost) + len(lost_too), p)
    checkpoints = cache / _key(p, split, base)
    model = adapted.load(p, base)
    trainable, total = model.get_nb_trainable_parameters()
    if spread.first():
        print(
            f"{len(rows):,} pairs to train on, {len(held_out)} to validate; {trainable:,} of {total:,} parameters train"
        )
    trainer = loop.optimise(model, tokenizer, rows, held_out, p, checkpoints)
    spread.gather(model)
    if not spread.first():
        return
    counts = {"pairs": len(rows), "validation_pairs": len(held_out), "trainable": trainable, "parameters": total}
    with whole(out) as folder:
        _write(trainer, counts, folder)
        _lines(samples.told(trainer.state.log_history), folder / "samples.jsonl")
    # Seconds and memory belong to the machine, not to the outputs: MLflow finds them by the adapter's digest.
    _lines(trainer.moving.machine, cache / f"{sha256(out / 'adapter_model.safetensors')}.jsonl")
    shutil.rmtree(checkpoints, ignore_errors=True)


def _pairs(split: Path, part: str) -> list[QAPair]:
    pairs = [
        QAPair.from_row(row) for row in read_parquet(split / f"{part}.parquet", QAPair, "split").iter_rows(named=True)
    ]
    if not pairs:
        raise DataError(f"{split / part}.parquet has no pairs: raise split.{part}, or add films with pairs")
    return pairs


def _apart(train: list[QAPair], validation: list[QAPair]) -> tuple[list[QAPair], list[QAPair]]:
    both = sorted({pair.tconst for pair in train} & {pair.tconst for pair in validation})
    if both:
        raise DataError(
            f"{both[0]} is in training and in validation ({len(both)} films are): run `dvc repro split` again"
        )
    return train, validation


def _fewer_refusals(pairs: list[QAPair], p: params.Train) -> list[QAPair]:
    # A small model learns to refuse long before it learns to read, and then refuses nearly everything.
    share = 1.0 if p.refusals is None else p.refusals
    refusals = _drawn([pair for pair in pairs if pair.answer == NOT_SAID], p)
    answered = len(pairs) - len(refusals)
    left_out = (
        {id(pair) for pair in refusals[int(share * answered / (1 - share)) :]} if answered and share < 1 else set()
    )
    if left_out:
        print(f"{len(left_out):,} of {len(refusals):,} pairs that refuse are left out: train.refusals is {share:g}")
    return [pair for pair in pairs if id(pair) not in left_out]


def _tell_lost(rows: list[Any], held_out: list[Any], lost: int, p: params.Train) -> None:
    if lost and spread.first():
        print(
            f"{lost:,} pairs are left out: cut to train.max_length {p.max_length}, their texts no longer say the answer"
        )
    if not rows or not held_out:
        raise DataError(
            f"no text says its answer within train.max_length {p.max_length}: raise it, or lower describe.max_words"
        )


def _drawn(pairs: list[QAPair], p: params.Train) -> list[QAPair]:
    # A seeded hash spreads the chosen ones over films and kinds, whatever their order.
    def place(pair: QAPair) -> bytes:
        return hashlib.sha256(f"{p.seed}:{pair.tconst}:{pair.question}".encode()).digest()

    return sorted(pairs, key=place)


def _tokenizer(base: Path) -> Any:
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(base, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError) as error:
        raise DataError(f"{base} has no tokenizer ({error}): run `dvc repro fetch_models`") from None


def _key(p: params.Train, split: Path, base: Path) -> str:
    """What decides the adapter's bytes, as one string: checkpoints of anything else are not resumed."""
    files = [split / "train.parquet", split / "validation.parquet", *sorted(base.glob("*.safetensors"))]
    libraries = [version(name) for name in ("torch", "transformers", "peft")]
    parts = [p.model_dump_json(), str(prompts.VERSION), *libraries, *map(sha256, files)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _write(trainer: Any, counts: dict[str, int], folder: Path) -> None:
    trainer.model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    _in_order(folder / "adapter_config.json")
    state = trainer.state
    curve = [{k: row[k] for k in _LOGGED if k in row} for row in state.log_history if {"loss", "eval_loss"} & set(row)]
    _lines(curve, folder / "history.jsonl")
    best = {"best_step": state.best_global_step, "best_eval_loss": state.best_metric, "steps": state.global_step}
    write_json(folder / "train.json", {**counts, **best})
    print(f"lowest validation loss {state.best_metric:.3f}, at step {state.best_global_step} of {state.global_step}")


def _in_order(config: Path) -> None:
    # peft writes a set, whose order differs between processes: equal runs would not give equal bytes.
    settings = json.loads(config.read_text(encoding="utf-8"))
    write_json(config, {**settings, "target_modules": sorted(settings["target_modules"])})


def _lines(rows: list[Any], path: Path) -> None:
    path.write_text("".join(json.dumps(row, sort_keys=True) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    launch("train", spread.share(run, sys.argv[1:]), threads.PATIENT)
