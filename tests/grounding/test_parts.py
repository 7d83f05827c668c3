import pytest

from moviechat.grounding.parts import Credits, wrong
from moviechat.schema import Movie

MOVIE = Movie(
    "tt1",
    "The Salt Road",
    "The Salt Road",
    2020,
    104,
    ("Drama",),
    6.4,
    2310,
    directors=("Ann Alder", "Bo Berg"),
    writers=("Cy Cole",),
    cast=("Di Dean", "Ed Eek", "Bo Berg"),
    characters=("Ilse Holm", "Anton", ""),
    composers=("Fay Fox",),
)
TOLD = Credits.of(MOVIE)


@pytest.mark.parametrize(
    ("question", "answer", "names"),
    [
        ("Who directed it?", "Ann Alder and Bo Berg.", ()),
        ("Who directed it?", "Di Dean.", ("Di", "Dean")),
        ("Who directed it?", "Di Dean, who also stars in it.", ("Di", "Dean")),
        ("Who directed it?", "Ann Alder and Cy Cole.", ("Cy", "Cole")),
        ("What is it?", "A drama by the director Ann Alder, written by Cy Cole and starring Di Dean.", ()),
        ("What is it?", "A drama directed by Cy Cole, written by Ann Alder.", ("Cy", "Cole", "Ann", "Alder")),
        ("Who made it?", "Bo Berg directed it, and Di Dean stars in it.", ()),
        ("Who made it?", "Bo Berg directed Di Dean.", ()),
        ("Who stars in it?", "It stars Bo Berg.", ()),
        ("Whose music is it?", "The music is by Fay Fox.", ()),
        ("Whose music is it?", "The music is by Ed Eek.", ("Ed", "Eek")),
        ("Who plays Anton?", "Ed Eek.", ()),
        ("Who plays Anton?", "Di Dean plays Anton.", ("Di", "Dean")),
        ("Who plays Ilse Holm?", "Ilse is played by Di Dean.", ()),
        ("What does Ilse play?", "She plays chess with Anton.", ()),
        ("Who is a star?", "Nobody of the table.", ()),
    ],
)
def test_a_part_is_given_to_whoever_had_it(question: str, answer: str, names: tuple[str, ...]) -> None:
    assert wrong(question, answer, TOLD, ()) == names


def test_a_sentence_of_the_passages_says_it_as_well() -> None:
    assert wrong("Who wrote it?", "Ann Alder.", TOLD, ()) == ("Ann", "Alder")
    assert wrong("Who wrote it?", "Ann Alder.", TOLD, ("Ann Alder wrote it on a ship.",)) == ()


def test_without_a_table_nothing_is_wrong() -> None:
    assert wrong("Who directed it?", "Di Dean.", Credits(), ()) == ()
