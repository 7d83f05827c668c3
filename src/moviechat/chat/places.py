"""Words for countries and languages, as the names that the facts use."""

from __future__ import annotations

from dataclasses import dataclass

from moviechat.chat.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Place:
    """One of `countries`, or one of `languages` if the message asks for the language; either may be empty.

    `both`: a film industry in one language; country and language are meant together.
    """

    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    both: bool = False


# Adjectives of a country and its language: folded, separated by "|", in English and other languages.
_SPOKEN = {
    "Czech Republic/Czech": "czech|tschechisch|tcheque",
    "Denmark/Danish": "danish|dane|danisch|danes|danesa|danois|dansk|danske",
    "Estonia/Estonian": "estonian",
    "Finland/Finnish": "finnish|finnisch|finlandais|suomi",
    "France/French": """french|francais|francaise|franzosisch|franzosische|franzosischen|frances|francesa|francese
        |francesi|french language""",
    "Germany/German": "german|deutsch|deutsche|deutschen|deutscher|aleman|alemana|allemand|allemande|tedesco|tedesca",
    "Greece/Greek": "greek|griego|griechisch|grec",
    "Hungary/Hungarian": "hungarian|ungarisch|hungaro",
    "Iceland/Icelandic": "icelandic|islandisch|islandais",
    "Indonesia/Indonesian": "indonesian",
    "Iran/Persian": "iranian|persian|farsi|irani|iraniano|iranien|iranisch",
    "Israel/Hebrew": "israeli|hebrew",
    "Italy/Italian": "italian|italiano|italiana|italiani|italiane|italien|italienne|italienisch|italienische",
    "Japan/Japanese": "japanese|japones|japonesa|japonais|japonaise|japanisch|giapponese|jap|j horror",
    "Lithuania/Lithuanian": "lithuanian",
    "Latvia/Latvian": "latvian",
    "Netherlands/Dutch": "dutch|niederlandisch|hollandisch|hollandais|neerlandais",
    "North Macedonia/Macedonian": "macedonian",
    "Norway/Norwegian": "norwegian|norwegisch|noruego|norvegien|norsk",
    "Philippines/Tagalog+Filipino": "filipino|filipina|philippine|pinoy",
    "Poland/Polish": "polish|polnisch|polonais|polaco|polski",
    "Portugal/Portuguese": "portuguese|portugues|portuguesa|portugais|portugiesisch",
    "Romania/Romanian": "romanian|rumanian|rumanisch",
    "Russia/Russian": "russian|russisch|russe|ruso|rusa|russo",
    "Serbia/Serbian": "serbian|serb",
    "Slovakia/Slovak": "slovak|slovakian",
    "Slovenia/Slovenian": "slovenian|slovene",
    "South Korea/Korean": """korean|south korean|coreano|coreana|coreanas|coreanos|coreen|coreenne|koreanisch
        |koreanische|k drama|k horror|kdrama|hallyu""",
    "Spain/Spanish": "spanish|espanol|espanola|espanolas|espagnol|espagnole|spanisch|spanische|spagnolo|spagnola",
    "Sweden/Swedish": "swedish|schwedisch|sueco|suedois|svensk|svenska",
    "Thailand/Thai": "thai|thailandisch",
    "Turkey/Turkish": "turkish|turkisch|turco|turc|turkce",
    "Ukraine/Ukrainian": "ukrainian|ukrainisch",
    "Vietnam/Vietnamese": "vietnamese|viet",
    "Bulgaria/Bulgarian": "bulgarian",
    "Croatia/Croatian": "croatian|croat",
    "Albania/Albanian": "albanian",
    "Georgia/Georgian": "georgian",
    "Mongolia/Mongolian": "mongolian",
    "Bangladesh/Bengali": "bangladeshi",
    "Nepal/Nepali": "nepali|nepalese",
    "Pakistan/Urdu": "pakistani",
    "China/Mandarin+Chinese+Cantonese": "chinese|chino|china film|chinois|chinesisch|chinesische|cinese",
    "Ireland/Irish": "irish|irisch|irlandais|irlandes",
}
# Countries, and adjectives without a language of their own. A message's words have "you" for the "U" of "U.S.".
_COUNTRIES = {
    "Afghanistan": "afghan|afghanistan",
    "Algeria": "algerian|algeria",
    "Argentina": "argentinian|argentine|argentinean|argentino|argentina|argentinisch",
    "Australia": "australian|aussie|australia|australien|down under|oz film",
    "Austria": "austrian|austria|osterreich|osterreichisch",
    "Bangladesh": "bangladesh",
    "Belgium": "belgian|belgium|belge|belgisch|belgien",
    "Bhutan": "bhutanese|bhutan",
    "Bolivia": "bolivian|bolivia",
    "Bosnia and Herzegovina": "bosnian|bosnia|bosnia and herzegovina",
    "Brazil": "brazilian|brasil|brazil|brasileiro|brasileira|brasileno|bresilien|brasilianisch",
    "Bulgaria": "bulgaria",
    "Cambodia": "cambodian|cambodia",
    "Cameroon": "cameroonian|cameroon",
    "Canada": "canadian|canada|canadien|canadiense|kanadisch|quebec|quebecois",
    "Chad": "chadian|from chad|made in chad",
    "Chile": "chilean|chile|chileno|chilena",
    "China": "china|mainland china",
    "Colombia": "colombian|colombia|colombiano|colombiana",
    "Costa Rica": "costa rican|costa rica",
    "Croatia": "croatia",
    "Cuba": "cuban|cuba|cubano",
    "Cyprus": "cypriot|cyprus",
    "Czech Republic": "czech republic|czechia",
    "Denmark": "denmark|danmark|danemark|dinamarca",
    "Dominican Republic": "dominican|dominican republic",
    "Ecuador": "ecuadorian|ecuador",
    "Egypt": "egyptian|egypt",
    "Estonia": "estonia",
    "Ethiopia": "ethiopian|ethiopia",
    "Finland": "finland|finnland",
    "France": "france|frankreich|francia",
    "Georgia": "from georgia|republic of georgia",
    "Germany": "germany|deutschland|alemania|allemagne|germania",
    "Ghana": "ghanaian|ghana",
    "Greece": "greece|griechenland|grecia",
    "Guatemala": "guatemalan|guatemala",
    "Hong Kong": "hong kong|hongkong|hk",
    "Hungary": "hungary|ungarn",
    "Iceland": "iceland|island film",
    "India": "indian|india|desi|indien|indisch|bharat",
    "Indonesia": "indonesia",
    "Iran": "iran",
    "Iraq": "iraqi|iraq",
    "Ireland": "ireland|irland",
    "Israel": "israel",
    "Italy": "italy|italia|italie",
    "Ivory Coast": "ivorian|ivory coast",
    "Jamaica": "jamaican|jamaica",
    "Japan": "japan|japon",
    "Jordan": "jordanian|from jordan|made in jordan",
    "Kazakhstan": "kazakh|kazakhstan",
    "Kenya": "kenyan|kenya",
    "Kosovo": "kosovar|kosovan|kosovo",
    "Lebanon": "lebanese|lebanon",
    "Luxembourg": "luxembourgish|luxembourg",
    "Malaysia": "malaysian|malaysia",
    "Malawi": "malawian|malawi",
    "Mexico": "mexican|mexico|mexicano|mexicana|mexikanisch|mexicain",
    "Mongolia": "mongolia",
    "Morocco": "moroccan|morocco",
    "Nepal": "nepal",
    "Netherlands": "netherlands|the netherlands|holland|niederlande",
    "New Zealand": "new zealand|kiwi|nz|aotearoa",
    "Nigeria": "nigerian|nigeria|nollywood|naija",
    "North Macedonia": "macedonia|north macedonia",
    "Norway": "norway|norwegen|norge|noruega",
    "Pakistan": "pakistan|lollywood",
    "Palestine": "palestinian|palestine",
    "Panama": "panamanian|panama",
    "Peru": "peruvian|peru|peruano",
    "Philippines": "philippines|the philippines",
    "Poland": "poland|polen|polska|pologne",
    "Portugal": "portugal",
    "Puerto Rico": "puerto rican|puerto rico",
    "Qatar": "qatari|qatar",
    "Romania": "romania",
    "Russia": "russia|russland|soviet",
    "Rwanda": "rwandan|rwanda",
    "Saudi Arabia": "saudi|saudi arabia|saudi arabian",
    "Senegal": "senegalese|senegal",
    "Serbia": "serbia",
    "Singapore": "singaporean|singapore",
    "Slovakia": "slovakia",
    "Slovenia": "slovenia",
    "South Africa": "south african|south africa",
    "South Korea": "korea|south korea|corea|coree|sudkorea|koreas",
    "Spain": "spain|spanien|espana|espagne",
    "Sri Lanka": "sri lankan|sri lanka",
    "Sudan": "sudanese|sudan",
    "Sweden": "sweden|schweden|suecia|sverige",
    "Switzerland": "swiss|switzerland|schweiz|suisse",
    "Syria": "syrian|syria",
    "Taiwan": "taiwanese|taiwan",
    "Tanzania": "tanzanian|tanzania",
    "Thailand": "thailand",
    "Tunisia": "tunisian|tunisia",
    "Turkey": "from turkey|made in turkey|in turkey|turkiye",
    "Uganda": "ugandan|uganda|wakaliwood",
    "Ukraine": "ukraine",
    "United Arab Emirates": "emirati|united arab emirates|uae|dubai",
    "United Kingdom": """british|uk|you . k .|united kingdom|britain|great britain|england|brit|brits|scottish|scotland
        |welsh|wales|britisch|britannique|britanico|northern irish|northern ireland|english made""",
    "United States": """american|usa|you . s . a|you . s .|united states|the states|america|americano|americana
        |americain|americaine|amerikanisch|amerikanische|estadounidense|made in the us|from the us|in the us|us film
        |us films|us made|us production|us productions|us only|hollywood film|hollywood films|hollywood blockbuster""",
    "Uruguay": "uruguayan|uruguay",
    "Venezuela": "venezuelan|venezuela",
    "Vietnam": "vietnam film|vietnam made|from vietnam|made in vietnam|in vietnam",
    "Zambia": "zambian|zambia",
    "Zimbabwe": "zimbabwean|zimbabwe",
}
# Languages of no single country, or of a country that has many.
_LANGUAGES = {
    "Afrikaans": "afrikaans",
    "American Sign Language": "sign language|asl|american sign language",
    "Arabic": "arabic|arab|arabisch",
    "Assamese": "assamese",
    "Basque": "basque|euskera",
    "Bengali": "bengali|bangla",
    "Bhojpuri": "bhojpuri",
    "Cantonese": "cantonese",
    "Catalan": "catalan|catalonian",
    "English": "english|anglais|englisch|ingles|inglese|english language",
    "Galician": "galician|gallego",
    "Gujarati": "gujarati",
    "Hindi": "hindi",
    "Kannada": "kannada",
    "Kurdish": "kurdish",
    "Latin": "in latin|latin language",
    "Malay": "malay",
    "Malayalam": "malayalam|malayali",
    "Mandarin": "mandarin",
    "Marathi": "marathi",
    "Punjabi": "punjabi|panjabi",
    "Sanskrit": "sanskrit",
    "Swahili": "swahili",
    "Tagalog": "tagalog",
    "Tamil": "tamil",
    "Telugu": "telugu",
    "Urdu": "urdu",
    "Wolof": "wolof",
    "Yiddish": "yiddish",
    "Yoruba": "yoruba",
    "Zulu": "zulu",
}
# Film industries of India: country and language together.
_INDUSTRIES = {
    "India/Hindi": "bollywood|hindi cinema",
    "India/Telugu": "tollywood",
    "India/Tamil": "kollywood",
    "India/Malayalam": "mollywood",
    "India/Kannada": "sandalwood",
    "India/Punjabi": "pollywood",
}

