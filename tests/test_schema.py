import pytest

from moviechat.schema import PEOPLE, Movie


def test_a_movie_survives_the_way_to_a_row_and_back() -> None:
    movie = Movie("tt1", "X", "X", 2020, None, ("Drama",), 7.1, 5, cast=("A", "B"), characters=("", "C"))
    row = movie.to_row()
    assert row["cast"] == ["A", "B"]
    assert Movie.from_row({**row, "unknown": 1}) == movie


def _film(**people: tuple[str, ...]) -> Movie:
    return Movie("tt1", "X", "X", 2020, None, (), None, 0, **people)


def test_people_of_one_name_are_told_apart_by_their_ids() -> None:
    movie = _film(directors=("Tom Holland",), cast=("Ann", "Tom Holland"), people_ids=("nm1", "", "nm2"))
    assert list(movie.credits) == [
        ("directors", "Tom Holland", "nm1"),
        ("cast", "Ann", ""),
        ("cast", "Tom Holland", "nm2"),
    ]
    assert movie.persons("cast", "directors") == ("Ann", "nm2", "nm1")
    assert movie.has("nm1", "directors")
    assert not movie.has("nm1", "cast")
    assert movie.has("nm2")
    assert not movie.has("nm3")
    assert movie.has("Tom Holland", "directors")  # the name is anybody's who has it
    assert movie.has("Tom Holland", "cast")


def test_without_ids_the_name_stands_for_the_person() -> None:
    movie = _film(writers=("Ann",), cast=("Bo",))
    assert list(movie.credits) == [("writers", "Ann", ""), ("cast", "Bo", "")]
    assert movie.persons(*PEOPLE) == ("Ann", "Bo")
    assert movie.has("Bo")
    assert not movie.has("Bo", "writers")


def test_ids_that_are_not_parallel_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        list(_film(cast=("Ann", "Bo"), people_ids=("nm1",)).credits)
