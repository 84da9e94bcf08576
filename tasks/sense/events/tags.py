"""The words of one sentence with a tag each: determiner, verb, noun, mention and so on. English.

Closed classes of words, the forms of listed verbs, the mentions that were found before, and for what may be verb or
noun its neighbours. No phrase and no event is read here. Cost is linear in the words of the sentence.
"""

from collections.abc import Mapping, Sequence

from tasks.sense.events.actions import action_nouns, actor_nouns, object_nouns
from tasks.sense.events.verbs import is_plural, singular, verb_forms
from tasks.sense.facts import DateMention, Mention
from tasks.text import Word


def _tags(**classes: str) -> dict[str, str]:
    return {word: tag for tag, words in classes.items() for word in words.split()}


# D determiner, R pronoun, M modal, A auxiliary, X not, C coordinator, S subordinator, W relative, P preposition,
# B adverb, U number, T to. What is in no list is V verb, G gerund, J adjective, N noun, E mention or Z date by rule.
_CLOSED = _tags(
    D="the a an this these those some any no every each all both several many most few another other such its his their"
    " our my your more half either neither whose certain various",
    R="he she they it we i you him them us me himself herself itself themselves ourselves someone somebody anyone"
    " anybody everyone everybody nobody none nothing something anything everything there",
    M="will would can could may might shall should must ought cannot",
    A="be am is are was were been being have has had having do does did",
    X="not never",
    C="and or but nor & plus",
    S="because although though while whereas when whenever if unless once whether",
    W="who whom which",
    P="of in on at by with from for against over into onto about between among amongst through during under"
    " within without"
    " near outside inside across around toward towards along amid amidst behind beyond despite except like off out up"
    " down via upon per following including throughout beside besides alongside before after since until till as than"
    " unlike above below away back ahead together apart aboard amidst",
    B="also still already just only even again now then soon later earlier yesterday today tomorrow tonight"
    " here however"
    " meanwhile instead too very so far well often always ever perhaps maybe rather quite almost nearly once twice"
    " thereby therefore thus moreover furthermore otherwise elsewhere abroad overnight formally jointly yet ago",
    U="one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands"
    " million millions billion billions trillion dozen dozens scores",
    J="willing unwilling ready able unable due likely unlikely keen eager",
    T="to",
)
_APPROXIMATE = frozenset("about around nearly almost roughly over some".split())
_QUALIFIERS = frozenset((("more", "than"), ("less", "than"), ("fewer", "than"), ("at", "least"), ("at", "most")))
_OBJECT_PRONOUNS = frozenset("him them us me whom".split())
_NOT_ADVERBS = frozenset(
    "family ally reply supply rally assembly italy july early daily weekly monthly only bully folly belly jelly lily"
    " friendly likely unlikely deadly elderly costly lovely holy ugly anomaly monopoly embassy oily wily homily".split()
)
_SUBORDINATING_PREPOSITIONS = frozenset("before after since until till as".split())
_NAMES = frozenset(("PERSON", "ORG", "PLACE"))
# Third person forms that are more often nouns.
_MORE_OFTEN_NOUNS = frozenset(
    "plans calls demands claims reports states visits moves rules orders charges forces fears hopes leads"
    " comments offers"
    " threats links ties aims needs works shows plays interests concerns results sources heads members talks"
    " ports views"
    " plan call demand claim report state visit move rule order charge force fear hope lead comment offer link tie aim"
    " need work show play interest concern result source head term terms issue issues house houses group groups party"
    " place places level levels face faces side sides right rights question questions answer answers exchange"
    " time times"
    " service services post posts host hosts market markets number numbers test tests record records price prices cost"
    " costs cut cuts study studies fund funds base bases field back trade share shares turn turns return returns stand"
    " stands step steps run runs start end ends top open fire fires court mass lot deal deals guard guards pilot pilots"
    " witness doctor doctors nurse board film films drug star total march rally center centre increase rise"
    " record model"
    " cause causes subject subjects target targets use object drive arms arm supplies supply support aid help relief"
    " shell shells mine mines rocket rockets mortar mortars gas club clubs stone stones flag staff border borders air"
    " risk risks man men drug trial tour process progress control conduct contract conflict contact project protest"
    " ban bar bill book mark name press release refuse trap water word score train ship ships vote votes vow vows"
    " wound wounds research review schedule sentence sanction sanctions search station strike strikes stress"
    " struggle suit survey"
    " tax team trip trouble value voice war watch wave way".split()
)


