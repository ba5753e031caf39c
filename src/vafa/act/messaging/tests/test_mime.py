"""A mail made by hand says the same as one made by Python's own email package, whatever stands in it."""

from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vafa.act.messaging.channels.mime import build_from, build_mime, write_address
from vafa.act.messaging.types import Outgoing

# What people write; what no mail may hold (surrogates, NUL) is left out, and so are other ends of lines than ours.
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))
WORDS = st.text(LETTERS | st.sampled_from("\n ابپ سلام é 王 =?utf-8 ."), max_size=200)


def naive_build_mime(name: str, address: str, outgoing: Outgoing) -> bytes:
    """The same mail by the email package."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(outgoing.subject.split())
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(addr_spec=outgoing.to)
    message["Message-ID"] = outgoing.message_id
    for header, value in outgoing.headers.items():
        message[header] = value
    message.set_content(outgoing.text, cte="base64")
    if outgoing.html:
        message.add_alternative(outgoing.html, subtype="html", cte="base64")
    message["Content-Language"] = outgoing.language  # set before, it would move into the first part
    return message.as_bytes()


def read(raw: bytes) -> tuple[object, ...]:
    """What a mail program reads in it."""
    message = message_from_bytes(raw, policy=default)
    headers = {name: str(value) for name, value in message.items() if name != "Content-Type"}
    parts = [part for part in message.walk() if not part.is_multipart()]
    assert not any(part.defects for part in message.walk())
    return (
        headers,
        message.get_content_type(),
        [
            (part.get_content_type(), part.get_content_charset(), part.get_content().splitlines())
            for part in parts
        ],
    )


@settings(max_examples=40)
@given(WORDS, WORDS, WORDS, st.sampled_from(["", "Shop", "فروشگاه، ما", 'A "B" (c)']))
def test_what_is_read_is_what_the_slow_twin_says(subject: str, text: str, html: str, name: str) -> None:
    outgoing = Outgoing(
        1, "c0@example.org", subject, html, text,
        {"Date": "Wed, 03 Jun 2026 12:00:00 +0000", "List-Unsubscribe": f"<https://example.org/{'a' * 200}>"},
        "<abc@example.com>", language="fa",
    )  # fmt: skip
    made = build_mime(build_from(name, "shop@example.com"), outgoing)
    assert read(made) == read(naive_build_mime(name, "shop@example.com", outgoing))
    assert made.isascii()
    assert made.count(b"\n") == made.count(b"\r\n")
    assert max(map(len, made.split(b"\r\n"))) < 990


@pytest.mark.parametrize(
    "address", ["a@b.com\r\nBcc: x@y.org", "a b@c.com", "<a@b.com>", "a@", "@b.com", "a..b@c.d", ""]
)
def test_what_is_no_address_stands_in_no_mail(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        build_mime(build_from("", "shop@example.com"), Outgoing(1, address, "Hi", text="Come"))


def test_a_header_of_ours_is_one_line_and_a_foreign_domain_is_written_in_letters_that_servers_take() -> None:
    with pytest.raises(ValueError, match="no header"):
        build_mime(b"From: a@b.c", Outgoing(1, "a@b.com", headers={"Date": "now\r\nBcc: x@y.org"}))
    domain = "بازار.ir".encode("idna").decode()
    assert write_address("a@بازار.ir") == f"a@{domain}"
