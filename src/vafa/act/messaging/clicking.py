"""Clicks on a message's links: noted for what they are worth. Mail programs and scanners open links before anybody
reads, so each click says whether a machine seems to have made it; opens are not looked at, and nothing acts on either.
"""

import ipaddress
from datetime import datetime, timedelta

from vafa.act.messaging.content import build_address, list_links
from vafa.act.messaging.contents import TemplateContent
from vafa.act.messaging.happenings import record_happened
from vafa.act.messaging.linking import Clicked, Visit
from vafa.act.messaging.models import Happened, Sending
from vafa.act.messaging.suspecting import ClickFacts, decide_bot
from vafa.act.messaging.values import list_values

# Clicks on as many links of one mail as this, so close together, are no person's.
_ALL_WITHIN = timedelta(seconds=10)


def follow_click(clicked: Clicked, visit: Visit, *, now: datetime) -> str:
    """Note a click, and where it leads; "" where that is not known any more. The same link of the same message counts
    once for people and once for machines."""
    sending = Sending.objects.select_related("message").filter(pk=clicked.sending_id).first()
    if sending is None:
        return ""
    content = TemplateContent.from_json(sending.message.content)
    links = list_links(content)
    if clicked.number >= len(links):
        return ""
    others, sent_at = _count_others(sending, clicked.number, now), sending.handed_at or sending.ended_at
    facts = ClickFacts(
        method=visit.method,
        agent=visit.agent,
        from_scanner=is_scanner(visit.address),
        since_sent=None if sent_at is None else now - sent_at,
        other_links=others,
        links=len(links),
    )
    bot = decide_bot(facts) is not None
    record_happened(
        sending.pk,
        "clicked",
        key=f"{clicked.number}:{'bot' if bot else 'human'}",
        link=clicked.number,
        bot=bot,
        at=now,
        now=now,
    )
    if bot and others:
        _suspect(sending, now)
    link = links[clicked.number]
    if "{{" not in link and "{%" not in link:
        return build_address(link, {})
    return build_address(link, _list_own_values(sending, content, now))


def _count_others(sending: Sending, number: int, now: datetime) -> int:
    """How many other links of this message were followed a moment ago."""
    just_now = Happened.objects.filter(sending=sending, kind="clicked", at__gte=now - _ALL_WITHIN)
    return just_now.exclude(link=number).values("link").distinct().count()


def _suspect(sending: Sending, now: datetime) -> None:
    """The clicks just before belong to the same machine, as is seen only now."""
    Happened.objects.filter(sending=sending, kind="clicked", bot=False, at__gte=now - _ALL_WITHIN).update(
        bot=True
    )


def _list_own_values(sending: Sending, content: TemplateContent, now: datetime) -> dict[str, object]:
    if sending.customer_id is None:
        return dict(sending.values)
    offered = tuple(code for code, text in content.texts if not text.is_empty)
    found = list_values([sending.customer_id], offered=offered, now=now).get(sending.customer_id)
    return {**(found.values if found else {}), **sending.values}


def is_scanner(address: str | None) -> bool:
    """Whether a network address is one from which mail is scanned for harm."""
    try:
        told = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    return any(told.version == network.version and told in network for network in _SCANNERS)


# Address ranges that mail scanners publish as theirs: Microsoft 365 (Exchange Online Protection), Mimecast, Proofpoint,
# Barracuda. They change; one that is missing costs nothing but a click that seems to be a person's.
_SCANNERS = tuple(
    ipaddress.ip_network(told)
    for told in (
        "40.92.0.0/15", "40.107.0.0/16", "52.100.0.0/14", "104.47.0.0/17", "2a01:111:f400::/48", "2a01:111:f403::/48",
        "207.211.30.0/24", "205.139.110.0/24", "91.220.42.0/24", "195.130.217.0/24", "146.101.78.0/24",
        "67.231.144.0/20", "148.163.128.0/19", "185.132.180.0/22", "64.235.144.0/20", "209.222.80.0/21",
    )
)  # fmt: skip
