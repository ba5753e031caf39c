"""The public address: where customers reach our pages from outside, by the links in messages. Entered by `vafa init` or
in the settings; asked again and again whether it answers, for a link that leads nowhere can't be taken back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.kit.audit import record
from vafa.kit.errors import AskedWrongly, VafaError
from vafa.kit.fingerprints import build_fingerprint
from vafa.kit.models import PublicAddress
from vafa.kit.outbound import NotSent, send
from vafa.kit.site import find_site_address

PATH = "answers"
SECONDS = 8.0
# So long a good answer is believed.
GOOD_FOR = timedelta(hours=1)
_MOST = 300


class NoPublicAddress(VafaError):
    """Nobody has said where customers reach our pages."""

    code = "no_public_address"


class PublicAddressSilent(VafaError):
    """Our pages do not answer where customers would look for them."""

    code = "public_address_silent"


@dataclass(frozen=True)
class AddressState:
    """The public address ("" while there is none), when it was last asked (None: never), and what went wrong then."""

    address: str
    asked_at: datetime | None = None
    answers: bool = False
    problem: str = ""
    told: str = ""


def get_address_state() -> AddressState:
    """What is known of the public address; asks nobody."""
    row = PublicAddress.objects.filter(pk=1).first()
    if row is None or not row.address:
        return AddressState("")
    answers = row.answered_at is not None and row.answered_at == row.asked_at
    return AddressState(row.address, row.asked_at, answers, row.problem, row.told)


def find_links_address() -> str:
    """What the addresses in messages begin with: the public address, else that of the pages; "" if neither is known."""
    return get_address_state().address or (find_site_address() or "").rstrip("/")


def read_address(text: str) -> str:
    """An address as it is kept, without a slash at its end; "" for none. Raises AskedWrongly."""
    told = text.strip().rstrip("/")
    if not told:
        return ""
    try:
        parts = urlsplit(told if "://" in told else f"https://{told}")
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good, parts = False, urlsplit("")
    if not good or parts.query or parts.fragment or parts.username or parts.path or len(told) > _MOST:
        raise AskedWrongly(
            _("“%(address)s” is no address of a website.") % {"address": told[:100]},
            _("Write it like %(example)s.") % {"example": "https://vafa.example.com"},
            code="no_address",
        )
    return f"{parts.scheme}://{parts.netloc}"


@transaction.atomic
def set_public_address(text: str, *, by: Any, now: datetime) -> str:
    """Say where customers reach our pages ("" for nowhere); the address as it is kept. Raises AskedWrongly."""
    address = read_address(text)
    PublicAddress.objects.update_or_create(
        pk=1,
        defaults={"address": address, "asked_at": None, "answered_at": None, "problem": "", "told": ""},
    )
    record("public_address.set", by=by, now=now)
    return address


def ask_public_address(now: datetime) -> AddressState:
    """Ask our own pages by the public address, as customers do, and note whether it was we who answered."""
    state = get_address_state()
    if not state.address:
        return state
    nonce = token_urlsafe(12)
    problem, told = "", ""
    try:
        reply = send("GET", f"{state.address}/{PATH}/{nonce}/", seconds=SECONDS, most_bytes=10_000)
        if not reply.is_good:
            problem, told = "bad_status", str(reply.status)
        elif not compare_digest(reply.text().strip().encode(), build_proof(nonce).encode()):
            problem = "somebody_else"
    except NotSent as error:
        problem, told = error.code, error.message[:_MOST]
    PublicAddress.objects.filter(pk=1, address=state.address).update(
        asked_at=now, problem=problem, told=told, **({} if problem else {"answered_at": now})
    )
    return get_address_state()


def look_at_public_address(now: datetime) -> None:
    """Ask now and then, so that whoever sends need not wait for an answer."""
    if get_address_state().address:
        ask_public_address(now)


def require_public_address(now: datetime) -> str:
    """The public address, which answered within the last hour or answers now; for whatever goes to many customers with
    links in it. Raises NoPublicAddress and PublicAddressSilent."""
    state = get_address_state()
    if not state.address:
        raise NoPublicAddress(
            _(
                "It is not known where customers reach the pages behind links, such as the one to unsubscribe."
            ),
            _("Enter the public address in the settings, under Sending."),
        )
    fresh = state.answers and state.asked_at is not None and now - state.asked_at < GOOD_FOR
    if not fresh:
        state = ask_public_address(now)
    if not state.answers:
        raise PublicAddressSilent(
            _("%(address)s does not answer, so links in messages would lead nowhere.")
            % {"address": state.address},
            _("Look at the settings, under Sending: there the address is tested."),
            reason=state.problem,
        )
    return state.address


def build_proof(nonce: str) -> str:
    """What only this installation can answer."""
    return build_fingerprint("public address", nonce)
