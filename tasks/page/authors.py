"""Bylines to names. Which byline of a page is believed is decided in ``metadata``."""

import html
import re
from collections.abc import Iterable

MAX_AUTHORS = 20
MAX_NAME_CHARS = 80

_LEAD = re.compile(
    r"^(?:and|und|et|&)\s+"
    r"|^(?:(?:written|posted|published|reported|story|words|text|report(?:ing)?|review(?:ed)?|updated|article)\s+)?"
    r"(?:by|von|par|por|di|af|av|door|od|przez)\b[\s:]*"
    r"|^(?:authors?|autor(?:in|en|es|a)?|auteurs?|text|byline|redaktion)\s*:\s*"
    r"|^author\s+(?=\w+\s)",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[^\S\n]+")
_EMAIL_OR_URL = re.compile(r"\(?\b\S{1,64}@\S{1,200}|\(?\b(?:https?://|www\.)\S{1,500}", re.IGNORECASE)
_HANDLE = re.compile(r"(?:^|\s)@\w{1,50}")
_SEPARATOR = re.compile(r"\s*(?:[;|•·\n\t]|\s(?:and|und|et|&|with|mit)\s)\s*", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:reporter|editor|correspondent|writer|staff|journalist|contribut\w{0,6}|columnist|analyst|director|producer|"
    r"chief|head|manager|professor|lecturer|fellow|author|special to|redakt\w{0,9}|korrespondent\w{0,5}|leiter\w{0,4}|"
    r"journaliste|rédact\w{0,6}|ph\.?d|m\.?d|m\.?s|r\.?d|r\.?n|mba|cfa|cpa|jr|sr|esq|inc|llc|ltd|gmbh)\b",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan|feb|fév|mar|mär|apr|avr|abr|may|mai|jun|jui|jul|aug|ago|aoû|sep|oct|okt|nov|dec|dez|déc|dic)\w{0,6}\.?"
)
_NOT_A_NAME = re.compile(
    r"^(?:admin|administrator|webmaster|root|user|guest|unknown|anonymous|none|null|n/?a|author|authors|editor|by|"
    r"and|und|et|updated|published|share|follow|more|about|read more|see more|view profile)$"
    rf"|^\d{{1,2}}\.? {_MONTH}$|^{_MONTH} \d{{1,2}}$"
    r"|[<>{}=]|\d{3}|(?:\b(?:min read|minutes?|ago|comments?)\b)",
    re.IGNORECASE,
)


def clean_authors(bylines: Iterable[object]) -> tuple[str, ...]:
    """The names in some bylines, each once, in order.

    "By Ann Lee and Bo Ek, Staff Writer | ann@x.test" gives ("Ann Lee", "Bo Ek"). Agencies stay ("dpa", "AFP"); "By",
    addresses, handles, roles, degrees and dates go; a name that is part of another ("Lee" beside "Ann Lee") goes.
    """
    found: dict[str, str] = {}
    for byline in bylines:
        if not isinstance(byline, str) or byline.strip().lower().startswith(("http:", "https:", "www.", "/")):
            continue
        text = _SPACES.sub(" ", html.unescape(byline[:1000]))
        text = _HANDLE.sub(" ", _EMAIL_OR_URL.sub(" ", text))
        for chunk in _SEPARATOR.split(text.strip()):
            for position, part in enumerate(chunk.split(",")):
                name = _LEAD.sub("", " ".join(part.split())).strip(" .:-–—()[]\"'/*")
                if position and _ROLE.search(name):
                    continue
                if 2 <= len(name) <= MAX_NAME_CHARS and len(name.split()) <= 8 and not _NOT_A_NAME.search(name):
                    found.setdefault(name.casefold(), name)
                if len(found) == MAX_AUTHORS:
                    return tuple(found.values())
    names = list(found.values())
    return tuple(n for n in names if not any(n != m and f" {n.casefold()} " in f" {m.casefold()} " for m in names))
