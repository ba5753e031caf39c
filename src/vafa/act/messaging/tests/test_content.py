"""Mails and short messages as one customer gets them."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vafa.act.messaging.cleaning import build_words, clean_content, clean_words, find_direction, is_link
from vafa.act.messaging.content import build_address, build_mail, build_sms, check_content, list_links
from vafa.act.messaging.contents import BLOCK_KINDS, Block, TemplateContent, Text
from vafa.act.messaging.links import build_links, read_click_token
from vafa.kit.templating import TemplateWrong

VALUES = {
    "salutation": "خانم رضایی",
    "given_name": "<i>Mary</i>",
    "code": "A&B/../?x",
    "business_name": "Tea & Co",
    "business_address": "1 High Street",
}
EVIL = '<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:x">y</a>'


class Seen(HTMLParser):
    """Tags, directions and link targets of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.hrefs: list[str] = []
        self.directions: list[str] = []
        self.events: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "href":
                self.hrefs.append(value or "")
            if name == "dir":
                self.directions.append(value or "")
            if name.startswith("on"):
                self.events.append(name)


def mail(*blocks: Block, subject: str = "Hello", language: str = "en") -> TemplateContent:
    return clean_content(TemplateContent("email", ((language, Text(subject, "", blocks)),)))


def test_every_block_says_its_own_direction_and_the_text_part_holds_every_word() -> None:
    content = mail(
        Block("heading", "سلام {{ salutation }}"),
        Block("text", "Words in English **inside** a [Persian](https://a.example/x) mail\n\n- one\n- two"),
        Block("product", "چای", "https://a.example/tea", "https://a.example/t.png", "", "۱۲۰ هزار تومان"),
        Block("code", "کد شما", note="{{ code }}"),
        Block("button", "دیدن", "https://a.example/"),
        Block("image", image="https://a.example/t.png", alt="A cup"),
        Block("divider"),
        Block("signature", "مریم\nفروشگاه"),
        language="fa",
    )
    made = build_mail(content, VALUES, "fa")
    seen = Seen(made.html)
    assert seen.directions[0] == "rtl"
    assert 'lang="fa" dir="rtl"' in made.html
    assert {"rtl", "ltr"} <= set(seen.directions)
    for words in ("سلام خانم رضایی", "Words in English inside", "- one", "چای", "کد شما", "A&B/../?x", "[A cup]",
                  "دیدن: https://a.example/", "مریم\nفروشگاه", "1 High Street"):  # fmt: skip
        assert words in made.text
    assert "{{" not in made.html + made.text
    assert "A&amp;B" in made.html


def test_nothing_that_acts_gets_into_a_mail() -> None:
    content = mail(
        *(
            Block(kind, EVIL, "javascript:alert(1)", 'https://a.example/"onload="x', EVIL, EVIL)
            for kind in BLOCK_KINDS
        ),
        subject="a\r\nBcc: all@example.com",
    )
    made = build_mail(content, {**VALUES, "business_name": EVIL}, "en")
    seen = Seen(made.html)
    assert not {"script", "iframe", "form"} & set(seen.tags)
    assert not seen.events
    assert not [href for href in seen.hrefs if href.lower().startswith("javascript")]
    assert "\n" not in made.subject
    assert "\r" not in made.subject


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="<>&\"'ab/=[]()*:{}%-\n qLH1", max_size=80))
def test_whatever_is_typed_stays_harmless_and_is_kept_the_same_when_saved_again(text: str) -> None:
    kept = clean_words(text)
    assert clean_words(kept) == kept
    seen = Seen(build_words(kept))
    assert set(seen.tags) <= {"p", "br", "b", "i", "a", "ul", "ol", "li", "em", "strong", "u"}
    assert not seen.events


def test_values_cannot_bring_markup_and_never_change_the_host_of_a_link() -> None:
    link = "https://a.example/{{ code }}?to={{ given_name }}"
    content = mail(Block("text", "{{ given_name }}"), Block("button", "Go", link))
    made = build_mail(content, VALUES, "en")
    assert "<i>" not in made.html
    assert build_address(link, VALUES) == "https://a.example/A%26B%2F..%2F%3Fx?to=%3Ci%3EMary%3C%2Fi%3E"
    for bad in ("https://{{ code }}/", "https://a.example{{ code }}", "{{ code }}", "//evil", "https://u@evil/",
                "https://a.example\\@evil/", "data:text/html,x", "javascript:alert(1)", "http://"):  # fmt: skip
        assert not is_link(bad)
        assert build_address(bad, {"code": ".evil.example"}) == ""


