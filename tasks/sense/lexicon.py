"""The words by which names are told apart: heads of organisations and places, calendar words, reporting verbs, lists.

Only words: which of them decides what stands in the modules that use them. English throughout. The longer lists are
text files in ``lists/``, one or many names a line, ``#`` for comments; they are read once per process.
"""

import re
from functools import cache
from importlib.resources import files


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def list_lines(name: str) -> list[str]:
    """Return the lines of ``lists/<name>.txt`` without comments and blanks."""
    content = files("tasks.sense").joinpath("lists", f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in content.splitlines() if line and not line.startswith("#")]


@cache
def stop_words() -> frozenset[str]:
    """Function words and adverbs, lower case."""
    return frozenset(word for line in list_lines("stop_words") for word in line.split())


@cache
def common_words() -> frozenset[str]:
    """Words of the general vocabulary, lower case, stop words included."""
    return stop_words() | {word for line in list_lines("common_words") for word in line.split()}


@cache
def given_names() -> frozenset[str]:
    """Given names as written."""
    return frozenset(word for line in list_lines("given_names") for word in line.split())


_DIRECTED = re.compile(r"^(South|North|East|West)-")


@cache
def demonyms() -> dict[str, str | None]:
    """Names of peoples and faiths and their adjectives; ISO 3166-1 alpha-2 where they belong to one country."""
    table = {}
    for line in list_lines("demonyms"):
        names, country = line.rsplit("\t", 1)
        for name in names.split():
            table[_DIRECTED.sub(r"\1 ", name)] = None if country == "-" else country
    return table


@cache
def surnames() -> frozenset[str]:
    """Surnames as written."""
    return frozenset(word for line in list_lines("surnames") for word in line.split())


@cache
def organisations() -> dict[str, str]:
    """Every listed name of an organisation that needs no context to be one, and its canonical name.

    A short name that two of them share ("PTI") stands for itself.
    """
    return _listed(doubtful=False)


@cache
def doubtful_organisations() -> dict[str, str]:
    """Listed names of organisations that are also words, people or places ("Target", "Liverpool"), and their
    canonical names."""
    return _listed(doubtful=True)


def _listed(*, doubtful: bool) -> dict[str, str]:
    table: dict[str, str] = {}
    for line in (*list_lines("organisations"), *list_lines("teams")):
        names = line.split("\t")
        canonical = names[0].removeprefix("?")
        for name in names:
            if name.startswith("?") is doubtful:
                bare = name.removeprefix("?")
                table[bare] = canonical if table.get(bare, canonical) == canonical else bare
    return table


@cache
def team_towns() -> frozenset[str]:
    """Places that a listed team is called after, as written: "Chicago", "Kansas City"."""
    towns = set()
    for line in list_lines("teams"):
        parts = line.split("\t")[0].removeprefix("?").split()
        towns.update(" ".join(parts[:size]) for size in range(1, len(parts)))
    return frozenset(towns)


MONTHS = _set("january february march april may june july august september october november december")
CALENDAR = MONTHS | _set(
    "monday tuesday wednesday thursday friday saturday sunday jan feb mar apr jun jul aug sep sept oct nov dec"
    " mon tue tues wed thu thurs fri christmas easter ramadan eid diwali thanksgiving spring summer autumn winter"
    " am pm gmt ist utc est bst"
)
PARTICLES = _set(
    "de del della di da do dos das du van von der den ter ten la le el al bin bint ibn ben abu e y zu ul ur"
)

