"""Which language a message is in, by its little words."""

from __future__ import annotations

from collections.abc import Sequence

from moviechat.words import fold

_LITTLE = {
    "es": """el los las una unos que qué de en es y para por con pero muy quién quien cuándo cuánto dónde cómo
        hola gracias película peli puedes quiero me mi no algo una algún dura del al hay""",
    "fr": """le les une des que qui de est et pour avec mais très quand combien où comment bonjour merci film peux
        veux je tu moi quelque chose du au quel quelle dure sur pas il elle vous""",
    "de": """der die das ein eine einen und ist für mit aber sehr wer wann wie lange wo hallo danke bitte ich du
        mir kannst möchte etwas im von zu nicht hat dem den gibt welche welcher was""",
    "it": """il lo gli una che di è e per con ma molto chi quando quanto dove come ciao grazie puoi voglio vorrei
        qualcosa del della dura sono mi non un il nel""",
    "pt": """o os uma que de é e para por com mas muito quem quando quanto onde como olá obrigado você pode quero
        algo do da dura um não me filme tem""",
    "hi": """hai hain kya kaun kab kahan kaise ka ki ke ko mein mujhe aur nahi hum tum aap koi batao dikhao
        chahiye wali wala kitni kitna bhi yaar acchi accha ek dekhni dekhna thi tha ne karo""",
    "en": """the a an is are was were of in on and or to for with but what who when how where which i you it that
        this do does did have has my me not any some something film movie about from by at can will would should
        please it's its""",
}
_WORDS = {code: frozenset(fold(words).split()) for code, words in _LITTLE.items()}
_ENOUGH = 2  # little words of a language, and more than of English


def language(norms: Sequence[str]) -> str:
    """The code of the language ("en" where nothing speaks for another one)."""
    counts = {code: sum(n in words for n in norms) for code, words in _WORDS.items()}
    best = max(counts, key=lambda code: (counts[code], code == "en"))
    return best if counts[best] >= _ENOUGH and counts[best] > counts["en"] else "en"
