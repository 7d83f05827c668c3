"""The words people use for countries and languages, as the names that the facts use."""

from __future__ import annotations

from dataclasses import dataclass

from moviechat.chat.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Place:
    """Countries and languages that a word stands for; either may be empty."""

    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


# phrases: countries; languages
_TABLE = """
korean|south korean|k drama: South Korea; Korean
south korea|korea: South Korea;
japanese: Japan; Japanese
japan: Japan;
chinese: China; Chinese, Mandarin
china: China;
mandarin:; Mandarin
cantonese:; Cantonese
hong kong: Hong Kong;
taiwanese|taiwan: Taiwan;
thai: Thailand; Thai
thailand: Thailand;
vietnamese: Vietnam; Vietnamese
vietnam: Vietnam;
indonesian: Indonesia; Indonesian
indonesia: Indonesia;
filipino|philippine|tagalog: Philippines; Tagalog, Filipino
philippines: Philippines;
malaysian|malay: Malaysia; Malay
bollywood: India; Hindi
hindi:; Hindi
indian|india: India;
tamil|kollywood:; Tamil
telugu|tollywood:; Telugu
malayalam|mollywood:; Malayalam
kannada:; Kannada
bengali|bangla:; Bengali
marathi:; Marathi
punjabi:; Punjabi
gujarati:; Gujarati
urdu:; Urdu
pakistani|pakistan: Pakistan;
bangladeshi|bangladesh: Bangladesh;
nepali|nepal: Nepal; Nepali
sri lankan|sri lanka: Sri Lanka;
persian|farsi:; Persian
iranian|iran: Iran;
turkish: Turkey; Turkish
turkey: Turkey;
israeli|israel: Israel;
hebrew:; Hebrew
arabic:; Arabic
egyptian|egypt: Egypt;
lebanese|lebanon: Lebanon;
moroccan|morocco: Morocco;
tunisian|tunisia: Tunisia;
nigerian|nollywood|nigeria: Nigeria;
south african|south africa: South Africa;
kenyan|kenya: Kenya;
french: France; French
france: France;
belgian|belgium: Belgium;
german: Germany; German
germany: Germany;
austrian|austria: Austria;
swiss|switzerland: Switzerland;
dutch: Netherlands; Dutch
netherlands|holland: Netherlands;
italian: Italy; Italian
italy: Italy;
spanish: Spain; Spanish
spain: Spain;
catalan:; Catalan
basque:; Basque
galician:; Galician
portuguese: Portugal; Portuguese
portugal: Portugal;
brazilian|brazil: Brazil;
mexican|mexico: Mexico;
argentinian|argentine|argentina: Argentina;
chilean|chile: Chile;
colombian|colombia: Colombia;
peruvian|peru: Peru;
cuban|cuba: Cuba;
latin american|latin america: Mexico, Argentina, Brazil, Chile, Colombia, Peru, Uruguay, Venezuela, Cuba;
british|uk|united kingdom|great britain|england|britain|scottish|scotland|welsh: United Kingdom;
english:; English
irish|ireland: Ireland;
american|usa|united states|hollywood|america: United States;
canadian|canada: Canada;
australian|australia|aussie: Australia;
new zealand|kiwi: New Zealand;
danish: Denmark; Danish
denmark: Denmark;
swedish: Sweden; Swedish
sweden: Sweden;
norwegian: Norway; Norwegian
norway: Norway;
finnish: Finland; Finnish
finland: Finland;
icelandic: Iceland; Icelandic
iceland: Iceland;
scandinavian: Denmark, Sweden, Norway;
nordic: Denmark, Sweden, Norway, Finland, Iceland;
polish: Poland; Polish
poland: Poland;
czech: Czech Republic; Czech
czech republic: Czech Republic;
slovak|slovakia: Slovakia; Slovak
hungarian: Hungary; Hungarian
hungary: Hungary;
romanian: Romania; Romanian
romania: Romania;
bulgarian: Bulgaria; Bulgarian
greek: Greece; Greek
greece: Greece;
serbian|serbia: Serbia; Serbian
croatian|croatia: Croatia; Croatian
bosnian|bosnia: Bosnia and Herzegovina; Bosnian
ukrainian|ukraine: Ukraine; Ukrainian
russian: Russia; Russian
russia: Russia;
estonian|estonia: Estonia; Estonian
latvian|latvia: Latvia; Latvian
lithuanian|lithuania: Lithuania; Lithuanian
georgian: Georgia; Georgian
european: France, Germany, Italy, Spain, United Kingdom, Denmark, Sweden, Norway, Finland, Belgium, Netherlands, Austria, Poland, Portugal, Ireland, Greece, Hungary, Czech Republic, Romania, Switzerland;
asian: South Korea, Japan, China, Hong Kong, Taiwan, Thailand, Vietnam, Indonesia, Philippines, India, Malaysia, Singapore;
african: Nigeria, South Africa, Kenya, Senegal, Egypt, Morocco, Tunisia, Algeria, Ghana;
latin:; Latin
yiddish:; Yiddish
sign language:; American Sign Language
"""


def _places() -> Phrases[Place]:
    table: dict[Place, str] = {}
    for row in _TABLE.strip().splitlines():
        phrases, _, names = row.partition(":")
        countries, _, languages = names.partition(";")
        place = Place(*(tuple(n for part in said.split(",") if (n := part.strip())) for said in (countries, languages)))
        table[place] = f"{table[place]}|{phrases}" if place in table else phrases
    return Phrases(table)


PLACES = _places()
