"""The English words of the calendar, and the patterns that stand around them. Only words: no date is made here."""

import re

MONTHS = {
    word: number
    for words in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "jan feb mar apr may jun jul aug sept oct nov dec",
    )
    for number, word in enumerate(words.split(), 1)
}
#: Those that are no other word and seldom a name, so that they need no preposition before them.
PLAIN_MONTHS = frozenset("january february july august september october november december".split())
WEEKDAYS = {word: n for n, word in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}
NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen"
        " eighteen nineteen twenty".split()
    )
} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "final": 4}
CENTURIES = {
    word: number
    for number, word in enumerate(
        "sixteenth seventeenth eighteenth nineteenth twentieth twenty-first 16th 17th 18th 19th 20th 21st".split()
    )
}  # index modulo six: the 16th is the first
DECADES = {
    "twenties": 2,
    "thirties": 3,
    "forties": 4,
    "fifties": 5,
    "sixties": 6,
    "seventies": 7,
    "eighties": 8,
    "nineties": 9,
}
DAY_WORDS = {"yesterday": -1, "today": 0, "tomorrow": 1, "tonight": 0}
PARTS_OF_DAY = frozenset("morning afternoon evening night".split())
STEPS = {"last": -1, "previous": -1, "this": 0, "next": 1, "coming": 1, "this past": -1, "this coming": 1, "past": -1}

YEAR = r"(?P<year>1[5-9]\d\d|20\d\d)(?![\d%]|[.,:/]\d)"
DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
DAY2 = r"(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?"
WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\.?)"
RANGE = r"(?:\s?[-–—]\s?|\s(?:to|and|or|through|until)\s)"
COUNT = r"(?P<count>\d{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + r")"

