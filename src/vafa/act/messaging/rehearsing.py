"""What would become of a message at a moment: by the same gate and the same accounts that decide when it is sent."""

from collections.abc import Sequence
from datetime import datetime

from vafa.act.messaging.carrying import Shut, look_for_way
from vafa.act.messaging.gate import decide_many
from vafa.act.messaging.types import Go, Held, Rehearsal, Wait


def rehearse(
    customer_ids: Sequence[int],
    *,
    channel: str,
    purpose: str,
    festive: bool = False,
    trial: str = "",
    account_id: int | None = None,
    not_after: datetime | None = None,
    now: datetime,
) -> Rehearsal:
    """Who of these kept customers would get a message by a channel if it went out now, in the order in which they are
    told, and who is held back and why. Of those whom nothing else holds back, all wait where no account may send; the
    rates of accounts only tell how long it takes, and hold nobody back here."""
    verdicts = decide_many(
        list(customer_ids), channel=channel, purpose=purpose, festive=festive, answers=False, trial=trial,
        not_after=not_after, now=now,
    )  # fmt: skip
    way = look_for_way(channel, purpose, account_id, now)
    shut = way if isinstance(way, Shut) and way.why != "rate" else None
    held: list[Held] = []
    for pk, verdict in verdicts.items():
        if isinstance(verdict, Wait):
            held.append(Held(pk, "waits", verdict.why, verdict.until))
        elif not isinstance(verdict, Go):
            held.append(Held(pk, "never", verdict.why))
        elif shut is not None:
            held.append(Held(pk, "waits", shut.why, shut.until))
    return Rehearsal({channel: len(verdicts) - len(held)}, tuple(held))
