"""Where the places of a text lie: namesakes, containers, parents, and what is not resolved."""

import math
import time

import pytest

from tasks.sense import MAX_CHARS, Document, Mention, read_facts
from tasks.sense.places.atlas import fold
from tasks.sense.places.context import forms, relation
from tasks.sense.places.gazetteer import candidates, countries, gazetteer
from tasks.sense.places.reader import read_places
from tasks.text import sentences, words


def read(text, *surfaces, language="en", peoples=()):
    """The places of ``text`` with every standing of ``surfaces`` a mention of one, in the order of the text."""
    mentions = []
    for label, names in (("PLACE", surfaces), ("NORP", peoples)):
        for name in names:
            start = text.find(name)
            while start >= 0:
                end = start + len(name)
                inside = any(m.start_char < end and start < m.end_char for m in mentions)
                if not inside and not text[end : end + 1].isalpha():
                    mentions.append(Mention(start_char=start, end_char=end, surface=name, label=label, confidence=0.9,
                                            entity=f"{label.lower()}:{name.lower()}"))  # fmt: skip
                start = text.find(name, end)
    mentions.sort(key=lambda mention: mention.start_char)
    return read_places(Document(text=text, sentences=sentences(text), words=words(text), language=language,
                                mentions=tuple(mentions))).places  # fmt: skip


def km(place, latitude, longitude):
    a, b = math.radians(place.latitude), math.radians(latitude)
    half = (
        math.sin((b - a) / 2) ** 2
        + math.cos(a) * math.cos(b) * math.sin(math.radians(longitude - place.longitude) / 2) ** 2
    )
    return 2 * 6371 * math.asin(min(1.0, math.sqrt(half)))


