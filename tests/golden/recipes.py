"""One recipe a case: which layout a story is put in and what is done to it, so that one kind of failure is provoked.

The truth is the story's, whatever the recipe does; a recipe adds only lines that the text must not contain. Here are
those that hide, cut or disguise the article, and the list of all; those that put something beside it are in
``intruders``.
"""

import json
import unicodedata
from collections.abc import Callable
from html import escape

from tests.golden import intruders
from tests.golden.case import Case, made, mixed, plain
from tests.golden.chrome import CHROME
from tests.golden.sites import (
    byline,
    head,
    json_ld,
    links,
    news,
    printable,
    printed_day,
    shell,
    tables,
    utility,
    wordpress,
)
from tests.golden.story import Block, Story, html_of, parts, read_story


def _jsonld_body_agrees(story: Story) -> Case:
    body = "\n\n".join(block.text for block in story.paragraphs)
    return made(story, news(story, "\n".join(parts(story)), extra_head=json_ld(story, articleBody=body)))


def _jsonld_body_cut(story: Story) -> Case:
    body = " ".join(block.text for block in story.paragraphs)
    ld = json_ld(story, articleBody=body[: len(body) * 2 // 5].rstrip() + "…")
    return made(story, news(story, "\n".join(parts(story)), extra_head=ld))


def _next_data(story: Story) -> Case:
    content = [{"type": "paragraph", "html": html_of(block)} for block in story.paragraphs]
    related = [{"title": teaser, "slug": f"story-{i}"} for i, teaser in enumerate(CHROME["en"].teasers)]
    article = {"headline": story.title, "authors": [{"name": a} for a in story.authors], "body": content}
    data = {"props": {"pageProps": {"article": article, "related": related}}, "page": "/[...slug]", "buildId": "x7Qp"}
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script>'
    return made(story, shell(story, script, root='<div id="__next"></div>'), "enable JavaScript", kinds_judged=False)


def _state_json(story: Story) -> Case:
    html = "".join(html_of(block) for block in story.paragraphs)
    state = {
        "user": None,
        "content": {"id": 991, "title": story.title, "byline": byline(story), "contentHtml": html},
        "footer": {"text": CHROME["en"].rights},
    }
    text = json.dumps(state).replace("</", "<\\/")
    script = f"<script>window.__INITIAL_STATE__ = {text};</script>"
    return made(story, shell(story, script), "enable JavaScript", CHROME["en"].rights, kinds_judged=False)


def _standfirst_outside(story: Story) -> Case:
    standfirst = f'<p class="article-detail__standfirst">{escape(story.blocks[0].text, quote=False)}</p>'
    return made(story, news(story, "\n".join(parts(story, opening=1)), standfirst=standfirst), CHROME["en"].teasers[1])


def _drop_cap(story: Story) -> Case:
    first = story.blocks[0].text
    opening = (
        f'<p class="has-dropcap"><span class="dropcap">{first[0]}</span>'
        f'<span class="firstline">{first[1:5]}</span>{first[5:]}</p>'
    )
    return made(story, news(story, "\n".join([opening, *parts(story, opening=1)])))


def _live_blog_many(story: Story) -> Case:
    entries = []
    for title, text in zip(story.blocks[1::2], story.blocks[2::2], strict=True):
        time, _, words = title.text.partition(" ")
        entries.append(
            f'<div class="liveblog-entry" id="e{time.replace(":", "")}"><h2>'
            f'<time datetime="{story.day}T{time}:00+00:00">'
            f"{time}</time> {words}</h2><p>{text.text}</p>"
            '<div class="entry-share"><a>Share</a> <a>Copy link</a></div></div>'
        )
    updates = [{"@type": "BlogPosting", "headline": block.text} for block in story.blocks[1::2]]
    ld = json_ld(story, liveBlogUpdate=updates).replace('"NewsArticle"', '"LiveBlogPosting"')
    return made(story, news(story, "\n".join([html_of(story.blocks[0]), *entries]), extra_head=ld), "Copy link")


def _index_page(story: Story) -> Case:
    chrome = CHROME["en"]
    lead = "Read the whole report in today's edition, with pictures and what the neighbours say."
    cards = "\n".join(
        f'<article class="card"><h3><a href="/local/{i}/{teaser.lower().replace(" ", "-")}">{teaser}</a></h3>'
        f'<p>{lead}</p><span class="card__meta">{1 + i % 28} October 2026</span></article>'
        for i, teaser in enumerate(chrome.teasers * 2)
    )
    page = news(story, cards).replace('"NewsArticle"', '"CollectionPage"')
    page = page.replace('content="article"', 'content="website"')
    start, end = page.index('<div class="article-meta">'), page.index('<ul class="social-bar">')
    page = (page[:start] + page[end:]).replace('"datePublished": "NoneT10:15:00+00:00", ', "")
    return made(story, page)


def _paywall_stub(story: Story) -> Case:
    ld = json_ld(
        story,
        isAccessibleForFree=False,
        wordCount=840,
        hasPart={"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paywalled"},
    )
    gate = (
        '<div class="paywall paywalled"><h2>Continue reading with a subscription</h2><p>Get every story, the evening '
        "edition and the crossword for two pounds a month.</p><a>Subscribe now</a><p>Already a subscriber? "
        "<a>Log in</a></p></div>"
    )
    page = news(story, "\n".join([*parts(story), gate]), extra_head=ld)
    return made(story, page, "crossword", "Already a subscriber")


def _bare(story: Story, body: str) -> str:
    site = '<meta property="og:type" content="website">'
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(story.title)}</title>{site}</head>'
        f"<body><h1>{escape(story.title)}</h1>{body}</body></html>"
    )


