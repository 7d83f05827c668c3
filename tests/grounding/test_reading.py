from typing import Any

import numpy as np
import pytest

from moviechat.errors import BundleError
from moviechat.grounding.claims import claims, is_fragment, pairs
from moviechat.grounding.coref import referents
from moviechat.grounding.reading import Reader, Reading


@pytest.fixture(scope="module")
def read(models_folder: Any) -> Any:
    return Reader(models_folder / "parser", models_folder / "encoder").read


def _of(reading: Reading, flags: Any) -> set[str]:
    return {w.text for w in reading.words if flags[w.at] and w.content}


def test_words_have_their_place_and_a_vector_of_length_one(read: Any) -> None:
    reading = read("Mao drinks. Elsa longs for a child.")
    assert [reading.text[w.start : w.end] for w in reading.words] == [w.text for w in reading.words]
    assert reading.sentences == ("Mao drinks.", "Elsa longs for a child.")
    assert np.linalg.norm(reading.vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_what_is_denied(read: Any) -> None:
    told = {text: read(text) for text in ("Marta cannot lie.", "Marta can lie.", "She refuses to open the door.")}
    denied = {text: _of(reading, reading.denied) for text, reading in told.items()}
    assert "lie" in denied["Marta cannot lie."] and "lie" not in denied["Marta can lie."]
    assert "open" in denied["She refuses to open the door."]


def test_what_is_only_wanted_is_not_told_as_done(read: Any) -> None:
    reading = read("Otto wants to kill the priest. She paints the house that he owns. They may leave.")
    held = _of(reading, reading.held)
    assert {"kill", "leave"} <= held and not {"paints", "owns"} & held


def test_he_and_she_are_those_who_were_named(read: Any) -> None:
    reading = read("Anna, a nurse, meets her brother Otto. He drinks. She paints.")
    said = {w.text: stems for w, stems in zip(reading.words, referents(reading), strict=True)}
    assert "otto" in said["He"]
    assert "anna" in said["She"] and "nurs" in said["She"]


def _told(reading: Reading) -> set[tuple[str, ...]]:
    text = [w.text for w in reading.words]
    return {
        (verb, subject, object_)
        for c in claims(reading)
        for verb in [text[c.verb]]
        for subject in ([text[s] for s in c.subjects] or [""])
        for object_ in ([text[o] for o in c.objects] or [""])
    }


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Anna kills Otto.", ("kills", "Anna", "Otto")),
        ("Otto is killed by Anna.", ("killed", "Anna", "Otto")),
        ("A nurse who kills a priest sleeps.", ("kills", "nurse", "priest")),
        ("Anna wants to kill Otto.", ("kill", "Anna", "Otto")),
        ("Anna finds Otto and kills him.", ("kills", "Anna", "him")),
    ],
)
def test_who_does_what_to_whom(read: Any, text: str, claim: tuple[str, ...]) -> None:
    assert claim in _told(read(text))


def test_a_fragment_has_no_verb_of_its_own(read: Any) -> None:
    assert is_fragment(read("The old bus."))
    assert not is_fragment(read("They sleep."))
    assert ("bus", "old") in {(w.words[a].text, w.words[b].text) for w in [read("The old bus.")] for a, b in pairs(w)}


def test_an_empty_text_is_read(read: Any) -> None:
    reading = read("")
    assert (reading.words, reading.sentences, reading.vectors.shape[0]) == ((), (), 0)


def test_a_parser_that_is_not_there_is_named(tmp_path: Any) -> None:
    with pytest.raises(BundleError, match=r"no spaCy pipeline.*fetch_models"):
        Reader(tmp_path / "parser", tmp_path / "encoder").read("A text.")
