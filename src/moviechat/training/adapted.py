"""The base language model with a LoRA adapter on it (Hu et al., 2021, arXiv:2106.09685)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from moviechat import params
from moviechat.errors import ModelError
from moviechat.quiet import quiet
from moviechat.training import place


def load(p: params.Train, base: Path) -> Any:
    """The peft model for `p` over the Llama in `base`, on the device it trains on; raises ModelError if that fails."""
    quiet()
    import peft
    from transformers import AutoModelForCausalLM, set_seed

    set_seed(p.seed)
    try:
        model = AutoModelForCausalLM.from_pretrained(
            base,
            dtype=dtype(p),
            quantization_config=quantized(p),
            local_files_only=True,
            trust_remote_code=False,
            **_onto(p),
        )
    except (OSError, ValueError, ImportError) as error:
        raise ModelError(
            f"the base model in {base} does not load ({error}): run `dvc repro fetch_models`, or set train.quantize "
            "to none"
        ) from None
    model.config.use_cache = False
    if p.quantize != "none":
        model = peft.prepare_model_for_kbit_training(  # type: ignore[no-untyped-call]
            model, use_gradient_checkpointing=False
        )
    try:
        return peft.get_peft_model(model, lora(p, model.config.num_hidden_layers))
    except ValueError as error:
        raise ModelError(
            f"train.targets names no part of the base model ({error}): a Llama has q_proj, k_proj, v_proj, o_proj, "
            "gate_proj, up_proj and down_proj"
        ) from None


def _onto(p: params.Train) -> dict[str, Any]:
    # FSDP gives each GPU its part of a base that may be too large for one. A quantised model cannot be moved later.
    where = place.here(p)
    return {"device_map": {"": where.device}} if where.gpu and (p.quantize != "none" or p.sharding != "fsdp") else {}


def dtype(p: params.Train) -> Any:
    """The torch dtype of the frozen weights; `auto` is bfloat16 where the processor supports it."""
    return place.here(p).dtype


def quantized(p: params.Train) -> Any:
    """bitsandbytes' configuration of the frozen weights, or None: LLM.int8() (arXiv:2208.07339) or NF4 (2305.14314)."""
    from transformers import BitsAndBytesConfig

    config: Any = BitsAndBytesConfig

    if p.quantize == "8bit":
        return config(load_in_8bit=True)
    if p.quantize == "4bit":
        return config(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=dtype(p))
    return None


def lora(p: params.Train, depth: int) -> Any:
    """peft's configuration for `p` on a base of `depth` layers; ModelError if `p` adapts more layers than that."""
    import peft

    if p.layers is not None and p.layers > depth:
        raise ModelError(f"train.layers is {p.layers}, but the base has {depth} layers: lower it, or set it to null")
    top = None if p.layers is None else list(range(depth - p.layers, depth))
    return peft.LoraConfig(
        r=p.rank,
        lora_alpha=p.alpha,
        lora_dropout=p.dropout,
        target_modules=list(p.targets),
        layers_to_transform=top,
        bias="none",
        task_type="CAUSAL_LM",
    )
