"""Check the full system on one GPU: kernels against transformers, then train, resume, bundle, evaluate.

    python benchmarks/check_gpu.py [--profiles imdb published] [--tiny] [--steps 4] [--layers 26]

A random base of open_llama_3b_v2's shape (`--layers`: fewer of them) runs through each profile's stages with few
steps: a training that is killed after its first checkpoint and resumes, a bundle, and the answers that `evaluate`
scores. Pairs, catalogue and index are the repository's (`dvc repro build_index split enrich`). `--tiny` does the same
with a tiny base on any machine. Each line says what was checked and how many seconds it took; the first failure ends
the run.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from base import OPEN_LLAMA_3B, TINY, card, random_base

from moviechat import params, paths

ROOT = Path(__file__).parents[1]
_QUESTIONS = 20  # of the test films: more than one batch


def main() -> None:
    """Run every check."""
    parser = argparse.ArgumentParser(description="The full system on one GPU: kernels, stages, answers.")
    parser.add_argument("--profiles", nargs="*", default=["imdb", "published"])
    parser.add_argument("--tiny", action="store_true", help="a tiny base, on any machine")
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--layers", type=int, default=OPEN_LLAMA_3B["num_hidden_layers"])
    asked = parser.parse_args()
    print(card(), flush=True)
    _told("kernels: losses and gradients of transformers + peft", kernels)
    base = random_base(TINY if asked.tiny else OPEN_LLAMA_3B | {"num_hidden_layers": asked.layers})
    for profile in asked.profiles:
        with tempfile.TemporaryDirectory(dir=paths.CACHE) as folder:
            _stages(profile, base, Path(folder), asked.steps)


def _told(what: str, check: Callable[[], str]) -> None:
    start = time.perf_counter()
    found = check()
    print(f"{what}: {found} ({time.perf_counter() - start:.1f} s)", flush=True)


def kernels() -> str:
    """How much a small Llama's loss and gradients differ from fp32's, with our layers and with transformers + peft."""
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    reference, rows = _small().to(device), _rows()
    expected = _trained(copy.deepcopy(reference), rows, torch.float32, ours=False)
    told = []
    for dtype in (torch.float32, torch.bfloat16):
        ours, theirs = (
            _apart(_trained(_cast(copy.deepcopy(reference), dtype), rows, dtype, ours=ours), expected)
            for ours in (True, False)
        )
        told.append(f"{dtype}: {ours:.1g} (transformers {theirs:.1g})")
        if not ours < 1.5 * theirs + 1e-4:
            raise SystemExit(f"{told[-1]}: too large")
    return "; ".join(told)


def _apart(found: tuple[float, list[Any]], expected: tuple[float, list[Any]]) -> float:
    """The largest relative difference of the loss and of each gradient."""
    gradients = (float((g - e).norm() / e.norm()) for g, e in zip(found[1], expected[1], strict=True))
    return max(abs(found[0] - expected[0]) / expected[0], *gradients)


def _small() -> Any:
    import peft
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(1)
    shape: dict[str, Any] = {
        "hidden_size": 400,
        "intermediate_size": 1080,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
    }
    model = LlamaForCausalLM(LlamaConfig(**shape, vocab_size=500, initializer_range=0.05))
    lora = peft.LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "k_proj", "v_proj", "o_proj"])
    adapted: Any = peft.get_peft_model(model, lora)
    for name, weight in adapted.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.05)
    return adapted


def _cast(model: Any, dtype: Any) -> Any:
    """The frozen weights in `dtype`; adapters stay as peft made them."""
    for weight in model.parameters():
        if not weight.requires_grad:
            weight.data = weight.data.to(dtype)
    return model


def _rows() -> list[dict[str, list[int]]]:
    import torch

    draw = torch.Generator().manual_seed(2)
    opening = torch.randint(0, 500, (31,), generator=draw).tolist()
    ids = [
        [*opening, n, *torch.randint(0, 500, (length,), generator=draw).tolist()]
        for n, length in enumerate((150, 240, 97))
    ]
    return [{"input_ids": one, "labels": [-100] * (len(one) - 12) + one[-12:]} for one in ids]


def _trained(model: Any, rows: list[dict[str, list[int]]], dtype: Any, *, ours: bool) -> tuple[float, list[Any]]:
    """The loss and the adapters' gradients, with our layers or with transformers'."""
    import torch

    from moviechat.training import loss, ways
    from moviechat.training.gpu import door

    way = door.install(model) if ours else ways.PADDED
    if way is None:
        raise SystemExit("our layers were not used")
    loss.install(model, way)
    batch = way.collator(0)(rows)
    batch = {k: v.to(model.device) if isinstance(v, torch.Tensor) else v for k, v in batch.items()}
    with torch.autocast(model.device.type, torch.bfloat16, enabled=dtype == torch.bfloat16):
        found = model(**batch).loss
    found.backward()
    return float(found.detach()), [p.grad.float() for p in model.parameters() if p.grad is not None]


def _stages(profile: str, base: Path, folder: Path, steps: int) -> None:
    p = yaml.safe_load((ROOT / "profiles" / f"{profile}.yaml").read_text(encoding="utf-8"))
    p["train"] |= {"max_steps": steps, "eval_steps": steps // 2, "eval_pairs": 16, "samples": 2}
    (folder / "params.yaml").write_text(yaml.safe_dump(p), encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "models" / "fetch_models").mkdir(parents=True)
    (folder / paths.SPLIT).symlink_to(paths.SPLIT.resolve())
    (folder / paths.LANGUAGE_MODEL).symlink_to(base.resolve())
    _told(f"{profile}: train, killed after its first checkpoint", lambda: _killed(folder))
    _told(f"{profile}: train, resumed", lambda: _gone_on(folder, steps))
    _told(f"{profile}: bundle", lambda: _bundled(params.load(folder / "params.yaml"), folder))
    _told(f"{profile}: evaluate's answers", lambda: _answered(folder))


def _command(folder: Path) -> dict[str, Any]:
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{os.environ.get('PYTHONPATH', '')}"}
    return {"args": [sys.executable, "-m", "moviechat.stages.train"], "cwd": folder, "env": environment}


def _killed(folder: Path) -> str:
    with (folder / "first.txt").open("w") as said:
        process = subprocess.Popen(**_command(folder), stdout=said, stderr=subprocess.STDOUT, start_new_session=True)
        while process.poll() is None and not list(
            (folder / "data/cache/train").glob("*/checkpoint-*/trainer_state.json")
        ):
            time.sleep(0.2)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    text = (folder / "first.txt").read_text()
    if process.returncode != -signal.SIGKILL:
        raise SystemExit(f"it ended by itself ({process.returncode}): {text[-3000:]}")
    return "killed"


def _gone_on(folder: Path, steps: int) -> str:
    done = subprocess.run(**_command(folder), capture_output=True, text=True, check=False)
    if done.returncode or "resuming from checkpoint-" not in done.stdout:
        raise SystemExit((done.stdout + done.stderr)[-3000:])
    counts = json.loads((folder / paths.TRAIN / "train.json").read_text())
    rows = [json.loads(line) for line in (folder / paths.TRAIN / "history.jsonl").read_text().splitlines()]
    losses = [row["loss"] for row in rows if "loss" in row]
    if counts["steps"] != steps or len(losses) != steps:
        raise SystemExit(f"{counts} and {len(losses)} losses of {steps} steps")
    return f"{counts['trainable']:,} of {counts['parameters']:,} parameters, losses {losses[0]:.3f} to {losses[-1]:.3f}"


def _bundled(p: params.Params, folder: Path) -> str:
    from moviechat.bundle import open_bundle
    from moviechat.stages import bundle

    # The catalogue, its index and the encoder are this repository's.
    bundle.run(
        p.bundle,
        search=p.search,
        chat=p.chat,
        base=folder / paths.LANGUAGE_MODEL,
        adapter=folder / paths.TRAIN,
        out=folder / paths.BUNDLE,
    )
    return open_bundle(folder / paths.BUNDLE).engine


def _answered(folder: Path) -> str:
    from moviechat.evaluation import answers
    from moviechat.evaluation.kept import fingerprint, keeping
    from moviechat.frames import read_parquet
    from moviechat.generation.load import load
    from moviechat.generation.protocol import complete_all
    from moviechat.schema import QAPair

    pairs = [
        QAPair.from_row(r) for r in read_parquet(paths.SPLIT / "test.parquet", QAPair, "split").iter_rows(named=True)
    ]
    chosen, place = answers.choose(pairs, _QUESTIONS, 1), folder / paths.BUNDLE
    told = []
    for name, adapter in (("base", False), ("adapter", True)):
        model = load(place, adapter=adapter)
        ask = keeping(
            lambda prompts, model=model: complete_all(model, prompts, max_new_tokens=64),  # type: ignore[misc]
            folder / "kept",
            fingerprint(place, adapter=adapter),
        )
        start = time.perf_counter()
        texts = answers.ask(ask, chosen, name)
        told.append(f"{len(texts)} of {model.name} in {time.perf_counter() - start:.1f} s")
        if texts != answers.ask(ask, chosen, name):
            raise SystemExit(f"the stored answers of {name} are not those given")
    return ", ".join(told)


if __name__ == "__main__":
    main()
