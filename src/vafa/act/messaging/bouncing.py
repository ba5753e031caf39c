"""Mail that came back: reading the mailboxes of the accounts that name one, and letting addresses rest that say
"not now"."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from vafa.act.messaging.accounts import read_secrets
from vafa.act.messaging.bounce_reading import Bounce, BounceKind, read_bounce
from vafa.act.messaging.channel_models import Listening
from vafa.act.messaging.channels.mailbox import find_mailbox, read_mailbox, try_mailbox
from vafa.act.messaging.incoming import MailReport, ReportState, take_told
from vafa.act.messaging.models import Account, Happened
from vafa.kit.errors import AskedWrongly

_MONTH = timedelta(days=30)
_LONGEST_REST = 16
_STATES: dict[BounceKind, ReportState] = {
    "hard": "bounced",
    "soft": "bounced",
    "refused": "undelivered",
    "complained": "complained",
    "delivered": "delivered",
}


class NoMailbox(AskedWrongly):
    """The account names no mailbox to which mail comes back."""

    code = "no_mailbox"


def hear_mailbox(account: Account, now: datetime) -> int:
    """Read what came back to an account; how much is news. Raises MailboxClosed."""
    mailbox = find_mailbox(account.settings, read_secrets(account))
    if mailbox is None:
        return 0
    row, _made = Listening.objects.get_or_create(account=account)
    cursor, raws = read_mailbox(mailbox, row.cursor, now)
    found = [bounce for raw in raws if (bounce := read_bounce(raw)) is not None]
    news = take_told(account, [_build_report(one) for one in found], now=now)
    # What was taken is kept before the cursor moves on: cut off here, it is read again, and is no news then.
    Listening.objects.filter(account=account).update(cursor=cursor)
    return news


def try_mailbox_of(account: Account) -> None:
    """See whether the mailbox of an account opens. Raises NoMailbox, MailboxClosed."""
    mailbox = find_mailbox(account.settings, read_secrets(account))
    if mailbox is None:
        raise NoMailbox(_("No mailbox is entered to which mail comes back."))
    try_mailbox(mailbox)


def _build_report(bounce: Bounce) -> MailReport:
    detail = bounce.kind if bounce.kind in ("hard", "soft") else bounce.detail
    return MailReport(bounce.mail_id, _STATES[bounce.kind], detail)


def list_rests(customer_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """Until when nothing is sent to the contact points of these customers from which mail came back for now: a day
    after the first time in a month, and twice as long after each other time."""
    soft = Happened.objects.filter(
        kind="bounced", detail="soft", at__gt=now - _MONTH, sending__customer__in=list(customer_ids)
    )
    seen: dict[int, list[datetime]] = {}
    for point, at in soft.values_list("sending__point", "at"):
        if point is not None:
            seen.setdefault(point, []).append(at)
    ends = {
        point: max(ats) + timedelta(days=min(2 ** (len(ats) - 1), _LONGEST_REST))
        for point, ats in seen.items()
    }
    return {point: end for point, end in ends.items() if end > now}
