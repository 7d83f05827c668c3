"""Device and kernels of a training: decided before a layer is touched, from what Trainer will use."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Literal

from moviechat import params

Half = Literal["bf16", "fp16"]


@dataclass(frozen=True)
class Machine:
    """`gpus`: the number that this process sees; `bf16`: whether the GPU (or else the CPU) computes in bf16."""

    gpus: int
    bf16: bool


@dataclass(frozen=True)
class Place:
    """`device` as torch names it, the `kernels` of its layers, the type of the frozen weights, Trainer's autocast."""

    device: str
    kernels: Literal["cpu", "gpu", "plain"]
    weights: Literal["fp32", "bf16", "fp16"]
    autocast: Half | None

    @property
    def gpu(self) -> bool:
        """Whether the device is a GPU."""
        return self.device != "cpu"

    @property
    def dtype(self) -> Any:
        """`weights` as a torch dtype."""
        import torch

        return {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[self.weights]


def decide(p: params.Train, machine: Machine, rank: int = 0) -> Place:
    """The place of process `rank` on this machine.

    FSDP splits layers, and the flash kernels need 16 bits and a GPU that computes in bf16 (Ampere or newer). On other
    GPUs the layers stay as transformers made them.
    """
    gpu = machine.gpus > 0
    weights = p.precision if p.precision != "auto" else "bf16" if machine.bf16 else "fp32"
    autocast = weights if gpu and weights != "fp32" else None
    flash: Literal["gpu", "plain"] = "gpu" if autocast and machine.bf16 else "plain"
    return Place(
        device=f"cuda:{rank}" if gpu else "cpu",
        kernels="plain" if p.sharding == "fsdp" else flash if gpu else "cpu",
        weights=weights,
        autocast=autocast,
    )


def here(p: params.Train) -> Place:
    """The place of this process."""
    return decide(p, machine(), int(os.environ.get("LOCAL_RANK", "0")))


def machine() -> Machine:
    """What torch sees on this machine."""
    import torch

    if not torch.cuda.is_available():
        return Machine(0, torch.cpu._is_avx512_bf16_supported())
    # A GPU without bf16 would emulate it, slower than fp32.
    return Machine(torch.cuda.device_count(), torch.cuda.is_bf16_supported(including_emulation=False))