def _consent_wall(story: Story) -> Case:
    buttons = "<button>Accept all</button><button>Reject all</button><a href='/privacy'>Privacy policy</a>"
    return made(story, _bare(story, "\n".join(parts(story)) + buttons))


def _soft_404(story: Story) -> Case:
    nav = f"<nav><ul>{links(story, 8)}</ul></nav>"
    search = '<form><input name="q"><button>Search</button></form>'
    return made(story, _bare(story, nav + "\n".join(parts(story)) + search))


def _video_page(story: Story) -> Case:
    ld = json_ld(story, name=story.title, uploadDate=f"{story.day}T10:15:00+00:00", duration="PT1M12S")
    ld = ld.replace('"NewsArticle"', '"VideoObject"')
    video = '<video controls poster="/p.jpg"><source src="/goat.mp4"></video>'
    player = f'<div class="player">{video}<span>01:12</span></div>'
    page = news(story, player + "\n".join(parts(story)), extra_head=ld)
    return made(story, page.replace('content="article"', 'content="video.other"'), "01:12")


def _gallery(story: Story) -> Case:
    ld = json_ld(story).replace('"NewsArticle"', '"ImageGallery"')
    slides = "\n".join(
        f'<div class="gallery__slide"><img src="/p/{i}.jpg" alt=""><p class="gallery__caption">{block.text}</p>'
        f"<span>{i + 1} / 5</span></div>"
        for i, block in enumerate(story.blocks[1:])
    )
    body = f'{html_of(story.blocks[0])}<div class="gallery">{slides}</div>'
    return made(story, news(story, body, extra_head=ld).replace('content="article"', 'content="website"'), "4 / 5")


def _interview(story: Story) -> Case:
    pieces = [
        f"<p><strong>{escape(block.text, quote=False)}</strong></p>" if block.kind is None else html_of(block)
        for block in story.blocks
    ]
    return made(story, utility(story, "\n".join(pieces)))


def _divs_br(story: Story) -> Case:
    text = "<br><br>\n".join(escape(block.text, quote=False) for block in story.blocks)
    return made(story, utility(story, f"<div>{text}</div>"), CHROME["en"].teasers[0])


def _span_cells(story: Story) -> Case:
    rows = "\n".join(
        f'<tr><td><span class="bodytext"><font face="Verdana" size="2">{block.text}</font></span></td></tr>'
        for block in story.blocks
    )
    return made(story, tables(story, f"<table border=0 width=470>{rows}</table>"), CHROME["en"].teasers[0])


def _nested_tables(story: Story) -> Case:
    body = "\n".join(html_of(block) for block in story.blocks)
    for width in (470, 460, 450, 440):
        body = f"<table width={width} border=0><tr><td width=5>&nbsp;</td><td>{body}</td></tr></table>"
    return made(story, tables(story, body), CHROME["en"].teasers[0])


def _amp(story: Story) -> Case:
    chrome = CHROME["en"]
    return made(
        story,
        f"""<!doctype html><html ⚡ lang="en">{head(story, extra=json_ld(story))}
<body><amp-sidebar id="menu" layout="nodisplay"><ul>{links(story, 6)}</ul></amp-sidebar><header>{chrome.site}</header>
<amp-analytics type="none"></amp-analytics><article class="amp-wp-article"><h1>{story.title}</h1>
<p class="amp-byline">{byline(story)} <time datetime="{story.day}T10:15:00+00:00">{printed_day(story)}</time></p>
<amp-img src="/a.jpg" width="600" height="400" layout="responsive"></amp-img>
<div class="amp-wp-article-content">
{mixed(parts(story), after_2='<amp-ad width="300" height="250">Ad by Hobley</amp-ad>')}
</div></article><amp-user-notification layout="nodisplay" id="un">{chrome.cookies}<button>Accept</button>
</amp-user-notification><footer>{chrome.rights}</footer></body></html>""",
        chrome.cookies,
        chrome.rights,
        "Hobley",
    )


