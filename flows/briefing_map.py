"""Where things stand on the drawings of a briefing: dots and labels of the map, bars of the hours. Numbers only.

Nothing here knows of HTML; units are those of the drawing's own coordinates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from warehouse.briefing_records import Place

NORTH, SOUTH = 84, -58  # degrees that the map shows
SCALE = 2  # units a degree (equirectangular: the same along both axes)
WIDTH, HEIGHT = 360 * SCALE, (NORTH - SOUTH) * SCALE
DOT_RADII = (2.5, 11)
#: Labels of the largest dots are set so large that they can be read on a telephone, where the map is small.
LARGE_LABELS, LABELS = 6, 18
LARGE_CHARACTER, CHARACTER = 20, 10  # height of type that a label is given room for
CHARACTER_WIDTH = 0.56  # of its height, in the mean of a sans-serif face
LABEL_CHARACTERS = 18

#: Coastlines as closed lines of (degrees east, degrees north), to some two degrees: a ground for the dots, no atlas.
LAND = (
    # North America, Greenland, Arctic islands, Caribbean
    "-168,66 -162,67 -166,68 -163,69 -156,71 -150,70 -141,70 -135,69 -128,70 -124,69 -115,68 -108,68 -102,68 -96,68"
    " -94,72 -91,69 -85,69 -82,67 -87,64 -91,63 -94,60 -93,58 -92,57 -88,56 -82,55 -82,53 -80,51 -79,52 -79,54 -77,56"
    " -77,58 -78,60 -77,62 -73,62 -70,60 -69,59 -65,60 -64,58 -62,56 -58,54 -56,52 -60,50 -66,50 -69,49 -71,47 -67,49"
    " -64,49 -65,47 -64,46 -61,46 -61,45 -65,43.5 -66,45 -70,44 -70,42 -74,40.6 -76,38 -76,35 -81,32 -81,29 -80,26"
    " -81,25 -83,29 -85,30 -89,30 -91,29 -94,29.5 -97,28 -97,25 -98,22 -96,19 -94,18 -91,18.5 -90,21 -87,21.5 -88,18"
    " -88,16 -83,15 -83,11 -80,9 -77,8.5 -78,7.5 -82,8 -85,10 -87,13 -92,14 -95,16 -100,17 -105,20 -106,23 -109,26"
    " -113,31 -115,31.5 -112,27 -110,23 -112,25 -115,28 -117,32.5 -121,35 -124,40 -124,46 -123,49 -128,51 -131,55"
    " -136,58.5 -140,60 -147,61 -152,59 -156,57 -162,55 -165,54.5 -158,58 -162,59 -165,61 -165,63 -161,64.5 -167,65",
    "-73,78 -65,81 -45,82.5 -30,83 -20,80 -19,76 -22,71 -30,68 -40,65 -43,60 -49,61 -53,66 -54,70 -58,75 -68,76",
    "-80,73.5 -72,71 -62,66.5 -66,62.5 -72,64.5 -73,68 -85,70 -88,73.5",
    "-117,70 -108,73 -102,70 -105,69 -115,69",
    "-125,72 -120,76 -116,73 -122,71",
    "-90,77 -78,76.5 -65,81.5 -62,83 -85,82",
    "-59,47.6 -56,51.5 -53,47",
    "-85,22 -80,23 -74,20 -78,20",
    "-74,19.8 -70,19.8 -68.5,18.5 -74,18.2",
    # South America
    "-77,8 -75,11 -72,12 -70,12 -64,10.5 -61,10 -57,6 -52,5 -50,1 -48,-1 -44,-2.5 -40,-3 -35,-5.5 -35,-9 -39,-13"
    " -39,-17 -41,-22 -45,-23.5 -48,-26 -49,-29 -53,-33.5 -57,-35 -57,-37 -62,-39 -65,-42 -66,-45 -66,-48 -69,-51"
    " -68,-53 -66,-55 -71,-55 -75,-51 -75,-46 -73,-42 -73,-37 -71,-30 -70,-20 -76,-14 -80,-7 -81,-5 -80,-2 -80,1 -77,4",
    # Africa, Madagascar
    "-6,36 -2,35 3,37 10,37 11,34 15,32 20,31 22,33 29,31 33,31 34,27 37,21 39,16 43,12 45,10.5 51,12 50,8 46,3 42,-1"
    " 39,-5 40,-11 40,-15 35,-20 35,-24 32,-27 30,-31 26,-34 20,-35 18,-33 15,-27 12,-18 14,-11 12,-6 9,-1 9,4 4,6"
    " -4,5 -8,4.5 -13,8 -17,12 -17,15 -16,20 -14,26 -10,30 -9,33",
    "44,-25 43,-22 44,-17 49,-12 50,-16 47,-25",
    # Eurasia, and the Caspian in it
    "-9,37 -9,39 -9,43 -2,43.5 -1,46 -5,48.5 2,50 4,52 8,54 8,57 10.5,57.5 11,54 14,54 19,54.5 21,57 24,57.5 24,59"
    " 30,60 23,60 21,61 22,63 25,65 22,66 18,63 17,60.5 16,57 13,55.5 11,59 8,58 5,59 5,62 10,64 14,67 20,70 28,71"
    " 33,69.5 41,67 40,65.5 35,64.5 38,64 44,66 44,68 54,69 60,69 68,68.5 67,72 72,73 73,70 75,72 80,73.5 90,75.5"
    " 104,77.5 113,74 120,73 130,71 140,72.5 150,71.5 160,70 170,70 180,69 180,65 178,62.5 170,60 163,58 162,55 157,51"
    " 156,57 162,61 157,61.5 150,59.5 142,59 136,55 141,53 140,48 135,44 131,43 128,39.5 129,36 126,34.5 126,38"
    " 121,39.5 122,41 118,39 121,37 119,35 122,31 120,27 117,23.5 110,21 108,21.5 106,19 109,12 105,9 105,10.5"
    " 102,12.5 100,13.5 99,9 103,4 104,1.5 101,3 98,8 98,14 97,17 94,16 92,21 90,22 87,21 82,17 80,13 80,10 78,8 76,10"
    " 73,16 73,20 72,21 70,21 67,25 57,25.5 56,27 51,28 48,30 50,27 51,24.5 56,26 60,22.5 57,18 52,15.5 45,13 43,13"
    " 42,17 39,21 35,28 34,31 36,36 32,36.5 28,36.5 26,39 29,41 35,42 41,41.5 38,44.5 39,47 35,45.5 33,46 30,46"
    " 28,43.5 29,41 26,40.5 23,40.5 24,38 22,36.5 19,41 14,45 12.5,44 18,40 16,38 15.5,40 12,42 8,44 3,43 0,40 -1,37.5"
    " -5,36",
    "47,45 51,47 53,45 51,43 54,40 54,37 50,37.5 49,40 47.5,43",
    "-180,69 -175,67 -170,66 -173,64.5 -180,65",
    "-5,50 1,51 1.5,52.7 0,53.5 -2,56 -2,57.5 -4,58.5 -5,58.5 -6,56.5 -3,54.5 -5,52 -3,51.3",
    "-10,52 -6,52.3 -6,55 -8,55.3 -10,54",
    "-24,65.5 -22,64 -18,63.5 -14,65 -16,66.5 -22,66.3",
    "11,79 17,76.7 27,80",
    "52,71 56,71 60,75 68,77 60,76",
    "80,9.5 82,7 80.5,6",
    "130,33 131,31.3 132,33.5 136,33.7 140,35 141,38 141,41 140,40 137,37 133,35.5",
    "140,42 143,42 145,43.5 142,45.5",
    "142,46 144,49 143,54 142,51",
    "120.2,23 121,22 122,25",
    # South-East Asia, Oceania
    "120,18.5 122,18 124,13 120.5,14",
    "122,7 125.5,6 126.3,8 125,12 123,9",
    "109,1.5 113,3 117,7 119,5 118,1 116,-4 110,-3",
    "95,5.5 99,3 104,-2 106,-6 102,-4",
    "105.5,-6.5 111,-6.5 114.5,-8 108,-7.8",
    "119.5,-5.5 120,0 125,1.5 121,0.5 122,-4",
    "131,-1 138,-1.7 146,-5.5 150.5,-10.5 146,-8.5 143,-9 138,-8 135,-4",
    "114,-22 114,-26 115,-34 118,-35 124,-33 131,-31.5 135,-35 138,-33 138,-35.5 140,-38 146,-39 150,-37.5 153,-31"
    " 153,-25 149,-21 146,-19 145,-15 142.5,-11 141,-14 141,-17.5 136,-15.5 137,-12 132,-11.5 129,-15 125,-14.5"
    " 122,-18",
    "144.7,-41 148,-41 147,-43.5",
    "173,-35 178,-38 175,-41.5 174,-39",
    "172.7,-40.7 174,-42 170.5,-46 167,-46 170,-43",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A place on the map."""

    place: Place
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The name of a dot: ``x``, ``y`` are of the baseline's ``anchor``, start or end."""

    text: str
    x: float
    y: float
    anchor: str
    is_large: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One hour of the day; ``height`` is a share of the highest, 0 to 1."""

    hour: int
    articles: int
    height: float


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees as a point of the map."""
    return round((longitude + 180) * SCALE, 1), round((NORTH - latitude) * SCALE, 1)


