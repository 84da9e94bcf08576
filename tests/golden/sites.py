"""Layouts of invented sites into which the body of an article is put. No article, no failure kind.

Each takes a story and the HTML of its body and gives a whole page; what a layout states about the article (author,
day, title) it states as sites of its sort do, so the five differ in where the metadata stands.
"""

import json
from html import escape

from tests.golden.chrome import CHROME
from tests.golden.story import Story

_MONTHS = "January February March April May June July August September October November December".split()


def printed_day(story: Story) -> str:
    """The day as the site prints it."""
    year, month, day = (int(part) for part in (story.day or "2026-01-01").split("-"))
    if story.language == "en":
        return f"{day} {_MONTHS[month - 1]} {year}"
    if story.language in ("zh", "ja"):
        return f"{year}年{month}月{day}日"
    if story.language in ("de", "pl", "ru"):
        return f"{day:02}.{month:02}.{year}"
    return f"{day:02}/{month:02}/{year}"


def byline(story: Story) -> str:
    """The names with the word that the language puts before them."""
    return CHROME[story.language].by.format(" & ".join(story.authors))


def json_ld(story: Story, **more: object) -> str:
    """The article's schema.org node."""
    node = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": f"{story.day}T10:15:00+00:00",
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": CHROME[story.language].site},
        **more,
    }
    return f'<script type="application/ld+json">{json.dumps(node, ensure_ascii=False)}</script>'


def links(story: Story, count: int = 8, *, tag: str = "li", css: str = "teaser-list__item") -> str:
    """Teasers of other stories, linked."""
    teasers = CHROME[story.language].teasers
    return "\n".join(
        f'<{tag} class="{css}"><a href="/story/{number + 1001}">{escape(teasers[number % len(teasers)])}</a></{tag}>'
        for number in range(count)
    )


def menu(story: Story, *, css: str = "nav__link") -> str:
    """The sections, linked."""
    words = CHROME[story.language].menu
    return "".join(f'<li><a class="{css}" href="/s/{i}">{word}</a></li>' for i, word in enumerate(words))


def head(story: Story, *, dated: bool = True, extra: str = "") -> str:
    """The ``<head>`` with OpenGraph."""
    chrome = CHROME[story.language]
    meta = [("og:type", "article"), ("og:title", story.title), ("og:site_name", chrome.site), ("og:url", story.url)]
    if dated and story.day:
        meta.append(("article:published_time", f"{story.day}T10:15:00+00:00"))
    if story.summary:
        meta.append(("og:description", story.summary))
    tags = "\n".join(f'<meta property="{name}" content="{escape(value)}">' for name, value in meta)
    return (
        f'<head><meta charset="utf-8"><title>{escape(story.title, quote=False)} | {chrome.site}</title>\n{tags}\n'
        f'<link rel="canonical" href="{story.url}">\n<link rel="stylesheet" href="/static/main.css">\n{extra}</head>'
    )


def _html(story: Story) -> str:
    return f'<html lang="{story.language}"' + (' dir="rtl">' if story.language == "ar" else ">")


def news(story: Story, body: str, *, extra_head: str = "", standfirst: str = "", after: str = "", top: str = "") -> str:
    """A news site with long class names and JSON-LD."""
    chrome = CHROME[story.language]
    ld = "" if "application/ld+json" in extra_head else json_ld(story)
    return f"""<!DOCTYPE html>
{_html(story)}{head(story, dated=False, extra=ld + extra_head)}
<body class="page page--article js-consent-ready">{top}
<header class="site-header" role="banner"><a class="site-header__logo" href="/">{chrome.site}</a>
<nav class="site-header__nav" role="navigation"><ul>{menu(story)}</ul></nav></header>
<div class="breadcrumb"><a href="/">{chrome.menu[0]}</a> › <a href="/s">{story.section}</a></div>
<main class="l-main l-main--with-rail"><article class="article-detail article-detail--standard">
<header class="article-detail__header"><span class="article-detail__kicker">{story.section}</span>
<h1 class="article-detail__title">{escape(story.title, quote=False)}</h1>{standfirst}
<div class="article-meta"><span class="article-meta__byline">{byline(story)}</span>
<time class="article-meta__time" datetime="{story.day}T10:15:00+00:00">{printed_day(story)}</time></div>
<ul class="social-bar"><li><a href="#fb">Facebook</a></li><li><a href="#x">X</a></li>
<li><a href="#m">E-Mail</a></li></ul>
</header>
<div class="article-detail__body rich-text">
{body}
</div>
</article>{after}
<aside class="rail"><section class="rail__box"><h3 class="rail__title">{chrome.related}</h3>
<ul>{links(story)}</ul></section>
<section class="rail__box newsletter"><p>{chrome.newsletter}</p><button>OK</button></section></aside></main>
<footer class="site-footer"><ul>{menu(story, css="footer__link")}</ul><p class="site-footer__legal">{chrome.rights}</p>
</footer></body></html>
"""


