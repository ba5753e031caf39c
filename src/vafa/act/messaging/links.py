"""The addresses behind a message's links: short, signed, good for ever. Whoever sends builds them here; the pages
behind them are in front/messages.

A link names the sending and which of the message's links it is, never where it leads: the pages look that up in the
message as it was frozen, so nobody can make a link of ours lead elsewhere. The key is a secret of the home.
"""

import os
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest

from vafa.act.messaging.linking import Clicked, Links, Stopped
from vafa.data.consent.queries import build_preference_token
from vafa.data.consent.types import Channel, Purpose
from vafa.kit.home import get_made_secret

CLICK_PATH, STOP_PATH, PREFERENCES_PATH = "k", "stop", "preferences"
_KEY_FILE = "links.key"
_SIGNATURE_BYTES = 9
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_CHANNELS = {
    Channel.EMAIL: "e",
    Channel.SMS: "s",
    Channel.MESSENGER: "m",
    Channel.PHONE: "p",
    Channel.POST: "l",
}
_PURPOSES = {Purpose.MARKETING: "m", Purpose.SURVEY: "u", Purpose.SERVICE: "s"}


def build_links(
    site: str, *, sending_id: int, customer_id: int, channel: Channel | str, purpose: Purpose | str
) -> Links:
    """All addresses of one sending; `site` is the public address without a slash at its end. Service messages can't be
    stopped by a click, so they carry no such link."""
    stop = ""
    if Purpose(purpose) is not Purpose.SERVICE:
        stop = build_stop_address(site, customer_id, channel, purpose, sending_id)

    key, head = _find_key(), f"{_write(sending_id)}."
    return Links(
        lambda number: f"{site}/{CLICK_PATH}/{_sign('k', head + _write(number), key)}",
        stop,
        f"{site}/{PREFERENCES_PATH}/{build_preference_token(customer_id)}/",
    )


def build_stop_address(
    site: str, customer_id: int, channel: Channel | str, purpose: Purpose | str, sending_id: int = 0
) -> str:
    """Where a customer stops messages of a purpose on a channel: GET shows a page, POST acts at once (RFC 8058)."""
    what = _CHANNELS[Channel(channel)] + _PURPOSES[Purpose(purpose)]
    return f"{site}/{STOP_PATH}/{_sign('u', f'{_write(customer_id)}.{what}.{_write(sending_id)}')}/"


def build_stop_headers(address: str, mailbox: str = "") -> dict[str, str]:
    """The headers by which mail programs offer to unsubscribe (RFC 2369 and RFC 8058); `mailbox` also takes it by mail.
    They go on every marketing mail, and must be covered by its DKIM signature."""
    places = [f"<{address}>", *([f"<mailto:{mailbox}?subject=unsubscribe>"] if mailbox else [])]
    return {"List-Unsubscribe": ", ".join(places), "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def read_click_token(token: str) -> Clicked | None:
    """Which link it is; None where somebody changed or cut it."""
    told = _read("k", token)
    if told is None:
        return None
    sending, _dot, number = told.partition(".")
    return Clicked(int(sending, 36), int(number, 36))


def read_stop_token(token: str) -> Stopped | None:
    """Who wants no more of what; None where somebody changed or cut it."""
    told = _read("u", token)
    if told is None:
        return None
    customer, what, sending = told.split(".")
    channel = next(one for one, letter in _CHANNELS.items() if letter == what[0])
    purpose = next(one for one, letter in _PURPOSES.items() if letter == what[1])
    return Stopped(int(customer, 36), channel, purpose, int(sending, 36))


def _sign(kind: str, told: str, key: bytes = b"") -> str:
    return f"{told}.{_build_signature(kind, told, key or _find_key())}"


def _read(kind: str, token: str) -> str | None:
    told, _dot, signature = token.rpartition(".")
    expected = _build_signature(kind, told, _find_key())
    return told if compare_digest(signature.encode(), expected.encode()) else None


def _build_signature(kind: str, told: str, key: bytes) -> str:
    made = blake2b(f"{kind}:{told}".encode(), digest_size=_SIGNATURE_BYTES, key=key).digest()
    return urlsafe_b64encode(made).decode()


def _find_key() -> bytes:
    """The key of this home. Asked for with each of a million messages, so the folder is not looked up every time."""
    return _get_key(os.environ.get("VAFA_HOME", ""))


@lru_cache(maxsize=4)
def _get_key(_home: str) -> bytes:
    return bytes.fromhex(get_made_secret(_KEY_FILE))


def _write(number: int) -> str:
    """A number with the fewest letters and digits that `int(..., 36)` reads."""
    if number < 0:
        raise ValueError(number)
    written = ""
    while number or not written:
        number, digit = divmod(number, 36)
        written = _DIGITS[digit] + written
    return written
