"""What several test files need: the fetched models, and a Llama small enough to make and ask in a second."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from moviechat import threads
from moviechat.models import llama

pytest_plugins = ("tests.catalogues", "tests.bundles")
threads.yield_soon()

ROOT = Path(__file__).parents[1]
settings.register_profile("moviechat", deadline=None)  # machines are slow now and then
settings.load_profile("moviechat")
TEXT = [
    "Below is a question regarding movies and shows paired with an input that provides further context.",
    "###Instruction: Where is it set? ###Input: Description: An old bus in the jungle. ###Response: In a jungle.",
    "Release Year: 2019 Runtime(in minutes): 80 Genre: Horror Rating: 5.0 Votes: 134.0",
]
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


@pytest.fixture(scope="session")
def models_folder() -> Path:
    """What `dvc repro fetch_models` wrote; `make test` runs it first."""
    folder = ROOT / "models" / "fetch_models"
    assert (folder / "models.json").is_file(), "run `dvc repro fetch_models` first"
    return folder


@pytest.fixture(scope="session")
def checker(models_folder: Path) -> Any:
    """The check of answers, with the parser and the encoder that were fetched."""
    from moviechat.grounding.check import Checker

    return Checker.load(models_folder / "parser", models_folder / "encoder")


@dataclass(frozen=True)
class TinyLlama:
    """One model twice: as transformers saves it and as llama.cpp reads it. 4 heads share 2 of keys and values."""

    folder: Path
    gguf: Path


def _tokenizer() -> Any:
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), byte_level])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=[AddedToken(s, special=True) for s in SPECIAL],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXT, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=SPECIAL[1], eos_token=SPECIAL[2], pad_token=SPECIAL[2]
    )


def _model(vocabulary: int, tied: bool) -> Any:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        max_position_embeddings=2048,
        rope_parameters={"rope_type": "default", "rope_theta": 50_000.0},
        rms_norm_eps=1e-5,
        tie_word_embeddings=tied,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
        initializer_range=0.2,
    )
    torch.manual_seed(0)
    return LlamaForCausalLM(config)


def write_gguf(model: Any, write_tokenizer: Callable[[Any], None], path: Path, **changes: Any) -> Path:
    """A transformers Llama as float32 GGUF; `changes` are metadata of its own, for files that must be refused."""
    from gguf import GGUFWriter

    c = model.config
    writer = GGUFWriter(path, changes.pop("architecture", "llama"))
    writer.add_context_length(c.max_position_embeddings)
    writer.add_embedding_length(c.hidden_size)
    writer.add_block_count(c.num_hidden_layers)
    writer.add_feed_forward_length(c.intermediate_size)
    writer.add_head_count(c.num_attention_heads)
    writer.add_head_count_kv(c.num_key_value_heads)
    writer.add_layer_norm_rms_eps(c.rms_norm_eps)
    writer.add_rope_freq_base(c.rope_parameters["rope_theta"])
    writer.add_rope_dimension_count(changes.pop("turned", c.head_dim))
    write_tokenizer(writer)
    for key, value in changes.items():
        writer.add_string(key.replace("_", "."), value)
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight" and c.tie_word_embeddings:
            continue
        gguf_name = llama.to_gguf(name.removesuffix(".weight"))
        heads = llama.heads_of(gguf_name, c.num_attention_heads, c.num_key_value_heads)
        values = tensor.float().numpy()
        writer.add_tensor(f"{gguf_name}.weight", np.ascontiguousarray(_turned(values, heads) if heads else values))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _turned(rows: Any, heads: int) -> Any:
    """Row i of a head's first half and row i of its second become neighbours, said one row at a time."""
    size = len(rows) // heads
    order = [h * size + half * size // 2 + i for h in range(heads) for i in range(size // 2) for half in (0, 1)]
    return rows[order]


def _write_byte_level(writer: Any, tokenizer: Any, cut: str) -> None:
    import json

    bpe = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    tokens = sorted(bpe["vocab"], key=bpe["vocab"].__getitem__)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(cut)
    writer.add_token_list(tokens)
    writer.add_token_types([3 if t in SPECIAL else 1 for t in tokens])
    writer.add_token_merges([" ".join(pair) for pair in bpe["merges"]])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(2)
    writer.add_add_bos_token(False)


def _sentencepiece() -> list[tuple[str, int, float]]:
    """A sentencepiece vocabulary as GGUF says it: token, type, score."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.train_from_iterator(TEXT, trainers.BpeTrainer(vocab_size=250, show_progress=False))
    pieces = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)
    by_merge = [p for p in pieces if len(p) > 1] + [p for p in pieces if len(p) == 1]
    special = [("<unk>", 2, 0.0), ("<s>", 3, 0.0), ("</s>", 3, 0.0)] + [(f"<0x{b:02X}>", 6, 0.0) for b in range(256)]
    return special + [(piece, 1, -float(rank)) for rank, piece in enumerate(by_merge)]


def _write_sentencepiece(writer: Any, vocabulary: list[tuple[str, int, float]]) -> None:
    tokens, types, scores = zip(*vocabulary, strict=True)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_scores(scores)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)


@pytest.fixture(scope="session")
def make_llama() -> Callable[..., TinyLlama]:
    """Makes a tiny Llama in a folder: `make_llama(folder, tied=True, **changes of the GGUF's metadata)`."""

    def make(folder: Path, *, tied: bool = True, **changes: Any) -> TinyLlama:
        tokenizer, cut = _tokenizer(), changes.pop("cut", "smollm")
        model = _model(len(tokenizer), tied)
        model.save_pretrained(folder / "tiny")
        tokenizer.save_pretrained(folder / "tiny")
        byte_level = partial(_write_byte_level, tokenizer=tokenizer, cut=cut)
        return TinyLlama(folder / "tiny", write_gguf(model, byte_level, folder / "tiny.gguf", **changes))

    return make


@pytest.fixture(scope="session")
def sentencepiece_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Llama with the kind of tokenizer that Llama 2 and OpenLLaMA have."""
    vocabulary = _sentencepiece()
    write_tokenizer = partial(_write_sentencepiece, vocabulary=vocabulary)
    path = tmp_path_factory.mktemp("sentencepiece") / "tiny.gguf"
    return write_gguf(_model(len(vocabulary), False), write_tokenizer, path)


@pytest.fixture(scope="session")
def tiny_llama(make_llama: Callable[..., TinyLlama], tmp_path_factory: pytest.TempPathFactory) -> TinyLlama:
    """A tiny Llama with tied embeddings."""
    return make_llama(tmp_path_factory.mktemp("llama"))


@pytest.fixture(scope="session")
def make_lora() -> Callable[..., Path]:
    """Makes a peft LoRA whose matrices are far from zero: `make_lora(base_folder, folder, **LoraConfig's)`."""

    def make(base: Path, folder: Path, *, size: float = 0.1, **options: Any) -> Path:
        import torch
        from peft import LoraConfig, get_peft_model
        from transformers import AutoModelForCausalLM

        model = get_peft_model(
            AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32),
            LoraConfig(**{"r": 8, "lora_alpha": 16, "target_modules": ["q_proj", "k_proj", "v_proj"]} | options),
        )
        torch.manual_seed(1)
        for name, weight in model.named_parameters():
            if ".lora_" in name:
                weight.data = torch.randn_like(weight) * size
        model.save_pretrained(folder)
        return folder

    return make


@pytest.fixture(scope="session")
def tiny_lora(tiny_llama: TinyLlama, make_lora: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A peft LoRA over `tiny_llama`."""
    return make_lora(tiny_llama.folder, tmp_path_factory.mktemp("lora"))


Answer = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def loopback() -> Iterator[Callable[[Answer], str]]:
    """Serves on 127.0.0.1 until the test ends: `url = loopback(answer)`, where `answer(request)` writes the reply."""
    servers: list[ThreadingHTTPServer] = []

    def serve(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: Any) -> None: ...

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def tiny_encoder(models_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence encoder with the real one's tokenizer, and one layer of 32 random numbers a token."""
    import shutil

    import torch
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("encoder") / "tiny"
    shutil.copytree(models_folder / "encoder", folder)
    sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    config = json.loads((folder / "config.json").read_text()) | sizes
    torch.manual_seed(0)
    BertModel(BertConfig(**config)).save_pretrained(folder)
    (folder / "config.json").write_text(json.dumps(config))
    pooling = json.loads((folder / "1_Pooling" / "config.json").read_text()) | {"word_embedding_dimension": 32}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    return folder
