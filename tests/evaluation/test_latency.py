"""Seconds, summed up and shown."""

from __future__ import annotations

from moviechat.evaluation import latency


def test_median_and_95th_percentile_of_every_group_that_has_any() -> None:
    figures = latency.summarise({"search": [0.1, 0.2, 0.3], "plot reply": []})
    assert {k: round(v, 3) for k, v in figures.items()} == {"search_p50": 0.2, "search_p95": 0.29}


def test_a_row_a_group() -> None:
    table = latency.table({"search_p50": 0.2, "search_p95": 0.29, "fact_reply_p50": 0.001, "fact_reply_p95": 0.002})
    assert table.rows == (("search", "0.200 s", "0.290 s"), ("fact reply", "0.001 s", "0.002 s"))
