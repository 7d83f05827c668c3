"""Vague words ("short", "recent", "good", "hidden gem") as limits."""

from __future__ import annotations

from typing import Literal

from moviechat.chat.phrases import Phrases

Vague = Literal["short", "not_long", "long", "recent", "good", "well_known", "obscure", "hidden_gem", "very_short"]
VAGUE: Phrases[Vague] = Phrases(
    {
        "short": "short|short one|short ones|quick one|corto|kurz|court|breve|curto|tiny|brief|chhoti",
        "not_long": """not too long|not so long|not very long|not long|nothing long|nothing too long|no too long
            |not that long|not overly long|no long|que no sea muy larga|no muy larga|pas trop long|nicht zu lang
            |not super long|not really long|non troppo lungo|não muito longo""",
        "long": "long|long ones|long one|epic length|very long|lengthy|overlong|really long",
        "recent": """recent|recent ones|last two years|past two years|newest two years|latest two years|these days
            |brand new|fairly new|new ones|modern|recently released|last couple of years|past couple of years
            |new release|new releases|recientes|reciente|neue|neueren|récent|récents""",
        "good": """good|decent|great|solid|well rated|good rated|good rating|good score|good ratings|decent rating
            |decent ratings|excellent|high rating|high ratings|high score|highly rated|worth it|worth watching
            |quality|really good|very good|acclaimed|top notch|well received|well reviewed|a good score|buena
            |buenas|bueno|gut|gute|guten|guter|bon|bonne|bons|buono|buon|bom|boa|accha|acchi|achi|that are worth
            |best rated ones|well scored|liked a lot|critically acclaimed|a banger|awesome|fantastic|not crap
            |not rubbish|not trash|not garbage|not terrible""",
        "well_known": """well known|popular|famous|known by everyone|crowd pleaser|crowd pleasers|crowdpleaser
            |blockbuster|blockbusters|mainstream|popular one|popular ones|a lot of people have rated
            |lots of people have rated|many people have rated|lot of votes|lots of votes|many votes
            |plenty of votes|everybody knows|everyone knows|big film|big films|hit film|hits|widely seen
            |many people know|lot of people have seen|conocida|bekannt|connu""",
        "obscure": """obscure|lesser known|less known|little known|unknown|underrated|under the radar
            |nothing everybody has seen|not well known|not so well known|few people know|nobody knows|niche
            |not mainstream|nothing mainstream|overlooked|underseen|not famous|off the beaten track
            |no blockbusters|not too famous|nobody has heard of|not popular|unpopular|rare|nobody has seen
            |deep cut|deep cuts|not many people know|hardly anyone knows""",
        "hidden_gem": """hidden gem|hidden gems|hidden jewel|hidden treasure|hidden treasures|underrated gem
            |underrated gems|sleeper hit|overlooked gem|secret tip|geheimtipp""",
    }
)  # fmt: skip
# Phrases with a vague word that are not limits: "good evening", "long story", "how long".
NOT_VAGUE: Phrases[str] = Phrases(
    {
        "no": """good evening|good morning|good day|good night|good afternoon|good luck|sounds good|good idea
            |good thanks|how long|long story|so long as|as long as|all good|long time|long day|long week
            |long drive|long flight|how good|good question|too good|long ago|was great|great thanks
            |a good film fan|in short|short story|short stories|good old|for good|good friend|good friends|is good
            |great grandmother|is great|were great|all great|good god|good grief|short on time|great help|was good
            |short film|short films|very good friend|is it good|any good|famous last|good for|good bye|no longer
            |looks good|good taking that|good with that|popular science|long weekend|too long|awfully long|too short
            |too old|too recent|too obscure"""
    }
)  # fmt: skip
