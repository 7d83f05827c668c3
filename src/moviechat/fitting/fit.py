"""The optimisation: sentence-transformers' trainer with in-batch negatives."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from moviechat import checkpoints, files, params
from moviechat.errors import ModelError
from moviechat.quiet import quiet

_SAVED = (10, 50)  # minimum and maximum steps between checkpoints; a short run has five


def fit(encoder: Path, pairs: Sequence[tuple[str, str]], p: params.FitEncoder, cache: Path, out: Path) -> float:
    """Fit the sentence-transformers model in `encoder` to `pairs` and write it to `out`; returns the last loss.

    Both directions of MultipleNegativesRankingLoss (Henderson et al., 2017, arXiv:1705.00652). Resumes from the newest
    checkpoint in `cache`. Raises ModelError for an encoder that cannot be fitted.
    """
    quiet()
    from datasets import Dataset
    from sentence_transformers import SentenceTransformerTrainer
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    model = _model(encoder, p)
    trainer: Any = SentenceTransformerTrainer(
        model=model,
        args=_arguments(p, cache, len(pairs) // p.batch_size),
        train_dataset=Dataset.from_dict({"anchor": [a for a, _ in pairs], "positive": [b for _, b in pairs]}),
        loss=MultipleNegativesRankingLoss(model, directions=("query_to_doc", "doc_to_query")),
    )
    trainer.add_callback(checkpoints.sealing(cache))
    last = checkpoints.newest(cache)
    if last:
        print(f"resuming from {last.name}")
    trainer.train(resume_from_checkpoint=str(last) if last else None)
    files.copy(encoder, out)
    # Only the weights change: search reads the encoder by the folder's other files.
    _write_weights(model, out)
    return float(trainer.state.log_history[-1]["train_loss"])


def _write_weights(model: Any, folder: Path) -> None:
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    weights = folder / modules[0]["path"]
    for old in weights.glob("*.safetensors*"):
        old.unlink()
    with tempfile.TemporaryDirectory() as passing:
        model[0].auto_model.save_pretrained(passing)
        for new in Path(passing).glob("*.safetensors*"):
            files.copy(new, weights / new.name)


def _model(encoder: Path, p: params.FitEncoder) -> Any:
    import torch
    from sentence_transformers import SentenceTransformer

    # torch's flash kernel is slow backward on a CPU, and drawing dropout takes longer than the layers.
    eager = {"attn_implementation": "eager"}
    try:
        model: Any = SentenceTransformer(
            str(encoder), local_files_only=True, trust_remote_code=False, model_kwargs=eager
        )
        words = model[0].auto_model.get_input_embeddings()
    except (OSError, ValueError, AttributeError) as error:
        raise ModelError(f"the encoder in {encoder} cannot be fitted ({error}): set fit_encoder.epochs to 0") from None
    words.requires_grad_(False)
    model.model_card_data.generate_widget_examples = False
    model.max_seq_length = p.max_tokens
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    return model


def _arguments(p: params.FitEncoder, cache: Path, steps: int) -> Any:
    import torch
    from sentence_transformers import SentenceTransformerTrainingArguments

    gpu = torch.cuda.is_available()
    return SentenceTransformerTrainingArguments(
        output_dir=str(cache),
        num_train_epochs=1,  # each epoch has different pieces; all are passed at once
        per_device_train_batch_size=p.batch_size,
        learning_rate=p.learning_rate,
        lr_scheduler_type="linear",
        warmup_steps=p.warmup,
        bf16=torch.cuda.is_bf16_supported() if gpu else torch.cpu._is_avx512_bf16_supported(),
        use_cpu=not gpu,
        dataloader_drop_last=True,  # a smaller batch would have fewer negatives
        dataloader_pin_memory=gpu,
        save_strategy="steps",
        save_steps=min(max(steps // 5, _SAVED[0]), _SAVED[1]),
        save_total_limit=2,
        logging_strategy="no",
        report_to="none",
        seed=p.seed,
        data_seed=p.seed,
    )
