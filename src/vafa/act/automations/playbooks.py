"""Playbooks: automations ready to be switched on, as data files, each with the articles that advise it.

A file names its ready segments as "preset:<key>" and its texts by their codes; both are settled when somebody takes it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from vafa.act.automations.changing import create_automation
from vafa.act.automations.checking import list_open_channels
from vafa.act.automations.coding import read_document
from vafa.act.automations.models import Automation
from vafa.data.business.queries import get_business
from vafa.measure.segments.queries import list_segments

FOLDER = Path(__file__).parent / "playbook_files"
_PRESET = "preset:"
_BY_COUNTRY = {"IR": "nowruz", "AF": "nowruz", "CN": "spring_festival"}
_EID = frozenset(
    {"AE", "SA", "EG", "QA", "KW", "BH", "OM", "JO", "IQ", "MA", "TN", "DZ", "LB", "SY", "YE", "LY"}
)
# What staff are told to do, in the language of the business.
TITLES: Mapping[str, Callable[[], str]] = {
    "call_late": lambda: _("Call: has not bought for longer than usual"),
    "call_silent": lambda: _("Call: has not heard from us for a while"),
    "fix_quality": lambda: _("See to what was wrong with the quality"),
    "call_service": lambda: _("Call about a bad experience, and make it good"),
    "call_at_risk": lambda: _("Call: may leave, and has not ordered since our message"),
    "call_payment": lambda: _("Call about a payment that did not go through"),
    "send_gift": lambda: _("Choose and send a gift"),
    "write_note": lambda: _("Write a note by hand"),
}
_NAMES: Mapping[str, tuple[Callable[[], str], Callable[[], str]]] = {
    "first_order_thanks": (
        lambda: _("Thank-you after the first order"),
        lambda: _("An hour after somebody's first order: a word of thanks, without an offer."),
    ),
    "how_to": (
        lambda: _("How-to after a purchase"),
        lambda: _("Three days after an order: how to get the most out of it, at most every two months."),
    ),
    "birthday": (
        lambda: _("Birthday greeting"),
        lambda: _("In the morning of the birthday, in the customer's calendar, once a year."),
    ),
    "season": (
        lambda: _("Greeting for a festive day"),
        lambda: _("On the first day of a feast such as Nowruz, Eid or the Spring Festival, to active customers."),
    ),
    "late": (
        lambda: _("Late for their own rhythm"),
        lambda: _("Who waits longer than usual for them is written to, and called a week later if still away."),
    ),
    "at_risk": (
        lambda: _("Rescue of customers at risk, by reason"),
        lambda: _(
            "Price: an offer. Silence: a call. Quality: an apology and a fix. Competition: what only we have."
            " Experience: a service call."
        ),
    ),
    "win_back": (
        lambda: _("Win-back of the lost"),
        lambda: _("To customers who are no longer active: a word, and three weeks later a reason to come back."),
    ),
    "renewal": (
        lambda: _("Renewal ahead of the end"),
        lambda: _("Two weeks and three days before a subscription ends, unless it was renewed."),
    ),
    "payment_failed": (
        lambda: _("Failed payment"),
        lambda: _("Two hours after a payment did not go through: a friendly hint, and a call two days later."),
    ),
    "surprise": (
        lambda: _("Surprise for the loyal"),
        lambda: _("Each month a draw among loyal customers, within a budget for gifts; nobody twice in a year."),
    ),
    "hand_note": (
        lambda: _("Hand-written note for the best"),
        lambda: _("Whoever becomes a VIP customer gets a note that somebody here writes by hand."),
    ),
    "vip_early": (
        lambda: _("Early access for VIPs"),
        lambda: _("Whoever becomes a VIP customer hears that they see what is new first."),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Playbook:
    """One ready automation: its code, the articles (S0 to S4) that advise it, and its document as data."""

    code: str
    place: int
    articles: tuple[str, ...]
    document: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What it is called, in the page's language."""
        return _NAMES[self.code][0]()

    @property
    def meaning(self) -> str:
        """What it does, in a sentence."""
        return _NAMES[self.code][1]()


@cache
def _load() -> tuple[Playbook, ...]:
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        found.append(Playbook(path.stem, told["place"], tuple(told["articles"]), told["document"]))
    return tuple(sorted(found, key=lambda one: one.place))


def list_playbooks() -> tuple[Playbook, ...]:
    """All playbooks, in the order in which a business would begin with them."""
    return _load()


def find_playbook(code: str) -> Playbook | None:
    """One playbook, or None."""
    return next((one for one in _load() if one.code == code), None)


def build_document(playbook: Playbook) -> dict[str, Any]:
    """A playbook's document for this business: its segments, its country's feast, the channel by which it sends."""
    business = get_business()
    presets = {saved.preset: saved.slug for saved in list_segments() if saved.preset}
    told: dict[str, Any] = json.loads(json.dumps(playbook.document))
    told.setdefault("holdout", None)
    when = told["when"]
    when["segment"] = _settle(when.get("segment", ""), presets)
    if when.get("occasion") == "country":
        when["occasion"] = _BY_COUNTRY.get(
            business.country, "eid_al_fitr" if business.country in _EID else "new_year"
        )
    for condition in told.get("if", ()):
        condition["segment"] = _settle(condition["segment"], presets)
    open_channels = list_open_channels()
    channel = next((one for one in ("email", "sms", "messenger") if one in open_channels), "email")
    _settle_steps(told["steps"], channel)
    return told


def _settle(segment: str, presets: Mapping[str, str]) -> str:
    return presets.get(segment.removeprefix(_PRESET), "") if segment.startswith(_PRESET) else segment


def _settle_steps(steps: list[dict[str, Any]], channel: str) -> None:
    for step in steps:
        if step["kind"] == "message":
            step["channels"] = [channel]
        if step["kind"] == "task":
            step["title"] = TITLES[step["title"]]() if step["title"] in TITLES else step["title"]
        for inner in step.get("ways", {}).values():
            _settle_steps(inner, channel)


def create_from_playbook(code: str, *, by: Any, now: datetime) -> Automation:
    """A draft by a playbook, to be looked at and switched on. Raises KeyError for an unknown one."""
    playbook = find_playbook(code)
    if playbook is None:
        raise KeyError(code)
    document = read_document(build_document(playbook))
    return create_automation(playbook.name, document, playbook=code, by=by, now=now)
