"""Where a training computes and with which kernels: decided before a layer is touched, by what Trainer will use."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Literal

from moviechat import params

Half = Literal["bf16", "fp16"]


@dataclass(frozen=True)
class Machine:
    """`gpus` that this process sees, and whether its processor (a GPU's, where there is one) computes in bf16."""

    gpus: int
    bf16: bool


@dataclass(frozen=True)
class Place:
    """`device` as torch names it, whose `kernels` its layers get, the frozen weights' type, Trainer's autocast."""

    device: str
    kernels: Literal["cpu", "gpu", "plain"]
    weights: Literal["fp32", "bf16", "fp16"]
    autocast: Half | None

    @property
    def gpu(self) -> bool:
        """Whether it is a GPU."""
        return self.device != "cpu"

    @property
    def dtype(self) -> Any:
        """`weights` as a torch dtype."""
        import torch

        return {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[self.weights]


def decide(p: params.Train, machine: Machine, rank: int = 0) -> Place:
    """The place of process `rank` of this machine.

    FSDP takes layers apart, and the flash kernels take 16 bits and a GPU that computes in bf16 (Ampere or newer):
    elsewhere on GPUs the layers stay as transformers made them.
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
    """The place of this very process."""
    return decide(p, machine(), int(os.environ.get("LOCAL_RANK", "0")))


def machine() -> Machine:
    """What torch sees here."""
    import torch

    if not torch.cuda.is_available():
        return Machine(0, torch.cpu._is_avx512_bf16_supported())
    # A GPU without bf16 would emulate it, slower than in fp32.
    return Machine(torch.cuda.device_count(), torch.cuda.is_bf16_supported(including_emulation=False))
