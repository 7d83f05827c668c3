"""The systems that benchmarks/train.py compares: each trains the same adapter on the same pairs and times its steps."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from moviechat import params, prompts
from moviechat.schema import QAPair

Steps = list[tuple[float, float]]  # wall-clock and CPU seconds at the start and after each step
Trained = tuple[Any, Steps]  # the model, and when its steps ended

# Arguments that all systems take from the stage's own.
_SHARED = """
    per_device_train_batch_size gradient_accumulation_steps train_sampling_strategy learning_rate lr_scheduler_type
    warmup_steps weight_decay max_steps max_grad_norm optim fp16 bf16 use_cpu seed data_seed dataloader_pin_memory
""".split()


def encoded(p: params.Train, base: Path, pairs: list[QAPair]) -> list[dict[str, list[int]]]:
    from transformers import AutoTokenizer

    from moviechat.training.examples import encode

    tokenizer: Any = AutoTokenizer.from_pretrained(base)
    return [encode(pair, tokenizer, p.max_length) for pair in pairs]


def _clock() -> Any:
    from transformers import TrainerCallback

    class Clock(TrainerCallback):
        """Start of the training and end of each step, in wall-clock time and in CPU time of this process."""

        def __init__(self) -> None:
            self.steps: list[tuple[float, float]] = []

        def on_train_begin(self, *_: Any, **__: Any) -> None:
            self.steps.append((time.perf_counter(), time.process_time()))

        def on_step_end(self, *_: Any, **__: Any) -> None:
            self.steps.append((time.perf_counter(), time.process_time()))

    return Clock()


def _bare(p: params.Train, base: Path) -> Any:
    """transformers + peft as in their manuals, in the precision of `p`."""
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
            train_dataset=Dataset.from_list(encoded(p, base, pairs)),
            data_collator=DataCollatorForSeq2Seq(tokenizer, padding=True, pad_to_multiple_of=8),
            callbacks=[clock],
        )
        trainer.train()
    return trainer.model, clock.steps


def _trl(p: params.Train, base: Path, pairs: list[QAPair], liger: bool = False) -> Trained:
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
        options: dict[str, Any] = {
            "gradient_checkpointing": False,
            "max_length": p.max_length,
            "use_liger_kernel": liger,
        }
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

    # The evaluation comes after the last step and is not timed.
    p, clock = p.model_copy(update={"eval_steps": p.max_steps, "samples": 0}), _clock()
    rows = encoded(p, base, pairs)
    with tempfile.TemporaryDirectory() as folder:
        trainer = loop.optimise(
            adapted.load(p, base), AutoTokenizer.from_pretrained(base), rows, rows[:1], p, Path(folder), [clock]
        )
    return trainer.model, clock.steps


# Further systems for `--gpu`.
GPU_SIDES = {"liger": partial(_trl, liger=True)}
SIDES: dict[str, tuple[str, Callable[[params.Train, Path, list[QAPair]], Trained]]] = {
    "plain": ("transformers' Trainer + peft", _plain),
    "trl": ("TRL's SFTTrainer", _trl),
    "moviechat": ("moviechat", _moviechat),
}
