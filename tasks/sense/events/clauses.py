"""The clauses of a sentence: each verb group with its subject, its objects and what it is subordinate to. English.

One pass from left to right over the phrases, with a stack of the clauses that a relative or subordinate clause breaks
into. It is no parser: attachment follows the nearest candidate, and what it cannot tell it leaves empty. No event is
read here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tasks.sense.events.actions import actor_nouns
from tasks.sense.events.lookahead import (
    finite_ahead,
    has_verb_of_its_own,
    is_reduced,
    is_subject,
    next_is_finite,
    skip,
    surely_finite,
)
from tasks.sense.events.phrases import Chunk, Phrase, Verb
from tasks.sense.events.tags import Tokens, is_object_pronoun, is_subordinating

# Their object, not their subject, does what the infinitive says.
_OBJECT_CONTROL = frozenset(
    "ask urge tell order force allow enable help want persuade convince press advise instruct compel invite encourage"
    " require permit call appeal request beg implore warn expect pressure command lead cause push direct authorize"
    " authorise oblige remind summon recommend exhort see hear watch accuse suspect stop prevent blame praise bar ban"
    " forbid prohibit criticise criticize condemn".split()
)
_REPORTING = frozenset(
    "say tell announce state declare report add explain note claim argue believe think know hope expect warn insist"
    " suggest allege confirm deny admit acknowledge stress reiterate promise demand agree fear assert maintain indicate"
    " reveal mean ensure show conclude recall vow pledge threaten".split()
)


@dataclass(slots=True, eq=False, kw_only=True)
class Clause:
    """A verb group with what belongs to it.

    ``arguments``: (preposition or "", phrase) behind the verb; ``leading``: the same before it. ``kind``: main,
    relative, infinitive, gerund, participle or that; ``governor``: the clause it completes. ``complements``: those that
    complete it.
    """

    verb: Verb
    subject: Phrase | None
    kind: str
    governor: "Clause | None" = None
    arguments: list[tuple[str, Phrase]] = field(default_factory=list)
    leading: list[tuple[str, Phrase]] = field(default_factory=list)
    complements: list["Clause"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Frame:
    """A finite clause while it is read: what subject waits for a verb, and the last verb that got it."""

    kind: str
    subject: Phrase | None = None
    clause: Clause | None = None
    governor: Clause | None = None
    leading: list[tuple[str, Phrase]] = field(default_factory=list)
    waiting: list[Clause] = field(default_factory=list)  # participles before the subject


class _Reader:
    def __init__(self, tokens: Tokens, chunks: Sequence[Chunk]) -> None:
        self.tokens = tokens
        self.chunks = chunks
        self.clauses: list[Clause] = []
        self.phrases: list[Phrase] = []
        self.frame = _Frame("main")
        self.outer: list[_Frame] = []
        self.current: Clause | None = None  # takes objects
        self.last: Phrase | None = None  # the phrase just read, if nothing but separators came since
        self.preposition = ""
        self.joined = False  # "and" or "or" just read
        self.parted = ""  # separator just read

    def read(self) -> None:
        for index, chunk in enumerate(self.chunks):
            if chunk.kind == "NP":
                self._phrase(index, chunk.item)
            elif chunk.kind == "VG":
                self._verb(index, chunk.item)
                self.last, self.preposition, self.joined, self.parted = None, "", False, ""
            elif chunk.kind == "P":
                if (
                    is_subordinating(chunk.word)
                    and finite_ahead(self.chunks, index + 1, commas=False)
                    and not (self._awaited(index))
                ):
                    self._open("sub")
                else:
                    if self.preposition:
                        self.last = None  # "ahead of", "out of": nothing of the phrase before
                    self.preposition = chunk.word
            elif chunk.kind == "S":
                self._subordinate(index, chunk)
            elif chunk.kind == "W":
                self._relative(index)
            elif chunk.kind == "C":
                self.joined = True
            elif chunk.kind in (",", ";"):
                self.parted = chunk.kind
                if chunk.kind == ";":
                    self._break(index)
            elif chunk.kind == "DATE":
                self.preposition = ""

    def _break(self, index: int) -> None:
        """A hard break: what follows is a clause of its own if it brings its own subject and verb."""
        told = self.frame.clause is not None or not self.outer and self.frame.subject is not None and index <= 6
        if told and finite_ahead(self.chunks, index + 1):
            self.frame, self.outer = _Frame("main"), []
            self.last, self.preposition, self.current = None, "", None

    def _open(self, kind: str, subject: Phrase | None = None) -> None:
        governor = self.current if kind in ("that", "rel") else None
        self.outer.append(self.frame)
        self.frame = _Frame(kind, subject=subject, governor=governor)
        self.preposition, self.joined, self.parted, self.last = "", False, "", None

    def _subordinate(self, index: int, chunk: Chunk) -> None:
        if chunk.word == "that":
            previous = self.chunks[index - 1].kind if index else ""
            if self.last is not None and previous == "NP" and next_is_finite(self.chunks, index + 1):
                self._open("rel", self.last)
            elif self.current is not None:
                self._open("that")
        elif finite_ahead(self.chunks, index + 1):
            self._open("if" if chunk.word in ("if", "unless", "whether") else "sub")

    def _relative(self, index: int) -> None:
        antecedent = self._antecedent(self.chunks[index].word)
        if next_is_finite(self.chunks, index + 1):
            self._open("rel", antecedent)
        else:
            self._open("rel")

    def _antecedent(self, word: str) -> Phrase | None:
        if word == "who":
            for phrase in reversed(self.phrases[-4:]):
                if phrase.head in actor_nouns() or phrase.proper or any(m.label == "PERSON" for m in phrase.mentions):
                    return phrase
        return self.last or (self.phrases[-1] if self.phrases else None)

    def _awaited(self, index: int) -> bool:
        """Whether the only finite verb to come is that of the clause around a relative clause."""
        if self.frame.kind != "rel" or self.frame.clause is None or not self.outer or self.outer[-1].clause is not None:
            return False
        finite = 0
        for chunk in self.chunks[index:]:
            if chunk.kind in (",", ";", "S") or finite and chunk.kind == "P" and is_subordinating(chunk.word):
                break
            finite += chunk.kind == "VG" and chunk.item.form == "finite"
        return finite == 1

    def _phrase(self, index: int, phrase: Phrase) -> None:
        preposition, joined, parted, last = self.preposition, self.joined, self.parted, self.last
        self.preposition, self.joined, self.parted = "", False, ""
        self.phrases.append(phrase)
        frame = self.frame
        before = self.chunks[index - 1].kind if index else ""
        if preposition:
            self._prepositional(phrase, preposition, last, parted)
            self.last = phrase
            return
        if (
            frame.clause is None
            and frame.subject is None
            and not parted
            and self.current in frame.waiting
            and not joined
        ):
            self.current.arguments.append(("", phrase))
            self.last = phrase
            return
        starts_clause = not is_object_pronoun(phrase.head) and is_subject(self.chunks, index)
        if joined and last is not None and not (starts_clause and frame.clause is not None):
            self._peer(last, phrase)
            return
        if frame.clause is None and (frame.subject is None or frame.kind != "rel"):
            if frame.subject is None:
                if parted == "," and last is not None and self._apposition_ahead(index):
                    (last.peers[-1] if last.peers else last).renamed = phrase
                    self.last = phrase
                    return
                frame.subject = phrase
                for clause in frame.waiting:
                    clause.subject = clause.subject or phrase
                frame.waiting = []
            elif parted == "," and last is not None and before == ",":
                self._apposition(last, phrase, index)
            self.last = phrase
            return
        opens = (
            parted in (",", ";")
            or joined
            or frame.clause is None
            or (self.current is not None and bool(set(self.current.verb.bases) & _REPORTING))
        )
        if starts_clause and (opens or surely_finite(self.chunks, index)):
            if self.current is not None and not parted and not joined:
                self._open("that", phrase)
            elif self.outer and (parted or joined):
                self._resume(phrase)
            else:
                self.frame = _Frame("main", subject=phrase)
            self.last = phrase
            return
        if parted == "," and last is not None and before == ",":
            self._apposition(last, phrase, index)
        elif self.current is not None:
            self.current.arguments.append(("", phrase))
        self.last = phrase

    def _resume(self, phrase: Phrase) -> None:
        """After a subordinate clause and a comma the main clause comes, or goes on with a new subject."""
        while self.outer:
            self.frame = self.outer.pop()
            if self.frame.clause is None:
                break
        if self.frame.clause is None and self.frame.subject is None:
            self.frame.subject = phrase
            for clause in self.frame.waiting:
                clause.subject = clause.subject or phrase
            self.frame.waiting = []
        elif self.frame.clause is not None:
            self.frame = _Frame("main", subject=phrase)

    def _peer(self, last: Phrase, phrase: Phrase) -> None:
        host = last
        frame = self.frame
        if frame.clause is None and frame.subject is not None and last is not frame.subject:
            # "leaders of France and Germany": joined to the nearest; "the head of X and the chief of Y" to the subject.
            between = any(post is last and word == "between" for word, post in frame.subject.posts)
            if not between and self.tokens.tags[phrase.first] == "D" and not last.mentions:
                host = frame.subject
        host.peers.append(phrase)
        self.last = phrase

    def _apposition(self, last: Phrase, phrase: Phrase, index: int) -> None:
        """ "A, B and C" joins; "A, the head of B," names again."""
        after = [chunk.kind for chunk in self.chunks[index + 1 : index + 4]]
        listed = after[:2] == ["C", "NP"] or after[:3] == [",", "C", "NP"] or after[:2] == [",", "NP"]
        if listed and self.tokens.tags[phrase.first] != "D":
            last.peers.append(phrase)
        else:
            last.renamed = last.renamed or phrase

    def _apposition_ahead(self, index: int) -> bool:
        after = skip(self.chunks, index + 1)
        if after is None or after.kind != ",":
            return False
        position = self.chunks.index(after, index + 1)
        following = skip(self.chunks, position + 1)
        return following is not None and following.kind == "NP"

    def _prepositional(self, phrase: Phrase, preposition: str, last: Phrase | None, parted: str) -> None:
        if last is not None and not parted:
            last.posts.append((preposition, phrase))
            if preposition == "of":
                return
        if (
            self.frame.clause is None
            and self.current is None
            or (
                self.frame.clause is None
                and self.current is not None
                and self.current.kind not in ("gerund", "participle", "infinitive")
            )
        ):
            self.frame.leading.append((preposition, phrase))
        elif self.current is not None:
            self.current.arguments.append((preposition, phrase))

    def _verb(self, index: int, verb: Verb) -> None:
        before = self.chunks[index - 1].kind if index else ""
        frame = self.frame
        if verb.form == "infinitive":
            self._infinitive(verb)
            return
        if verb.form == "gerund":
            self._gerund(verb, before)
            return
        if verb.form == "participle" or verb.open_past and self._is_participle(index, verb, before):
            self._participle(verb, before)
            return
        followed = self.chunks[index + 1].kind if index + 1 < len(self.chunks) else ""
        shared = self.joined and verb.open_past and verb.first == verb.main and followed != "NP"
        if shared and self.current is not None and self.current.verb.passive:
            verb.passive = True  # "was shot and stabbed"
        if before == "VG" and verb.open_past and self.current is not None and self.current.verb.passive:
            self._participle(verb, "found")  # "was found murdered"
            return
        if self.joined and self.parted == "," and frame.kind == "that" and frame.clause is not None and self.outer:
            while self.outer and self.frame.kind == "that":
                self.frame = self.outer.pop()
            frame = self.frame
        if self.joined and frame.clause is None and frame.subject is None and self.current is not None:
            self._add(verb, self.current.subject, frame.kind)
            return
        if frame.clause is not None and not self.joined:
            if (
                before == "NP"
                and self.last is not None
                and self.current is not None
                and not self.parted
                and frame.kind != "rel"
            ):
                taken = self.current.arguments and self.current.arguments[-1][1] is self.last
                if taken:
                    self.current.arguments.pop()
                    self._open("that", self.last)
                    self._finite(verb)
                    return
            while self.outer and self.frame.clause is not None:
                self.frame = self.outer.pop()
        elif (
            self.joined
            and frame.clause is not None
            and self.current is not None
            and verb.main == verb.first
            and self.current.kind == "infinitive"
            and self._is_base(verb)
        ):
            self._add(verb, self.current.subject, "infinitive", self.current.governor)
            return
        self._finite(verb)

    def _is_base(self, verb: Verb) -> bool:
        forms = {tag for _, tag in self.tokens.pairs(verb.main)}
        return "B" in forms and not forms & {"D"}

    def _finite(self, verb: Verb) -> None:
        frame = self.frame
        subject = frame.subject
        if subject is not None and is_object_pronoun(subject.head):
            subject = None
        clause = self._add(verb, subject, frame.kind, frame.governor)
        clause.leading = frame.leading
        frame.leading = []
        frame.clause = clause

    def _add(self, verb: Verb, subject: Phrase | None, kind: str, governor: Clause | None = None) -> Clause:
        clause = Clause(verb=verb, subject=subject, kind=kind, governor=governor)
        self.clauses.append(clause)
        if governor is not None:
            governor.complements.append(clause)
        self.current = clause
        return clause

    def _infinitive(self, verb: Verb) -> None:
        governor = self.current
        if (
            self.frame.clause is None
            and self.frame.subject is not None
            and governor is not None
            and governor.kind not in ("gerund", "participle")
        ):
            governor = None
        if governor is not None and self.joined and governor.kind == "infinitive":
            governor = governor.governor
        if governor is None:
            clause = self._add(verb, self.frame.subject, "infinitive")
            if self.frame.subject is None:
                self.frame.waiting.append(clause)
            return
        subject = governor.subject
        if set(governor.verb.bases) & _OBJECT_CONTROL and not governor.verb.passive:
            objects = [phrase for preposition, phrase in governor.arguments if preposition in ("", "on", "to", "for")]
            subject = objects[0] if objects else subject
        self._add(verb, subject, "infinitive", governor)

    def _gerund(self, verb: Verb, before: str) -> None:
        governor = self.current
        if self.frame.clause is None and (self.frame.subject is None or self.outer == [] and governor is None):
            if self.frame.subject is None and self.last is None:
                clause = self._add(verb, None, "gerund")
                self.frame.waiting.append(clause)
                return
            self._add(verb, self.frame.subject or self.last, "gerund", None)
            return
        subject = governor.subject if governor else self.frame.subject
        if before == "NP" and self.last is not None:
            subject = self.last
        elif governor is not None and (
            self.preposition == "for" or self.preposition and set(governor.verb.bases) & _OBJECT_CONTROL
        ):
            objects = [phrase for preposition, phrase in governor.arguments if preposition == ""]
            if governor.verb.passive:
                subject = governor.subject
            elif objects:
                subject = objects[0]
        elif self.parted and self.frame.clause is not None:
            subject = self.frame.clause.subject
        self._add(verb, subject, "gerund", governor)

    def _is_participle(self, index: int, verb: Verb, before: str) -> bool:
        if is_reduced(self.chunks, index):
            return True
        frame = self.frame
        if verb.first != verb.last or before != "NP":
            return before in (",", ";", "") and frame.clause is None and frame.subject is None
        if frame.clause is None:
            if frame.subject is None:
                return self.last is not None
            # "A man accused of murder was jailed": another finite verb follows before anything parts them.
            return not self.parted and has_verb_of_its_own(self.chunks, index)
        if frame.kind == "that" and frame.clause is None:
            return False
        return (
            self.last is not None
            and not self.joined
            and not (set(self.current.verb.bases) & _REPORTING if self.current else False)
        )

    def _participle(self, verb: Verb, before: str) -> None:
        verb.passive, verb.form = True, "participle"
        if before == "found" and self.current is not None:
            self._add(verb, self.current.subject, "participle", None)
        elif before == "NP" and self.last is not None:
            self._add(verb, self.last, "participle", None)
        else:
            clause = self._add(verb, self.frame.subject, "participle", None)
            if self.frame.subject is None:
                self.frame.waiting.append(clause)


def clauses(tokens: Tokens, chunks: Sequence[Chunk]) -> tuple[list[Clause], list[Phrase]]:
    """Return the clauses of a sentence and all its noun phrases, in order."""
    reader = _Reader(tokens, chunks)
    reader.read()
    return reader.clauses, reader.phrases
