"""The small operations between a layer's products: Liger's kernels (extra `gpu`) on a GPU, otherwise torch's."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor
from torch.nn import functional

from moviechat.training.gpu import attention


@dataclass(frozen=True)
class Kernels:
    """`norm(x, w, eps)`; `add_norm(x, more, w, eps)`: the norm of the sum, and the sum; `gate` of [tokens, 2 wide]."""

    name: str
    norm: Callable[[Tensor, Tensor, float], Tensor]
    add_norm: Callable[[Tensor, Tensor, Tensor, float], tuple[Tensor, Tensor]]
    gate: Callable[[Tensor], Tensor]
    turned: Callable[..., tuple[Tensor, Tensor, Tensor]]


def found(device: Any) -> Kernels:
    """The fastest that `device` has."""
    if device.type != "cuda" or importlib.util.find_spec("triton") is None:
        return PLAIN
    if importlib.util.find_spec("liger_kernel") is None:
        warnings.warn("training is slower without Liger's kernels: pip install 'moviechat[gpu]'", stacklevel=2)
        return PLAIN
    return _liger()


def _norm(x: Tensor, w: Tensor, epsilon: float) -> Tensor:
    wide = x.float()
    return w * (wide * (wide.square().mean(-1, keepdim=True) + epsilon).rsqrt()).to(x.dtype)


def _add_norm(x: Tensor, more: Tensor, w: Tensor, epsilon: float) -> tuple[Tensor, Tensor]:
    x = x + more
    return _norm(x, w, epsilon), x


def _gate(y: Tensor) -> Tensor:
    gate, up = y.chunk(2, -1)
    return functional.silu(gate) * up


PLAIN = Kernels("rows", _norm, _add_norm, _gate, attention.turned)


def _liger() -> Kernels:
    from liger_kernel.ops.fused_add_rms_norm import LigerFusedAddRMSNormFunction
    from liger_kernel.ops.rms_norm import LigerRMSNormFunction
    from liger_kernel.ops.swiglu import LigerFusedGateUpSiLUMulFunction

    from moviechat.training.gpu import turn

    def norm(x: Tensor, w: Tensor, epsilon: float) -> Tensor:
        found: Tensor = LigerRMSNormFunction.apply(x, w, epsilon, 0.0, "llama", False)
        return found

    def add_norm(x: Tensor, more: Tensor, w: Tensor, epsilon: float) -> tuple[Tensor, Tensor]:
        found: tuple[Tensor, Tensor] = LigerFusedAddRMSNormFunction.apply(x, more, w, epsilon, 0.0, "llama", False)
        return found

    def gate(y: Tensor) -> Tensor:
        # In backward the gradient overwrites y, which nothing else reads.
        found: Tensor = LigerFusedGateUpSiLUMulFunction.apply(y, True)
        return found

    return Kernels("rows + Liger", norm, add_norm, gate, turn.turned)