def test_links_lead_through_ours_and_their_numbers_hold_over_all_languages() -> None:
    english = Text(
        "Hi", "", (Block("button", "Go", "https://a.example/en"), Block("text", "https://a.example/both"))
    )
    persian = Text(
        "سلام", "", (Block("text", "https://a.example/both"), Block("button", "برو", "mailto:a@b.example"))
    )
    content = TemplateContent("email", (("fa", persian), ("en", english)))
    addresses = list_links(content)
    assert addresses == ("https://a.example/both", "https://a.example/en")
    links = build_links(
        "https://v.example", sending_id=7, customer_id=3, channel="email", purpose="marketing"
    )
    for language, numbers in (("fa", {0}), ("en", {0, 1})):
        made = build_mail(content, VALUES, language, links)
        tracked = {href.rpartition("/")[2] for href in Seen(made.html).hrefs if "/k/" in href}
        clicked = [read_click_token(token) for token in tracked]
        assert {one.number for one in clicked if one} == numbers
        assert links.stop in made.html
        assert links.stop in made.text
    assert "mailto:a@b.example" in build_mail(content, VALUES, "fa", links).html


def test_service_mails_cannot_be_stopped_by_a_click() -> None:
    links = build_links("https://v.example", sending_id=7, customer_id=3, channel="email", purpose="service")
    assert links.stop == ""
    made = build_mail(mail(Block("text", "Receipt")), VALUES, "en", links)
    assert "/stop/" not in made.html + made.text
    assert links.preferences in made.text


def test_short_messages_fill_in_their_words_and_track_their_links() -> None:
    text = Text(body="{{ salutation }}، https://a.example/{{ code }}، تا فردا")
    content = TemplateContent("sms", (("fa", text),))
    assert build_sms(content, VALUES, "fa").text == "خانم رضایی، https://a.example/A%26B%2F..%2F%3Fx، تا فردا"
    links = build_links("https://v.example", sending_id=7, customer_id=3, channel="sms", purpose="marketing")
    assert f"{links.click(0)}، تا فردا" in build_sms(content, VALUES, "fa", links).text
    pattern = TemplateContent("sms", (("fa", Text(pattern="thanks", slots=(("name", "{{ salutation }}"),))),))
    made = build_sms(pattern, VALUES, "fa")
    assert (made.pattern, made.slots) == ("thanks", (("name", "خانم رضایی"),))


def test_each_reader_gets_their_language_and_else_the_first() -> None:
    content = TemplateContent("sms", (("fa", Text()), ("ar", Text(body="مرحبا")), ("en", Text(body="Hi"))))
    assert [build_sms(content, {}, code).text for code in ("en", "ar", "fa", "zh-hans")] == [
        "Hi",
        "مرحبا",
        "مرحبا",
        "مرحبا",
    ]
    with pytest.raises(LookupError):
        build_sms(TemplateContent("sms", (("fa", Text()),)), {}, "fa")


def test_what_is_wrong_is_said_with_its_place() -> None:
    content = mail(
        Block("text", "{{ salutaton }}"), Block("button", "Go", "nowhere"), Block("heading", "{% if %}")
    )
    found = {(one.place, one.problem.code) for one in check_content(content, {"salutation"})}
    assert found == {("block:0", "unknown_variable"), ("block:1", "no_link"), ("block:2", "template_wrong")}
    with pytest.raises(TemplateWrong):
        build_mail(content, VALUES, "en")
    assert [one.problem.code for one in check_content(TemplateContent("sms", ()), ())] == ["empty"]
    assert {one.problem.code for one in check_content(mail(subject="x"), ())} == {"no_blocks"}


def test_content_comes_back_from_json_as_it_was() -> None:
    content = mail(Block("text", "a"), Block("code", "b", note="c"))
    assert TemplateContent.from_json(content.to_json()) == content


def test_most_of_the_letters_decide_the_direction() -> None:
    assert find_direction("Telegram کانال تازهٔ ما در", "en") == "rtl"
    assert find_direction("{{ name }}", "fa") == "rtl"
    assert find_direction("{{ name }}", "en") == "ltr"
    assert find_direction("Our new shop is open سلام", "fa") == "ltr"
    assert find_direction("سماعة Sony WH-1000XM5", "ar") == "rtl"


def test_paragraphs_and_numbers_keep_their_own_direction() -> None:
    words = "تلفن 021-88776655 یا +98 21 8877 تا ۱۰-۲۰ روز، از ۲۰۲۶-۰۳-۲۱\n\nThis one is English, call 021-88776655."
    html = build_mail(mail(Block("text", words), language="fa"), VALUES, "fa").html
    apart = '<bdi dir="ltr" style="white-space:nowrap">'
    for number in ("021-88776655", "+98 21 8877", "۲۰۲۶-۰۳-۲۱"):
        assert f"{apart}{number}</bdi>" in html
    assert "۱۰-۲۰</bdi>" not in html
    assert '<p dir="ltr"' in html
