"""Word lists that show what a turn does: wish, continue, tell what was seen, compare, refer back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from moviechat.chat.phrases import Phrases
from moviechat.chat.wish import Order

Cue = Literal[
    "want",  # asks for films
    "noun",  # the word film and synonyms
    "like",  # something like a film
    "more",  # more of the same
    "seen",
    "loved",
    "hated",
    "drop",  # a limit no longer matters
    "only",  # the opposite: it matters
    "undo",
    "reset",
    "again",  # the same question about another film
    "swap",  # this instead of that
    "count",  # how many films
    "sure",  # is it right that
    "story",  # asks for what happens in a film
    "recall",  # looks for a half remembered film
    "which",  # which of them
    "also",
    "most_of",  # who has most films
    "same",  # the same year, director, genre as
    "correct",  # corrects what was said before
]
_CUES: dict[Cue, str] = {
    "want": """film can we see|film can i see|can we watch|can we see|film should we|film should i|which film can
        |wants a film|wants to see|wants to watch|wants something|want movie|want film|recommend|recommends
        |recommendation|recommendations|recommandation|recomend|reccomend|recommed|suggest|suggestion|suggestions
        |sugest|something|anything|somthing|anythin|looking for|look for|i want|i need|need a|need an|need some
        |in the mood|what should i watch|what should we watch|what to watch|what can i watch|what could i watch
        |what can we watch|what can we see|what could we watch|show me|give me|find me|got any|have any|any ideas
        |ideas|fancy|feel like|go for|what do you have|what have you got|have you got|do you have|you got
        |wanna watch|want to watch|want to see|we want|want a|want some|want something|to watch|watch tonight
        |for tonight|hit me with|search for|searching for|search other film|list|please entertain|entertain me
        |what fits|what is good|bring me|throw|some good|surprise me|pick|choose|craving|mood for|tip|tips
        |what else|whats left|what is left|recomiendas|recomienda|recomendar|quiero|busco|cherche|recommande
        |voudrais|suche|empfiehl|empfehlen|möchte|consiglia|consigliami|vorrei|cerco|recomende|indique|quero
        |procuro|batao|dikhao|dekhna|chahiye|sujhao|is there any|is there a|is there anything|are there any
        |any film|any films|films with|films by|films from|film with|film by|hook me up|need something|watchlist
        |help me find|some film|i could really go for|proposer|muéstrame|dame|donne moi|zeig mir|gib mir|dammi
        |me dê|watch with|works for|good for|let it be|everything|things|what are some|what were the|what are the
        |top|can i watch|could i watch|film suggestions|put on|see a film""",
    "noun": """film|films|title|titles|one|ones|picture|pictures|feature|features|peli|pelicula|película|films
        |filme|stuff""",
    "like": """in the direction of|cross between|mix of|mix between|blend of|like|similar to|similar
        |in the vein of|in that vein|vein|along the lines of|along those lines|that vibe|same vibe|vibe|vibes
        |vibe of|in the spirit of|in that spirit|spirit of|comparable|comparable to|resembles|resemble
        |reminds me of|in that direction|same feel|same feels|same feeling|of that kind|kind of humour|same kind
        |more of that|more of those|that kind|as good as|à la|a la|reminiscent|remind me of
        |style of|same tension|same mood|as twisted|equally|in the style of
        |in the same vein|related to|akin to|such as|same energy|would also like|would enjoy|would like if
        |kind of film|type of film""",
    "more": """now what|what now|what next|what is next|left|more|others|other|another|next|keep going|go on
        |different ones|anything else|something else|some more|more please|continue|further|other ones
        |the next ones|more like that|another one|next ones|show more|and others|any others|any more|what else
        |else|again|otra|otras|más|mas|weitere|mehr|noch|autres|encore|altri|altro|outros|mais|aur""",
    "seen": """seen|saw|watched|have seen|already know|know it|know them|know those|know that one|i know|we know
        |already|finished|rewatched|been there|seen it|seen them|seen those|seen that|watch it already
        |know as well|watchd|have watched|have see|went to see|vista|visto|vu|gesehen|dekhi|heard of it
        |know this|done with|familiar with""",
    "loved": """loved|love|liked|adored|enjoyed|was great|is great|favorite|favourite|favourites|favorites|fan of
        |big fan|was amazing|blew me away|brilliant|masterpiece|perfect film|was awesome|great|amazing|hits
        |was a hit|were hits|were all hits|peak|broke me|messed me up|obsessed|adore|enjoy|enjoyed very much
        |my kind of|the best|dig|dug|was cute|was fun|<|wow""",
    "hated": """hated|hate|crap|awful|terrible|abomination|sucked|disliked|did not like|do not like|didnt like
        |boring|bored me|trash|garbage|worst|rubbish|meh|disappointing|overrated|not for me|cant stand
        |can not stand|detest|dislike|was bad|loathed|walked out|fell asleep|not my thing|hate it""",
    "drop": """scrap|ditch|take away|take off|take out|get rid of|leave out the|forget|drop|never mind|nevermind|nvm
        |does not matter|do not matter|doesnt matter|do not care|dont care|whatever|no matter|not important|ignore
        |lose|remove|is ok|is okay|are ok|are okay|is fine|are fine|is all right|is alright|are all right|fine too
        |ok too|okay too|do not mind|dont mind|irrelevant|need not|not matter|does not have to|do not have to
        |doesnt have to|any length|any year|any genre|any rating|any actor|skip the|not so important|either way
        |be flexible|no longer need|not necessary|not needed|no need|need not be|is whatever|i am easy|relax|egal
        |da igual|peu importe|too strict|too picky|no preference|all the same|no limit
        |optional""",
    "only": "only|just|must|must be|has to be|have to be|strictly|exactly|nothing but|solely|exclusively",
    "undo": """go back|back to|undo|take back|previous|what i said first|said first|asked first|said at first
        |asked at first|wanted at first|had at first|like before|as before|coming back to|return to|the first search
        |first wish|original wish
        |what i asked before|revert|earlier|what i said before|my thing|again under""",
    "reset": """new search|start over|something completely different|something else entirely|different topic
        |new wish|fresh start|reset|start again|from scratch|forget everything|forget all that|forget it all
        |other topic|scratch that|scratch everything|clear everything|completely different|totally different""",
    "again": "same question for|same for|and for|same with|how about|what about|and what about|and",
    "swap": """better a|better an|instead|rather|then|now|actually|switch to|change to|let it be|on second thought
        |the opposite|make that|no i mean""",
    "count": "how many|number of",
    "sure": """is that right|is that correct|is that true|isnt it|wasnt it|is it not|was it not|i think|i believe
        |i heard|someone told me|am i right|or did i dream|innit|i thought|he says|she says|supposedly|claims
        |right ?|correct ?|true ?|yes ?|no ?|yeah ?|really ?|huh ?|apparently|swear""",
    "story": """about|plot|story|storyline|synopsis|summary|summarise|summarize|happens|happen|happened|ending
        |ends|end|premise|set in|is set|takes place|take place|theme|themes|why does|why did|why is|who kills
        |who killed|what happens|twist|spoil|spoiler|spoilers|explain|killer|dies|die|survive|survives
        |what is the deal|what goes on|gist|main character|protagonist|villain|the moral|message|how does|describe
        |setting
        |tone|atmosphere|de qué trata|de que trata|worum geht|de quoi parle|di cosa parla|kahani|the deal with
        |premise|where does|what does|what do the|how do the|who is the""",
    "recall": """what is it called|whats it called|what was it called|what is that film|which film|what film
        |what was that film|name of the film|name of that film|called again|cant remember|can not remember
        |do not remember|dont remember|forgot the name|forget the name|trying to remember|name of it
        |title please|title pls|what was it|remember a film
        |that film where|the film where|film where|the one where|that one where|the one with|theres one where
        |one where|a film in which|film in which|what is the name|whats the name|name|looking for a film where
        |i remember|there was a film|there is a film|there was this|iirc|tip of my tongue|title of|know the title
        |which one is it|film is it|figure out|identify|what am i thinking of|maybe it was called""",
    "which": "which of|which one|which|who wins|whichever|what is the|what was the",
    "also": "too|also|as well|both|plus|still|and also",
    "most_of": """directed most|directed the most|made the most|most films|made most|has the most
        |acted in the most|in the most""",
    "same": """same year|same director|same actor|same actress|same genre|same guy|same writer|same lead
        |same people|same person|same composer""",
    "correct": "no i mean|i mean the|i meant|no i meant|not what i meant|no the ones|i said",
}  # fmt: skip
# One table per cue: a word may be a cue of several things.
CUES: dict[Cue, Phrases[Cue]] = {cue: Phrases({cue: said}) for cue, said in _CUES.items()}
ORDERS: Phrases[Order] = Phrases(
    {
        "rating": """best|best rated|highest rated|top rated|greatest|highest rating|by rating|by imdb score
            |best first|number one|in order of rating|in order of their rating|in order of score|better one first
            |finest|best reviewed|highest score|highest scoring|top|sorted by rating|highest rated first|by score
            |best score|most acclaimed|best ranked|ranked by rating|highest|top scoring|ordered by rating
            |by imdb rating|the better first|rank by rating|best rating|top score|mejor|mejores|besten|meilleur
            |meilleurs|migliori|melhores""",
        "worst": """worst|lowest rated|worst rated|lowest rating|lowest score|lowest|badly rated|lowest scoring
            |least liked|bottom""",
        "votes": """most popular|most voted|most votes|by votes|most people|most seen|most watched|popular first
            |by popularity|most rated|most well known|best known|most famous|biggest|going by votes
            |by number of votes|highest number of votes|most viewed|the most people vote|most ratings""",
        "least_votes": """least popular|fewest votes|least votes|least known|least seen|least voted|fewest people
            |most obscure""",
        "newest": """newest|latest|most recent|newest first|by newest|the newest|most recently|youngest
            |from newest""",
        "oldest": "oldest|earliest|oldest first|by oldest|the oldest|chronologically|in order of release",
        "shortest": "shortest|shortest first|by length|from short to long|short to long|quickest|the shortest",
        "longest": "longest|longest first|longest at the top|from long to short|long to short|the longest",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """More or less of a field ("longer": runtime, up), or of a mood or genre ("funnier")."""

    field: str
    up: bool


def _comparisons() -> Phrases[Comparison]:
    said = {
        (
            "runtime",
            True,
        ): "as long|as long as|longer|a longer one|more minutes|lengthier|lasts longer|keep me longer|more time",
        (
            "runtime",
            False,
        ): "shorter|less long|not so long|fewer minutes|quicker|less time|not that long|too long|awfully long",
        (
            "year",
            True,
        ): """after that|after this one|since then|afterwards|newer|more recent|later|more recently|younger
            |more modern|came out later|came later|came out after""",
        (
            "year",
            False,
        ): "older|earlier|less recent|came out earlier|came out before|came first|came out first|more old",
        (
            "rating",
            True,
        ): """better|better rated|higher rated|a better score|better score|better rating|higher rating
            |higher score|rated higher|rated better|rated any better|rated even higher|more liked|higher
            |wins on rating|raise the bar|wins|scored higher|better reviewed""",
        (
            "rating",
            False,
        ): "worse|worse rated|lower rated|rated lower|lower rating|lower score|rated worse|lower|can be lower",
        (
            "votes",
            True,
        ): """more popular|more votes|better known|more known|more people|more famous|more voted|bigger
            |more well known|even more votes|more people vote|more ratings|more mainstream|less obscure""",
        (
            "votes",
            False,
        ): """less known|less well known|less popular|fewer votes|less votes|more obscure|lesser known
            |less famous|less mainstream|obscurer""",
    }
    return Phrases({Comparison(field, up): " ".join(p.split()) for (field, up), p in said.items()})


COMPARISONS = _comparisons()
SMALLTALK: Phrases[str] = Phrases(
    {
        "greeting": """hi|hello|hey|hiya|howdy|good morning|good afternoon|good evening|greetings|yo|hola|bonjour
            |salut|hallo|ciao|olá|ola|namaste|good day|heya|hey there|sup|morning|evening|buenas|guten tag
            |guten abend|moin|buongiorno""",
        "wellbeing": """how are you|how are you doing|how are you doing today|how is it going|what is up
            |how do you do|how are things|you ok|how have you been|how are you today|you good""",
        "identity": """are you a real person|are you real|are you human|are you a human|are you a bot
            |are you a robot|who are you|what are you|are you an ai|are you chatgpt|is this a bot
            |am i talking to a bot|what is your name|who made you|are you a person|are you a machine""",
        "help": """what can you do|what do you do|how does this work|what can i ask|what can i ask you
            |what can you actually do|what do you know|how do you work|help me out|what are you for
            |what can you help with|what can you help me with|which films do you know|what films do you know
            |how many films do you know|what is this""",
        "thanks": """thanks|thank you|many thanks|cheers|much appreciated|ty|thank you very much|thank you so much
            |gracias|merci|danke|grazie|obrigado|obrigada|thanks a lot|thanks so much|shukriya|dhanyavad
            |appreciate it|thank u|thanks in advance|tysm""",
        "goodbye": """bye|bye bye|goodbye|good night|see you|see you later|quit|exit|cya|adios|au revoir|tschüss
            |tschüs|good bye|take care|ciao ciao|see ya""",
        "assent": """ok|okay|cool|nice|great|good|yes|no|yeah|nope|sure|i see|alright|got it|wow|lol|haha|k|fine
            |perfect|right|awesome|yep|hmm|oh|ah|aha|interesting|damn|omg|hm|jesus|whoa|yup|nah|fair enough
            |love it|well|so|very|you|are|the|best|that|was|is|it|very nice|too|for|your|help|my|friend|all|much
            |from|him|her|also|me|us|again|man|mate|dude|bro|yaar|bhai|everyone|there|moviechat|bot|a lot|really|super
            |amazing|today|i will think|and|then|well done|no worries|this|lmao|hahaha|ha|just what i needed
            |exactly""",
    }
)  # fmt: skip
