"""Who speaks beside a verb of saying: the name, pronoun or common noun phrase that is its subject. English.

A clause is read from its words and marks, without a parse: subjects stand left of their verb ("Singh, the minister,
said") or right of it after a quotation ("said the minister, Rajnath Singh"). Whom a pronoun means is ``antecedents``'
part, and what was said is that of ``quotes``.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tasks.sense.facts import Mention
from tasks.sense.lexicon import list_lines, stop_words
from tasks.sense.names.people import HONORIFICS, OFFICE_MODIFIERS, OFFICES
from tasks.text import Sentence, SpanSet, Word

SPEAKERS = ("PERSON", "ORG", "PLACE", "NORP")
PRONOUNS = frozenset("he she they it we i you who".split())
_PREPOSITIONS = frozenset(
    "of with to by from in at on over for against about between and near including like than as under into after before"
    " during through without within behind beside outside inside amid among".split()
)
_LINKS = frozenset("of for in at from on with to".split())
_SKIPPED = frozenset(
    "has had have also then later now been already again once often still just did does do would could will recently"
    " previously who which all both even never only himself herself themselves first once long have've is was are were"
    " further jointly afterwards subsequently too instead meanwhile initially himself".split()
)
_DETERMINERS = frozenset(
    "the a an his her their its our my some many several most both another one two three four five six seven eight nine"
    " ten other no any this that these those each every few".split()
)
_NOT_HEADS = frozenset(
    "name it there which that what this these those here however meanwhile but and or yet when while if as so"
    " then monday"
    " tuesday wednesday thursday friday saturday sunday yesterday today tomorrow week month year morning"
    " afternoon evening"
    " night day time earlier later also not n't who whom whose where why how whether because although though january"
    " february march april may june july august september october november december".split()
)
_TITLES = HONORIFICS | OFFICES | OFFICE_MODIFIERS | {"rt", "hon", "right", "honourable"}
_TIES = frozenset("familiar close briefed acquainted involved".split())  # "sources familiar with the deal"
_MAX_PHRASE_WORDS = 9
_REACH_CHARS = 800  # of a sentence on either side; few are longer


@dataclass(frozen=True, slots=True)
class Voice:
    """The words that tell a speaker. ``kind``: name, pronoun or noun; ``head``: the pronoun, or the phrase's noun."""

    start: int
    end: int
    kind: str
    mention: Mention | None = None
    head: str = ""


@cache
def saying_verbs() -> dict[str, str]:
    """Finite and participial forms of verbs of saying and thinking, and how they are used.

    ``s`` takes a clause without "that"; ``t`` only one with it; ``q`` only marks of quotation. An ``i`` may stand
    before its subject; an ``o`` takes the one spoken to as its object.
    """
    table = {}
    for line in list_lines("saying_verbs"):
        use, *forms = line.split()
        table.update(dict.fromkeys(forms, use))
    return table


class Scene:
    """One text with its words and names, laid out so that looking around a word costs little."""

    def __init__(
        self,
        text: str,
        words: Sequence[Word],
        sentences: Sequence[Sentence],
        mentions: Sequence[Mention],
        inside: SpanSet,
    ) -> None:
        self.text = text
        self.words = words
        self.sentences = sentences
        self.inside = inside
        self.starts = [word.start for word in words]
        self.mentions = [m for m in mentions if m.label in SPEAKERS and not inside.overlaps(m.start_char, m.end_char)]
        self.mention_starts = [mention.start_char for mention in self.mentions]
        self.sentence_starts = [sentence.start for sentence in sentences]

    def sentence(self, position: int) -> Sentence:
        """Return the sentence in which a position lies, or as much of it around the position as is worth reading."""
        start, end = self.sentences[self.sentence_index(position)]
        return Sentence(max(start, position - _REACH_CHARS), min(end, position + _REACH_CHARS))

    def sentence_index(self, position: int) -> int:
        """Return which sentence a position lies in."""
        return max(0, bisect_right(self.sentence_starts, position) - 1)

    def index(self, position: int) -> int:
        """Return the index of the first word that starts at or after a position."""
        return bisect_left(self.starts, position)

    def gap(self, index: int) -> str:
        """Return what stands between a word and the one before."""
        return self.text[self.words[index - 1].end : self.words[index].start] if index else "\n"

    def name_over(self, word: Word) -> Mention | None:
        """Return the mention that covers a word."""
        index = bisect_right(self.mention_starts, word.start) - 1
        if index >= 0 and self.mentions[index].end_char >= word.end:
            return self.mentions[index]
        return None

    def names_between(self, start: int, end: int) -> list[Mention]:
        """Return the mentions that lie within a span."""
        found = []
        for index in range(bisect_left(self.mention_starts, start), len(self.mentions)):
            if self.mentions[index].end_char > end:
                break
            found.append(self.mentions[index])
        return found

    def lower(self, index: int) -> str:
        """Return a word in lower case, nothing outside the text."""
        return self.words[index].text.lower() if 0 <= index < len(self.words) else ""


