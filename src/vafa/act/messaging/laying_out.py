"""A mail's blocks as one HTML page and one plain text, still with variables in them: made once for each text, so that
sending fills in words only.

MJML (by mrml) makes tables that old mail programs understand, css-inline puts the styles where they look for them.
Every block says its own direction: one mail may hold Persian and English.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape

import css_inline
import mrml

from vafa.act.messaging.cleaning import (
    build_plain,
    build_words,
    find_direction,
    is_link,
    is_web_address,
    protect,
    restore,
    set_apart,
)
from vafa.act.messaging.contents import RTL, Block, Text
from vafa.act.messaging.wording import get_words

FONTS = "Vazirmatn, 'Segoe UI', Tahoma, 'Noto Sans SC', Arial, sans-serif"
INK, PALE, PAGE, CARD, BRAND, LINE = "#18181b", "#71717a", "#f4f4f5", "#ffffff", "#0f766e", "#e4e4e7"
DARK_QUERY = "(prefers-color-scheme: dark)"
_STYLES = f"""
.words p, .words ul, .words ol {{ margin: 0 0 12px; }}
.words a {{ color: {BRAND}; }}
.pale a {{ color: {PALE}; }}
.code {{ border: 2px dashed {BRAND}; border-radius: 8px; padding: 12px; }}
"""
_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False, extra_css=_STYLES)
# Gmail and Outlook darken by themselves; these are for those that ask (Apple Mail, Thunderbird).
_DARK = f"""
:root {{ color-scheme: light dark; supported-color-schemes: light dark; }}
@media {DARK_QUERY} {{
  body, .page {{ background: #18181b !important; }}
  .card, .card > table {{ background: #27272a !important; }}
  .words, .words p, .words li, .words bdi {{ color: #f4f4f5 !important; }}
  .words a {{ color: #5eead4 !important; }}
  .pale, .pale p, .pale a {{ color: #a1a1aa !important; }}
  .code {{ border-color: #5eead4 !important; }}
}}
"""


@dataclass(frozen=True)
class Layout:
    """A mail in one language with variables in it; `links` are the addresses behind `vafa_link_0`, and so on."""

    subject: str
    html: str
    text: str
    links: tuple[str, ...]


class _Made:
    """What is gathered while the blocks are gone through."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.kept: list[str] = []
        self.links: list[str] = []
        self.pieces: list[str] = []
        self.rows: list[str] = []
        self.lines: list[str] = []

    def protect(self, text: str) -> str:
        return protect(text, self.kept)

    def link(self, url: str) -> str:
        """The word that stands for a link's address; web pages get a number, what can't be followed leads nowhere."""
        url = restore(url, self.kept)
        if not is_link(url):
            return "#"
        if not is_web_address(url):
            return escape(self.protect(url), quote=True)
        if url not in self.links:
            self.links.append(url)
        return self.protect(f"{{{{ vafa_link_{self.links.index(url)} }}}}")

    def find_way(self, text: str) -> str:
        """The direction of some words."""
        return find_direction(restore(text, self.kept), self.language)

    def put(self, html: str) -> str:
        """The word that stands for finished HTML in the MJML, which so never holds anything that people wrote."""
        self.pieces.append(html)
        return f"qHq{len(self.pieces) - 1}qHq"

    def add_words(
        self, html: str, text: str, *, size: int = 16, weight: str = "400", extra: str = ""
    ) -> None:
        """A row of words in their own direction; `text` decides which."""
        way = self.find_way(text)
        html = set_apart(html) if way == "rtl" else html
        align = "right" if way == "rtl" else "left"
        high = "1.9" if way == "rtl" else "1.6"
        inner = f'<div class="words {extra}" dir="{way}" style="text-align:{align};font-weight:{weight};">{html}</div>'
        how = f'align="{align}" font-size="{size}px" line-height="{high}" color="{INK}"'
        self.rows.append(f"<mj-text {how}>{self.put(inner)}</mj-text>")


def build_layout(text: Text, language: str) -> Layout:
    """A mail's text laid out. The same text gives the same layout, made once."""
    return _build(text, language)


@lru_cache(maxsize=128)
def _build(text: Text, language: str) -> Layout:
    made = _Made(language)
    for block in text.blocks:
        _WRITERS[block.kind](block, made)
    body, lines = "".join(made.rows), "\n\n".join(line for line in made.lines if line)
    made.rows = []
    foot = _build_foot(made)
    document = _build_document(text, language, made, body)
    html = mrml.to_html(document).content
    for number in reversed(range(len(made.pieces))):
        html = html.replace(f"qHq{number}qHq", made.pieces[number])
    html = _tell_language(_INLINER.inline(html), language)
    plain = f"{lines}\n\n-- \n{foot}"
    return Layout(
        subject=text.subject,
        html=restore(html, made.kept),
        text=restore(plain, made.kept),
        links=tuple(made.links),
    )


def _build_document(text: Text, language: str, made: _Made, body: str) -> str:
    way = "rtl" if language in RTL else "ltr"
    name, foot = made.put(made.protect("{{ business_name }}")), "".join(made.rows)
    preview = made.put(escape(made.protect(text.preview)))
    return (
        f"<mjml><mj-head><mj-title>{made.put(escape(made.protect(text.subject)))}</mj-title>"
        f"<mj-preview>{preview}</mj-preview>"
        f'<mj-attributes><mj-all font-family="{FONTS}" /><mj-text padding="8px 24px" /></mj-attributes>'
        f"<mj-style>{_DARK}</mj-style></mj-head>"
        f'<mj-body background-color="{PAGE}" width="600px" css-class="page">'
        f'<mj-section padding="20px 0 8px" direction="{way}"><mj-column><mj-text align="center" font-size="15px" '
        f'color="{PALE}"><span class="pale" dir="auto">{name}</span></mj-text></mj-column></mj-section>'
        f'<mj-section css-class="card" background-color="{CARD}" border-radius="8px" padding="16px 0" '
        f'direction="{way}">'
        f"<mj-column>{body}</mj-column></mj-section>"
        f'<mj-section padding="8px 0 24px" direction="{way}"><mj-column>{foot}</mj-column></mj-section>'
        "</mj-body></mjml>"
    )


def _tell_language(html: str, language: str) -> str:
    way = "rtl" if language in RTL else "ltr"
    code = "zh-Hans" if language == "zh-hans" else language
    return html.replace('lang="und" dir="auto"', f'lang="{code}" dir="{way}"')


def _build_foot(made: _Made) -> str:
    """Who wrote, where they are, and how to stop it; also as plain text, which comes back."""
    words = get_words(made.language)
    way = "rtl" if made.language in RTL else "ltr"
    lines = [
        "<bdi>{{ business_name }}</bdi>{% if business_address %}<br><bdi>{{ business_address }}</bdi>{% endif %}",
        f"{{% if vafa_why %}}{escape(words['why'])}{{% endif %}}",
        (
            f'{{% if vafa_stop %}}<a href="{{{{ vafa_stop }}}}">{escape(words["stop"])}</a>{{% endif %}}'
            f'{{% if vafa_preferences %}}{{% if vafa_stop %}} · {{% endif %}}<a href="{{{{ vafa_preferences }}}}">'
            f"{escape(words['preferences'])}</a>{{% endif %}}"
        ),
    ]
    inner = "".join(f'<p style="margin:0 0 6px">{made.protect(line)}</p>' for line in lines)
    html = f'<div class="pale" dir="{way}" style="text-align:center">{inner}</div>'
    made.rows.append(
        f'<mj-text align="center" font-size="12px" line-height="1.8" color="{PALE}">{made.put(html)}</mj-text>'
    )
    return made.protect(
        "{{ business_name }}{% if business_address %}\n{{ business_address }}{% endif %}"
        f"{{% if vafa_why %}}\n{words['why']}{{% endif %}}"
        f"{{% if vafa_stop %}}\n{words['stop']}: {{{{ vafa_stop }}}}{{% endif %}}"
        f"{{% if vafa_preferences %}}\n{words['preferences']}: {{{{ vafa_preferences }}}}{{% endif %}}"
    )


def _write_heading(block: Block, made: _Made) -> None:
    text = made.protect(block.text)
    made.add_words(_escape_lines(text), text, size=22, weight="700")
    made.lines.append(text)


def _write_text(block: Block, made: _Made) -> None:
    text = made.protect(block.text)
    html = build_words(text)
    linked = _replace_links(html, made)
    made.add_words(_turn(linked, text, made), text)
    made.lines.append(build_plain(linked))


def _turn(html: str, text: str, made: _Made) -> str:
    """HTML whose paragraphs and lists say their own direction where it is not that of the block."""
    way = made.find_way(text)

    def turn(found: re.Match[str]) -> str:
        own = made.find_way(found[2])
        if own == way:
            return found[0]
        align = "right" if own == "rtl" else "left"
        inner = set_apart(found[2]) if own == "rtl" else found[2]
        return f'<{found[1]} dir="{own}" style="text-align:{align}">{inner}</{found[1]}>'

    return re.sub(r"<(p|ul|ol)>(.*?)</\1>", turn, html, flags=re.DOTALL)


def _write_button(block: Block, made: _Made) -> None:
    text, href = made.protect(block.text), made.link(block.url)
    way = find_direction(block.text, made.language)
    label = made.put(f'<span dir="{way}">{escape(text)}</span>')
    made.rows.append(
        f'<mj-button href="{made.put(href)}" background-color="{BRAND}" color="#ffffff" font-size="16px" '
        f'font-weight="700" border-radius="8px" inner-padding="12px 28px">{label}</mj-button>'
    )
    made.lines.append(f"{text}: {unescape(href)}")


def _write_image(block: Block, made: _Made) -> None:
    if not is_web_address(block.image):
        return
    alt = made.protect(block.alt)
    source = escape(made.protect(block.image), quote=True)
    href = f' href="{made.put(made.link(block.url))}"' if block.url else ""
    made.rows.append(
        f'<mj-image src="{made.put(source)}" alt="{made.put(escape(alt, quote=True))}" padding="8px 24px"{href} />'
    )
    made.lines.append(f"[{alt}]" if alt else "")


def _write_divider(_block: Block, made: _Made) -> None:
    made.rows.append(f'<mj-divider border-width="1px" border-color="{LINE}" padding="12px 24px" />')
    made.lines.append("----")


def _write_product(block: Block, made: _Made) -> None:
    name, note = made.protect(block.text), made.protect(block.note)
    href = made.link(block.url) if block.url else ""
    picture, space = "", "0"
    if is_web_address(block.image):
        source = escape(made.protect(block.image), quote=True)
        space = "0 12px"
        picture = f'<td width="96" valign="top"><img src="{source}" width="96" alt="" style="border-radius:8px"></td>'
    shown = f'<a href="{href}">{_escape_lines(name)}</a>' if href else _escape_lines(name)
    html = (
        f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr>{picture}'
        f'<td valign="top" style="padding:{space}"><b>{shown}</b><br>{escape(note)}</td></tr></table>'
    )
    made.add_words(html, name)
    made.lines.append("\n".join(one for one in (name, note, unescape(href)) if one))


def _write_code(block: Block, made: _Made) -> None:
    text, code = made.protect(block.text), made.protect(block.note)
    way = find_direction(block.text, made.language)
    html = (
        f'<div class="words" dir="{way}" style="text-align:center"><div class="code">{_escape_lines(text)}<br>'
        f'<bdi dir="ltr" style="font-size:22px;font-weight:700;letter-spacing:2px">{escape(code)}</bdi></div></div>'
    )
    made.rows.append(
        f'<mj-text align="center" font-size="16px" line-height="1.9" color="{INK}">{made.put(html)}</mj-text>'
    )
    made.lines.append(f"{text}\n{code}".strip())


def _write_signature(block: Block, made: _Made) -> None:
    text = made.protect(block.text)
    made.add_words(_escape_lines(text), text)
    made.lines.append(text)


_WRITERS = {
    "heading": _write_heading,
    "text": _write_text,
    "button": _write_button,
    "image": _write_image,
    "divider": _write_divider,
    "product": _write_product,
    "code": _write_code,
    "signature": _write_signature,
}


def _escape_lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _replace_links(html: str, made: _Made) -> str:
    return re.sub(
        r'<a href="([^"]*)">', lambda found: f'<a href="{made.link(unescape(found[1]))}">', html
    ).replace("<a>", '<a href="#">')
