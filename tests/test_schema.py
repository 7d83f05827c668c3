from moviechat.schema import Movie


def test_a_movie_survives_the_way_to_a_row_and_back() -> None:
    movie = Movie("tt1", "X", "X", 2020, None, ("Drama",), 7.1, 5, cast=("A", "B"), characters=("", "C"))
    row = movie.to_row()
    assert row["cast"] == ["A", "B"]
    assert Movie.from_row({**row, "unknown": 1}) == movie
