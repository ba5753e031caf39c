"""When sending accounts were paused, why and for how long, as the audit trail tells."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from vafa.kit.audit import list_entries

_PAUSED, _RESUMED = "account.paused", "account.resumed"
MOST_EACH = 20


@dataclass(frozen=True)
class Pause:
    """One pause of an account; `until` is None while it goes on, `by` "" where the account paused by itself."""

    since: datetime
    until: datetime | None
    why: str
    by: str = ""
    ended_by: str = ""


def list_pauses(account_ids: Collection[int]) -> dict[int, list[Pause]]:
    """The pauses of each of these accounts, the newest first, at most twenty."""
    return {pk: _list_pauses(pk) for pk in account_ids}


def _list_pauses(account_id: int) -> list[Pause]:
    entries = list_entries().filter(action__in=(_PAUSED, _RESUMED), subject=f"account:{account_id}")
    found: list[Pause] = []
    ended, ended_by = None, ""
    for one in entries.order_by("-pk")[: MOST_EACH * 2]:
        by = str(one.staff) if one.staff else ""
        if one.action == _RESUMED:
            ended, ended_by = one.at, by
        else:
            found.append(Pause(one.at, ended, str(one.details.get("why", "")), by, ended_by))
            ended, ended_by = None, ""
    return found
