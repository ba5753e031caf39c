"""Taking one customer for another, with the values of both that shall stay, and taking that back.

Facts keep their own customer's id; a merge is an alias, and a row of how it came about.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from vafa.data.customers.models import Customer, Double, Merge
from vafa.data.log.actions import add_happening, take_numbers
from vafa.kit.audit import record
from vafa.kit.errors import VafaError

# The fields of which one value is chosen; with the name go what is made of it, and its title.
FIELDS = ("name", "company", "birthday", "location", "joined_on", "owner")
_WITH_NAME = ("title", "name_folded", "sort_key")
CUSTOM = "custom."


class AlreadyMerged(VafaError):
    """The customer counts as another one already, perhaps since a moment ago."""

    code = "already_merged"


class SameCustomer(VafaError):
    """Both are one customer already, or would count as themselves in a circle."""

    code = "same_customer"


class NotMerged(VafaError):
    """The customer stands alone, perhaps since a moment ago."""

    code = "not_merged"


@transaction.atomic
def merge_customers(
    merged: int, kept: int, *, by: Any, now: datetime, take: Collection[str] = (), batch: str = ""
) -> Merge:
    """From now on the figures take `merged` for `kept`. Facts keep their own customer, so it can be undone.

    `take` names the fields (of FIELDS, or "custom." and a name) whose value the kept one takes from the other; tags are
    put together. Raises AlreadyMerged and SameCustomer.
    """
    # Whoever merges holds the counter until the end: two who merge the same pair come one after the other.
    first = take_numbers(1)
    target = Customer.objects.get(pk=kept)
    if target.kept_id:
        target = Customer.objects.get(pk=target.kept_id)
    away = Customer.objects.get(pk=merged)
    if target.pk == away.pk:
        raise SameCustomer(_("These two are one customer already."))
    if away.kept_id is not None:
        if away.kept_id == target.pk:
            raise SameCustomer(_("These two are one customer already."))
        raise AlreadyMerged(
            _("This customer has been taken for another one meanwhile."), _("Take that apart first.")
        )
    before = _take_values(target, away, take)
    moved = list(Customer.objects.filter(Q(pk=merged) | Q(kept_id=merged)).order_by("pk"))
    for number, customer in enumerate(moved, start=take_numbers(len(moved))):
        customer.kept_id, customer.seq = target.pk, number
        customer.save(update_fields=["kept", "seq"])
    if before:
        target.seq = first
        target.save(update_fields=[*(column.removesuffix("_id") for column in before), "seq"])
    made = Merge.objects.create(
        merged_id=merged, kept=target, before=before, batch=batch, at=now, by=_get_staff(by)
    )
    _settle(merged, target.pk, "merged", by=by, now=now)
    add_happening("customer_merged", at=now, now=now, live=True, subject=target.pk, merged=merged)
    record("customer.merged", by=by, now=now, subject=str(merged), kept=target.pk, fields=sorted(before))
    return made


def _get_staff(by: Any) -> Any:
    return by if getattr(by, "pk", None) else None


def list_missing(kept: Customer, merged: Customer) -> list[str]:
    """The fields that one customer lacks and the other has: what a merge takes unless somebody chooses."""
    fields = [name for name in FIELDS if not getattr(kept, _column(name)) and getattr(merged, _column(name))]
    return fields + [CUSTOM + name for name in merged.custom if kept.custom.get(name) in (None, "")]


def _column(name: str) -> str:
    return "owner_id" if name == "owner" else name


def _take_values(kept: Customer, merged: Customer, take: Collection[str]) -> dict[str, list[Any]]:
    """Give the kept customer the chosen values; column -> [as it was, as it is], of those that changed."""
    changed: dict[str, list[Any]] = {}

    def put(column: str, value: Any) -> None:
        was = getattr(kept, column)
        if was != value:
            changed[column] = [_plain(was), _plain(value)]
            setattr(kept, column, value)

    for name in FIELDS:
        if name in take:
            put(_column(name), getattr(merged, _column(name)))
    if "name" in take:
        for column in _WITH_NAME:
            put(column, getattr(merged, column))
    chosen = {name: merged.custom[name] for name in merged.custom if CUSTOM + name in take}
    if chosen:
        put("custom", kept.custom | chosen)
    if take:
        put("tags", [*kept.tags, *(tag for tag in merged.tags if tag not in kept.tags)])
    return changed


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def unmerge_customer(merged: int, *, by: Any, now: datetime, are_two: bool = True) -> None:
    """Take a merge back: the customer stands alone again, and with it those who had been merged into it before.

    The kept one gets its own values back where nobody has changed them since. With `are_two` they are not proposed as
    doubles again. Raises NotMerged.
    """
    take_numbers(1)
    customer = Customer.objects.get(pk=merged)
    if customer.kept_id is None:
        raise NotMerged(_("These two have been taken apart already."))
    kept_id = customer.kept_id
    made = Merge.objects.filter(merged_id=merged, undone_at=None).order_by("-pk").first()
    back = _list_brought(merged, kept_id)
    number = take_numbers(1 + len(back))
    customer.kept_id, customer.seq = None, number
    customer.save(update_fields=["kept", "seq"])
    for place, one in enumerate(back, start=1):
        one.kept_id, one.seq = merged, number + place
        one.save(update_fields=["kept", "seq"])
    if made is not None:
        made.undone_at, made.undone_by = now, _get_staff(by)
        made.save(update_fields=["undone_at", "undone_by"])
        _give_back(made)
    _settle(merged, kept_id, "different" if are_two else "open", by=by, now=now)
    add_happening("customer_unmerged", at=now, now=now, live=True, subject=merged, kept=kept_id)
    record("customer.unmerged", by=by, now=now, subject=str(merged), kept=kept_id)


def _list_brought(merged: int, kept: int) -> list[Customer]:
    """Those who count as the kept one only because they had been merged into this one first."""
    made = Merge.objects.filter(merged__kept_id=kept, undone_at=None).exclude(merged_id=merged)
    newest = dict(made.order_by("pk").values_list("merged_id", "kept_id"))
    return list(Customer.objects.filter(pk__in=[pk for pk, into in newest.items() if into == merged]))


def _give_back(made: Merge) -> None:
    """Put the kept customer's values back that the merge changed, where they still are what it made of them."""
    if not made.before:
        return
    kept = Customer.objects.get(pk=made.kept_id)
    back = {
        column: was
        for column, (was, became) in made.before.items()
        if _plain(getattr(kept, column)) == became
    }
    for column, value in back.items():
        setattr(
            kept,
            column,
            date.fromisoformat(value) if column in ("birthday", "joined_on") and value else value,
        )
    if back:
        kept.seq = take_numbers(1)
        kept.save(update_fields=[*(column.removesuffix("_id") for column in back), "seq"])


