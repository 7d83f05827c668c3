"""Replies to messages that are not about films."""

from __future__ import annotations

_ABLE = (
    "Ask me who made a film, who is in it, how long it is or how it is rated, or what happens in it; describe a film "
    "that you half remember; or tell me what you are in the mood for, and I suggest films that keep to it."
)
_SAID = {
    "nothing": "Ask me about a film, describe one that you are looking for, or tell me what you would like to watch.",
    "greeting": "Hello! Ask me about a film, or tell me what you would like to watch.",
    "wellbeing": "Well, thank you. Which film shall we talk about?",
    "thanks": "You are welcome. Enjoy the film!",
    "goodbye": "Goodbye, and enjoy the film!",
    "assent": "Good. Ask me more, or tell me what else you would like to watch.",
    "help": "I know {catalogue}, from IMDb's tables and descriptions. " + _ABLE,
    "identity": "I am moviechat, a program that knows {catalogue} and nothing else. " + _ABLE,
    "praise": "Thank you! Ask me for another film whenever you like.",
    "insult": "I am sorry that was no help. Tell me the film, or the kind of film, and I will try again.",
    "offtopic": "That is outside what I do: I only talk about films. " + _ABLE,
    "injection": "I only talk about films, and I keep to that. " + _ABLE,
    "personal": "I am only a film chatbot, but I can find you something to watch: what are you in the mood for?",
    "noted": "Noted. Shall I suggest something?",
}
# Replies to messages in other languages that were not understood.
_ELSEWHERE = {
    "es": (
        "Hablo sobre todo inglés: "
        "puedo buscar películas (por ejemplo “horror under 100 minutes”) y dar datos de ellas (“director of Parasite”)."
    ),
    "fr": (
        "Je parle surtout anglais : "
        "je cherche des films (par exemple « horror under 100 minutes ») et je donne des faits (« di"
        "rector of Parasite »)."
    ),
    "de": (
        "Ich verstehe vor allem Englisch: "
        "ich suche Filme (etwa „horror under 100 minutes“) und nenne Fakten („director of Parasite“)."
    ),
    "it": (
        "Capisco soprattutto l’inglese: "
        "cerco film (per esempio “horror under 100 minutes”) e do informazioni (“director of Parasite”)."
    ),
    "pt": (
        "Entendo sobretudo inglês: "
        "procuro filmes (por exemplo “horror under 100 minutes”) e dou informações (“director of Parasite”)."
    ),
    "hi": (
        "Main zyada tar English samajhta hoon: "
        "films dhoondhta hoon (jaise “horror under 100 minutes”) aur unki jaankari deta hoon (“director of Parasite”)."
    ),
}


def reply(topic: str, catalogue: str) -> str:
    """The reply to `topic`; `catalogue` describes the known films."""
    return _SAID[topic].format(catalogue=catalogue)


def elsewhere(language: str) -> str:
    """One sentence in a language that says what works."""
    return _ELSEWHERE[language]


def speaks(language: str) -> bool:
    """Whether there is a sentence in a language."""
    return language in _ELSEWHERE