#: Text; the mentions, longer names first; of each row where it lies.
LIE = [
    ("A tornado tore through Paris, Texas, overnight.", ("Paris", "Texas"), [("US", 33.7, -95.6), ("US", 31.2, -99.2)]),
    ("The premier flew from Paris to Lyon.", ("Paris", "Lyon"), [("FR", 48.9, 2.35), ("FR", 45.8, 4.8)]),
    ("He was born in Springfield, Illinois.", ("Springfield", "Illinois"), [("US", 39.8, -89.6), ("US", 40, -89.2)]),
    ("Two men were held in Tuscaloosa, Ala., on Friday.", ("Tuscaloosa",), [("US", 33.2, -87.6)]),
    ("Riots broke out in Lod, Israel.", ("Lod", "Israel"), [("IL", 31.95, 34.9), ("IL", 31.5, 34.75)]),
    ("Crowds filled Tripoli in Lebanon.", ("Tripoli", "Lebanon"), [("LB", 34.44, 35.83), ("LB", 33.8, 35.8)]),
    ("Ships left Tripoli for Malta.", ("Tripoli", "Malta"), [("LY", 32.9, 13.2), ("MT", 35.9, 14.4)]),
    ("Rebels held parts of Syria's Aleppo.", ("Syria", "Aleppo"), [("SY", 35, 38), ("SY", 36.2, 37.15)]),
    ("Georgia and Armenia agreed; talks go on in Tbilisi.", ("Georgia", "Armenia", "Tbilisi"),
     [("GE", 42, 43.5), ("AM", 40.2, 45), ("GE", 41.7, 44.8)]),
    ("Voters in Georgia queued in Atlanta, Savannah and Macon.", ("Georgia", "Atlanta", "Savannah", "Macon"),
     [("US", 32.8, -83.5), ("US", 33.75, -84.4), ("US", 32.1, -81.1), ("US", 32.84, -83.63)]),
    ("Snow fell on Buffalo, New York, but New York stayed dry.", ("Buffalo", "New York"),
     [("US", 42.9, -78.9), ("US", 43, -75.5), ("US", 40.7, -74)]),
    ("Washington and Beijing traded blame.", ("Washington", "Beijing"), [("US", 38.9, -77), ("CN", 39.9, 116.4)]),
    ("Ferries from Seattle, Washington, were late.", ("Seattle", "Washington"),
     [("US", 47.6, -122.3), ("US", 47.5, -120.5)]),
    ("Fires burned in Victoria and New South Wales, Australia.", ("Victoria", "New South Wales", "Australia"),
     [("AU", -37, 144.4), ("AU", -32.5, 147), ("AU", -25, 134.5)]),
    ("Police in Hyderabad, Pakistan, made arrests.", ("Hyderabad", "Pakistan"), [("PK", 25.4, 68.4), ("PK", 30, 70)]),
    ("Police in Hyderabad and Chennai made arrests.", ("Hyderabad", "Chennai"),
     [("IN", 17.4, 78.5), ("IN", 13.1, 80.3)]),
    ("A court in Birmingham, Alabama, agreed.", ("Birmingham", "Alabama"), [("US", 33.5, -86.8), ("US", 32.8, -86.8)]),
    ("Bins overflow in Birmingham, the council said.", ("Birmingham",), [("GB", 52.5, -1.9)]),
    ("London, Ontario, has a new mayor.", ("London", "Ontario"), [("CA", 43, -81.2), ("CA", 50, -86)]),
    ("A bank in London cut its outlook for Canada.", ("London", "Canada"), [("GB", 51.5, -0.1), ("CA", 60.1, -113.6)]),
    ("Guns fell silent in Helmand province, Afghanistan.", ("Helmand", "Afghanistan"),
     [("AF", 31.3, 64.2), ("AF", 33, 66)]),
    ("Kiev and Moscow agreed to swap prisoners.", ("Kiev", "Moscow"), [("UA", 50.45, 30.5), ("RU", 55.75, 37.6)]),
    ("Bombay was renamed Mumbai.", ("Bombay", "Mumbai"), [("IN", 19.1, 72.9), ("IN", 19.1, 72.9)]),
    ("The Valencia floods shook Spain.", ("Valencia", "Spain"), [("ES", 39.5, -0.4), ("ES", 40, -4)]),
    ("Soldiers in Valencia, Venezuela, fired.", ("Valencia", "Venezuela"), [("VE", 10.2, -68), ("VE", 8, -66)]),
    ("Cases rose in Punjab, Sindh and the rest of Pakistan.", ("Punjab", "Sindh", "Pakistan"),
     [("PK", 30.9, 72.3), ("PK", 26.1, 68.6), ("PK", 30, 70)]),
    ("Farmers of Punjab and Haryana marched on New Delhi.", ("Punjab", "Haryana", "New Delhi"),
     [("IN", 31, 75.5), ("IN", 29.2, 76.4), ("IN", 28.6, 77.2)]),
    ("A base near Gao in Mali was hit.", ("Gao", "Mali"), [("ML", 16.3, 0), ("ML", 18, -2)]),
    ("The dead were found near Pahalgam in Jammu and Kashmir.", ("Pahalgam", "Jammu and Kashmir"),
     [("IN", 34, 75.3), ("IN", 34, 76.3)]),
    ("Ebola spread from Guinea to Sierra Leone.", ("Guinea", "Sierra Leone"),
     [("GN", 10.8, -10.7), ("SL", 8.5, -11.5)]),
    ("The Congo borders Rwanda.", ("Congo", "Rwanda"), [("CD", -2.5, 23.5), ("RW", -2, 30)]),
    ("Mexico sent troops to Mexico City.", ("Mexico City", "Mexico"), [("MX", 23, -102), ("MX", 19.4, -99.1)]),
    ("Storms hit the Gulf of Mexico and Crimea.", ("Gulf of Mexico", "Crimea"), [(None, 25, -90), ("UA", 45, 34.3)]),
    ("Cork and Galway in Ireland flooded.", ("Cork", "Galway", "Ireland"),
     [("IE", 51.9, -8.5), ("IE", 53.3, -9), ("IE", 53, -8)]),
    ("A school in San Jose, Calif., closed.", ("San Jose",), [("US", 37.3, -121.9)]),
    ("A school in San José, Costa Rica, closed.", ("San José", "Costa Rica"), [("CR", 9.9, -84.1), ("CR", 10, -84)]),
    ("The Bavaria vote upset Berlin.", ("Bavaria", "Berlin"), [("DE", 49, 11.4), ("DE", 52.5, 13.4)]),
    ("The city of Granada, Nicaragua, is old.", ("Granada", "Nicaragua"), [("NI", 11.9, -86), ("NI", 13, -85)]),
    ("Cambridge beat Oxford again.", ("Cambridge", "Oxford"), [("GB", 52.2, 0.1), ("GB", 51.75, -1.25)]),
    ("Cambridge, Mass., and Boston voted.", ("Cambridge", "Boston"), [("US", 42.4, -71.1), ("US", 42.4, -71.1)]),
    ("In Paris, near the Indiana line, Illinois police waited.", ("Paris", "Indiana", "Illinois"),
     [("US", 39.6, -87.7), ("US", 40, -86.2), ("US", 40, -89.2)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "surfaces", "expected"), LIE, ids=[text[:32] for text, _, _ in LIE])
def test_where_places_lie(text, surfaces, expected):
    found = read(text, *surfaces)
    assert [place.surface for place in found if place.resolution != "exact"] == []
    assert [place.country for place in found] == [country for country, _, _ in expected]
    for place, (_, latitude, longitude) in zip(found, expected, strict=True):
        assert km(place, latitude, longitude) < 161, place


def test_every_mention_of_a_place_has_one_row_with_its_span():
    text = "Paris, Texas, is no Paris. Nobody in Zzyrgov minds."
    found = read(text, "Paris", "Texas", "Zzyrgov")
    assert [text[p.start_char : p.end_char] for p in found] == [p.surface for p in found]
    assert [p.surface for p in found] == ["Paris", "Texas", "Paris", "Zzyrgov"]


def test_short_forms_of_divisions_are_those_of_the_country_that_the_text_speaks_of():
    assert [place.country for place in read("Heat hit Perth, WA, and the rest of Australia.", "Perth", "WA")] == [
        "AU"
    ] * 2
    assert [place.division for place in read("Rain fell on Seattle, WA, on Monday.", "Seattle", "WA")] == [
        "Washington"
    ] * 2


def test_the_same_name_is_the_same_place_unless_the_words_beside_it_say_otherwise():
    found = read("Police in Hyderabad, Pakistan, made arrests. Hyderabad was calm.", "Hyderabad", "Pakistan")
    assert [place.country for place in found] == ["PK", "PK", "PK"]
    found = read("Not Paris, Texas, but Paris, France.", "Paris", "Texas", "France")
    assert [place.country for place in found] == ["US", "US", "FR", "FR"]


def test_ids_are_those_of_the_gazetteers():
    found = read("Pahalgam lies in Jammu and Kashmir, India.", "Pahalgam", "Jammu and Kashmir", "India")
    assert [place.gazetteer_id for place in found] == ["geonames:1260880", "iso3166-2:IN-JK", "geonames:1269750"]
    assert [place.kind for place in found] == ["town", "division", "country"]
    assert found[0].division == "Jammu and Kashmir"


@pytest.mark.parametrize(
    ("text", "surface", "others"),
    [
        ("Gunmen came to the Qorvan valley near Pahalgam.", "Qorvan", ("Pahalgam",)),
        ("Gunmen came to Qorvan valley, 7 km from Pahalgam.", "Qorvan valley", ("Pahalgam",)),
        ("The bus left Qorvan, a village outside Pahalgam.", "Qorvan", ("Pahalgam",)),
        ("The Mirzad Clinic in Pahalgam was full.", "Mirzad Clinic", ("Pahalgam",)),
    ],
)
def test_what_is_in_no_gazetteer_lies_where_the_words_say(text, surface, others):
    [place] = [place for place in read(text, surface, *others) if place.surface == surface]
    assert (place.resolution, place.name, place.country) == ("parent", "Pahalgam", "IN")


def test_a_spot_lies_in_the_town_that_it_is_called_after():
    [place] = read("Flights from Kabul International Airport were halted.", "Kabul International Airport")
    assert (place.resolution, place.name) == ("parent", "Kabul")


@pytest.mark.parametrize(
    ("surface", "resolution", "name"),
    [
        ("Kenya's", "exact", "Kenya"),
        ("Jakarta in Indonesia", "exact", "Jakarta"),
        ("Mirzad Hall in Seattle", "parent", "Seattle"),
        ("northern Kenya", "parent", "Kenya"),
        ("Kenya", "exact", "Kenya"),
        ("KENYA", "exact", "Kenya"),
        ("Kingston, Jamaica", "exact", "Kingston"),
        ("Johnson Street", "none", None),
    ],
)
def test_forms_of_one_mention(surface, resolution, name):
    [place] = read(f"They met at {surface} .", surface)
    assert (place.resolution, place.name) == (resolution, name)


def test_every_mention_of_an_unknown_name_has_the_parent_of_one():
    found = read("Qorvan, a village near Pahalgam, was shut. People of Qorvan fled.", "Qorvan", "Pahalgam")
    assert [(p.resolution, p.name) for p in found if p.surface == "Qorvan"] == [("parent", "Pahalgam")] * 2


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("The mayor of Springfield spoke.", "Springfield"),  # several of one size
        ("They walked to Zzyrgov.", "Zzyrgov"),
        ("The High Street was closed.", "High Street"),
        ("Lorries queued on Highway 11.", "Highway 11"),
        ("They drove past the Temple.", "Temple"),
        ("Jobs are moving out of the South East.", "South-East"),
    ],
)
def test_what_cannot_be_told_is_not_resolved(text, surface):
    for place in read(text, surface):
        assert (place.resolution, place.latitude, place.country, place.name) == ("none", None, None, None)