class Tokens:
    """The words of one sentence with their tags, separators and mentions; parentheses are left out."""

    def __init__(
        self, text: str, words: Sequence[Word], named: Mapping[int, Mention], dated: Mapping[int, DateMention]
    ) -> None:
        self.text = text
        self.words = _without_parentheses(text, words)
        self.low = ["u.s." if word.text == "US" else word.text.lower().replace("’", "'") for word in self.words]
        self.mentions = [named.get(word.start) for word in self.words]
        self.dated = [word.start in dated for word in self.words]
        self.separators = self._separators()
        self.tags: list[str] = []
        self._forms = verb_forms()
        for index in range(len(self.words)):
            self.tags.append(self._tag(index))

    def _separators(self) -> list[str]:
        """What parts each word from the one before: "" nothing, "'" a possessive, "," or ";"."""
        found, end = [], None
        for word in self.words:
            found.append("" if end is None else _separator(self.text[end : word.start], self.text[end - 1]))
            end = word.end
        return found

    def pairs(self, index: int) -> tuple[tuple[str, str], ...]:
        """The (base, tag) pairs of a word as a verb; unlisted words in -ed and -ing count as verbs."""
        word = self.low[index]
        known = self._forms.get(word)
        if known:
            return known
        if len(word) > 4 and word.endswith("ed"):
            return ((word, "D"), (word, "N"))
        if len(word) > 5 and word.endswith("ing"):
            return ((word, "G"),)
        return ()

    def _tag(self, index: int) -> str:
        word = self.low[index]
        if self.dated[index]:
            return "Z"
        if word in ("late", "early", "mid") and index + 1 < len(self.words) and self.dated[index + 1]:
            return "Z"
        if self.mentions[index] is not None:
            return "E"
        previous = self.tags[index - 1] if index else ";"
        separator = self.separators[index]
        if separator in (",", ";"):
            previous = separator
        elif separator == "'":
            previous = "D" if previous not in "RZ" or index > 1 else previous
        if word.endswith("n't"):
            return "A" if word[:-3] in ("is", "are", "was", "were", "has", "have", "had", "do", "does", "did") else "M"
        if word.endswith(("'ve", "'re", "'ll", "'d", "'m")) and _CLOSED.get(word.rpartition("'")[0]) == "R":
            return "R"
        if word in ("prepared", "opposed") and self.low[index + 1 : index + 2] == ["to"]:
            return "J"
        if self._counts(index):
            return "B"
        if word == "that":
            return self._that(index, previous)
        if word == "her":
            return "D" if self._starts_noun(index + 1) else "R"
        if word in ("to", "where"):
            return ("T" if self._base_follows(index) else "P") if word == "to" else "S"
        closed = _CLOSED.get(word)
        if closed:
            return closed
        if word[0].isdigit():
            return "U"
        pairs = self.pairs(index)
        if pairs and not (
            self.words[index].text[0].isupper() and previous not in (";", ",") and word not in self._forms
        ):
            tag = self._verb_or_noun(index, previous, {tag for _, tag in pairs})
            if tag:
                return tag
        if word.endswith("ly") and len(word) > 4 and word not in _NOT_ADVERBS and self.words[index].text[0].islower():
            return "B"
        if previous in "TM" and previous and not self.words[index].text[0].isupper():
            return "V"
        return "N"

    def _counts(self, index: int) -> bool:
        """Words that only qualify a number: "more than a million", "at least 26", "up to ten"."""
        word, after = self.low[index], self.low[index + 1 : index + 3]
        if word in _APPROXIMATE:
            return bool(after) and self._is_number(after[0])
        if (word, *after[:1]) == ("up", "to") or word == "to" and index and self.low[index - 1] == "up":
            return self._is_number(after[-1] if word == "up" and len(after) > 1 else after[0] if after else "")
        if (word, *after[:1]) in _QUALIFIERS:
            return True
        return index > 0 and (self.low[index - 1], word) in _QUALIFIERS and bool(after) and self._is_number(after[0])

    def _is_number(self, word: str) -> bool:
        return word in ("a", "half") or word[:1].isdigit() or _CLOSED.get(word) == "U"

    def _that(self, index: int, previous: str) -> str:
        if previous in "VGAR" or previous in (";", ","):
            return "S"
        if previous == "P":
            return "D"
        if previous in "NE" and index + 1 < len(self.words):
            following = self.low[index + 1]
            tags = {tag for _, tag in self.pairs(index + 1)}
            if _CLOSED.get(following) in ("M", "A") or tags & {"D", "Z"}:
                return "W"
        return "S"

    def _starts_noun(self, index: int) -> bool:
        if index >= len(self.words) or self.separators[index]:
            return False
        return self.low[index] not in _CLOSED or _CLOSED[self.low[index]] in "DU"

    def _base_follows(self, index: int) -> bool:
        for follower in range(index + 1, min(index + 4, len(self.words))):
            word = self.low[follower]
            if self.mentions[follower] is not None or self.separators[follower] in (";", "'"):
                return False
            if word == "be" or word == "have" or word == "do":
                return True
            if word in _CLOSED and _CLOSED[word] != "B" or self.words[follower].text[0].isupper():
                return False
            if any(tag == "B" for _, tag in self._forms.get(word, ())):
                if word not in _MORE_OFTEN_NOUNS:
                    return True
                # "to attack the town" against "a response to attack": a noun phrase, preposition or end must follow.
                return follower > index + 1 or self._noun_follows(follower) or self._governs_infinitive(index, follower)
            if not (word in _CLOSED or word.endswith("ly")):
                return False
        return False

    def _governs_infinitive(self, index: int, follower: int) -> bool:
        if index > len(self.tags):  # looking ahead: the word before it is the one in question
            return True
        before = self.tags[index - 1] if index else ""
        return before in ("V", "A") or before in ("N", "J", "E") and not self._noun_next(follower)

    def _noun_follows(self, index: int) -> bool:
        after = index + 1
        if after >= len(self.words) or self.separators[after]:
            return False
        return (
            self.mentions[after] is not None
            or _CLOSED.get(self.low[after]) in ("D", "R", "U")
            or (self.low[after] == "to" and self._base_follows(after))
        )

    def _verb_or_noun(self, index: int, previous: str, tags: set[str]) -> str | None:
        word = self.low[index]
        if (
            word == "shot"
            and previous in ("N", "E")
            and self.low[index + 1 : index + 2] in (["down"], ["dead"], ["at"])
        ):
            return "V"
        back = index - 1
        while previous in ("B", "X") and back > 0:  # the word before decides, not an adverb
            back -= 1
            previous = self.tags[back]
        mention = self.mentions[back] if back >= 0 else None
        if previous in ("T", "M"):
            return "V" if "B" in tags else None
        if previous == "A":
            auxiliary = self.low[back]
            if tags & {"N", "G"} or auxiliary in ("do", "does", "did", "didn't", "don't", "doesn't") and "B" in tags:
                return "V"
            if auxiliary in ("have", "has", "had") and "D" in tags:
                return "V"
            return None
        if tags & {"D", "N"} and word not in _MORE_OFTEN_NOUNS:
            if previous in ("D", "J", "U"):
                return "J" if previous != "U" or self._noun_next(index) else "V"
            if previous == "P" and self._noun_next(index):
                return "J"
            if previous == ";" and self._noun_next(index) and index == 0:
                return "J"
            if (
                previous == "C"
                and back > 0
                and self.tags[back - 1] in "DJN"
                and self._noun_next(index)
                and tags != {"D"}
            ):
                return "V" if self._verb_before(back) else "J"
            return "V"
        if "G" in tags and len(tags) == 1:
            return self._gerund(index, previous)
        if self.words[index].text[0].isupper() and previous not in (";",):
            return None
        noun_like = word in _MORE_OFTEN_NOUNS or singular(word) in action_nouns() or singular(word) in actor_nouns()
        noun_like = noun_like or singular(word) in object_nouns()
        if previous in ("D", "J", "P", "U", ";", "Z") and previous != ";":
            return None if previous != "Z" or noun_like and not self._noun_follows(index) else "V"
        if "Z" in tags or "D" in tags:
            if previous in ("W", "R") or previous == "E" and "D" in tags:
                return "V"
            if previous == "E" and mention is not None and mention.label in _NAMES:
                return "V" if not noun_like or self._noun_follows(index) else None
            if previous == "N":
                plural = is_plural(self.low[back]) and self.low[back] not in ("police",)
                if "Z" in tags and (plural or self._inside_object(back) and not self._noun_follows(index)):
                    return None
                return "V" if not noun_like or self._noun_follows(index) else None
            if previous == "C":
                return "V" if self._noun_follows(index) or not noun_like else None
            return None
        # Base form: after a plural subject, a pronoun or a relative, or joined to another verb by "and".
        if previous in ("W", "R"):
            return "V"
        if previous == "C":
            return "V" if self._verb_before(back) and (not noun_like or self._noun_follows(index)) else None
        if previous == "E" and "that" in self.low[max(0, back - 5) : back] and not noun_like:
            return "V"  # "demanded that Peru withdraw"
        if previous == "N" and "that" in self.low[max(0, back - 5) : back] and self._noun_follows(index):
            return "V"
        if previous == "N" and is_plural(self.low[back]):
            return "V" if not noun_like or self._noun_follows(index) else None
        return None

    def _inside_object(self, index: int) -> bool:
        """Whether a noun stands behind a verb of the same clause ("agreed to key changes")."""
        for position in range(index, max(-1, index - 4), -1):
            if self.tags[position] in ("V", "A"):
                return self.low[position] not in ("said", "says", "say")
            if self.separators[position] or self.tags[position] in ("S", "W", "C", "R"):
                return False
        return False

    def _verb_before(self, index: int) -> bool:
        return index > 0 and self.tags[index - 1] in ("V", "N", "E") and "V" in self.tags[max(0, index - 8) : index]

    def _noun_next(self, index: int) -> bool:
        after = index + 1
        if after >= len(self.words) or self.separators[after]:
            return False
        if self.mentions[after] is not None:
            return True
        return self.low[after] not in _CLOSED and self.low[after] != "that" and not self.low[after].endswith("ly")

    def _gerund(self, index: int, previous: str) -> str:
        after = index + 1
        word = self.low[index]
        ends = after >= len(self.words) or bool(self.separators[after])
        following = "" if ends else _CLOSED.get(self.low[after], "")
        if previous in ("D", "J", "U"):
            return "J" if self._noun_next(index) else "N"
        if previous in ("N", "E", "P", "C", ",", ";"):
            if word in action_nouns() and (ends or following in ("P", "C", "T", "V", "A")):
                return "N"
            if previous == "N" and word in action_nouns() and not self._noun_follows(index):
                return "N"
            if previous == "E" and self._noun_next(index):
                return "J" if self.mentions[index - 1] and self.mentions[index - 1].label == "NORP" else "G"
        return "G"