_SCANDINAVIA = "Denmark+Norway+Sweden"
_NORDIC = f"{_SCANDINAVIA}+Finland+Iceland"
_BALTIC = "Estonia+Latvia+Lithuania"
_BALKAN = """Albania+Bosnia and Herzegovina+Bulgaria+Croatia+Greece+Kosovo+Montenegro+North Macedonia+Romania+Serbia
    +Slovenia"""
_EAST = f"""{_BALTIC}+{_BALKAN}+Belarus+Czech Republic+Hungary+Moldova+Poland+Russia+Slovakia+Ukraine"""
_WEST = f"""{_NORDIC}+Austria+Belgium+Cyprus+France+Germany+Ireland+Italy+Luxembourg+Malta+Monaco+Netherlands+Portugal
    +Spain+Switzerland+United Kingdom"""
_EAST_ASIA = "China+Hong Kong+Japan+Macau+Mongolia+South Korea+Taiwan"
_SOUTH_EAST_ASIA = "Cambodia+Indonesia+Laos+Malaysia+Myanmar+Philippines+Singapore+Thailand+Vietnam"
_SOUTH_ASIA = "Afghanistan+Bangladesh+Bhutan+India+Nepal+Pakistan+Sri Lanka"
_ARAB = """Algeria+Egypt+Iraq+Jordan+Kuwait+Lebanon+Libya+Morocco+Oman+Palestine+Qatar+Saudi Arabia+Sudan+Syria+Tunisia
    +United Arab Emirates+Yemen"""
