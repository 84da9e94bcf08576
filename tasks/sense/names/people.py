"""How people are addressed: titles before a name, honorifics around it, and the parts of a name that identify.

No search in a text happens here; these functions judge words that someone else found.
"""

from collections.abc import Sequence

# Courtesy titles: before a name they make it a person, and they belong neither to the name nor to the mention.
HONORIFICS = frozenset(
    "mr mrs ms miss mx dr prof sir dame shri sri smt shrimati rev fr hon st. mme mlle herr frau señor señora sra don"
    " monsieur madame signor signora ustad pandit maulana imam".split()
)
# Honorifics that follow a name; part of the mention, not of the name.
TRAILING = frozenset("san sama sensei sahib saheb ji jr sr ii iii iv".split())
# Ranks and offices. All may stand before a name in capitals, and most in lower case.
OFFICES = frozenset(
    "president premier chancellor minister secretary senator congressman congresswoman representative governor"
    " mayor judge justice king queen prince princess pope bishop archbishop cardinal father sister rabbi reverend"
    " ayatollah sheikh emir sultan general gen lieutenant lt colonel col major maj captain capt commander cmdr"
    " sergeant sgt admiral adm marshal brigadier corporal constable inspector superintendent commissioner"
    " ambassador professor doctor director chairman chairwoman chairperson chair chief ceo cfo coo executive"
    " officer manager coach captain skipper spokesman spokeswoman spokesperson speaker leader analyst economist"
    " lawyer attorney advocate barrister activist author writer poet novelist singer actor actress filmmaker"
    " journalist reporter editor correspondent columnist founder cofounder co-founder owner researcher scientist"
    " historian biologist physicist resident candidate mp mla mep gen. sen rep gov adviser advisor aide deputy"
    " envoy negotiator dictator tsar emperor empress duke duchess baron baroness count countess lord lady counsel"
    " councillor councilman councilwoman delegate defender goalkeeper striker midfielder winger forward batsman"
    " bowler quarterback guitarist drummer designer architect engineer developer principal dean vice-chancellor"
    " rector nurse firefighter photographer artist painter comedian star icon legend teammate counterpart husband"
    " wife son daughter brother sister mother uncle aunt cousin friend colleague partner fellow boss head"
    " magistrate registrar sheriff detective trooper chaplain priest pastor cleric mullah imam guru monk"
    " ex-president ex-minister comrade citizen midfielder businessman businesswoman tycoon billionaire"
    " entrepreneur investor trader farmer teacher student referee umpire rapper cricketer footballer golfer jockey"
    " broadcaster presenter producer playwright composer conductor sculptor prosecutor solicitor negotiator lawmaker"
    " archdeacon curate abbot abbess prelate provost nuncio patriarch deacon vicar wicketkeeper flanker seamer spinner"
    " legislator diplomat surgeon physician psychologist epidemiologist virologist spokesperson co-chair chairperson"
    " vice-president billionaire philanthropist dissident campaigner".split()
)
# Words that narrow an office and never start a name by themselves: "Foreign Minister", "Deputy Chief".
OFFICE_MODIFIERS = frozenset(
    "prime foreign defence defense finance interior home vice deputy chief acting former assistant associate"
    " senior junior first second external internal union state justice health education environment trade"
    " transport agriculture energy police army navy air opposition party house senate attorney lord crown"
    " executive managing general commanding retired supreme federal national labour labor economy culture sports"
    " information railway railways external affairs affairs of security press parliamentary cabinet co major"
    " lieutenant brigadier group wing squadron field grand ex then-president".split()
)
# "Vice-Premier Lin", "Left-hander Ann Lowe", "24-year-old Ann Lowe": what stands before the last hyphen and after it.
_HYPHENATED = frozenset("vice ex deputy co then sub under lieutenant major brigadier rear air attorney chief".split())
_HYPHENATED_ENDS = frozenset("hander rounder footer old born half back row keeper weight forward".split())
GENERATIONS = frozenset("Jr Sr II III IV".split())  # part of the name, unlike an honorific


def is_title(word: str) -> bool:
    """Say whether a lower-case word may stand before a name without being part of it."""
    if word in OFFICES or word in HONORIFICS:
        return True
    before, hyphen, last = word.rpartition("-")
    return bool(hyphen) and (last in _HYPHENATED_ENDS or before in _HYPHENATED and last in OFFICES)


def leading_office(words: Sequence[str]) -> int:
    """Return how many of the first words are title rather than name ("Defence Minister Rajnath Singh" -> 2).

    Modifiers count only when an office or honorific follows them, so "Justice Party" keeps both its words.
    """
    count = index = 0
    while index < len(words):
        word = words[index].lower().rstrip(".")
        if is_title(word):
            count = index + 1
        elif word not in OFFICE_MODIFIERS:
            break
        index += 1
    return count


def trailing_honorific(words: Sequence[str]) -> int:
    """Return how many of the last words follow the name as an honorific ("Nakatani San" -> 1)."""
    return 1 if len(words) > 1 and words[-1].lower().rstrip(".") in TRAILING else 0


def is_surname_of(short: str, full: Sequence[str]) -> bool:
    """Say whether ``short`` (one or more words) is how ``full`` would be named again: its last words."""
    parts = short.split()
    return len(parts) < len(full) and list(full[-len(parts) :]) == parts
