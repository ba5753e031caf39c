"""Whether a click was a machine's: facts in, the reason out."""

import re
from dataclasses import dataclass
from datetime import timedelta

# Faster than this after the message was taken nobody has read it.
READ_WITHIN = timedelta(seconds=5)
_MACHINES = re.compile(
    r"bot\b|bot[/;]|crawl|spider|slurp|scan|preview|fetch|monitor|headless|phantom|python|curl|wget|java/|go-http|okhttp"
    r"|httpclient|libwww|axios|node|ruby|perl|facebookexternalhit|whatsapp|telegrambot|bingpreview|googleimageproxy"
    r"|yahoomailproxy|barracuda|mimecast|proofpoint|safelinks|urldefense|trendmicro|symantec|fortinet|checkpoint",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ClickFacts:
    """What is known of a click: `since_sent` None where the message is not known to have been taken, `other_links` how
    many other links of the same message were followed a moment before, of `links` that it has."""

    method: str
    agent: str
    from_scanner: bool
    since_sent: timedelta | None
    other_links: int
    links: int


def decide_bot(facts: ClickFacts) -> str | None:
    """Why a click seems a machine's ("method", "agent", "network", "at_once", "every_link"); None for a person's."""
    if facts.method != "GET":
        return "method"
    if not facts.agent.strip() or _MACHINES.search(facts.agent):
        return "agent"
    if facts.from_scanner:
        return "network"
    if facts.since_sent is None or facts.since_sent < READ_WITHIN:
        return "at_once"
    if facts.links > 1 and facts.other_links >= min(facts.links - 1, 3):
        return "every_link"
    return None
