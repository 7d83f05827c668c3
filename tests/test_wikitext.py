import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.wikitext import lead_and_plot, plain

ARTICLE = """{{Short description|2019 film by nobody}}
{{Infobox film
| name = Old Bus
| director = [[Ana Ruiz]]
}}
[[File:Bus.jpg|thumb|A [[bus]] in the jungle]]
'''''Old Bus''''' ({{lang-es|Diablo Viejo}}; {{IPA|es|x}}) is a 2019 [[Panama]]nian [[horror film|horror]] film directed
by {{ill|Ana Ruiz|es}}.<ref name="a">{{cite web|title=News}}</ref><ref name="b" />
It runs {{convert|80|km|mi}} on&nbsp;end.<!-- no -->

{| class="wikitable"
| cell
|}

== Plot ==
{{See also|Buses}}
=== Act one ===
A driver ({{nihongo|Diego|ディエゴ}}) and his helper{{'}}s dog get lost{{snd}}in the jungle.
* The bus breaks.
* They [https://example.org walk].

== Cast ==
* Ana as Bo

[[Category:Films]]
"""


def test_an_article_gives_its_lead_and_its_plot() -> None:
    assert lead_and_plot(ARTICLE) == [
        (
            "Lead",
            "Old Bus is a 2019 Panamanian horror film directed by Ana Ruiz. It runs 80 km on end.",
        ),
        (
            "Plot",
            "A driver (Diego) and his helper's dog get lost – in the jungle. The bus breaks. They walk.",
        ),
    ]


@pytest.mark.parametrize("heading", ["Synopsis", " plot summary ", "''Premise''", "STORY"])
def test_a_plot_has_many_names(heading: str) -> None:
    assert lead_and_plot(f"Lead.\n=={heading}==\nA bus.") == [("Lead", "Lead."), ("Plot", "A bus.")]


def test_a_stub_has_no_plot() -> None:
    assert lead_and_plot("A film.\n==Cast==\n* Ana") == [("Lead", "A film.")]
    assert lead_and_plot("{{Infobox}}\n==Plot==\n{{Empty section}}") == []
    assert lead_and_plot("") == []


@pytest.mark.parametrize(
    ("wikitext", "text"),
    [
        ("''Joker'' and '''bold'''", "Joker and bold"),
        ("[[Image:a.png]] [[Category:x]]left", "left"),
        ("{{lang|ko|기생충}} {{nowrap|Bong Joon-ho}} {{abbr|ed.|editor}}", "기생충 Bong Joon-ho ed."),
        ("{{lang}}{{unknown|x}}<gallery>File:a</gallery>kept", "kept"),
        ("Parasite ({{Korean|hangul=기생충}}; 2019)", "Parasite (2019)"),
        ("a <nowiki>[[b]]</nowiki> c<br/>d", "a [[b]] c d"),
        ("[[Unfinished link and {{unfinished template", "[[Unfinished link and {{unfinished template"),
        ("[https://example.org]", ""),
    ],
)
def test_markup_is_read_as_a_reader_sees_it(wikitext: str, text: str) -> None:
    assert plain(wikitext) == text


_PIECES = [
    "[[",
    "]]",
    "{{",
    "}}",
    "|",
    "''",
    "'''",
    "<ref>",
    "</ref>",
    "<br>",
    "<!--",
    "-->",
    "==",
    "\n",
    "{|",
    "|}",
    "*",
    "a",
]


@given(st.lists(st.sampled_from([*_PIECES, "File:", "lang", "&amp;", "[http://x ", "]", "Plot", "="])).map("".join))
def test_no_markup_is_too_broken(wikitext: str) -> None:
    assert isinstance(plain(wikitext), str)
    assert all(text for _, text in lead_and_plot(wikitext))