def _settle(one: int, other: int, state: str, *, by: Any, now: datetime) -> None:
    """Note on the proposal of a pair what became of it; a pair taken apart by hand is remembered as two."""
    first, second = sorted((one, other))
    decided = {"state": state, "decided_at": now, "decided_by": _get_staff(by)}
    if state == "different":
        made = decided | {"score": 0, "found_at": now}
        Double.objects.update_or_create(
            first_id=first, second_id=second, defaults=decided, create_defaults=made
        )
    else:
        Double.objects.filter(first_id=first, second_id=second).update(**decided)


@transaction.atomic
def keep_apart(first: int, second: int, *, by: Any, now: datetime) -> None:
    """Remember that two customers are two persons."""
    _settle(first, second, "different", by=by, now=now)
    record("customer.kept_apart", by=by, now=now, subject=str(first), other=second)


@transaction.atomic
def reopen_double(first: int, second: int, *, by: Any, now: datetime) -> None:
    """Take back that two customers are two persons; the next look proposes them again."""
    found = Double.objects.filter(
        first_id=min(first, second), second_id=max(first, second), state="different"
    )
    found.filter(score=0).delete()
    found.update(state="open", decided_at=None, decided_by=None)
    record("customer.reopened", by=by, now=now, subject=str(first), other=second)


def merge_pairs(pairs: Collection[tuple[int, int]], *, by: Any, now: datetime, batch: str) -> int:
    """Merge many pairs, keeping the older of each, with what it lacks taken from the other; how many were merged.

    Each in a transaction of its own. Those that somebody has merged meanwhile are passed over; a chain ends as one.
    """
    done = 0
    for first, second in pairs:
        try:
            with transaction.atomic():
                people = Customer.objects.in_bulk([first, second])
                kept = people[people[first].kept_id] if people[first].kept_id in people else people[first]
                take = list_missing(kept, people[second])
                merge_customers(second, first, by=by, now=now, take=take, batch=batch)
        except (AlreadyMerged, SameCustomer, KeyError):
            continue
        done += 1
    return done


def unmerge_batch(batch: str, *, by: Any, now: datetime) -> int:
    """Take back all merges of one click that still stand, the newest first; how many."""
    done = 0
    made = (
        Merge.objects.filter(batch=batch, undone_at=None).order_by("-pk") if batch else Merge.objects.none()
    )
    for one in list(made):
        try:
            unmerge_customer(one.merged_id, by=by, now=now, are_two=False)
        except NotMerged:
            continue
        done += 1
    return done
