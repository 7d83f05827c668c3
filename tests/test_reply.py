from moviechat.reply import MovieRef, Reply, Source


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
        "movies": [{"tconst": "tt6751668", "title": "Parasite", "year": 2019, "reason": None}],
        "sources": [
            {"tconst": "tt6751668", "field": "directors", "text": "Bong Joon Ho", "url": None, "license": None}
        ],
        "model": "catalogue",
        "seconds": 0.023,
        "understood": {"intent": "", "limits": {}, "like": [], "not_checked": []},
        "suggestions": [],
    }
