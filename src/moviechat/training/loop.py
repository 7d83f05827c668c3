"""The optimisation: transformers' Trainer with a progress line, a stop on NaN, and resuming from checkpoints."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import Trainer, TrainerCallback, TrainingArguments
from transformers.trainer_pt_utils import LengthGroupedSampler

from moviechat import checkpoints, params
from moviechat.errors import ModelError
from moviechat.training import doors, loss, place, progress
from moviechat.training.examples import asked
from moviechat.training.samples import Samples

Rows = Sequence[dict[str, list[int]]]


class Watched(Trainer):
    """A Trainer that counts tokens and stops at the first loss that is not a number."""

    moving: progress.Moving
    _step: list[tuple[Any, Any]]  # per micro-batch of this step: its loss, the tokens of its first pair

    def _get_train_sampler(self, train_dataset: Any = None) -> Any:
        if self.args.train_sampling_strategy != "group_by_length":
            return super()._get_train_sampler(train_dataset)
        rows: Any = train_dataset or self.train_dataset
        lengths = [len(row["input_ids"]) for row in rows]
        together = self.args.train_batch_size * self.args.gradient_accumulation_steps
        return Grouped(together, lengths, self.args.seed)

    def get_batch_samples(self, *arguments: Any) -> Any:
        """The micro-batches of the next step."""
        self._step = []
        return super().get_batch_samples(*arguments)

    def training_step(self, model: Any, inputs: dict[str, Any], num_items_in_batch: Any = None) -> Any:
        """One micro-batch, forward and backward; nothing in it waits for a GPU."""
        found = super().training_step(model, inputs, num_items_in_batch)
        self.moving.tokens += inputs["tokens"]
        self._step.append((found.detach(), inputs["input_ids"].flatten()[: inputs["first"]]))
        return found

    def log(self, logs: dict[str, float], *arguments: Any, **more: Any) -> None:
        """Record a step's figures; raises ModelError, with step and batch, if its loss is not a number."""
        if not math.isfinite(logs.get("loss", 0.0)):
            raise self._no_number()
        super().log(logs, *arguments, **more)

    def _no_number(self) -> ModelError:
        value, ids = next((float(x), ids) for x, ids in self._step if not math.isfinite(float(x)))
        return ModelError(
            f"the loss is {value} at step {self.state.global_step}, in the batch that begins with "
            f"{asked(ids.tolist(), self.processing_class)!r}: lower train.learning_rate, or set train.precision to fp32"
        )


class Grouped(LengthGroupedSampler):
    """Batches of pairs of similar length, in an order that a run resumed within an epoch reproduces."""

    def __init__(self, batch_size: int, lengths: list[int], seed: int) -> None:
        super().__init__(batch_size, lengths=lengths)
        self._seed = seed

    def set_epoch(self, epoch: int) -> None:
        """Draw epoch `epoch` next; the first uses torch's own generator, which Trainer has just seeded."""
        self.generator = torch.Generator().manual_seed(self._seed + epoch) if epoch else None


def arguments(p: params.Train, folder: Path, where: place.Place | None = None) -> TrainingArguments:
    """transformers' arguments for `p`; evaluation and saving happen at the same steps."""
    where = where or place.here(p)
    made = TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=p.micro_batch,
        per_device_eval_batch_size=p.micro_batch * 2,
        gradient_accumulation_steps=p.accumulation,
        learning_rate=p.learning_rate,
        lr_scheduler_type=p.scheduler,
        warmup_steps=p.warmup,
        weight_decay=p.weight_decay,
        max_steps=p.max_steps,
        max_grad_norm=p.max_grad_norm,
        optim=p.optimizer,
        fp16=where.autocast == "fp16",
        bf16=where.autocast == "bf16",
        use_cpu=not where.gpu,
        train_sampling_strategy="group_by_length" if p.group_by_length else "random",
        eval_strategy="steps",
        eval_steps=p.eval_steps,
        save_strategy="steps",
        save_steps=p.eval_steps,
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="eval_loss",
        greater_is_better=False,
        prediction_loss_only=True,
        logging_strategy="steps",
        logging_steps=1,
        logging_nan_inf_filter=False,
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=where.gpu,
        accelerator_config={"non_blocking": where.gpu},
        remove_unused_columns=False,
        seed=p.seed,
        data_seed=p.seed,
    )
    # One GPU per process: train.processes shares a step over several; Trainer's DataParallel would split rows.
    made._n_gpu = min(made.n_gpu, 1)
    return made


def optimise(
    model: Any,
    tokenizer: Any,
    train: Rows,
    validation: Rows,
    p: params.Train,
    folder: Path,
    watchers: Sequence[TrainerCallback] = (),
    where: place.Place | None = None,
) -> Watched:
    """Train from the newest checkpoint on; afterwards the model has the best adapter, and `state` the curve.

    `where` is the place of this process by default.
    """
    from transformers.trainer_callback import PrinterCallback

    where = where or place.here(p)
    way = doors.install(model, where)
    loss.install(model, way)
    taken = doors.together(p, where, model, [len(row["input_ids"]) for row in train])
    trainer = Watched(
        model=model,
        args=arguments(taken, folder, where),
        train_dataset=list(train),
        eval_dataset=list(validation),
        data_collator=way.collator(tokenizer.eos_token_id),
        processing_class=tokenizer,
    )
    trainer.moving = progress.Moving()
    trainer.remove_callback(PrinterCallback)
    shown = validation[: 0 if p.sharding == "fsdp" else p.samples]
    for callback in (
        checkpoints.sealing(folder),
        trainer.moving,
        Samples(shown, tokenizer),
        *progress.tensorboard(),
        *watchers,
    ):
        trainer.add_callback(callback)
    with trainer.accelerator.main_process_first():
        last = checkpoints.newest(folder)
    if last and trainer.is_world_process_zero():
        print(f"resuming from {last.name}")
    try:
        trainer.train(resume_from_checkpoint=str(last) if last else None)
    except RuntimeError as error:
        raise _out_of_memory(error, p) from error
    trainer.accelerator.wait_for_everyone()
    return trainer


def _out_of_memory(error: RuntimeError, p: params.Train) -> Exception:
    said = str(error).lower()
    if "out of memory" not in said and "can't allocate" not in said:
        return error
    return ModelError(
        f"out of memory: lower train.micro_batch (now {p.micro_batch}; raise train.accumulation, now {p.accumulation}, "
        f"to keep the batch) or train.max_length (now {p.max_length})"
    )
