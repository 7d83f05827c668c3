"""How the networks are fitted, and that those that ship are up to date."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from moviechat.chat.examples import MOODS_SAID, Example, examples, lines
from moviechat.chat.fit import SHIPPED, fit, fit_moods, fitted, fitted_to, write
from moviechat.chat.heads import INTENTS, MOODS, Head, grams, learnt, masked
from moviechat.chat.mentions import read
from moviechat.chat.taste import Taste
from moviechat.linking import FilmMention, PersonMention
from moviechat.retrieval.encoder import Encoder

HOW = {"alpha": 0.02, "max_iter": 8, "batch_size": 128}
WISHES = MOODS_SAID.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", [*INTENTS, MOODS])
def test_the_networks_that_ship_were_fitted_to_what_ships(name: str, encoder: Encoder, taste: Taste) -> None:
    told = "run `python -m moviechat.chat.fit`"
    assert learnt(SHIPPED / name) == fitted_to(encoder, taste, lines(), WISHES), told


def test_the_networks_that_ship_are_taken_where_nothing_else_is_to_be_learnt(
    encoder: Encoder, taste: Taste, tmp_path: Path
) -> None:
    write(encoder, taste, tmp_path)
    for name in (*INTENTS, MOODS):
        assert (tmp_path / name).read_bytes() == (SHIPPED / name).read_bytes()


def test_other_texts_other_words_for_moods_or_another_encoder_need_other_networks(
    encoder: Encoder, taste: Taste, models_folder: Path
) -> None:
    said = lines()[:3]
    first = fitted_to(encoder, taste, said, WISHES)
    moods = dict(taste.moods)
    moods["funny"] = replace(moods["funny"], words=("droll",))
    droll = replace(taste, moods=moods)
    others = [
        fitted_to(encoder, taste, said[:2], WISHES),
        fitted_to(encoder, taste, said, WISHES[:9]),
        fitted_to(encoder, droll, said, WISHES),
        fitted_to(Encoder(models_folder / "encoder", max_tokens=9), taste, said, WISHES),
    ]
    assert len({first, *others}) == 5
    assert fitted_to(encoder, taste, said, WISHES) == first


def test_unseen_utterances_are_understood(encoder: Encoder, taste: Taste) -> None:
    head = Head.mean(fit(encoder, taste, lines()[1::3]))
    rows = examples(taste, lines()[::30])  # none that was learnt from
    vectors = np.hstack([encoder.encode([r.text for r in rows]), np.array([r.flags for r in rows], np.float32)])
    shares = [head.shares(v, r.grams) for v, r in zip(vectors, rows, strict=True)]
    right = [max(p, key=lambda name: p[name]) == r.label for p, r in zip(shares, rows, strict=True)]
    assert len(right) > 400
    assert np.mean(right) > 0.7


def test_fitting_parts_what_can_be_parted_and_is_the_same_every_time() -> None:
    x = [[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]] * 60
    labels = ["b", "a", "c"] * 60
    rows = [Example("", (), (), label) for label in labels]
    heads = [fitted(rows, np.array(x, np.float32), labels, HOW, 1)[0] for _ in range(2)]
    assert heads[0].labels == ("a", "b", "c")
    assert np.array_equal(heads[0].weights, heads[1].weights)
    shares = [heads[0].shares(np.array(row, np.float32), ()) for row in x]
    assert [max(p, key=lambda n: p[n]) for p in shares] == labels
    assert all(sum(p.values()) == pytest.approx(1) for p in shares)


def test_words_tell_apart_what_vectors_do_not() -> None:
    rows = [Example(f"{label} {i}", (label, "both"), (), label) for label in "abc" for i in range(600)]
    (head,) = fitted(rows, np.ones((len(rows), 2), np.float32), [row.label for row in rows], HOW, 1)
    assert head.grams == {"a": 2, "b": 3, "both": 4, "c": 5}
    for label in "abc":
        assert head.shares(np.ones(2, np.float32), (label, "both", "unknown"))[label] > 0.6


def test_unseen_wishes_have_their_moods_without_the_words_for_them(encoder: Encoder, taste: Taste) -> None:
    head = fit_moods(encoder, taste, [line for i, line in enumerate(WISHES) if i % 5])
    assert head.labels == tuple(sorted(taste.moods))
    phrases, right, found, asked = taste.phrases(), 0, 0, 0
    for row in map(json.loads, WISHES[::5]):
        m = read(row["text"], Slots(), phrases)
        chances = head.chances(encoder.encode([masked(m)])[0], grams(m))
        felt = {name for name, chance in chances.items() if chance > 0.25}
        wanted = set(row["moods"]) - {t.value for t in m.moods}
        right, found, asked = right + len(felt & wanted), found + len(felt), asked + len(wanted)
    assert right / asked > 0.3
    assert right / found > 0.3


class Slots:
    """A linker that finds nothing."""

    def films(self, text: str) -> list[FilmMention]:
        return []

    def people(self, text: str) -> list[PersonMention]:
        return []