def test_a_nationality_beside_a_town_tells_its_country():
    assert read("the Lebanese city of Tripoli", "Tripoli", peoples=("Lebanese",))[0].country == "LB"
    assert read("the Libyan city of Tripoli", "Tripoli", peoples=("Libyan",))[0].country == "LY"


def test_entities_have_the_country_and_point_of_their_place():
    facts = read_facts("Fires burned near Athens, Georgia, on Monday.", published_on=None, language="en")
    entity = next(entity for entity in facts.entities if entity.name == "Athens")
    assert entity.country == "US" and 33 < entity.latitude < 35


def test_countries_are_found_under_their_names_in_the_language_of_the_text():
    found = read("Die Grenze zwischen Frankreich und der Schweiz.", "Frankreich", "Schweiz", language="de")
    assert [place.country for place in found] == ["FR", "CH"]


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Kraków", "krakow"),
        ("St. Louis", "saint louis"),
        ("Sana’a", "sanaa"),
        ("Port-au-Prince", "port au prince"),
        ("Tromsø", "tromso"),
        ("İzmir", "izmir"),
        ("Київ", "киів"),
        ("", ""),
        ("—", ""),
    ],
)
def test_names_are_looked_up_without_case_accents_and_points(name, folded):
    assert fold(name) == folded


