"""A golden case before it is written: its page, and what is known of it beyond its story."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.golden.chrome import CHROME
from tests.golden.story import Story, parts

UTF8 = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A page as it would come off the wire and what is known of it beyond the story."""

    story: Story
    page: bytes
    content_type: str = UTF8
    lacks: tuple[str, ...] = ()
    kinds_judged: bool = True


def made(story: Story, html: str, *lacks: str, **more: object) -> Case:
    """A case in UTF-8 whose text must not contain ``lacks``."""
    return Case(story=story, page=html.encode(), lacks=lacks, **more)


def mixed(pieces: list[str], **inserted: str) -> str:
    """The pieces with others put in: ``after_1=...`` behind the first."""
    out = []
    for number, piece in enumerate(pieces):
        out.append(piece)
        out.append(inserted.get(f"after_{number + 1}", ""))
    return "\n".join(part for part in out if part)


def plain(layout: Callable[..., str], *lacks: str) -> Callable[[Story], Case]:
    """The story in a layout, with nothing done to it; the site's own words are what must stay out."""

    def recipe(story: Story) -> Case:
        chrome = CHROME[story.language]
        return made(story, layout(story, "\n".join(parts(story))), chrome.rights, chrome.teasers[0], *lacks)

    return recipe