def subject_left(scene: Scene, verb: int, first: int) -> Voice | None:
    """Return the subject left of the word ``verb``; ``first`` is the first word that may belong to it."""
    index = verb - 1
    while (
        index > first
        and scene.gap(index + 1) == " "
        and (scene.lower(index) in _SKIPPED - {"who", "which"} or scene.lower(index).endswith("ly"))
    ):
        if scene.name_over(scene.words[index]):
            break
        index -= 1
    if index < first:
        return None
    gap = scene.gap(index + 1).strip()
    if gap in ("", "'s", "’s", "'", "’", "."):
        if gap in ("'s", "’s"):
            return None
        return subject_ending(scene, index, first)
    if gap in (",", "),", ")", "—", "–", "-", ".,"):
        return _subject_before_aside(scene, index, first)
    return None


def subject_ending(scene: Scene, index: int, first: int) -> Voice | None:
    """Read the subject whose last word is ``index``."""
    word, lower = scene.words[index], scene.lower(index)
    if word.text in ("who", "which", "that"):
        before = index - 1
        if before < first:
            return None
        return subject_ending(scene, before, first)
    mention = scene.name_over(word)
    if lower in PRONOUNS and mention is None:
        return Voice(word.start, word.end, "pronoun", head=lower)
    if mention is None:
        if lower.endswith("ed") or lower in stop_words():
            # "a nurse who did not want to be named said"
            for at in range(index - 1, max(first, index - 10), -1):
                if scene.lower(at) == "who" and at > first:
                    return subject_ending(scene, at - 1, first)
        return phrase_ending(scene, index, first)
    start = scene.index(mention.start_char)
    return _owner(scene, mention, start, index, first) or _named(mention)


def _owner(scene: Scene, mention: Mention, start: int, index: int, first: int) -> Voice | None:
    """Return who really speaks where a name only completes a noun ("a spokesman for the ministry") or a name ("Rao of
    the union")."""
    before = start - 1
    if before >= first and scene.lower(before) in ("the", "a"):
        before -= 1
    if before <= first or scene.gap(before + 1).strip() or scene.lower(before) not in _LINKS:
        return None
    head = before - 1
    if scene.gap(before).strip():
        return None
    other = scene.name_over(scene.words[head])
    if other is not None:
        return (
            _named(other)
            if other.label in ("PERSON", "ORG") and scene.lower(before) in ("of", "from", "for", "at")
            else None
        )
    phrase = phrase_ending(scene, head, first)
    if phrase is None or phrase.head in ("statement", "interview", "conference") and scene.lower(before) != "of":
        return None
    return Voice(phrase.start, mention.end_char, "noun", head=phrase.head)


def _subject_before_aside(scene: Scene, index: int, first: int) -> Voice | None:
    """Read the subject of "Singh, who met Petrov, said" and "the minister, Rajnath Singh, said"."""
    last = scene.words[index]
    commas = [i for i in range(max(first + 1, index - 24), index + 1) if "," in scene.gap(i) or "(" in scene.gap(i)]
    mention = scene.name_over(last)
    relative = next((i for i in range(index, max(first, index - 24), -1)
                     if scene.lower(i) in ("who", "whose", "which", "where") and i in commas), None)  # fmt: skip
    if relative is not None:
        voice = subject_ending(scene, relative - 1, first)
        place = voice.mention if voice is not None else None
        link = scene.index(place.start_char) - 1 if place is not None and place.label in ("PLACE", "ORG") else 0
        if link > first and scene.lower(link) in _LINKS and "," in scene.gap(link):
            return subject_ending(scene, link - 1, first)  # "Watson, from Johannesburg, who has written"
        return voice
    if mention is not None and mention.label == "PERSON" and title_start(scene, mention) in (*commas, first):
        return _named(mention)
    for comma in reversed(commas):
        voice = subject_ending(scene, comma - 1, first)
        if voice is not None and (voice.kind == "name" and voice.mention.label in ("PERSON", "ORG")):
            return voice
    if commas:
        voice = subject_ending(scene, commas[-1] - 1, first)
        if voice is not None and voice.kind != "pronoun":
            return voice
    if mention is not None and mention.label == "PERSON":
        return _named(mention)
    return None


