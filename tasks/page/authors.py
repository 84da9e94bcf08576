"""Bylines to names; reads strings only. Which byline of a page is believed is decided in ``bylines``."""

import html
import re
from collections.abc import Iterable

MAX_AUTHORS = 20
MAX_NAME_CHARS = 80

_BY = r"(?:by|of|von|par|por|di|af|av|door|od|przez|de)"
_DONE = (
    r"(?:(?:originally\s+)?(?:written|authored|posted|published|reported|created|told|insights|submitted|story|words|"
    r"text|report(?:ing)?|recipe|articles?|posts?|updated|interview|analysis|opinion|geschrieben|verfasst|"
    r"veröffentlicht|ein (?:beitrag|artikel|gastbeitrag)|écrit|publié|rédigé|escrito|publicado|scritto))"
)
_LEAD = re.compile(
    rf"^(?:and|und|et|y|&|with|mit)\s+"
    rf"|^(?:{_DONE}\s+)?(?:by|von|par|por|di|af|av|door|od|przez)\b[\s:]*"
    rf"|^(?:authors?|autor(?:in|en|es|a)?|auteurs?|text|byline|redaktion|words|story|writer)\s*:\s*"
    rf"|^author\s+(?=\w+\s)",
    re.IGNORECASE,
)
# Others who worked on the piece: their names are not the authors'.
_HELPER = re.compile(
    r"^(?:(?:medically|clinically|expert|fact|scientifically|legally)?[\s-]?(?:reviewed|review|checked|verified|edited|"
    r"approved|vetted)|reviewer|editor|editing|photo(?:graph)?(?:s|y)?|foto(?:s|grafie)?|image|illustrat(?:ion|ed)|"
    r"illustrations?|translat(?:ion|ed)|übersetzt|video|audio|produced|curated|hosted|photography|presented|"
    r"sponsored|courtesy|quality assured|researched|research|compiled|recommended|supported|powered)"
    rf"(?:\s+and\s+\w{{3,12}})?\s*(?:{_BY}\b|:)[\s:]*",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[^\S\n]+")
_EMAIL_OR_URL = re.compile(r"\(?\b\S{1,64}@\S{1,200}|\(?\b(?:https?://|www\.)\S{1,500}", re.IGNORECASE)
_WHEN = re.compile(r"[ \t](?:on|am|at|le|el|[@–—-])[ \t][^\n,;|]{0,40}\d[^\n;|]*", re.IGNORECASE)  # " on May 5, 2025"
_HANDLE = re.compile(r"(?:^|\s)@\w{1,50}")
_SEPARATOR = re.compile(r"\s*(?:[;|•·\n\t›»/]|\s(?:and|und|et|&|with|mit|y)\s)\s*", re.IGNORECASE)
_DASH = re.compile(r"\s[–—-]\s")
_ROLE = re.compile(
    r"\b(?:reporters?|editors?|correspondents?|writers?|staff|journalist\w{0,2}|contribut\w{0,6}|columnist|analyst|"
    r"director|producer|chief|head|manager|professor|lecturer|fellow|authors?|special to|redakt\w{0,9}|"
    r"korrespondent\w{0,5}|leiter\w{0,4}|journaliste|rédact\w{0,6}|periodista|redactor\w{0,2}|founder|co-?founder|ceo|"
    r"cto|cmo|coo|president|vice|partner|specialist|expert|consultant|coordinator|strategist|associate|assistant|"
    r"engineer|developer|researcher|scientist|therapist|dietitian|nutritionist|coach|marketer|marketing|attorney|"
    r"ph\.?d|m\.?d|m\.?s|r\.?d|r\.?n|d\.?v\.?m|mba|cfa|cpa|cfp|cepf|facp|dds|msc|bsc|jr|sr|esq|inc|llc|ltd|gmbh)\b",
    re.IGNORECASE,
)
# Capital letters behind a comma or a name: degrees and memberships, which no list holds all of.
_DEGREE = re.compile(r"^(?:[A-Z][A-Za-z]{0,3}\.?[A-Z][A-Za-z.]{0,6}®?|[A-Z]{2,6}®?)(?:[ -][A-Z0-9]{2,6}®?){0,3}$")
_MONTH = (
    r"(?:jan|feb|fév|mar|mär|apr|avr|abr|may|mai|jun|jui|jul|aug|ago|aoû|sep|oct|okt|nov|dec|dez|déc|dic)\w{0,6}\.?"
)
_NOT_A_NAME = re.compile(
    r"^(?:admin|administrator|webmaster|root|user|guest|unknown|anonymous|none|null|n/?a|author|authors|editor|by|"
    r"and|und|et|y|updated|published|posted|share|follow|more|about|about us|read more|see more|view profile|"
    r"view bio|bio|website|(?:last|article|posted|published)\s+\w{1,10}|follow us|contributor|default|test|"
    r"superuser|siteadmin|wpadmin|autor|autoren|auteur|written|on|in|at|all posts|see all|profile|contact|home|"
    r"join us|subscribe|linkedin|twitter|facebook|instagram|email|rss)$"
    r"|(?:^|\s)(?:by|von|par|por|from|on|am|at|de|di|of|bij)$|^(?:\+|©)"
    r"|^(?:folge|account|my|start|download|log in|sign in|courtesy|image|bild|foto|photo|credit|source|quelle)\b"
    r"|^(?:more|all|view|see|read|about|meet|follow|contact|posts|articles|stories|mehr|alle|voir|ver)\s"
    rf"|^(?:\w{{3,10}},? )?\d{{1,2}}\.? {_MONTH}$|^{_MONTH} \d{{1,2}}$"
    r"|[<>{}=]|\d{3}|\d:\d|(?:\b(?:min read|minutes?|ago|comments?|read time)\b)",
    re.IGNORECASE,
)
_PARTICLES = frozenset("von van der den de la del della di da do dos das du el al bin ibn ter ten zu zur y af".split())
# Words of headings, labels and links that stand where bylines do.
_NO_NAME_WORD = re.compile(
    r"\b(?:the|our|your|this|how|what|why|when|new|news|blog|update[sd]?|guide|share|email|minutes|"
    r"read(?:ing)? time|contents?|partner|enthusiast|pricing|development|team|posts?|articles?|stories|home|menu|search|copyright|"
    r"privacy|policy|terms|sign (?:in|up)|log ?in|subscribe|newsletter|join|review(?:ed)?|und|für|mit)\b|\d",
    re.IGNORECASE,
)


def clean_authors(bylines: Iterable[object]) -> tuple[str, ...]:
    """The names in some bylines, each once, in order.

    "By Ann Lee and Bo Ek, Staff Writer | ann@x.test" gives ("Ann Lee", "Bo Ek"). Agencies stay ("dpa", "AFP"); "By",
    addresses, handles, roles, degrees, dates and those who only reviewed, edited or photographed go; a name that is
    part of another ("Lee" beside "Ann Lee") goes.
    """
    found: dict[str, str] = {}
    for byline in bylines:
        if not isinstance(byline, str) or byline.strip().lower().startswith(("http:", "https:", "www.", "/")):
            continue
        text = html.unescape(byline[:1000]) if "&" in byline else byline[:1000]
        text = _WHEN.sub("", text) if any(map(str.isdigit, text)) else text
        text = _HANDLE.sub(" ", _EMAIL_OR_URL.sub(" ", _SPACES.sub(" ", text)))
        skip_next = False
        before = len(found)
        for chunk in _SEPARATOR.split(text.strip()):
            chunk = chunk.strip()
            helper = _HELPER.match(chunk)
            if helper or skip_next:
                skip_next = helper is not None and helper.end() == len(chunk)
                continue
            head, *tail = _DASH.split(chunk, maxsplit=1)
            if tail and looks_like_a_name(_LEAD.sub("", head)):
                chunk = head  # what stands behind the dash is a role, a house or a date
            for position, part in enumerate(chunk.split(",")):
                name = _LEAD.sub("", " ".join(part.split())).strip(" .:-–—()[]\"'/*")
                if (position or len(found) > before) and (_ROLE.search(name) or (position and _DEGREE.match(name))):
                    continue
                if 2 <= len(name) <= MAX_NAME_CHARS and len(name.split()) <= 8 and not _NOT_A_NAME.search(name):
                    found.setdefault(name.casefold(), name)
                if len(found) == MAX_AUTHORS:
                    return tuple(found.values())
    names = list(found.values())
    if len(names) < 2:
        return tuple(names)
    return tuple(n for n in names if not any(n != m and f" {n.casefold()} " in f" {m.casefold()} " for m in names))


def names_helper(label: str) -> bool:
    """Whether a label announces somebody who only reviewed, edited or photographed ("Reviewed by")."""
    return _HELPER.match(f"{label} ") is not None


def inverted(name: str) -> str:
    """ "Lee, Ann" as libraries write it, to "Ann Lee"; anything else as it is."""
    family, comma, given = name.partition(",")
    if comma and "," not in given and 1 <= len(given.split()) <= 3 and len(family.split()) <= 3:
        return f"{given.strip()} {family.strip()}"
    return name


def looks_like_a_name(text: str) -> bool:
    """What a visible byline must be before it is believed: two to five words, all but one and "von" and its
    like capitalised, none of them a role.

    In scripts without capitals two to twelve characters will do.
    """
    if text.upper() == text.lower():
        return 2 <= len(text) <= 12 and not any(c.isdigit() for c in text)
    words = text.split()
    return (
        2 <= len(words) <= 5
        and not text.endswith(("?", "!", ":"))
        and not _ROLE.search(text)
        and not _NO_NAME_WORD.search(text)
        and sum(word[0].isupper() or word in _PARTICLES for word in words) >= len(words) - 1
        and words[-1][0].isupper()
    )