def _invisible_characters(story: Story) -> Case:
    """The same words with soft hyphens, zero-width spaces, no-break spaces and decomposed accents."""

    def dirty(text: str) -> str:
        text = unicodedata.normalize("NFD", text).replace("unanimously", "un\u00adan\u00adi\u00admous\u00adly")
        text = text.replace("reindeer", "rein\u200bdeer").replace("telephone", "tele\u200dphone")
        return text.replace(" pounds", "\u00a0pounds")

    body = "\n".join(f"<p>\u200b{dirty(block.text)}\ufeff</p>" for block in story.blocks)
    return made(story, news(story, body), "\u00ad", "\u200b", "\ufeff", "\u00a0")


def _double_encoded(story: Story) -> Case:
    page = wordpress(story, "\n".join(parts(story)))
    wrong = "".join(_as_cp1252(byte) for byte in page.encode())
    return Case(story=story, page=wrong.encode(), lacks=("Ã", "â€", "Â"))


def _as_cp1252(byte: int) -> str:
    return chr(byte) if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([byte]).decode("cp1252")


def _wrong_charset(story: Story) -> Case:
    meta = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">'
    page = tables(story, "\n".join(parts(story)), extra_head=meta)
    page = page.replace("©", "(c)").replace("„", '"').replace("”", '"').replace("–", "-")
    return Case(story=story, page=page.encode("iso-8859-2"), content_type="text/html; charset=windows-1252")


def _malformed(story: Story) -> Case:
    blocks = story.blocks
    rows = "".join(f"<tr><td>{'<td>'.join(block.text.split(' | '))}" for block in blocks if block.kind == "table_row")
    body = (
        f"<p>{blocks[0].text}\n<p>{blocks[1].text}<p><table>{rows}</table></p>\n<b><p>{blocks[4].text}</b></p>"
        f"<div><p>{blocks[5].text}</span></div></font>"
    )
    page = news(story, body).replace("</header>\n<div class", "<div class")
    for tag in ('<body class="page page--article js-consent-ready">', "</body></html>", "</main>"):
        page = page.replace(tag, "")
    return made(story, page, CHROME["en"].teasers[0])


def _lazy_template(story: Story) -> Case:
    first = html_of(story.blocks[0])
    rest = "".join(parts(story, opening=1))
    template = f'<template shadowrootmode="open" id="rest">{rest}</template>'
    body = f'{first}{template}<div class="lazy" data-from="rest"></div>'
    return made(story, utility(story, body), CHROME["en"].newsletter)


def _endnotes(story: Story) -> Case:
    pieces = parts(story)
    for number in (1, 2):
        pieces[number] = pieces[number].replace("</p>", f'<sup><a href="#n{number}">[{number}]</a></sup></p>')
    return made(story, wordpress(story, "\n".join(pieces)))


def _print_version(story: Story) -> Case:
    return made(story, printable(story, "\n".join(parts(story))), "Printed from", "Back to the")


def _definition_list(story: Story) -> Case:
    tags = {0: "dt", 1: "dd"}
    items = [block for block in story.blocks if block.kind is None]
    listed = "".join(html_of(block, tags[i % 2]) for i, block in enumerate(items))
    return made(story, news(story, f"{html_of(story.blocks[0])}<dl>{listed}</dl>{html_of(story.blocks[-1])}"))


def _code_listing(story: Story) -> Case:
    pieces = [
        html_of(block) if block.kind else f'<pre><code class="language-python">{escape(block.text)}</code></pre>'
        for block in story.blocks
    ]
    return made(story, utility(story, "\n".join(pieces)))


def _paragraphs_in_spans(story: Story) -> Case:
    pieces = "".join(
        f'<div data-block="true" data-offset-key="k{i}"><div class="public-Draft"><span><span data-text="true">'
        f"{escape(block.text, quote=False)}</span></span></div></div>"
        for i, block in enumerate(story.blocks)
    )
    return made(story, news(story, pieces))


def _microdata_only(story: Story) -> Case:
    chrome = CHROME["en"]
    page = f"""<html lang="en"><head><meta charset="utf-8"><title>{story.title} - {chrome.site}</title></head><body>
<ul class="m">{links(story, 8)}</ul><div itemscope itemtype="https://schema.org/NewsArticle">
<h1 itemprop="headline">{story.title}</h1><span itemprop="author" itemscope itemtype="https://schema.org/Person">
<span itemprop="name">{story.authors[0]}</span></span>,
<span itemprop="datePublished" content="{story.day}T10:15:00+00:00">
{printed_day(story)}</span><div itemprop="articleBody">{"".join(parts(story))}</div></div>
<p>{chrome.rights}</p></body></html>"""
    return made(story, page, chrome.rights, chrome.teasers[0])