def test_every_country_of_iso_3166_has_a_point():
    import pycountry

    assert {country.alpha_2 for country in pycountry.countries} | {"XK"} == set(countries())
    assert all(-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180 for place in countries().values())


def test_recognition_knows_countries_regions_and_towns():
    by_name = gazetteer().by_name
    assert {"Kenya", "U.S.", "Crimea", "Red Sea", "Bavaria", "Kyiv", "Kiev", "Pahalgam"} <= by_name.keys()
    assert "Zzyrgov" not in by_name and by_name.get("Zzyrgov", ()) == ()
    assert gazetteer().longest_by_first_word["Gulf"] >= 3
    assert [place.kind for place, _ in candidates(fold("Georgia"))][:2] == ["country", "division"]


@pytest.mark.parametrize(
    ("text", "surfaces", "expected"),
    [
        ("The storm hit the Texas town of Paris.", ("Texas", "Paris"), ("exact", "Paris", "Texas")),
        ("Police in Paris, northeast Texas, spoke.", ("Texas", "Paris"), ("exact", "Paris", "Texas")),
        ("A crash near Paris, in the US state of Texas.", ("US", "Texas", "Paris"), ("exact", "Paris", "Texas")),
        ("Market Street in Bergen was shut.", ("Market Street", "Bergen"), ("parent", "Bergen", "Vestland")),
        ("The Sandviken quarter of Bergen burned.", ("Sandviken", "Bergen"), ("parent", "Bergen", "Vestland")),
        ("Riverside Stadium, in the east of Leeds, opened.", ("Riverside Stadium", "Leeds"),
         ("parent", "Leeds", "England")),
    ],
)  # fmt: skip
def test_the_words_beside_a_place_outweigh_larger_namesakes(text, surfaces, expected):
    wanted = surfaces[0] if expected[0] == "parent" else surfaces[-1]
    (place,) = [place for place in read(text, *surfaces) if place.surface == wanted]
    assert (place.resolution, place.name, place.division) == expected


def test_forms_and_relations():
    assert [form.name for form in forms("The Helmand Province", "", "")][:3] == [
        "the helmand province", "helmand province", "al helmand province"]  # fmt: skip
    assert "helmand" in [form.name for form in forms("Helmand Province", "", "")]
    assert [relation(gap) for gap in (", ", " in ", "’s ", " near ", ", 30 km north of ", " and ", " said. ")] == [
        "comma", "in", "owner", "near", "near", None, None]  # fmt: skip


@pytest.mark.parametrize(
    "unit", ["Paris, ", "Paris in Texas near ", "San Jose (", "Georgia's ", "al ", "1 km north of a "]
)
def test_hostile_text_costs_a_bounded_time(unit):
    text = unit * (MAX_CHARS // len(unit))
    read("Paris", "Paris")
    began = time.process_time()
    facts = read(text[:30_000], "Paris", "Texas", "San Jose", "Georgia")
    assert time.process_time() - began < 6
    assert all(text[p.start_char : p.end_char] == p.surface for p in facts)