def _separator(gap: str, before: str) -> str:
    if gap in (" ", "", ",", "."):  # a bare comma or point stands inside a number
        return ""
    if gap[:2] in ("'s", "’s", "'S", "’S") or gap[0] in "'’" and before == "s" and gap[1:2] == " ":
        rest = gap[2:] if gap[1:2] in "sS" else gap[1:]
        inner = _separator(rest, "")
        return inner or "'"
    if any(char in gap for char in ";:—–…\n") or " - " in gap or " -- " in gap or any(mark in gap for mark in ".!?"):
        return ";"
    if "," in gap:
        return ";" if any(mark in gap for mark in '“”"') else ","
    return ""


def _without_parentheses(text: str, words: Sequence[Word]) -> list[Word]:
    kept, inside, end = [], False, words[0].start if words else 0
    for word in words:
        gap = text[end : word.start]
        for char in gap:
            if char in "([":
                inside = True
            elif char in ")]":
                inside = False
        if not inside:
            kept.append(word)
        end = word.end
    return kept


def is_subordinating(word: str) -> bool:
    """Say whether a preposition may also open a clause."""
    return word in _SUBORDINATING_PREPOSITIONS


def is_object_pronoun(word: str) -> bool:
    """Say whether a pronoun is never a subject."""
    return word in _OBJECT_PRONOUNS
