"""One training on several processes: the stage restarts itself under `accelerate launch`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from moviechat import params
from moviechat.errors import ModelError

_MODULE = "moviechat.stages.train"
# Each decoder layer is sharded by itself; adapters and frozen weights may differ in type (FSDP 2).
_FSDP = {
    "--fsdp_version": "2",
    "--fsdp_auto_wrap_policy": "TRANSFORMER_BASED_WRAP",
    "--fsdp_transformer_layer_cls_to_wrap": "LlamaDecoderLayer",
    "--fsdp_state_dict_type": "FULL_STATE_DICT",
    "--fsdp_reshard_after_forward": "true",
}


def started() -> bool:
    """Whether this process is one of several that a launcher started."""
    return "LOCAL_RANK" in os.environ


def first() -> bool:
    """Whether this process is the one that writes files."""
    return os.environ.get("RANK", "0") == "0"


def launch(p: params.Train, **places: Path) -> None:
    """Run the stage in `p.processes` processes on this machine; raises ModelError if one of them fails."""
    import torch

    if p.sharding == "fsdp" and not torch.cuda.is_available():
        raise ModelError("train.sharding is fsdp, which needs one GPU per process: set it to ddp")
    job = json.dumps({"p": p.model_dump(), **{name: str(path) for name, path in places.items()}})
    done = subprocess.run([*command(p), "-m", _MODULE, job], check=False)
    if done.returncode:
        raise ModelError(
            f"one of {p.processes} processes failed (see its output above): fix the cause, or set train.processes to 1"
        )


def command(p: params.Train) -> list[str]:
    """`accelerate launch` with everything that it would otherwise ask for."""
    options = {
        "--num_processes": p.processes,
        "--num_machines": 1,
        "--mixed_precision": "no",
        "--dynamo_backend": "no",
        "--main_process_port": 0,
        "--num_cpu_threads_per_process": max(1, (os.cpu_count() or 1) // p.processes),
    }
    # --multi_gpu is torchrun, on a CPU too. --cpu would need MPI there, and start one process without it.
    kind = "--use_fsdp" if p.sharding == "fsdp" else "--multi_gpu"
    more = _FSDP if p.sharding == "fsdp" else {}
    words = [str(word) for pair in (options | more).items() for word in pair]
    return [sys.executable, "-m", "accelerate.commands.launch", kind, *words]


def gather(model: Any) -> None:
    """Make adapters that FSDP split whole again, in every process; then each can save them."""
    import torch

    for module in model.modules():
        for name, weight in list(module.named_parameters(recurse=False)):
            if weight.requires_grad and hasattr(weight, "full_tensor"):
                setattr(module, name, torch.nn.Parameter(weight.full_tensor().detach()))


def share(run: Callable[..., None], job: list[str]) -> Callable[..., None]:
    """`run`, or, in a process that `launch` started for `job`, `run` with that job's parameters and paths."""
    if not job:
        return run
    said: dict[str, Any] = json.loads(job[0])
    p = params.Train.model_validate(said.pop("p"))
    if os.environ.get("WORLD_SIZE") != str(p.processes):  # otherwise each process would start more processes
        raise ModelError(f"{p.processes} processes were requested but not started: set train.processes to 1")
    return lambda _: run(p, **{name: Path(path) for name, path in said.items()})
