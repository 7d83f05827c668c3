"""Where a training computes is a pure decision: what Trainer will use, known before a layer is replaced."""

from __future__ import annotations

import subprocess
import sys

import pytest

from moviechat import params
from moviechat.training.place import Machine, Place, decide
from tests.training.test_loop import P

CPU, OLD_CPU, H100, T4 = Machine(0, True), Machine(0, False), Machine(1, True), Machine(1, False)


def of(**changes: object) -> params.Train:
    return P.model_copy(update=changes)


@pytest.mark.parametrize(
    ("p", "machine", "expected"),
    [
        (of(precision="auto"), CPU, Place("cpu", "cpu", "bf16", None)),
        (of(precision="auto"), OLD_CPU, Place("cpu", "cpu", "fp32", None)),
        (of(precision="auto"), H100, Place("cuda:0", "gpu", "bf16", "bf16")),
        (of(precision="auto"), T4, Place("cuda:0", "plain", "fp32", None)),
        (of(precision="fp16", quantize="8bit"), T4, Place("cuda:0", "plain", "fp16", "fp16")),
        (of(precision="fp32"), H100, Place("cuda:0", "plain", "fp32", None)),
        (of(precision="fp16", quantize="8bit"), H100, Place("cuda:0", "gpu", "fp16", "fp16")),
        (of(precision="fp16"), CPU, Place("cpu", "cpu", "fp16", None)),
        (of(precision="auto", sharding="fsdp"), H100, Place("cuda:0", "plain", "bf16", "bf16")),
    ],
)
def test_the_place(p: params.Train, machine: Machine, expected: Place) -> None:
    assert decide(p, machine) == expected


def test_each_process_has_its_gpu() -> None:
    assert decide(of(processes=4), Machine(4, True), rank=3).device == "cuda:3"


_GPU_PATH = """
import sys
import peft
from transformers import LlamaConfig, LlamaForCausalLM
from moviechat.training import doors, loop, place
shape = dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, vocab_size=50)
model = peft.get_peft_model(LlamaForCausalLM(LlamaConfig(**shape)), peft.LoraConfig(target_modules=["q_proj"])){moved}
print(doors.install(model, place.Place("cuda:0", "gpu", "bf16", "bf16")).kernels)
print([m for m in sys.modules if m.startswith("moviechat.training.cpu")])
"""


@pytest.mark.parametrize(("moved", "kernels"), [("", "rows"), ('.to("meta")', "transformers")])
def test_nothing_of_the_cpus_kernels_is_imported_for_a_gpu(moved: str, kernels: str) -> None:
    """On the meta device no layer can be compared with transformers': it is left alone, as a changed one is."""
    code = _GPU_PATH.format(moved=moved)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.split("\n")[:2] == [kernels, "[]"], done.stderr