_MAGHREB = "Algeria+Libya+Morocco+Tunisia"
_SOUTH_AMERICA = "Argentina+Bolivia+Brazil+Chile+Colombia+Ecuador+Paraguay+Peru+Uruguay+Venezuela"
_LATIN_AMERICA = f"""{_SOUTH_AMERICA}+Costa Rica+Cuba+Dominican Republic+El Salvador+Guatemala+Honduras+Mexico+Nicaragua
    +Panama+Puerto Rico"""
_AFRICA = f"""{_MAGHREB}+Angola+Benin+Botswana+Burkina Faso+Cameroon+Chad+Democratic Republic of the Congo+Egypt
    +Ethiopia+Ghana+Guinea+Ivory Coast+Kenya+Lesotho+Madagascar+Malawi+Mali+Mauritania+Mauritius+Mozambique+Namibia
    +Niger+Nigeria+Rwanda+Senegal+Somalia+South Africa+Sudan+Tanzania+Togo+Uganda+Zambia+Zimbabwe"""
_REGIONS = {
    _SCANDINAVIA: "scandinavian|scandinavia|scandi|skandinavisch",
    _NORDIC: "nordic|scandi noir|nordic noir|northern european",
    _BALTIC: "baltic|baltics",
    _BALKAN: "balkan|balkans",
    _EAST: "eastern european|eastern europe|east european|east europe",
    _WEST: "western european|western europe",
    f"{_WEST}+{_EAST}": "european|europe|europeo|europea|europeen|europaisch|europa",
    _EAST_ASIA: "east asian|east asia|far east|far eastern",
    _SOUTH_EAST_ASIA: "southeast asian|south east asian|southeast asia|south east asia",
    _SOUTH_ASIA: "south asian|south asia",
    f"{_EAST_ASIA}+{_SOUTH_EAST_ASIA}+{_SOUTH_ASIA}+Kazakhstan": "asian|asia|asiatico|asiatique|asiatisch",
    _ARAB: "arab world|arab countries|arab film|arab films|arab cinema",
    f"{_ARAB}+Iran+Israel+Turkey": "middle eastern|middle east|mideast",
    _MAGHREB: "maghreb|north african|north africa|maghrebi",
    _SOUTH_AMERICA: "south american|south america|sudamericano|sudamericana",
    _LATIN_AMERICA: "latin american|latin america|latino|latinoamericano|latinoamericana|central american",
    _AFRICA: "african|africa|africano|africain|afrikanisch",
    "Australia+New Zealand": "antipodean|oceanian|australasian",
}


def _named(names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(name.split()) for name in names.split("+") if name))


def _spoken(names: str, *, both: bool = False) -> Place:
    country, _, language = names.partition("/")
    return Place(_named(country), _named(language), both)


DEMONYMS: dict[Place, str] = {
    **{_spoken(names): words for names, words in _SPOKEN.items()},
    **{Place(countries=(country,)): words for country, words in _COUNTRIES.items()},
    **{Place(languages=(language,)): words for language, words in _LANGUAGES.items()},
    **{_spoken(names, both=True): words for names, words in _INDUSTRIES.items()},
    **{Place(countries=_named(names)): words for names, words in _REGIONS.items()},
}
PLACES: Phrases[Place] = Phrases(DEMONYMS)
