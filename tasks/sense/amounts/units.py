"""The units of quantities: currencies by ISO 4217, measures by the symbols of the SI and those used beside it.

Tables and the patterns made of them. No number is read here.
"""

import re
from functools import lru_cache

SYMBOLS = {
    "$": "USD", "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD",
    "S$": "SGD", "NT$": "TWD", "R$": "BRL", "J$": "JMD", "TT$": "TTD", "MX$": "MXN", "€": "EUR", "£": "GBP", "¥": "JPY",
    "₹": "INR", "Rs": "INR", "Re": "INR", "₦": "NGN", "₽": "RUB", "₩": "KRW", "₴": "UAH", "₺": "TRY", "₱": "PHP",
    "₪": "ILS", "฿": "THB", "₫": "VND", "₸": "KZT", "₵": "GHS", "₡": "CRC", "R": "ZAR", "N": "NGN", "RM": "MYR",
    "Tk": "BDT", "Rp": "IDR", "KSh": "KES", "Ksh": "KES", "Sh": None, "GH¢": "GHS", "zł": "PLN", "Dh": "AED",
    "Dhs": "AED",
}  # fmt: skip
CODES = frozenset(
    "USD EUR GBP JPY INR CNY RMB RUB CHF AUD CAD NGN KES ZAR GHS UGX TZS PKR BDT LKR NPR BRL MXN SEK NOK DKK PLN"
    " CZK HUF"
    " TRY UAH KRW SGD HKD NZD AED SAR EGP ILS IDR MYR PHP THB VND TWD ARS CLP COP PEN QAR KWD MAD RON BGN".split()
)
# The adjective decides where many countries call their money by one name; a noun without one stands under "".
MONEY_NOUNS: dict[str, dict[str, str | None]] = {
    "dollar": {"": "USD", "us": "USD", "u.s.": "USD", "american": "USD", "australian": "AUD", "canadian": "CAD",
               "hong kong": "HKD", "singapore": "SGD", "new zealand": "NZD", "taiwan": "TWD", "zimbabwean": "ZWL",
               "zimbabwe": "ZWL", "namibian": "NAD", "jamaican": "JMD", "fijian": "FJD"},
    "euro": {"": "EUR"}, "yen": {"": "JPY"}, "yuan": {"": "CNY"}, "renminbi": {"": "CNY"}, "naira": {"": "NGN"},
    "rupee": {"": "INR", "pakistani": "PKR", "sri lankan": "LKR", "nepali": "NPR", "nepalese": "NPR",
              "mauritian": "MUR", "indian": "INR"},
    "pound": {"": "GBP", "egyptian": "EGP", "lebanese": "LBP", "syrian": "SYP", "sudanese": "SDG", "british": "GBP"},
    "ruble": {"": "RUB", "belarusian": "BYN"}, "rouble": {"": "RUB"}, "rand": {"": "ZAR"}, "baht": {"": "THB"},
    "franc": {"": None, "swiss": "CHF", "french": "FRF", "cfa": "XOF", "rwandan": "RWF", "congolese": "CDF"},
    "franken": {"": "CHF"}, "dólar": {"": "USD"}, "dólare": {"": "USD"}, "dollari": {"": "USD"},
    "peso": {"": None, "mexican": "MXN", "philippine": "PHP", "argentine": "ARS", "chilean": "CLP", "colombian": "COP",
             "cuban": "CUP"},
    "shilling": {"": None, "kenyan": "KES", "kenya": "KES", "ugandan": "UGX", "uganda": "UGX", "tanzanian": "TZS",
                 "somali": "SOS"},
    "won": {"": "KRW", "south korean": "KRW"}, "lira": {"": "TRY", "turkish": "TRY", "syrian": "SYP"},
    "dirham": {"": "AED", "moroccan": "MAD", "uae": "AED"}, "riyal": {"": None, "saudi": "SAR", "qatari": "QAR"},
    "rial": {"": None, "iranian": "IRR", "omani": "OMR", "yemeni": "YER"},
    "dinar": {"": None, "kuwaiti": "KWD", "iraqi": "IQD", "jordanian": "JOD", "serbian": "RSD", "bahraini": "BHD",
              "algerian": "DZD", "tunisian": "TND", "libyan": "LYD"},
    "real": {"": "BRL"}, "reais": {"": "BRL"}, "ringgit": {"": "MYR"}, "rupiah": {"": "IDR"}, "hryvnia": {"": "UAH"},
    "zloty": {"": "PLN"}, "shekel": {"": "ILS"}, "taka": {"": "BDT"}, "cedi": {"": "GHS"}, "dong": {"": "VND"},
    "forint": {"": "HUF"}, "birr": {"": "ETB"}, "kwacha": {"": None, "zambian": "ZMW", "malawian": "MWK"},
    "krona": {"": "SEK", "swedish": "SEK", "icelandic": "ISK"}, "kronor": {"": "SEK"},
    "krone": {"": None, "norwegian": "NOK", "danish": "DKK"}, "kroner": {"": None, "norwegian": "NOK", "danish": "DKK"},
    "afghani": {"": "AFN"}, "tenge": {"": "KZT"}, "koruna": {"": "CZK"}, "cent": {"": None}, "penny": {"": "GBP"},
    "pence": {"": "GBP"},
}  # fmt: skip
HUNDREDTHS = frozenset(("cent", "pence", "penny"))
#: Nouns that are other words too: money only after a scale or an adjective.
UNSURE_MONEY = frozenset("real won pound rand dong".split())

