"""What the timetable and the outside do with what comes in."""

from collections.abc import Mapping
from datetime import datetime

from vafa.act.messaging.hooks import find_by_hook_token, read_hook
from vafa.act.messaging.incoming import forget_old, take_told, work_off
from vafa.act.messaging.listening import listen
from vafa.act.messaging.people import settle_people

MOST_ROUNDS = 50


def take_call(
    token: str,
    query: str,
    body: bytes,
    content_type: str,
    *,
    headers: Mapping[str, str] | None = None,
    now: datetime,
) -> bool:
    """Take what a provider tells at an account's own address; False where there is no such address."""
    account = find_by_hook_token(token)
    if account is None:
        return False
    take_told(account, read_hook(account, query, body, content_type, headers), now=now)
    return True


def hear(now: datetime) -> int:
    """Ask providers what came in, place what could not be placed, and tell the ledger what people did; how much was
    done."""
    done = listen(now) + work_off(now)
    for _round in range(MOST_ROUNDS):
        settled = settle_people(now)
        done += settled
        if not settled:
            break
    return done


def forget_what_came(now: datetime) -> int:
    """Forget what came in long ago; how much."""
    return forget_old(now)
