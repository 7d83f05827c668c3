import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.wikitext import paragraphs, plain


@pytest.mark.parametrize(
    ("wikitext", "text"),
    [
        ("''Joker'' and '''bold'''", "Joker and bold"),
        ("[[Image:a.png]] [[Category:x]]left", "left"),
        ("{{lang|ko|기생충}} {{nowrap|Bong Joon-ho}} {{abbr|ed.|editor}}", "기생충 Bong Joon-ho ed."),
        ("{{lang}}{{unknown|x}}<gallery>File:a</gallery>kept", "kept"),
        ("Parasite ({{Korean|hangul=기생충}}; 2019)", "Parasite (2019)"),
        ("a <nowiki>[[b]]</nowiki> c<br/>d", "a b c d"),
        ("[[Unfinished link and {{unfinished template", "Unfinished link and"),
        ("[https://example.org]", ""),
    ],
)
def test_markup_is_read_as_a_reader_sees_it(wikitext: str, text: str) -> None:
    assert plain(wikitext) == text


def test_a_paragraph_is_a_line_and_an_item_ends_like_a_sentence() -> None:
    assert paragraphs("One\nline.\n\nRules:\n* a\n* b!\n\n==Cut==\n{{plainlist|\n* c}}") == [
        "One line.",
        "Rules: a. b!",
        "c.",
    ]


@given(st.text(alphabet=st.sampled_from("[]{}|'<>/=*#:;!- \naé&")))
def test_no_markup_is_too_broken(wikitext: str) -> None:
    assert all(line == " ".join(line.split()) and line for line in paragraphs(wikitext))