MEASURES = {
    "kilometre": "km", "kilometer": "km", "km": "km", "kms": "km", "metre": "m", "meter": "m", "mile": "mi",
    "feet": "ft",
    "foot": "ft", "ft": "ft", "inch": "in", "inches": "in", "yard": "yd", "centimetre": "cm", "centimeter": "cm",
    "cm": "cm", "mm": "mm", "millimetre": "mm", "millimeter": "mm", "kg": "kg", "kgs": "kg", "kilogram": "kg",
    "kilogramme": "kg", "kilo": "kg", "gram": "g", "gramme": "g", "mg": "mg", "milligram": "mg", "tonne": "t",
    "ton": "t",
    "kiloton": "kt", "pound": "lb", "lb": "lb", "lbs": "lb", "ounce": "oz", "oz": "oz", "litre": "L", "liter": "L",
    "ml": "mL", "millilitre": "mL", "milliliter": "mL", "gallon": "gal", "barrel": "bbl", "hectare": "ha", "ha": "ha",
    "acre": "acre", "megawatt": "MW", "mw": "MW", "gigawatt": "GW", "gw": "GW", "kilowatt": "kW", "kw": "kW",
    "kwh": "kWh", "mwh": "MWh", "gwh": "GWh", "twh": "TWh", "watt": "W", "volt": "V", "mph": "mph", "kph": "km/h",
    "kmph": "km/h", "km/h": "km/h", "knot": "kn", "degree": "°", "hertz": "Hz", "mhz": "MHz", "ghz": "GHz", "gb": "GB",
    "mb": "MB", "tb": "TB", "gigabyte": "GB", "megabyte": "MB", "terabyte": "TB", "mbps": "Mbit/s", "second": "s",
    "minute": "min", "min": "min", "mins": "min", "hour": "h", "hr": "h", "hrs": "h", "day": "day", "week": "week",
    "month": "month", "year": "year", "yr": "year", "yrs": "year", "decade": "decade", "century": "century",
    "centuries": "century", "fortnight": "fortnight", "magnitude": "magnitude", "calorie": "cal", "carat": "ct",
}  # fmt: skip
#: In the singular also "the second", "a foot in", "the pound": measures only in the plural or before a hyphen.
PLURAL_MEASURES = frozenset("second foot pound".split())
TIMES = frozenset("day week month year hour minute".split())

