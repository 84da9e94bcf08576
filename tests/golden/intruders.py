"""Recipes whose page holds what must not get into the text: boxes, labels, banners, comments, copies."""

from collections.abc import Callable
from dataclasses import replace

from tests.golden.case import Case, made, mixed
from tests.golden.chrome import CHROME
from tests.golden.sites import news, utility, wordpress
from tests.golden.story import Story, parts


def read_more_boxes(story: Story) -> Case:
    teasers = CHROME["en"].teasers
    box = (
        f'<div class="inline-related"><strong>Read more</strong><ul><li><a href="/a/1">{teasers[0]}</a></li>'
        f'<li><a href="/a/2">{teasers[4]}</a></li></ul></div>'
    )
    line = f'<p><strong>Also read: <a href="/a/3">{teasers[2]}</a></strong></p>'
    return made(story, news(story, mixed(parts(story), after_1=box, after_3=line)), teasers[0], teasers[2], "Read more")


def newsletter_form(story: Story) -> Case:
    form = (
        f'<div class="nl-signup"><h3>The Tide Table</h3><p>{CHROME["en"].newsletter}</p><form><label>Your email address'
        '</label><input type="email"><button>Subscribe</button><p class="small">You can unsubscribe at any time. By '
        "signing up you agree to our terms of service.</p></form></div>"
    )
    page = utility(story, mixed(parts(story), after_2=form))
    return made(story, page, CHROME["en"].newsletter, "unsubscribe", "Your email address")


def author_box(story: Story) -> Case:
    about = (
        "has reported on health and hospitals since 2011. Before that he worked as a cook on a research ship. He lives "
        "in Dunmere with two dachshunds and writes about them elsewhere."
    )
    box = (
        f'<div class="author-box"><img src="/a.jpg" alt=""><h4>About the author</h4><p><a href="/author/a">'
        f'{story.authors[0]}</a> {about}</p><a href="/author/a">More from this author</a></div>'
    )
    return made(story, wordpress(story, "\n".join([*parts(story), box])), "dachshunds", "More from this author")


def cookie_inside(story: Story) -> Case:
    banner = (
        f'<div id="cookie-notice" class="cookie-notice"><h3>Your privacy</h3><p>{CHROME["en"].cookies} You can change '
        "your choice at any time in the settings, where we and our 214 partners are listed by name and purpose.</p>"
        "<button>Accept all</button><button>Reject</button></div>"
    )
    return made(story, news(story, "\n".join([banner, *parts(story)])), "214 partners", "Your privacy")


def comments(story: Story) -> Case:
    remarks = (
        "I have waited for this since we moved here. On Saturdays it sounds like an airfield, and the leaves are back "
        "by Sunday in any case.",
        "And who will pay for the rakes? My guess is the same people who paid for the blowers, and for the men to "
        "repair them, and for the petrol.",
        "Some of us work late and some of us work early. You cannot please both, but you can at least be quiet until "
        "people have had breakfast.",
        "My neighbour uses his indoors. I wish I were joking, but the fine does not seem to cover the living room.",
        "Could we have the same for church bells? I know that this will not be popular, and I shall not sign my name.",
    )
    items = "\n".join(
        f'<li class="comment" id="c{i}"><div class="comment-author">reader{i * 37 % 101}</div>'
        f'<div class="comment-date">27 October 2026, {8 + i % 12}:{i * 7 % 60:02}</div>'
        f"<p>{remarks[i % 5]} {remarks[(i * 3 + 1) % 5]}</p><a>Reply</a> <a>Report</a></li>"
        for i in range(24)
    )
    block = f'<section id="comments" class="comments"><h2>24 comments</h2><ol>{items}</ol></section>'
    page = wordpress(story, "\n".join(parts(story)), after=block)
    return made(story, page, "airfield", "church bells", "24 comments")


def opinion_bottom(story: Story) -> Case:
    closing = f'<p class="signoff"><em>{story.authors[0]} teaches arithmetic at the harbour school.</em></p>'
    page = news(replace(story, authors=()), "\n".join([*parts(story), f"<p>By {story.authors[0]}</p>", closing]))
    page = page.replace('<span class="article-meta__byline">By </span>', "").replace('"author": [], ', "")
    return made(story, page, "By Cornelia Rusk")