def land_path() -> str:
    """The coastlines as the data of an SVG path, to be filled by the even-odd rule."""
    lines = []
    for line in LAND:
        points = [project(*map(float, pair.split(","))) for pair in line.split()]
        lines.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z")
    return "".join(lines)


def dots(places: Sequence[Place]) -> list[Dot]:
    """The places that the map shows, the largest first; area goes by the number of articles."""
    shown = [p for p in places if SOUTH <= p.latitude <= NORTH and -180 <= p.longitude <= 180]
    most = max((place.articles for place in shown), default=1)
    least, span = DOT_RADII[0], DOT_RADII[1] - DOT_RADII[0]
    found = []
    for place in sorted(shown, key=lambda place: -place.articles):
        x, y = project(place.longitude, place.latitude)
        radius = least + span * sqrt((place.articles - 1) / max(most - 1, 1))
        found.append(Dot(place=place, x=x, y=y, radius=round(radius, 1)))
    return found


def labels(shown: Sequence[Dot]) -> list[Label]:
    """Names beside the largest dots, right or left of them, where they cover neither each other nor the map's edge."""
    found: list[Label] = []
    taken: list[tuple[float, float, float, float]] = []
    for dot in shown[:LABELS]:
        is_large = len(found) < LARGE_LABELS
        size = LARGE_CHARACTER if is_large else CHARACTER
        text = dot.place.name
        text = text if len(text) <= LABEL_CHARACTERS else text[: LABEL_CHARACTERS - 1] + "…"
        width, gap = len(text) * CHARACTER_WIDTH * size, dot.radius + 3
        for anchor, left in (("start", dot.x + gap), ("end", dot.x - gap - width)):
            box = (left, dot.y - size * 0.6, left + width, dot.y + size * 0.4)
            if left >= 0 and box[2] <= WIDTH and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                x = round(dot.x + gap if anchor == "start" else dot.x - gap, 1)
                found.append(Label(text=text, x=x, y=round(dot.y + size * 0.2, 1), anchor=anchor, is_large=is_large))
                break
    return found


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def bars(hours: Sequence[int]) -> list[Bar]:
    """The hours of the day with their heights."""
    most = max(hours, default=0) or 1
    return [Bar(hour=hour, articles=count, height=round(count / most, 3)) for hour, count in enumerate(hours)]