# A name that ends in one of these is an organisation.
ORG_SUFFIXES = _set(
    "ministry bank university college school institute institution academy party council committee commission"
    " front inc ltd llc plc corp corporation company co group holdings association federation union league club"
    " foundation agency authority department bureau board court tribunal parliament assembly congress senate army"
    " navy force forces police command corps brigade regiment battalion news times post herald tribune gazette"
    " journal daily guardian telegraph observer press radio television tv network media broadcasting airlines"
    " airways motors industries systems technologies technology pharmaceuticals laboratories labs software studios"
    " records pictures entertainment organisation organization service services society trust fund movement"
    " alliance coalition confederation congregation church office administration secretariat directorate"
    " consortium partners associates brothers bros sons ventures capital insurance securities exchange energy"
    " petroleum oil gas steel power electric telecom communications airline united city fc hospital clinic"
    " orchestra ensemble band choir museum library gallery theatre theater politburo cabinet guard guards watch"
    " initiative forum programme program project center centre nations team campaign task-force rangers taskforce"
    " railroad railway lottery laboratory division squadron fleet sentinel chronicle examiner inquirer express"
    " monitor globe dispatch courier digest magazine mission embassy consulate syndicate cooperative chamber guild"
    " lobby caucus militia liberation militants ag sa spa gmbh nv kk airforce treasury ombudsman prosecutor"
    " registry seminary conservatory polytechnic varsity resources minerals foods pharma therapeutics biosciences"
    " healthcare properties semiconductor semiconductors bancorp bancshares assurance reinsurance realty wireless"
    " outfitters wanderers rovers albion athletic hotspur dynamo lokomotiv fk afc rfc bv oy ab asa kgaa chemicals"
    " metals logistics shipping cement broadband publishing interactive electronics computers games gaming digital"
    " solutions mobile sports racing stores brands retail engineering mining finance financial consulting"
)
# Too general to make an organisation of ordinary words: "Great Service", "Information Technology".
WEAK_ORG_SUFFIXES = _set(
    "team service services program programme project technology technologies office center centre city united"
    " power energy capital company network media news mission watch initiative forum support system systems"
    " movement campaign fund trust communications research school college club group division express digest music"
    " pictures gas oil steel electric resources minerals foods properties athletic chemicals metals logistics shipping"
    " cement broadband publishing interactive electronics computers games gaming digital solutions mobile sports racing"
    " stores brands retail engineering mining finance financial consulting healthcare"
)
# Heads that an "of" or "for" phrase completes.
ORG_OF_HEADS = _set(
    "ministry bank university college school institute academy party council committee commission department"
    " bureau board court house chamber office agency authority association federation union league society"
    " organisation organization foundation fund congress assembly conference church archdiocese diocese faculty"
    " museum library confederation alliance movement front army friends sons daughters centre center secretariat"
    " directorate administration service network coalition campaign forum programme initiative group club bureau"
    " division brotherhood order guild trust corps centers centres institutes doctors reporters secretary-general"
)
LINKED_HEADS = _set("for on against")
LINK_AND_LEFT = _set(
    "food trade health science arts oil radio law home information research defence defense foreign education"
    " justice agriculture finance energy industry commerce culture labour labor transport tourism communications"
    " youth sports drug alcohol securities fire search truth women standards economic planning development"
    " environment forestry fisheries climate mining roads water rural urban housing social immigration customs bar"
    " privacy children ports savings"
)
PLACE_SUFFIXES = _set(
    "river lake valley mountain mountains island islands peninsula ocean sea bay gulf strait desert forest canyon"
    " creek falls beach coast district province county prefecture governorate region territory township village"
    " town street road avenue boulevard lane highway square bridge airport port harbour harbor station stadium"
    " arena park gardens garden palace castle fort tower memorial monument cathedral mosque temple cemetery prison"
    " jail dam canal pass ridge hill hills heights plateau basin delta reef archipelago reserve sanctuary border"
    " hotel mall plaza building hall metro refinery mine expressway crossing checkpoint point cape rainforest"
    " glacier volcano terminal ground oval auditorium gym penitentiary ave observatory racecourse racetrack"
    " speedway aquarium zoo abbey shrine pier wharf dock docks lighthouse strip"
)
PLACE_PREFIXES = _set("mount mt lake cape fort port gulf strait river isle camp")
PLACE_OF_HEADS = _set("gulf republic kingdom strait bay isle state province island islands sea horn port cape")
# Lower-case nouns after a name that make it a place.
PLACE_NOUNS = _set(
    "valley river district province region county town village island islands peninsula city prefecture governorate"
    " airport basin desert mountains coast neighbourhood neighborhood suburb township municipality lake bridge highway"
    " street road harbour harbor border"
)
# "the town of X", "northern X"
PLACE_OF_NOUNS = _set(
    "city town village province district region capital state county island port suburb area neighbourhood"
    " neighborhood outskirts streets people north south east west northeast northwest southeast southwest coast"
    " shores municipality republic enclave territory locality commune"
)
DIRECTIONS = _set(
    "northern southern eastern western central north-eastern north-western south-eastern south-western northeastern"
    " northwestern southeastern southwestern downtown upstate rural mainland"
)
PLACE_PREPOSITIONS = _set("in near outside across throughout inside around into at toward towards via")
EVENT_SUFFIXES = _set(
    "cup olympics paralympics games summit war festival championship championships conference marathon awards"
    " revolution uprising intifada holocaust pandemic tournament grandprix trophy crisis massacre offensive"
)
LAW_SUFFIXES = _set(
    "act bill treaty convention protocol accord accords agreement pact amendment constitution ordinance code"
)
NOT_ORG_ACRONYMS = _set(
    "CEO CFO COO CTO GDP GNP TV DNA RNA HIV AIDS COVID SARS PM AM MP MPs MLA OK ID IT AI ML PhD VIP GMT UTC USD"
    " EUR GBP II III IV VI VII VIII IX XI XII MBA BA BSc MSc PCR ICU IQ PR HR UFO DVD CD PC USB GPS SMS MMS LED"
    " LCD LGBT LGBTQ LGBTI LGBTQ+ NGO NGOs IPO ATM SUV BC AD CE BCE IED IEDs WMD VAT TB MD QC KC OBE MBE CBE RPG"
    " PPE FAQ DIY FM IP PDF URL HTML STEM FDI GST EV EVs CCTV ISP LNG LPG ICBM MW KW GW MHZ PIN SIM R&D B2B Q1 Q2"
    " Q3 Q4 H1 CO2 A&E DJ MC VS EP LP NATIONAL PTI ANI IANS RTX WWII WWI UAV UAVs POW POWs MVP CV UV DUI GM-crops"
    " SOS ETA NB PS"
)
REPORTING_VERBS = _set(
    "said says say told tells added adds stated states stating announced announces claimed claims explained"
    " explains insisted insists argued argues warned warns noted notes declared declares replied replies asked"
    " asks wrote writes tweeted tweets posted reported reports confirmed confirms denied denies recalled recalls"
    " admitted admits continued acknowledged acknowledges alleged alleges urged urges quipped joked remarked"
    " commented observed suggested suggests concluded concludes stressed stresses emphasised emphasized reiterated"
    " pointed promised vowed predicted predicts maintained complained shouted cried lamented testified responded"
    " read reads believes thinks hopes disclosed revealed asserted contended cautioned boasted countered pleaded"
    " pledged saying adding telling writing recounted exclaimed"
)
PERSON_VERBS = _set(
    "said says told added recalled explained insisted joked quipped tweeted replied admitted resigned smiled laughed"
    " married died who whose"
)
