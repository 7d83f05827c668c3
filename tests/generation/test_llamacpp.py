from __future__ import annotations

import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from moviechat import prompts
from moviechat.errors import ModelError
from moviechat.generation.llamacpp import LlamaCpp
from moviechat.generation.protocol import complete
from moviechat.models.lora import write_gguf

PROMPT = prompts.render("Where is it set?", "Description: An old bus in the jungle.\nRelease Year: 2019")


@pytest.fixture(scope="module")
def model(tiny_llama: Any) -> LlamaCpp:
    return LlamaCpp(tiny_llama.gguf, None, 512, 1)


@pytest.fixture(scope="module")
def fetched(models_folder: Path) -> LlamaCpp:
    return LlamaCpp(models_folder / "language_model" / "base.gguf", None, 512, None, name="SmolLM2")


def test_an_answer_is_greedy_and_the_same_each_time(fetched: LlamaCpp) -> None:
    prompt = prompts.render("What is the capital of France?", "Description: The capital of France is Paris.")
    answers = {complete(fetched, prompt, max_new_tokens=8) for _ in range(2)}
    assert len(answers) == 1
    assert "Paris" in answers.pop()
    assert fetched.name == "SmolLM2"


def test_the_stream_is_the_answer_in_pieces(model: LlamaCpp) -> None:
    pieces = list(model.stream(PROMPT, max_new_tokens=12))
    assert len(pieces) > 1
    assert "".join(pieces) == complete(model, PROMPT, max_new_tokens=12)


def test_no_more_tokens_than_asked_for(model: LlamaCpp) -> None:
    assert len(list(model.stream(PROMPT, max_new_tokens=3))) <= 3


def test_closing_a_stream_frees_the_model(model: LlamaCpp) -> None:
    stream = model.stream(PROMPT, max_new_tokens=200)
    next(stream)
    stream.close()
    assert complete(model, PROMPT, max_new_tokens=3)


def test_several_may_ask_at_once(model: LlamaCpp) -> None:
    alone = complete(model, PROMPT, max_new_tokens=8)
    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda: answers.append(complete(model, PROMPT, max_new_tokens=8))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [alone] * 4


def test_an_adapter_changes_the_answer(tiny_llama: Any, tiny_lora: Path, model: LlamaCpp, tmp_path: Path) -> None:
    write_gguf(tiny_lora, tiny_llama.folder, tmp_path / "a.gguf")
    adapted = LlamaCpp(tiny_llama.gguf, tmp_path / "a.gguf", 512, 1)
    assert complete(adapted, PROMPT, max_new_tokens=8) != complete(model, PROMPT, max_new_tokens=8)


def test_the_likeliest_token_is_the_one_it_writes(model: LlamaCpp) -> None:
    ranking = model.next_tokens(PROMPT, top=5)
    assert len(ranking) == 5
    assert [chance for _, chance in ranking] == sorted((chance for _, chance in ranking), reverse=True)
    assert all(chance < 0 for _, chance in ranking)


def test_a_prompt_longer_than_the_context(model: LlamaCpp) -> None:
    for ask in (
        lambda: list(model.stream("a bus " * 400, max_new_tokens=4)),
        lambda: model.next_tokens("a bus " * 400),
    ):
        with pytest.raises(ModelError, match=r"tiny could not answer \(.*context size.*raise bundle.context"):
            ask()
    assert complete(model, PROMPT, max_new_tokens=3)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"base.gguf is missing: run `dvc repro bundle`"):
        LlamaCpp(tmp_path / "base.gguf", None, 512, None)


def test_a_file_that_is_no_model(tiny_llama: Any, tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(tiny_llama.gguf.read_bytes()[:1000])
    for files in ((broken, None), (tiny_llama.gguf, broken)):
        with pytest.raises(ModelError, match=r"llama.cpp cannot load .*broken.gguf"):
            complete(LlamaCpp(*files, 512, None), PROMPT, max_new_tokens=3)


def test_nobody_else_may_ask_it(model: LlamaCpp) -> None:
    complete(model, PROMPT, max_new_tokens=1)
    address = model._server().listening_address
    assert address.startswith("http://127.0.0.1:")
    for path in ("/v1/completions", "/props", "/slots"):
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(address + path)


def test_it_writes_nothing_to_the_terminal(tiny_llama: Any) -> None:
    code = (
        "from pathlib import Path\n"
        "from moviechat.generation.llamacpp import LlamaCpp\n"
        f"print(len(list(LlamaCpp(Path({str(tiny_llama.gguf)!r}), None, 256, 1).stream('a', max_new_tokens=4))) > 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("True\n", "")
