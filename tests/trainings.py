"""Parameters of a training that tests can afford; each test changes what it is about."""

from __future__ import annotations

from moviechat import params

TINY = params.Train(
    rank=4,
    alpha=8,
    dropout=0.0,
    targets=["q_proj", "v_proj"],
    layers=None,
    quantize="none",
    precision="fp32",
    max_length=512,
    micro_batch=2,
    accumulation=2,
    processes=1,
    sharding="ddp",
    optimizer="adamw_torch",
    learning_rate=0.01,
    scheduler="cosine",
    warmup=0.1,
    weight_decay=0.0,
    max_steps=4,
    eval_steps=2,
    eval_pairs=4,
    samples=1,
    refusals=None,
    max_grad_norm=0.3,
    group_by_length=False,
    seed=7,
)