def long_story() -> Story:
    """A chronicle of 180 paragraphs, each of its own: far longer than anything around it."""
    who = "the harbour master,the baker,the elder sister,the schoolmaster,a pilot,the ferryman,the vicar".split(",")
    did = "counted the boats,mended the north wall,weighed the herring,swept the slipway,rang the bell,paid the debt"
    why = "because the ice had come early,so that nobody should complain,as had been agreed in the inn,against advice"
    opening = "This is the chronicle of Fenwick as its clerks kept it, a few lines for each year."
    blocks = [Block(kind="paragraph", text=opening)]
    for number in range(180):
        year, count = 1740 + number, 7 + number * 13 % 90
        text = (
            f"In {year} {who[number % 7]} {did.split(',')[number * 5 % 6]}, {why.split(',')[number % 4]}. There were "
            f"{count} households in the parish then, and {who[(number * 3 + 1) % 7]} noted that a barrel of salt cost "
            f"{3 + number % 11} shillings. "
            f"The winter lasted {9 + number * 7 % 15} weeks."
        )
        if number % 30 == 0:
            blocks.append(Block(kind="heading", text=f"From {year}"))
        blocks.append(Block(kind="paragraph", text=text))
    title = "The chronicle of Fenwick, complete and for the first time in print"
    return Story(
        name="very_long",
        title=title,
        authors=("Hester Pym",),
        day="2026-10-18",
        language="en",
        page_kind="article",
        section="History",
        url="https://marramcourier.test/history/chronicle-fenwick",
        summary="",
        blocks=tuple(blocks),
    )


_RECIPES: dict[str, Callable[[Story], Case]] = {
    "address_footer": intruders.address_footer,
    "ad_labels": intruders.ad_labels,
    "agency_dateline": plain(news),
    "amp_long": _amp,
    "arabic_rtl": intruders.foreign(news),
    "author_box": intruders.author_box,
    "body_structures": plain(news),
    "brief": plain(news),
    "captions": plain(news),
    "chinese_boilerplate": intruders.foreign(utility),
    "code_listing": _code_listing,
    "comments": intruders.comments,
    "consent_wall": _consent_wall,
    "cookie_inside": intruders.cookie_inside,
    "correction_note": plain(news),
    "definition_list": _definition_list,
    "divs_br": _divs_br,
    "double_encoded": _double_encoded,
    "drop_cap": _drop_cap,
    "editors_note": plain(wordpress),
    "endnotes": _endnotes,
    "follow_us_last": intruders.follow_us_last,
    "french_boilerplate": intruders.foreign(news),
    "gallery": _gallery,
    "german_boilerplate": intruders.foreign(wordpress),
    "hidden_elements": intruders.hidden_elements,
    "hindi_boilerplate": intruders.foreign(news),
    "index_page": _index_page,
    "interview": _interview,
    "invisible_characters": _invisible_characters,
    "japanese_boilerplate": intruders.foreign(utility),
    "jsonld_body_agrees": _jsonld_body_agrees,
    "jsonld_body_cut": _jsonld_body_cut,
    "lazy_template": _lazy_template,
    "live_blog_many": _live_blog_many,
    "malformed": _malformed,
    "microdata_only": _microdata_only,
    "nested_tables": _nested_tables,
    "newsletter_form": intruders.newsletter_form,
    "next_data": _next_data,
    "noscript_copies": intruders.noscript_copies,
    "opinion_bottom": intruders.opinion_bottom,
    "paragraphs_in_spans": _paragraphs_in_spans,
    "paywall_stub": _paywall_stub,
    "poem": plain(wordpress),
    "polish_boilerplate": intruders.foreign(utility),
    "print_version": _print_version,
    "read_more_boxes": intruders.read_more_boxes,
    "russian_boilerplate": intruders.foreign(news),
    "soft_404": _soft_404,
    "span_cells": _span_cells,
    "spanish_boilerplate": intruders.foreign(wordpress),
    "sponsored": intruders.sponsored,
    "standfirst_outside": _standfirst_outside,
    "state_json": _state_json,
    "sticky_headline": intruders.sticky_headline,
    "share_bar": intruders.share_bar,
    "very_long": plain(news),
    "video_page": _video_page,
    "wrong_charset": _wrong_charset,
}


def names() -> list[str]:
    """The cases that are made here."""
    return sorted(_RECIPES)


def make_case(name: str) -> Case:
    """The case of that name, the same bytes every time."""
    return _RECIPES[name](long_story() if name == "very_long" else read_story(name))