SCALES = {
    "hundred": 1e2, "thousand": 1e3, "lakh": 1e5, "lakhs": 1e5, "million": 1e6, "mln": 1e6, "mn": 1e6, "m": 1e6,
    "crore": 1e7, "crores": 1e7, "cr": 1e7, "billion": 1e9, "bln": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12,
    "trn": 1e12, "tn": 1e12, "k": 1e3, "dozen": 12, "millionen": 1e6, "mio": 1e6, "milliarden": 1e9, "milliarde": 1e9,
    "mrd": 1e9, "millions": 1e6, "milliard": 1e9, "milliards": 1e9, "millones": 1e6, "milioni": 1e6, "miliardi": 1e9,
    "milhões": 1e6, "bilhões": 1e9, "miljoen": 1e6, "miljard": 1e9, "miljoner": 1e6, "miljarder": 1e9, "milionów": 1e6,
    "miliardów": 1e9, "milyon": 1e6, "milyar": 1e9,
    "milhão": 1e6, "bilhão": 1e9, "millón": 1e6, "milione": 1e6, "miljon": 1e6, "млн": 1e6, "млрд": 1e9, "тыс": 1e3,
}  # fmt: skip
#: Nouns of other languages for per cent, and their money.
PERCENT = (
    r"per\s?cent|percent|pct|pc\b|percentage\spoints?|basis\spoints?|prozent|pour\scent|por\sciento|per\scento|procent"
)
PERSONS = frozenset(
    "person man woman child boy girl soldier officer policeman policewoman civilian passenger worker student protester"
    " militant gunman suspect victim survivor patient teenager baby infant driver pilot journalist prisoner hostage"
    " migrant refugee fighter rebel firefighter resident villager".split()
)
PLURALS = frozenset(
    "people persons police cattle sheep fish deer aircraft spacecraft troops personnel staff crew youth dead wounded"
    " injured others civilians species series passersby mice teeth geese criteria alumni".split()
)
STATES = frozenset(
    "killed hurt missing arrested detained displaced hospitalised hospitalized dead wounded injured".split()
)
NEVER_NOUNS = frozenset(
    "times points is was has as this its us his yes perhaps always sometimes across does goes says versus plus thus"
    " percent minus less unless whereas besides afterwards towards backwards upwards news means lies comes takes"
    " makes gets"
    " begins ends starts starters runs remains seems appears gives".split()
)
NOUN_MODIFIERS = frozenset("more other new additional further separate different such such-like of-the".split())

_ADJECTIVES = sorted({a for table in MONEY_NOUNS.values() for a in table if a}, key=len, reverse=True)
_NAMES = sorted(MONEY_NOUNS, key=len, reverse=True)
MONEY_BEFORE = re.compile(
    r"(?<![\w$])(?P<unit>" + "|".join(re.escape(s) for s in sorted(SYMBOLS, key=len, reverse=True) if not s.isalpha())
    + r"|(?:Rs|Re|RM|Tk|Rp|KSh|Ksh|Sh|Dhs?)\.?(?=\s?\Z)|(?:" + "|".join(sorted(CODES)) + r"))\s?\Z"
)  # fmt: skip
MONEY_GLUED = re.compile(r"(?P<unit>Rs|RM|Tk|Rp|KSh|Ksh|Sh|Dhs?|R|N|" + "|".join(sorted(CODES)) + r")(?=\d)")
MONEY_AFTER = re.compile(
    r"[ -]?(?:of\s|d['’]|d[ei]\s)?(?:(?P<adjective>"
    + "|".join(re.escape(a) for a in _ADJECTIVES) + r")[ -])?(?:(?P<noun>"
    + "|".join(_NAMES) + r")(?:s|e?n)?\b|(?P<unit>€|£|₹|₽|zł|" + "|".join(sorted(CODES)) + r")(?!\w))",
    re.IGNORECASE,
)  # fmt: skip

_COUNTRIES = {
    "swiss": "Switzerland", "french": "France", "rwandan": "Rwanda", "congolese": "Congo", "mexican": "Mexico",
    "philippine": "Philippines", "argentine": "Argentina", "chilean": "Chile", "colombian": "Colombia", "cuban": "Cuba",
    "kenyan": "Kenya", "ugandan": "Uganda", "tanzanian": "Tanzania", "somali": "Somalia", "saudi": "Saudi",
    "qatari": "Qatar", "iranian": "Iran", "omani": "Oman", "yemeni": "Yemen", "kuwaiti": "Kuwait", "iraqi": "Iraq",
    "jordanian": "Jordan", "serbian": "Serbia", "bahraini": "Bahrain", "algerian": "Algeria", "tunisian": "Tunisia",
    "libyan": "Libya", "norwegian": "Norway", "danish": "Denmark", "zambian": "Zambia", "malawian": "Malawi",
}  # fmt: skip


@lru_cache(maxsize=4)
def currency_of_text(noun: str, text: str) -> str | None:
    """Return the currency of a noun that several countries use, where the text names one of these and no other."""
    table = MONEY_NOUNS[noun]
    codes = {code for adjective, code in table.items()
             if adjective in _COUNTRIES and (adjective.title() in text or _COUNTRIES[adjective] in text)}  # fmt: skip
    return codes.pop() if len(codes) == 1 else None
