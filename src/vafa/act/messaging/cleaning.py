"""What people wrote, made safe: once when it is kept, and again when it is laid out."""

import re
import unicodedata
from dataclasses import replace
from html import unescape

import nh3

from vafa.act.messaging.contents import BLOCK_KINDS, RTL, Block, TemplateContent, Text

MOST_BLOCKS, MOST_LETTERS, MOST_SHORT = 60, 10_000, 500
_TAGS = {"a", "b", "br", "em", "i", "li", "ol", "p", "strong", "u", "ul"}
_SCHEMES = {"http", "https", "mailto", "tel"}
_LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
# A word that no text holds by chance, which no cleaner or layout touches.
_MARK = re.compile(r"qLq(\d+)qLq")
_MARKS = re.compile(r"q[LH]q")
_TAG = re.compile(r"</?[A-Za-z][^>]*>")
_BOLD = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*")
_LINK = re.compile(r"\[([^\[\]\n]+)\]\(([^()\s]+)\)")
_WEB = re.compile(r"https?://[^\s/?#{}%@\\<>\"'|^`]+(?:[/?#]\S*)?", re.IGNORECASE)
_OTHER = re.compile(r"(?:mailto:[^\s@<>\"']+@[^\s@<>\"']+|tel:\+?[\d() -]+)", re.IGNORECASE)
_IN_TEXT = re.compile(r"""https?://[^\s<>"'«»()]+[^\s<>"'«»().,;:!?،؛؟。，]""", re.IGNORECASE)
_BARE = re.compile(rf"""(?<!["'(>=]){_IN_TEXT.pattern}""", re.IGNORECASE)
_DIGIT = "[0-9۰-۹٠-٩]"
# Ranges such as 10-20 are left alone: they are read in the direction of the text.
_GROUPED = re.compile(
    rf"(?<![\w#&+])(?:\+{_DIGIT}(?:[ ()./-]{{0,2}}{_DIGIT}){{6,16}}|[0۰٠](?:[ ()./-]{{0,2}}{_DIGIT}){{6,14}}"
    rf"|{_DIGIT}{{4}}-{_DIGIT}{{1,2}}-{_DIGIT}{{1,2}})(?!\w)"
)
_STRONG_RTL = ("R", "AL")