def phrase_ending(scene: Scene, index: int, first: int) -> Voice | None:
    """Return the common noun phrase whose last word is ``index`` ("a senior official in the ministry")."""
    head, begin = index, index
    low = max(first, index - _MAX_PHRASE_WORDS)
    if scene.lower(index) in _NOT_HEADS or scene.lower(index) in stop_words() - {"others", "many", "some"}:
        return None
    at = index
    while at > low and not scene.gap(at).strip(" '’s-"):
        before = scene.lower(at - 1)
        if before in _DETERMINERS:
            begin = at - 1
            if begin - 3 >= low and scene.lower(begin - 2) in _TIES and scene.lower(begin - 1) in _PREPOSITIONS:
                begin = head = at = begin - 3
                continue
            if (
                before in ("both", "some", "most", "one", "two", "three", "many", "several")
                or scene.gap(begin).strip()
                or begin <= low
            ):
                break
            if (
                scene.lower(begin - 1) in _LINKS - {"to", "on", "with"}
                and begin - 2 >= low
                and _noun_like(scene, begin - 2)
            ):
                at = begin
                before = scene.lower(at - 1)
            else:
                break
        if before in _LINKS and at - 2 >= low and _noun_like(scene, at - 2) and not scene.gap(at - 1).strip():
            head = begin = at - 2
            at -= 2
            continue
        if before in stop_words() or before in saying_verbs() or before in _NOT_HEADS or before.endswith("ing"):
            break
        at -= 1
        begin = at
    word = scene.words[head]
    if not word.text[0].isalpha() and not word.text.endswith("-year-old"):
        return None
    return Voice(scene.words[begin].start, scene.words[index].end, "noun", head=word.text.lower())


def _noun_like(scene: Scene, index: int) -> bool:
    lower = scene.lower(index)
    return (
        lower.isalpha()
        and lower not in stop_words()
        and lower not in saying_verbs()
        and lower not in _NOT_HEADS
        and (not lower.endswith(("ed", "ly")))
    )


def subject_right(scene: Scene, verb: int, end: int) -> Voice | None:
    """Return the subject right of the word ``verb``, before the position ``end`` ("said the mayor, Amara Okafor")."""
    index = verb + 1
    if index >= len(scene.words) or scene.gap(index) != " " or scene.words[index].start >= end:
        return None
    word, lower = scene.words[index], scene.lower(index)
    if lower in PRONOUNS - {"who", "it"}:
        return Voice(word.start, word.end, "pronoun", head=lower)
    if lower in _NOT_HEADS or lower in stop_words() - _DETERMINERS or lower.endswith("ing") and word.text[0].islower():
        return None
    last = index
    while last + 1 < len(scene.words) and scene.words[last + 1].start < end and last - index < 12:
        gap, following = scene.gap(last + 1), scene.lower(last + 1)
        inner = scene.name_over(scene.words[last])
        abbreviated = scene.lower(last) in _TITLES or inner is not None and inner.end_char >= scene.words[last + 1].end
        if gap.strip(" -'’s.") or "." in gap and not abbreviated:
            break
        capital = scene.words[last + 1].text[0].isupper() and following not in _NOT_HEADS
        if (
            not capital
            and (following in stop_words() or following in _NOT_HEADS)
            and following not in _LINKS - {"on", "to"}
            and (following not in ("the", "a", "an", "his", "her", "their", "its") and following not in _DETERMINERS)
        ):
            break
        last += 1
    while last > index and (scene.lower(last) in _PREPOSITIONS or scene.lower(last) in _DETERMINERS):
        last -= 1
    start, stop = word.start, scene.words[last].end
    names = scene.names_between(start, stop)
    people = [m for m in names if m.label == "PERSON" and not _after_link(scene, m, start)
              and scene.text[m.end_char : m.end_char + 2] not in ("'s", "’s")]  # fmt: skip
    if people and (people[-1].end_char >= stop - 2 or people[0].start_char == start):
        return _named(people[-1] if people[-1].end_char >= stop - 2 else people[0])
    if scene.text[stop : stop + 2] == ", ":
        ahead = scene.names_between(stop + 2, stop + 60)
        if ahead and ahead[0].label == "PERSON" and title_start(scene, ahead[0]) == last + 1:
            return _named(ahead[0])
    if people:
        return _named(people[-1])
    if names and names[0].start_char <= start + 4 and names[0].end_char >= stop - 1:
        return _named(names[0])
    head = index
    while head < last and scene.lower(head + 1) not in _LINKS and not scene.gap(head + 1).strip():
        head += 1
    lower = scene.lower(head)
    aged = lower.endswith("-year-old")
    if not lower.isalpha() and not aged or lower in _NOT_HEADS or lower in stop_words() - {"others"}:
        return None
    return Voice(start, stop, "noun", head=lower)


def title_start(scene: Scene, mention: Mention) -> int:
    """Return the index of the first word of a name with the titles before it ("Brigadier General Ann Lee")."""
    index = scene.index(mention.start_char)
    while index and scene.gap(index) in (" ", ". ") and scene.lower(index - 1) in _TITLES:
        index -= 1
    return index


def _after_link(scene: Scene, mention: Mention, start: int) -> bool:
    index = scene.index(mention.start_char) - 1
    return scene.words[index].start >= start and scene.lower(index) in _PREPOSITIONS


def _named(mention: Mention) -> Voice:
    return Voice(mention.start_char, mention.end_char, "name", mention)
