"""What one sees of a running training: a progress line, the machine's load, and TensorBoard files."""

from __future__ import annotations

import os
import subprocess
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psutil
from transformers import TrainerCallback

from moviechat.errors import ModelError

_EVERY = 10.0  # seconds between two readings of the machine
_GPU = ["nvidia-smi", "--query-gpu=memory.used,utilization.gpu", "--format=csv,noheader,nounits"]


class Moving(TrainerCallback):
    """A progress line: step, loss, tokens per second, time left; and `machine`, one row every ten seconds."""

    def __init__(self) -> None:
        self.tokens = 0
        self.machine: list[dict[str, float]] = []
        self._started = self._looked = time.perf_counter()
        self._before = 0  # tokens at the last reading
        # `nvidia-smi` may take a second, during which a GPU would be idle.
        self._looking = ThreadPoolExecutor(1, thread_name_prefix="machine")
        self._looks: list[Future[Any]] = []
        self._bar: Any = None

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Open the line at the current step."""
        from tqdm import tqdm

        self._started = self._looked = time.perf_counter()
        self._looks.append(self._looking.submit(psutil.cpu_percent))  # the first call of a thread measures nothing
        self._bar = tqdm(
            total=state.max_steps,
            initial=state.global_step,
            desc="training",
            unit="step",
            mininterval=1,
            disable=not state.is_world_process_zero,
        )

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
        """Show the newest losses; read the machine from time to time."""
        shown = {k: f"{v:.3f}" for k, v in (logs or {}).items() if k in ("loss", "eval_loss")}
        rate = self.tokens / (time.perf_counter() - self._started)
        self._bar.set_postfix({**shown, "tokens/s": f"{rate:.0f}"})
        if time.perf_counter() - self._looked >= _EVERY:
            self._look(state.global_step)

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Advance by one step."""
        self._bar.update()

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Close the line."""
        self._look(state.global_step)
        self._looking.shutdown()
        for look in self._looks:
            look.result()
        self._bar.close()

    def _look(self, step: int) -> None:
        now = time.perf_counter()
        rate = (self.tokens - self._before) / (now - self._looked)
        self._looks.append(self._looking.submit(self._seen, {"step": step, "tokens_per_second": round(rate, 1)}))
        self._looked, self._before = now, self.tokens

    def _seen(self, told: dict[str, float]) -> None:
        self.machine.append({**told, **machine()})


def machine() -> dict[str, float]:
    """Memory of this process in GB, and CPU use since the last call in percent; with a GPU, also the GPU's."""
    import torch

    seen = {"memory_gb": round(psutil.Process().memory_info().rss / 1e9, 3), "cpu_percent": psutil.cpu_percent()}
    if not torch.cuda.is_available():
        return seen
    done = subprocess.run(_GPU, capture_output=True, text=True, check=False)
    return seen | (gpus(done.stdout) if done.returncode == 0 else {})


def gpus(table: str) -> dict[str, float]:
    """Sum and mean of the "MiB, percent" lines of `nvidia-smi`, one per GPU, as `gpu_memory_gb` and `gpu_percent`."""
    rows = [[float(cell) for cell in line.split(",")] for line in table.splitlines() if line.strip()]
    memory, use = zip(*rows, strict=True)
    return {"gpu_memory_gb": round(sum(memory) * 2**20 / 1e9, 3), "gpu_percent": sum(use) / len(use)}


def tensorboard() -> list[TrainerCallback]:
    """A callback that writes TensorBoard files to the folder MOVIECHAT_TENSORBOARD; none if that is unset."""
    folder = os.environ.get("MOVIECHAT_TENSORBOARD")
    if not folder:
        return []
    from transformers.integrations.integration_utils import TensorBoardCallback

    try:
        from tensorboardX import SummaryWriter
    except ImportError:
        raise ModelError(
            f"MOVIECHAT_TENSORBOARD is {folder}, but tensorboardX is missing: pip install tensorboardX, or unset it"
        ) from None
    return [TensorBoardCallback(SummaryWriter(folder))]  # type: ignore[no-untyped-call]
