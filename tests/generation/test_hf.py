from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from moviechat import prompts
from moviechat.errors import ModelError
from moviechat.generation.hf import Transformers
from moviechat.generation.llamacpp import LlamaCpp
from moviechat.generation.protocol import complete, complete_all

PROMPT = prompts.render("Where is it set?", "Description: An old bus in the jungle.\nRelease Year: 2019")


@pytest.fixture(scope="module")
def model(tiny_llama: Any) -> Transformers:
    return Transformers(tiny_llama.folder, None, False, context=512)


def test_the_stream_is_the_answer_in_pieces(model: Transformers) -> None:
    pieces = list(model.stream(PROMPT, max_new_tokens=12))
    assert len(pieces) > 1
    assert "".join(pieces) == complete(model, PROMPT, max_new_tokens=12)


def test_it_says_what_llama_cpp_says(tiny_llama: Any, model: Transformers) -> None:
    other = LlamaCpp(tiny_llama.gguf, None, 512, 1)
    assert complete(model, PROMPT, max_new_tokens=4) == complete(other, PROMPT, max_new_tokens=4)


QUESTIONS = ["Where is it set?", "Who?", "What does the driver of the old bus find in the jungle?"]


@pytest.mark.parametrize("adapter", [False, True])
def test_several_at_once_are_answered_as_each_alone(tiny_llama: Any, tiny_lora: Path, adapter: bool) -> None:
    model = Transformers(tiny_llama.folder, tiny_lora if adapter else None, False, context=512)
    many = [prompts.render(f"{q} {n}", "Description: An old bus.") for n in range(6) for q in QUESTIONS]
    assert len(many) > 16
    alone = [complete(model, prompt, max_new_tokens=12) for prompt in many]
    assert complete_all(model, many, max_new_tokens=12) == alone
    assert len(set(alone)) > 6


def test_each_of_several_ends_at_its_own_stop(tiny_llama: Any, tmp_path: Path) -> None:
    """A head that prefers `#` writes the stop soon after some prompts and never after others."""
    from safetensors.torch import load_file, save_file

    folder = Path(shutil.copytree(tiny_llama.folder, tmp_path / "model"))
    tokenizer = Transformers(folder, None, False, context=512)._both()[1]
    weights = load_file(folder / "model.safetensors")
    (hash_id,) = tokenizer.encode("#", add_special_tokens=False)
    weights["model.embed_tokens.weight"][hash_id] *= 1.6
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    model = Transformers(folder, None, False, context=512)
    many = [prompts.render(f"{q} {n}", "Description: An old bus.") for n in range(4) for q in QUESTIONS]
    assert complete_all(model, many, max_new_tokens=40) == [complete(model, p, max_new_tokens=40) for p in many]


def test_closing_a_stream_frees_the_model(model: Transformers) -> None:
    stream = model.stream(PROMPT, max_new_tokens=200)
    next(stream)
    stream.close()
    assert complete(model, PROMPT, max_new_tokens=3)


def test_an_adapter_changes_the_answer(tiny_llama: Any, tiny_lora: Path, model: Transformers) -> None:
    adapted = Transformers(tiny_llama.folder, tiny_lora, False, context=512)
    assert complete(adapted, PROMPT, max_new_tokens=8) != complete(model, PROMPT, max_new_tokens=8)


def test_in_8_bit_it_ranks_nearly_the_same(tiny_llama: Any, model: Transformers) -> None:
    import torch

    eight_bit = Transformers(tiny_llama.folder, None, True, context=512)
    full, rounded = (dict(m.next_tokens(PROMPT, top=400)) for m in (model, eight_bit))
    assert 0 < max(abs(full[t] - rounded[t]) for t in full) < 1
    kinds = {p.dtype for p in eight_bit._both()[0].parameters()}
    assert torch.int8 in kinds


def test_in_8_bit_with_the_adapter_it_answers_as_published(tiny_llama: Any, tiny_lora: Path) -> None:
    adapted = Transformers(tiny_llama.folder, tiny_lora, True, context=512)
    without = Transformers(tiny_llama.folder, None, True, context=512)
    assert complete(adapted, PROMPT, max_new_tokens=8) != complete(without, PROMPT, max_new_tokens=8)


def test_a_prompt_longer_than_the_context(model: Transformers) -> None:
    long = "a bus " * 400
    for ask in (
        lambda: model.stream(long, max_new_tokens=4),
        lambda: model.next_tokens(long),
        lambda: model.complete_all([PROMPT, long], max_new_tokens=4),
    ):
        with pytest.raises(ModelError, match=r"tiny could not answer \(the prompt has \d+ tokens, the context 512\)"):
            ask()


def test_folders_that_are_not_there_or_no_models(tiny_llama: Any, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere is missing"):
        Transformers(tmp_path / "nowhere", None, False, context=512)
    with pytest.raises(ModelError, match="transformers cannot load"):
        complete(Transformers(tmp_path, None, False, context=512), PROMPT, max_new_tokens=3)
    with pytest.raises(ModelError, match="transformers cannot load"):
        complete(Transformers(tiny_llama.folder, tmp_path, False, context=512), PROMPT, max_new_tokens=3)