def wordpress(story: Story, body: str, *, extra_head: str = "", after: str = "") -> str:
    """A WordPress theme: OpenGraph, ``rel=author`` and a ``<time>``."""
    chrome = CHROME[story.language]
    author = " & ".join(
        f'<a class="url fn n" rel="author" href="/author/a{i}/">{name}</a>' for i, name in enumerate(story.authors)
    )
    return f"""<!DOCTYPE html>
{_html(story)}{head(story, extra=extra_head)}
<body class="post-template-default single single-post postid-4711 single-format-standard">
<div id="page" class="site"><header id="masthead" class="site-header"><p class="site-title">
<a href="/">{chrome.site}</a></p>
<nav id="site-navigation" class="main-navigation">
<ul id="primary-menu" class="menu">{menu(story, css="menu-item")}</ul></nav>
</header><div id="content" class="site-content"><div id="primary" class="content-area">
<main id="main" class="site-main">
<article id="post-4711" class="post-4711 post type-post status-publish hentry category-news">
<header class="entry-header"><h1 class="entry-title">{escape(story.title, quote=False)}</h1>
<div class="entry-meta"><span class="posted-on">
<time class="entry-date published" datetime="{story.day}T10:15:00+00:00">\
{printed_day(story)}</time></span> <span class="byline"><span class="author vcard">{author}</span></span></div></header>
<div class="entry-content">
{body}
<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">{chrome.share}</h3><ul>
<li><a href="#f">Facebook</a></li><li><a href="#p">Pinterest</a></li></ul></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3>{chrome.related}</h3>
{links(story, 3, tag="p", css="jp-post")}</div>
</div><footer class="entry-footer"><span class="cat-links">
<a href="/c/news" rel="category tag">{story.section}</a></span>
</footer></article>{after}</main></div>
<aside id="secondary" class="widget-area"><section class="widget widget_recent_entries"><h2>{chrome.more}</h2>
<ul>{links(story, 6, css="recent")}</ul></section></aside></div>
<footer id="colophon" class="site-footer"><div class="site-info">{chrome.rights}</div></footer></div></body></html>
"""


def tables(story: Story, body: str, *, extra_head: str = "") -> str:
    """A site of 2001: a table for the layout, no metadata but what is printed."""
    chrome = CHROME[story.language]
    side = "<br>\n".join(f'<a href="/n{i}.htm"><font size=1>{word}</font></a>' for i, word in enumerate(chrome.menu))
    return f"""<html lang="{story.language}"><head>
<title>{escape(story.title, quote=False)} - {chrome.site}</title>{extra_head}
</head><body bgcolor="#ffffff" topmargin=0><center><table width=760 cellpadding=0 cellspacing=0 border=0>
<tr><td colspan=3 bgcolor="#003366"><font color=white size=5><b>{chrome.site}</b></font></td></tr>
<tr valign=top><td width=140 bgcolor="#eeeeee">{side}</td>
<td width=470><h1>{escape(story.title, quote=False)}</h1>
<font size=1>{byline(story)}, {printed_day(story)}</font><br><br>
{body}
</td><td width=150><b>{chrome.related}</b><br>{links(story, 5, tag="div", css="s")}</td></tr>
<tr><td colspan=3><font size=1>{chrome.rights}</font></td></tr></table></center></body></html>
"""


def utility(story: Story, body: str, *, extra_head: str = "", after: str = "") -> str:
    """Utility CSS classes that say nothing about what an element is; metadata in ``<meta>``."""
    chrome = CHROME[story.language]
    author = f'<meta name="author" content="{escape(", ".join(story.authors))}">' if story.authors else ""
    return f"""<!DOCTYPE html>
{_html(story)}{head(story, extra=author + extra_head)}
<body class="bg-white text-gray-900 antialiased"><div class="sticky top-0 z-50 flex items-center border-b px-4 py-2">
<a class="font-bold text-xl" href="/">{chrome.site}</a>
<ul class="hidden md:flex gap-4 ml-8">{menu(story, css="px-2")}</ul></div>
<div class="max-w-7xl mx-auto grid grid-cols-12 gap-8 px-4"><div class="col-span-8">
<p class="uppercase text-xs text-red-700">{story.section}</p>
<h1 class="text-4xl font-serif mt-2">{escape(story.title, quote=False)}</h1>
<div class="flex text-sm text-gray-500 my-4"><span>{byline(story)}</span><span class="mx-2">·</span>
<time datetime="{story.day}T10:15:00+00:00">{printed_day(story)}</time></div>
<div class="prose prose-lg mt-6">
{body}
</div>{after}</div>
<div class="col-span-4"><div class="rounded bg-gray-100 p-4"><p class="font-bold">{chrome.related}</p>
{links(story, 6, tag="div", css="py-2 border-b")}</div>
<div class="rounded bg-blue-50 p-4 mt-4"><p class="text-sm">{chrome.newsletter}</p></div></div></div>
<div class="bg-gray-900 text-gray-300 mt-12 p-8 text-xs"><ul class="flex gap-4">{menu(story, css="underline")}</ul>
<p class="mt-4">{chrome.rights}</p></div></body></html>
"""


def shell(story: Story, scripts: str, *, root: str = '<div id="root"></div>') -> str:
    """A single-page application before its script has run."""
    return f"""<!DOCTYPE html>
{_html(story)}{head(story)}<body><noscript>You need to enable JavaScript to run this app.</noscript>
{root}
{scripts}<script src="/static/js/main.4f1c.js" defer></script></body></html>
"""


def printable(story: Story, body: str) -> str:
    """The version for the printer."""
    chrome = CHROME[story.language]
    return f"""<html lang="{story.language}"><head><meta charset="utf-8">
<title>Print: {escape(story.title, quote=False)}</title>
<meta name="robots" content="noindex"></head><body onload="window.print()" style="width:640px">
<p><img src="/logo.gif" alt="{chrome.site}"></p>
<p><a href="{story.url}">Back to the article</a> | <a href="#">Print this page</a></p>
<hr><h1>{escape(story.title, quote=False)}</h1><p><i>{byline(story)}</i><br>{printed_day(story)}</p>
{body}
<hr><p><small>{chrome.rights}</small></p><p><small>Printed from: {story.url}</small></p></body></html>
"""
