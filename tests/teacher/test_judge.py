import pytest

from moviechat.schema import Movie
from moviechat.teacher import Draft, Film
from moviechat.teacher.judge import Judge, names_film

BUS = Movie("tt2", "Diablo Rojo PTY", "Diablo Rojo", 2019, 80, ("Horror",), 5.0, 134, alternative_titles=("Красный",))
IT = Movie("tt1", "It", "It", 2020, None, (), None, 0)


def test_a_teachers_own_fault_is_kept() -> None:
    judge = Judge({"tt1": Film(IT, ())})
    assert judge.fault(Draft("tt1", "about", "", "", "{", fault="half a reply")) == "half a reply"


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Who made diablo rojo pty?", True),
        ("Who made «Diablo Rojo»?", True),
        ("Кто снял «красный»?", True),
        ("Who made Diablo?", False),
        ("Who made Rojo Diablo PTY?", False),
        ("", False),
    ],
)
def test_a_question_names_its_film_by_any_title(question: str, named: bool) -> None:
    assert names_film(question, BUS) is named


def test_a_title_without_letters_is_looked_for_as_it_stands() -> None:
    dots = Movie("tt1", "...", "...", 2020, None, (), None, 0)
    assert names_film("What is ... about?", dots)
    assert not names_film("What is it about?", dots)