DAY_AFTER_MONTH = re.compile(
    rf"\.?\s{DAY}(?:{RANGE}{DAY2})?(?![\w:%]|[.,/]\d|-\w|\s(?:percent|per\scent|people|million"
    rf"|billion)\b)(?:,?\s{YEAR})?"
)
YEAR_AFTER_MONTH = re.compile(rf"\.?(?:(?:,|\sof)?\s{YEAR}|\s['’‘](?P<short>\d\d)\b)")
DAY_BEFORE_MONTH = re.compile(
    rf"(?:\b{WEEKDAY},?\s(?:the\s)?)?(?<![\w.,:/$€£-])(?:{DAY}{RANGE})?{DAY2}\s(?:of\s|day\sof\s)?\Z", re.IGNORECASE
)
WEEKDAY_BEFORE = re.compile(rf"\b{WEEKDAY},?\s\Z")
YEAR_AFTER = re.compile(rf"\.?,?\s{YEAR}")
BEFORE_BARE_MONTH = re.compile(
    r"\b(?P<prep>in|since|by|until|from|during|early|late|mid|of|between|till|to|for|and|before|after|through"
    r"|around|about"
    r"|around|beginning|starting|ending|ended|last|this|next|this past|this coming|coming|past|per|each|every)"
    r"(?:[ -](?:early|late|mid))?[ -]\Z",
    re.IGNORECASE,
)
BEFORE_WEEKDAY = re.compile(r"\b(?P<which>this past|this coming|last|this|next|past|coming)\s\Z", re.IGNORECASE)
OF_WEEK = re.compile(r"(?:\s(?:morning|afternoon|evening|night))?,?\s(?:of\s)?(?P<which>last|this|next)\sweek\b")
HABIT = re.compile(
    r"\b(?:an?|every|each|any|some|most|one|that|black|good|ash|super|cyber|bloody|palm|easter|boxing|giving|holy"
    r"|maundy"
    r"|shrove|usual|typical)\s\Z",
    re.IGNORECASE,
)
#: Newspapers, shows and prayers that bear the name of a weekday.
NAMED_BY_WEEKDAY = re.compile(
    r"\s(?:(?:Times|Mirror|Telegraph|Mail|Express|Herald|Independent|Post|World|Star|Sun|People|Tribune|Punch|Vanguard"
    r"|Standard|Premium|Review|Magazine)\b|(?:Morning|Night|Afternoon)\s[A-Z])"
)
PART_OF_DAY = re.compile(r",?\s(?:morning|afternoon|evening|night)\b")
AGO = re.compile(
    rf"\b(?:{COUNT}|(?P<half>half\sa|a\shalf))[ -](?P<unit>day|week|fortnight|month|year|decade|century|centurie)s?"
    r"(?P<which>[ -])\Z",
    re.IGNORECASE,
)
BEFORE_UNIT = re.compile(
    r"\b(?P<which>this past|this coming|the same|the following|the previous|the preceding|the next|the very next"
    r"|that same"
    r"|that|last|this|next|previous|coming|following|same)\s(?:fiscal |calendar |school |academic )?\Z",
    re.IGNORECASE,
)
BEFORE_QUARTER = re.compile(
    r"(?:(?P<whose>last|this|next)\syear['’]s\s|(?P<year>1[5-9]\d\d|20\d\d)(?:['’]s)?\s)?(?:fiscal[ -])?"
    r"\b(?P<nth>first|second|third|fourth|final|1st|2nd|3rd|4th|last|this|next|previous|latest|year-earlier|year-ago)"
    r"(?:[ -](?:fiscal|calendar))?[ -]\Z",
    re.IGNORECASE,
)
AFTER_QUARTER = re.compile(
    rf",?(?:\sof)?(?:\s(?:fiscal\s(?:year\s)?)?{YEAR}|\s(?P<whose>last|this|next)\syear|\sa\syear\s(?P<back>ago"
    rf"|earlier))\b"
)
BEFORE_SEASON = re.compile(
    r"\b(?P<which>this past|this coming|last|this|next|past|coming|(?P<whose>last|this|next)\syear['’]s)"
    r"(?:\s(?:early|late|mid))?\s\Z",
    re.IGNORECASE,
)
AFTER_SEASON = re.compile(rf"(?:\s(?:of\s)?|,\s){YEAR}")
SPORT = re.compile(
    r"\b(?:touchdowns?|quarterback|rebounds?|yards?|field goals?|three-pointers?|NBA|NFL|basketball|football|halftime"
    r"|half-time|overtime|kickoff|midfielder|striker|[Ss]eahawks|playoffs?|innings?|coach)\b"
)
NO_YEAR = re.compile(
    r"[\s-](?:year[ -]old|strong|GMT|EST|EDT|UTC|hours|hrs|IST|BST|CET|PST|PDT|local\stime"
    r"|(?:[a-z]{1,20} )?(?:[a-z]{0,20}(?:people|women|children)|men|soldiers|troops|students|workers|miles|metres"
    r"|meters"
    r"|feet|dollars|euros|pounds))\b"
)
COUNTED = re.compile(r"\s(?:[a-z]{1,20} )?[a-z]{2,20}[^s\W]s\b")
BEFORE_YEAR = re.compile(
    r"\b(?:in|since|of|by|from|until|till|before|after|during|early|late|mid|year|the|for|and|to|around|fiscal)[ -]\Z",
    re.IGNORECASE,
)
NO_YEAR_BEFORE = re.compile(r"(?:[$€£¥₹.,/:#+_-]|\b(?:Rs\.?|No\.?|Nos\.?|Windows|room|page|flight|route|area)\s)\Z")
YEAR_RANGE = re.compile(r"\s?[-–—/]\s?(?P<second>\d{4}|\d\d)(?![\w%]|[-–/.,]\d)")
SLASH = re.compile(
    r"(?P<a>[0-3]?\d)(?P<sep>[/.-])(?P<b>[0-3]?\d)(?P=sep)(?P<year>1[89]\d\d|20\d\d|\d\d)(?![\d/]|[.-]\d)"
)
ISO = re.compile(r"(?P<year>1[5-9]\d\d|20\d\d)-(?P<month>0\d|1[0-2])-(?P<day>[0-3]\d)(?!\d)")
NOT_THE_DAY_TODAY = re.compile(
    r"['’]s\s(?:world|society|youth|young|generation|standards|children|kids|market|economy|climate|environment)\b"
)
TO_THIS_AGE = re.compile(
    r"\b(?:still\s\w+|(?:it|they|we|that|he|she)\s(?:is|are)|even|than|would\sbe(?:\s\w+){0,3}|until|of)\s\Z"
)
SHORT_YEAR_LIST = re.compile(r"\b(?:in|since) (?:19|20)\d\d\b")
BEFORE_SHORT_YEAR = re.compile(r"\b[A-Z][\w.'’]*\]? in (?:\d\d and )?\Z")
AFTER_SHORT_YEAR = re.compile(r"[,.;?]| and \d\d[,.;?]")
STATE = re.compile(r"\b(?:is|are|am|has|have|exists?|own|still|more|as|even|until|of)\b|['’](?:re|m|ve)\b")
DONE = re.compile(r"\b(?:[a-z]{2,20}ed|said|told|met|set|held|left|came|won|lost|made|says|later|earlier|to|will)\b")
YEAR_END = re.compile(r"\bend of (?:the |this |that )?\Z", re.IGNORECASE)
WHOSE_YEAR = re.compile(r",?\s(?P<whose>last|this|next)\syear\b")
TERROR = re.compile(r"\s(?:terror|World Trade|attacks?\b|hijack|commission|Commission|strikes)")
