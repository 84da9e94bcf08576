"""The truth of a golden case: an article in plain text, and how its parts look as HTML.

Nothing here knows of a site's layout or of what the page reader makes of it.

A story is a file ``stories/NAME.txt``: ``key: value`` lines (title, authors, day, language, kind, section, url,
summary), a blank line, then blocks between blank lines. A block is a paragraph, or by its first characters a heading
(``## ``), list items (``* ``, one a line), a quotation (``> ``), table rows (``| a | b``, one a line), a caption
(``= ``; kept aside by the reader), or text whose kind is not judged (``~ ``; its line breaks are kept).
"""

from dataclasses import dataclass
from html import escape
from pathlib import Path

STORIES = Path(__file__).parent / "stories"
_KINDS = {"## ": "heading", "* ": "list_item", "> ": "quotation", "| ": "table_row", "= ": "caption", "~ ": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One part of an article; ``kind`` is the reader's name for it, None where it is not judged."""

    kind: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article as it was written; ``day`` is ISO, ``page_kind`` as the reader names it."""

    name: str
    title: str
    authors: tuple[str, ...]
    day: str | None
    language: str
    page_kind: str
    section: str
    url: str
    summary: str
    blocks: tuple[Block, ...]

    @property
    def paragraphs(self) -> tuple[Block, ...]:
        """The blocks of the text, without captions."""
        return tuple(block for block in self.blocks if block.kind != "caption")


def read_story(name: str) -> Story:
    """The story of that name."""
    head, _, body = (STORIES / f"{name}.txt").read_text(encoding="utf-8").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Story(
        name=name,
        title=fields["title"],
        authors=tuple(author for author in fields.get("authors", "").split("; ") if author),
        day=fields.get("day"),
        language=fields.get("language", "en"),
        page_kind=fields.get("kind", "article"),
        section=fields.get("section", "News"),
        url=fields["url"],
        summary=fields.get("summary", ""),
        blocks=tuple(block for part in body.strip("\n").split("\n\n") if part for block in _blocks(part)),
    )


def _blocks(part: str) -> list[Block]:
    for mark, kind in _KINDS.items():
        if not part.startswith(mark):
            continue
        if kind in ("list_item", "table_row"):
            return [Block(kind=kind, text=line.removeprefix(mark)) for line in part.splitlines()]
        return [Block(kind=kind, text=part.removeprefix(mark))]
    return [Block(kind="paragraph", text=" ".join(part.splitlines()))]


def parts(story: Story, *, opening: int = 0) -> list[str]:
    """The blocks from ``opening`` on as pieces of HTML, a list and a table in one piece each."""
    pieces: list[str] = []
    group: list[Block] = []
    for block in (*story.blocks[opening:], Block(kind="end", text="")):
        if group and group[0].kind != block.kind:
            pieces.append(_grouped(group))
            group = []
        if block.kind in ("list_item", "table_row"):
            group.append(block)
        elif block.kind != "end":
            pieces.append(html_of(block))
    return pieces


def html_of(block: Block, tag: str = "p") -> str:
    """A block that stands alone as an element; a caption as a figure."""
    text = escape(block.text, quote=False)
    if block.kind == "heading":
        return f"<h2>{text}</h2>"
    if block.kind == "quotation":
        return f"<blockquote><p>{text}</p></blockquote>"
    if block.kind == "caption":
        return f'<figure class="media"><img src="/img/1.jpg" alt=""><figcaption>{text}</figcaption></figure>'
    if block.kind is None:
        text = text.replace("\n", "<br>\n")
    return f"<{tag}>{text}</{tag}>"


def _grouped(group: list[Block]) -> str:
    if group[0].kind == "list_item":
        return "<ul>" + "".join(f"<li>{escape(block.text, quote=False)}</li>" for block in group) + "</ul>"
    rows = (
        "".join(f"<td>{escape(cell.strip(), quote=False)}</td>" for cell in block.text.split("|")) for block in group
    )
    return "<table><tbody>" + "".join(f"<tr>{row}</tr>\n" for row in rows) + "</tbody></table>"
