"""The sentence encoder that turns passages and queries into vectors."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np

from moviechat.arrays import Array
from moviechat.errors import BundleError
from moviechat.quiet import quiet
from moviechat.retrieval import bert


class TextEncoder(Protocol):
    """Texts -> normalised vectors of one width."""

    @property
    def name(self) -> str:
        """Identifies this encoder's vectors."""

    @property
    def width(self) -> int:
        """Dimensions of a vector."""

    def encode(self, texts: Sequence[str]) -> Array:
        """float32 [texts, width]; each row has length 1."""


class Encoder:
    """The sentence-transformers model in `folder` (Reimers and Gurevych, 2019), loaded at first use.

    Texts are cut to `max_tokens`. Raises BundleError if the folder has no such model.
    """

    def __init__(self, folder: Path, batch_size: int = 64, max_tokens: int = 256) -> None:
        self._folder, self._batch_size, self._max_tokens = folder, batch_size, max_tokens

    @cached_property
    def name(self) -> str:
        """A digest of the weights and of everything else that changes the vectors."""
        try:
            with (self._folder / bert.WEIGHTS).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise BundleError(
                f"{self._folder} has no encoder ({error.strerror}): run `dvc repro fetch_models`"
            ) from None
        return f"{digest[:32]}-{self._max_tokens}"

    @cached_property
    def width(self) -> int:
        """Dimensions of a vector."""
        return self._engine.width

    @cached_property
    def _engine(self) -> _Engine:
        if not (self._folder / "modules.json").is_file():
            raise BundleError(f"{self._folder} has no encoder: run `dvc repro fetch_models`")
        try:
            if (plain := bert.shape(self._folder)) is None:
                return _Library(self._folder, self._batch_size, self._max_tokens)
            return bert.Bert(self._folder, plain, self._batch_size, self._max_tokens)
        except Exception as error:  # tokenizers, safetensors and transformers raise classes of their own
            reason = " ".join(str(error).split())[:300]
            raise BundleError(
                f"the encoder in {self._folder} cannot be read ({reason}): run `dvc repro fetch_models`"
            ) from None

    def encode(self, texts: Sequence[str]) -> Array:
        """float32 [texts, width]; each row has length 1."""
        return self._engine.encode(texts) if texts else np.zeros((0, self.width), np.float32)


class Portable:
    """The encoder in `folder` in float64, rounded to float16: its vectors have the same bytes on every processor.

    Processors differ by 1e-16 in float64, and float16's steps are about 1e-5, so rounding removes the difference. In
    float32 (1e-7) or bfloat16 (1e-3) it would not. Much slower, so it is for passages only.
    """

    _BATCH = 16  # texts per batch; float64 needs memory

    def __init__(self, folder: Path, max_tokens: int = 256) -> None:
        self._folder, self._max_tokens = folder, max_tokens
        self.name = f"{Encoder(folder, max_tokens=max_tokens).name}-portable"

    @cached_property
    def _engine(self) -> _Library:
        return _Library(self._folder, self._BATCH, self._max_tokens, portable=True)

    @property
    def width(self) -> int:
        """Numbers in a vector."""
        return self._engine.width

    def encode(self, texts: Sequence[str]) -> Array:
        """float32 [texts, width], each number one of float16's; each row has a length of 1 to three digits."""
        vectors = self._engine.encode(texts) if texts else np.zeros((0, self.width))
        return vectors.astype(np.float16).astype(np.float32)


class _Engine(Protocol):
    width: int

    def encode(self, texts: Sequence[str]) -> Array: ...


class _Library:
    """Any encoder, through sentence-transformers; in float64 if `portable`."""

    def __init__(self, folder: Path, batch_size: int, max_tokens: int, *, portable: bool = False) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        quiet()
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True, trust_remote_code=False).eval()
        self._model = model.double() if portable else model
        self._type = np.float64 if portable else np.float32
        self._model.max_seq_length = max_tokens
        self._batch_size = batch_size
        self.width = int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str]) -> Array:
        vectors = self._model.encode(
            list(texts),
            batch_size=self._batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, self._type)