def protect(text: str, kept: list[str]) -> str:
    """The text with each piece of Liquid as a plain word; the pieces are added to `kept`."""

    def put(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"qLq{len(kept) - 1}qLq"

    return _LIQUID.sub(put, _MARKS.sub("", text))


def restore(text: str, kept: list[str]) -> str:
    """The text with the pieces of Liquid back in their places."""
    return _MARK.sub(lambda found: kept[int(found[1])] if int(found[1]) < len(kept) else "", text)


def strip_liquid(text: str) -> str:
    """The text without variables and tags of Liquid."""
    return _LIQUID.sub(" ", text)


def clean_content(content: TemplateContent) -> TemplateContent:
    """The content as it may be kept: known kinds of blocks only, no invisible control letters, light HTML cleaned of
    all that could act."""
    texts = tuple((code, _clean_text(text)) for code, text in content.texts)
    return replace(content, texts=texts)


def _clean_text(text: Text) -> Text:
    blocks = tuple(_clean_block(one) for one in text.blocks[:MOST_BLOCKS] if one.kind in BLOCK_KINDS)
    return replace(
        text,
        subject=_clean_line(text.subject),
        preview=_clean_line(text.preview),
        blocks=blocks,
        body=_clean_lines(text.body),
        pattern=_clean_line(text.pattern)[:100],
        slots=tuple((_clean_line(name)[:60], _clean_line(told)) for name, told in text.slots[:20] if name),
    )


def _clean_block(block: Block) -> Block:
    text = clean_words(block.text) if block.kind == "text" else _clean_lines(block.text)
    return Block(
        block.kind,
        text=text,
        url=_clean_line(block.url, most=2000),
        image=_clean_line(block.image, most=2000),
        alt=_clean_line(block.alt),
        note=_clean_line(block.note),
    )


def _clean_line(text: str, most: int = MOST_SHORT) -> str:
    """One line: nothing in it can begin another header of a mail."""
    return " ".join(_drop_controls(text).split())[:most]


def _clean_lines(text: str) -> str:
    lines = (
        line.rstrip() for line in _drop_controls(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    )
    return "\n".join(lines).strip()[:MOST_LETTERS]


def _drop_controls(text: str) -> str:
    return "".join(
        one for one in text if one in "\r\n\t" or unicodedata.category(one) not in ("Cc", "Cs", "Co")
    )


def clean_words(text: str) -> str:
    """The words of a text block as they may be kept: as typed where there is no HTML in them, else cleaned."""
    text = _clean_lines(text)
    kept: list[str] = []
    bare = protect(text, kept)
    return restore(_clean_html(bare), kept) if _TAG.search(bare) else text


def _clean_html(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes=_SCHEMES,
        link_rel=None,
        clean_content_tags={"script", "style", "title", "template"},
    )


def build_words(text: str) -> str:
    """The words of a text block as HTML: paragraphs at empty lines, lists of lines that begin
    with a dash, **bold**, [words](address). Liquid must already be
    protected. Nothing comes out but a few harmless tags."""
    marked = _LINK.sub(r'<a href="\2">\1</a>', _BOLD.sub(r"<b>\1</b>", text))
    marked = _BARE.sub(r'<a href="\g<0>">\g<0></a>', marked)
    pieces = [piece.strip() for piece in re.split(r"\n\s*\n", marked) if piece.strip()]
    parts = [_build_piece(piece) for piece in pieces]
    return _clean_html("".join(parts))


def _build_piece(piece: str) -> str:
    if re.match(r"<(p|ul|ol)\b", piece):
        return piece
    lines = piece.split("\n")
    if all(line.startswith("- ") for line in lines):
        return f"<ul>{''.join(f'<li>{line[2:]}</li>' for line in lines)}</ul>"
    return f"<p>{'<br>'.join(lines)}</p>"


def build_plain(html: str) -> str:
    """HTML of a text block as plain text; an address stands in brackets after its words."""
    text = re.sub(r"\s*<br\s*/?>\s*", "\n", html)
    text = re.sub(r"<li>\s*", "\n- ", text)
    text = re.sub(r"</(p|ul|ol)>", "\n\n", text)
    text = re.sub(r'<a href="([^"]*)">(.*?)</a>', _write_link, text, flags=re.DOTALL)
    text = unescape(_TAG.sub("", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _write_link(found: re.Match[str]) -> str:
    words = _TAG.sub("", found[2])
    return words if words.strip() == found[1].strip() else f"{words} ({found[1]})"


def is_web_address(url: str) -> bool:
    """Whether a link leads to a page on a host that is written out (its path may hold variables)."""
    return _WEB.fullmatch(_fill(url)) is not None


def is_link(url: str) -> bool:
    """Whether an address may stand behind a link: a web page, a mail address or a number."""
    filled = _fill(url)
    return bool(_WEB.fullmatch(filled) or _OTHER.fullmatch(filled))


def _fill(url: str) -> str:
    """The address with letters for its variables, but where they stand in the host: there nothing may vary."""
    head = re.match(r"https?://[^/?#]*", url, re.IGNORECASE)
    start = head.end() if head else 0
    return url[:start] + _LIQUID.sub("x", url[start:])


def find_addresses(text: str) -> list[tuple[int, int]]:
    """Where the web addresses in a plain text begin and end."""
    return [found.span() for found in _IN_TEXT.finditer(text)]


def find_direction(text: str, language: str) -> str:
    """ "rtl" or "ltr" by most of the letters; that of the language where there are none (a name to be filled in). In a
    language that is written from right to left a third of its letters is enough: names of goods are often foreign."""
    counts = {"rtl": 0, "ltr": 0}
    for letter in strip_liquid(_TAG.sub(" ", text)):
        kind = unicodedata.bidirectional(letter)
        if kind in _STRONG_RTL:
            counts["rtl"] += 1
        elif kind == "L":
            counts["ltr"] += 1
    if language in RTL:
        return "rtl" if 2 * counts["rtl"] >= counts["ltr"] else "ltr"
    return "rtl" if counts["rtl"] > counts["ltr"] else "ltr"


def set_apart(html: str) -> str:
    """HTML whose phone numbers and days such as 2026-03-21 stand in runs of their own, from left to right: between
    letters that run from right to left their groups would be shown in the wrong order."""
    pieces = re.split(r"(<[^>]*>)", html)
    return "".join(
        piece if place % 2 else _GROUPED.sub(r'<bdi dir="ltr" style="white-space:nowrap">\g<0></bdi>', piece)
        for place, piece in enumerate(pieces)
    )
