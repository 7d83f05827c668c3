from moviechat.grounding.record import Record, nearest, support
from moviechat.schema import Movie

TEXT = "Mao designs video games, is depressed, and drinks. They meet at a funeral in the nineties."
FILM = Movie("tt1", "Photo de famille", "Photo de famille", 2018, 98, ("Comedy",), 5.8, 826, directors=("Ann Lee",))


def test_a_record_holds_its_texts_and_what_the_table_says() -> None:
    record = Record.of(FILM, [TEXT])
    assert record.sentences == tuple(TEXT.replace(". ", ".|").split("|"))
    assert record.texts == (TEXT,)
    assert {"2018", "98", "826", "1990"} <= record.numbers
    assert {"ann", "lee", "comedi"} <= record.facts
    assert not {"mao", "funer"} & record.facts


def test_support_is_the_telling_sentence() -> None:
    record = Record.of_texts([TEXT])
    assert "video games" in (support("What does Mao design?", record) or "")
    assert support("Which spaceship lands?", record) is None
    assert nearest(set(), record) is None
