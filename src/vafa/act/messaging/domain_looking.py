"""Looking up what the domain of a mail account says of who may send in its name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.act.messaging.domain_rules import (
    USUAL_SELECTORS,
    Verdict,
    is_selector,
    judge_dkim,
    judge_dmarc,
    judge_spf,
    list_dmarc_names,
)
from vafa.act.messaging.models import Account
from vafa.act.messaging.types import NoSuchMessage
from vafa.kit.audit import record
from vafa.kit.dns_lookup import look_up
from vafa.kit.errors import AskedWrongly


@dataclass(frozen=True)
class Domain:
    """A mail account's sender and server, as the name system is asked about them; `selector` "": nobody told it."""

    domain: str
    sender: str
    host: str
    selector: str


@dataclass(frozen=True)
class DomainState:
    """What was found: a verdict on each of the three, or `problem`, why nobody answered (as `dns_lookup.Found`)."""

    verdicts: tuple[Verdict, ...] = ()
    problem: str = ""


def get_domain(account: Account) -> Domain | None:
    """The domain by which an account sends mails; None where it sends none."""
    sender = str(account.settings.get("sender_address", ""))
    domain = sender.rpartition("@")[2].strip().lower().rstrip(".")
    if account.channel != "email" or "@" not in sender or not domain:
        return None
    return Domain(
        domain,
        sender,
        str(account.settings.get("host", "")),
        str(account.settings.get("dkim_selector", "")),
    )


def look_at_domain(told: Domain) -> DomainState:
    """Ask the name servers; a few seconds at most. Raises nothing."""
    selectors = (told.selector,) if told.selector else USUAL_SELECTORS
    keys = {one: f"{one}._domainkey.{told.domain}" for one in selectors}
    rules = list_dmarc_names(told.domain)
    found = look_up([told.domain, *rules, *keys.values()])
    if problem := found[told.domain].problem:
        return DomainState(problem=problem)
    if not found[told.domain].exists:
        return DomainState(problem="no_such_domain")
    verdicts = [judge_spf(told.domain, told.host, found[told.domain].texts)]
    missing = {name for name, one in found.items() if one.problem}
    verdicts.append(
        Verdict("dkim", "unknown", "not_answered", "", keys[selectors[0]])
        if missing.issuperset(keys.values())
        else judge_dkim(told.domain, told.selector, {one: found[name].texts for one, name in keys.items()})
    )
    verdicts.append(
        Verdict("dmarc", "unknown", "not_answered", "", rules[0])
        if missing.issuperset(rules)
        else judge_dmarc(told.domain, told.sender, {name: found[name].texts for name in rules})
    )
    return DomainState(tuple(verdicts))


@transaction.atomic
def keep_selector(account_id: int, selector: str, *, by: Any, now: datetime) -> None:
    """Remember under which name an account's domain keeps its DKIM key ("": nobody knows). Raises AskedWrongly and
    NoSuchMessage."""
    told = selector.strip().lower()
    if told and not is_selector(told):
        raise AskedWrongly(
            _("“%(selector)s” is no DKIM selector.") % {"selector": told[:60]},
            _("It is one word such as “mail”, told by whoever runs the mail server."),
            code="no_selector",
        )
    account = Account.objects.select_for_update().filter(pk=account_id, removed_at=None).first()
    if account is None:
        raise NoSuchMessage(_("There is no such sending account any more."))
    account.settings = account.settings | {"dkim_selector": told}
    account.save(update_fields=["settings"])
    record("account.changed", by=by, now=now, subject=f"account:{account_id}", fields=["dkim_selector"])