def ad_labels(story: Story) -> Case:
    ad = (
        '<div class="ad-slot ad-slot--mrec" id="div-gpt-ad-3"><span class="ad-slot__label">Advertisement</span>'
        "<p>Winter coats from 49 pounds at Hobley and Daughters, Cooper's Lane.</p></div>"
    )
    scroll = '<p class="ad-continue">Advertisement - story continues below</p>'
    page = news(story, mixed(parts(story), after_1=scroll, after_2=ad, after_4=scroll))
    return made(story, page, "Advertisement", "Hobley")


def address_footer(story: Story) -> Case:
    address = (
        "<p>Sollen Post, 14 Mill Street, Sollen SL4 2QT. Telephone 0555 210 440. Office hours Monday to Friday, nine "
        "to five.</p><p>Copyright 2026 Sollen Post. This material may not be published, broadcast or rewritten without "
        "permission.</p>"
    )
    return made(story, wordpress(story, "\n".join(parts(story)) + address), "Mill Street", "may not be published")


def foreign(layout: Callable[..., str]) -> Callable[[Story], Case]:
    """Boilerplate in the language of the page, in every place where it is let in by mistake."""

    def recipe(story: Story) -> Case:
        chrome = CHROME[story.language]
        box = f'<p><b>{chrome.more}: <a href="/x/1">{chrome.teasers[1]}</a></b></p>'
        advert = f"<p>{chrome.advert}</p>"
        letter = f'<div class="nl"><p>{chrome.newsletter}</p></div>'
        body = mixed(parts(story), after_1=box, after_2=advert, after_3=letter) + f"\n<p>{chrome.follow}</p>"
        cookies = f'<div class="banner"><p>{chrome.cookies}</p><button>OK</button></div>'
        page = layout(story, cookies + body)
        return made(story, page, chrome.teasers[1], chrome.newsletter, chrome.follow, chrome.cookies, chrome.rights)

    return recipe


def hidden_elements(story: Story) -> Case:
    hidden = (
        '<p style="display: none">You have read your last free drum of the month.</p>',
        "<div hidden><p>Transcript of the audio version, made by a machine and full of drams.</p></div>",
        '<p class="sr-only" aria-hidden="true">Skip past the banner that nobody sees.</p>',
    )
    page = news(story, mixed(parts(story), after_1=hidden[0], after_2=hidden[1], after_3=hidden[2]))
    return made(story, page, "last free drum", "full of drams", "nobody sees")


def noscript_copies(story: Story) -> Case:
    whole = "".join(parts(story))
    copies = (f"<noscript><div>{whole}</div></noscript>", whole, f"<noscript><p>{story.title}</p></noscript>")
    page = utility(story, "\n".join(copies))
    return made(story, page.replace("<body", '<body data-x="1"'))


def sticky_headline(story: Story) -> Case:
    bar = (
        f'<div class="sticky-bar"><span class="sticky-bar__title">{story.title}</span><a>Share</a></div>'
        f'<div class="progress" aria-label="{story.title}"></div>'
    )
    repeated = f'<p class="print-title">{story.title}</p>'
    return made(story, news(story, "\n".join([repeated, *parts(story)]), top=bar, after=bar), story.title)


def follow_us_last(story: Story) -> Case:
    last = (
        "<p><em>Follow us on Facebook, Instagram and WhatsApp.</em></p><p>Do you have a story for us? Write to "
        "tips@heathlandtoday.test.</p><p>Enjoyed this? Download our app for more.</p>"
    )
    page = wordpress(story, "\n".join(parts(story)) + last)
    return made(story, page, "Follow us", "tips@", "Download our app")


def sponsored(story: Story) -> Case:
    label = '<div class="sponsor-label">Sponsored content <a href="/what">What is this?</a></div>'
    page = news(story, label + "\n".join(parts(story))).replace('"NewsArticle"', '"AdvertiserContentArticle"')
    return made(story, page, "Sponsored content", "What is this?")


def share_bar(story: Story) -> Case:
    bar = (
        '<div class="c-share"><span>Share</span><a href="#f">Facebook</a><a href="#t">Twitter</a>'
        '<a href="#w">WhatsApp</a>'
        '<a href="#l">Copy link</a><span>Save</span><span>3 min read</span>'
        "<button>Listen to this article</button></div>"
    )
    page = utility(story, "\n".join([bar, *parts(story), bar]))
    return made(story, page, "Copy link", "min read", "Listen to this")
