from moviechat.reply import MovieRef, Reply, Source
from moviechat.schema import Movie


def test_a_movie_survives_the_way_to_a_row_and_back() -> None:
    movie = Movie("tt1", "X", "X", 2020, None, ("Drama",), 7.1, 5, cast=("A", "B"), characters=("", "C"))
    row = movie.to_row()
    assert row["cast"] == ["A", "B"]
    assert Movie.from_row({**row, "unknown": 1}) == movie


def test_a_reply_is_the_contracts_json() -> None:
    reply = Reply(
        "Bong Joon Ho.",
        "fact",
        True,
        (MovieRef("tt6751668", "Parasite", 2019),),
        (Source("tt6751668", "directors", "Bong Joon Ho"),),
        "catalogue",
        0.02345,
    )
    assert reply.to_json() == {
        "answer": "Bong Joon Ho.",
        "kind": "fact",
        "grounded": True,
        "movies": [{"tconst": "tt6751668", "title": "Parasite", "year": 2019}],
        "sources": [
            {"tconst": "tt6751668", "field": "directors", "text": "Bong Joon Ho", "url": None, "license": None}
        ],
        "model": "catalogue",
        "seconds": 0.023,
    }
