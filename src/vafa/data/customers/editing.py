"""Changing a customer by hand: each field with what was there before and after, so that it can be undone.

The audit says which fields; the values stand in `FieldChange`, which the erasure walks.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.customers.models import ContactPoint, Customer, FieldChange, Profile
from vafa.data.customers.searching import list_phone_forms
from vafa.data.customers.types import EDITABLE, ChangedMeanwhile, ChangedSince, CustomerGone, PointUnusable
from vafa.data.log.actions import add_happening, take_numbers
from vafa.kit.audit import record
from vafa.kit.bulk import update_rows
from vafa.kit.locale.collation import sort_key
from vafa.kit.locale.letters import fold_name, strip_titles

CUSTOM = "custom:"
POINT = "point:"
PREFERRED = "preferred:"
BATCH = 500
_PROFILE = ("channel", "language", "interests")
_LENGTHS = {"name": 300, "title": 60, "company": 300, "location": 200, "channel": 10, "language": 10}
_MOST_WORDS, _LONGEST_WORD = 50, 60
# A chat with a bot: the id of its sending account, and the chat's own.
_CHAT = re.compile(r"[1-9][0-9]{0,9}:-?[0-9]{1,20}", re.ASCII)


@transaction.atomic
def change_customer(
    customer_id: int,
    told: Mapping[str, Any],
    *,
    by: Any,
    now: datetime,
    language: str = "en",
    seen: Mapping[str, str] | None = None,
) -> list[str]:
    """Set fields of a customer (EDITABLE, and "custom:<name>" with the text of a value, "" for none); the names of
    those that were not so before. `language` is the business's, in whose order names are sorted.

    With `seen` (the `mark_fields` of what stood there when somebody began to write) what they left as it was is left
    alone, so that newer changes stay; where both they and somebody else changed a field, ChangedMeanwhile is raised
    and nothing is written."""
    customer = _get(customer_id)
    if seen is not None:
        told = _keep_newer(customer, told, seen)
    changed = _apply(customer, told, language)
    if changed:
        batch = uuid.uuid4().hex
        FieldChange.objects.bulk_create(
            FieldChange(customer=customer, at=now, by=by, field=name, before=before, after=after, batch=batch)
            for name, (before, after) in changed.items()
        )
        _tell(customer_id, sorted(changed), by, now)
    return sorted(changed)


def mark_fields(customer: Customer, names: Iterable[str]) -> dict[str, str]:
    """A short mark of the value of each field, by which a later change is known."""
    return {name: _mark(get_field(customer, name)) for name in names}


def _mark(value: Any) -> str:
    text = json.dumps(value or None, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _keep_newer(customer: Customer, told: Mapping[str, Any], seen: Mapping[str, str]) -> dict[str, Any]:
    """What of it is a change of theirs. Raises ChangedMeanwhile."""
    wanted = {name: _mark(_settle(name, value)) for name, value in told.items()}
    own = {name: value for name, value in told.items() if wanted[name] != seen.get(name)}
    there = mark_fields(customer, own)
    both = [name for name in own if name in seen and there[name] not in (seen[name], wanted[name])]
    if both:
        raise ChangedMeanwhile(
            _("Somebody else has changed the same meanwhile."),
            _("Look at both, and save again what shall stay."),
            {name: get_field(customer, name) for name in both},
        )
    return own


def get_field(customer: Customer, name: str) -> Any:
    """The value of one field as JSON holds it."""
    if name.startswith(CUSTOM):
        return str(customer.custom.get(name.removeprefix(CUSTOM), ""))
    if name in _PROFILE:
        profile = Profile.objects.filter(customer=customer).first() or Profile()
        return getattr(profile, name)
    value = customer.owner_id if name == "owner" else getattr(customer, name)
    return value.isoformat() if isinstance(value, date) else value


def _apply(customer: Customer, told: Mapping[str, Any], language: str) -> dict[str, tuple[Any, Any]]:
    """Set what differs; field -> (before, after)."""
    changed: dict[str, tuple[Any, Any]] = {}
    profile, has_profile = None, False
    if told.get("name"):
        title, bare = strip_titles(str(told["name"]))
        told = {**told, "name": bare}
        if title and not (told.get("title") or customer.title):
            told["title"] = title
    for name, value in told.items():
        if name not in EDITABLE and not name.startswith(CUSTOM):
            raise ValueError(name)
        after = _settle(name, value)
        before = get_field(customer, name)
        if before == after or (not before and not after):
            continue
        changed[name] = (before, after)
        if name in _PROFILE:
            profile = (
                profile or Profile.objects.filter(customer=customer).first() or Profile(customer=customer)
            )
            setattr(profile, name, after)
            has_profile = True
        else:
            _set(customer, name, after, language)
    if changed:
        customer.seq = take_numbers(1)
        customer.save()
    if has_profile and profile is not None:
        profile.save()
    return changed


def _settle(name: str, value: Any) -> Any:
    """A value as it is kept."""
    if name in ("tags", "interests"):
        words = (" ".join(str(word).split())[:_LONGEST_WORD] for word in value or ())
        return list(dict.fromkeys(word for word in words if word))[:_MOST_WORDS]
    if isinstance(value, date):
        return value.isoformat()
    if name in ("birthday", "owner"):
        return value or None
    text = str(value or "").strip()
    return text if name.startswith(CUSTOM) else " ".join(text.split())[: _LENGTHS[name]]


def _set(customer: Customer, name: str, value: Any, language: str) -> None:
    if name.startswith(CUSTOM):
        own = name.removeprefix(CUSTOM)
        rest = {key: old for key, old in customer.custom.items() if key != own}
        customer.custom = rest | ({own: value} if value else {})
    elif name == "owner":
        customer.owner_id = value
    elif name == "birthday":
        customer.birthday = date.fromisoformat(value) if value else None
    elif name == "name":
        customer.name = value
        customer.name_folded, customer.sort_key = fold_name(value)[:300], sort_key(value, language)[:300]
    else:
        setattr(customer, name, value)


@transaction.atomic
def undo_field_change(change_id: int, *, by: Any, now: datetime, language: str = "en") -> FieldChange:
    """Put one field back as it was. Raises ChangedSince where it is not as that change left it."""
    change = FieldChange.objects.select_related("customer").filter(pk=change_id, undone_at=None).first()
    if change is None:
        raise ChangedSince(_("This was undone already."), _("Open the changes again."))
    if not _undo(change, language):
        raise ChangedSince(
            _("It has changed again since."), _("Undo the newer change first, or write it anew.")
        )
    change.undone_at = now
    change.save(update_fields=["undone_at"])
    record(
        "customer.change_undone",
        by=by,
        now=now,
        subject=f"customer:{change.customer_id}",
        fields=[change.field],
    )
    return change


def _undo(change: FieldChange, language: str) -> bool:
    customer = change.customer
    if change.field.startswith(POINT):
        return _undo_point(change)
    if change.field.startswith(PREFERRED):
        kind = change.field.removeprefix(PREFERRED)
        return _prefer(customer, kind, change.before or "", change.after or "")
    now_there = get_field(customer, change.field)
    if (now_there or None) != (change.after or None):
        return False
    _apply(customer, {change.field: change.before}, language)
    return True


def undo_batch(
    batch: str,
    *,
    by: Any,
    now: datetime,
    language: str = "en",
    tell: Callable[[], None] | None = None,
    owner_id: int | None = None,
) -> int:
    """Undo what one act changed at many customers, where it is still as that act left it; how many. `tell` is called
    in each transaction; with `owner_id` only of the customers whom this member of staff looks after."""
    undone, last = 0, 0
    while True:
        with transaction.atomic():
            if tell is not None:
                tell()
            found = FieldChange.objects.filter(batch=batch, undone_at=None, pk__gt=last).order_by("pk")
            if owner_id is not None:
                found = found.filter(customer__owner_id=owner_id)
            rows = list(found.select_related("customer")[:BATCH])
            if not rows:
                break
            last = rows[-1].pk
            done = [row for row in rows if _undo(row, language)]
            FieldChange.objects.filter(pk__in=[row.pk for row in done]).update(undone_at=now)
            undone += len(done)
    if undone:
        record("customers.change_undone", by=by, now=now, subject=batch, changed=undone)
    return undone


def change_many(
    ids: Collection[int],
    decide: Callable[[Customer], dict[str, Any]],
    what: str,
    *,
    by: Any,
    now: datetime,
    **details: Any,
) -> tuple[int, str]:
    """Change the tags or owners of many customers, at most 500 in a transaction: `decide` says what each one's shall
    be. How many changed, and the batch by which it can be undone."""
    batch, changed = uuid.uuid4().hex, 0
    listed = sorted(ids)
    for start in range(0, len(listed), BATCH):
        with transaction.atomic():
            changed += change_piece(listed[start : start + BATCH], decide, batch, by=by, now=now)
    if changed:
        record(what, by=by, now=now, subject=batch, changed=changed, **details)
    return changed, batch


def change_piece(
    ids: Collection[int],
    decide: Callable[[Customer], dict[str, Any]],
    batch: str,
    *,
    by: Any,
    now: datetime,
) -> int:
    """Change the tags or owners of a few hundred customers, as part of a batch; how many changed. Call it in a
    transaction; the batch is told to the audit by whoever ends it."""
    changes: list[FieldChange] = []
    touched: list[Customer] = []
    for customer in Customer.objects.filter(pk__in=ids):
        told = {
            name: (get_field(customer, name), _settle(name, value))
            for name, value in decide(customer).items()
        }
        own = {name: pair for name, pair in told.items() if pair[0] != pair[1]}
        for name, (before, after) in own.items():
            _set(customer, name, after, "en")
            changes.append(
                FieldChange(
                    customer=customer, at=now, by=by, field=name, before=before, after=after, batch=batch
                )
            )
        if own:
            touched.append(customer)
    if touched:
        first = take_numbers(len(touched))
        # Django's bulk_update would make one expression of each value.
        rows = [
            (json.dumps(customer.tags), customer.owner_id, first + n, customer.pk)
            for n, customer in enumerate(touched)
        ]
        update_rows("customers_customer", ("tags", "owner_id", "seq"), rows)
        FieldChange.objects.bulk_create(changes)
    return len(touched)


@transaction.atomic
def add_point(
    customer_id: int, kind: str, typed: str, *, region: str, by: Any, now: datetime
) -> ContactPoint:
    """Add a way to reach a customer. Raises PointUnusable."""
    customer = _get(customer_id)
    value = settle_point(kind, typed, region)
    if ContactPoint.objects.filter(customer=customer, kind=kind, value=value).exists():
        raise PointUnusable(_("It is there already."), "", field="value")
    point = ContactPoint.objects.create(customer=customer, kind=kind, value=value, typed=typed.strip()[:320])
    _note(customer, f"{POINT}{kind}", "", value, by, now)
    return point


@transaction.atomic
def change_point(point_id: int, typed: str, *, region: str, by: Any, now: datetime) -> ContactPoint:
    """Write a number or an address anew. Raises PointUnusable and CustomerGone."""
    point = _get_point(point_id)
    value, before = settle_point(point.kind, typed, region), point.value
    if value == before:
        return point
    if ContactPoint.objects.filter(customer=point.customer, kind=point.kind, value=value).exists():
        raise PointUnusable(_("It is there already."), "", field="value")
    point.value, point.typed = value, typed.strip()[:320]
    point.save(update_fields=["value", "typed"])
    _note(point.customer, f"{POINT}{point.kind}", before, value, by, now)
    return point


@transaction.atomic
def remove_point(point_id: int, *, by: Any, now: datetime) -> None:
    """Take a way to reach a customer away. Raises CustomerGone."""
    point = _get_point(point_id)
    point.delete()
    _note(point.customer, f"{POINT}{point.kind}", point.value, "", by, now)


@transaction.atomic
def prefer_point(point_id: int, *, by: Any, now: datetime) -> None:
    """Let one number, or one address, be the one to use first. Raises CustomerGone."""
    point = _get_point(point_id)
    own = ContactPoint.objects.filter(customer=point.customer, kind=point.kind)
    before = own.filter(preferred=True).values_list("value", flat=True).first() or ""
    if before == point.value:
        return
    own.update(preferred=False)
    own.filter(pk=point.pk).update(preferred=True)
    _note(point.customer, f"{PREFERRED}{point.kind}", before, point.value, by, now)


def settle_point(kind: str, typed: str, region: str) -> str:
    """A number as E.164, an address in lower case, a chat with a bot (its account's id and the chat's). Raises
    PointUnusable."""
    bare = typed.strip()
    if kind == "phone":
        forms = list_phone_forms(bare, region)
        if not forms:
            raise PointUnusable(
                _("That is not a phone number."), _("Write it with its area or country code."), field="value"
            )
        return forms[0]
    if kind == "email":
        try:
            EmailValidator()(bare)
        except ValidationError:
            raise PointUnusable(
                _("That is not an e-mail address."), _("Correct it, or leave it empty."), field="value"
            ) from None
        return bare.lower()
    if kind == "messenger" and _CHAT.fullmatch(bare):
        return bare
    raise PointUnusable(_("There is no such way to reach somebody."), "", field="kind")


def _undo_point(change: FieldChange) -> bool:
    kind, before, after = change.field.removeprefix(POINT), change.before or "", change.after or ""
    own = ContactPoint.objects.filter(customer=change.customer, kind=kind)
    if before and own.filter(value=before).exists():
        return False
    if not after:
        ContactPoint.objects.create(customer=change.customer, kind=kind, value=before, typed=before)
    else:
        point = own.filter(value=after).first()
        if point is None:
            return False
        if before:
            point.value = point.typed = before
            point.save(update_fields=["value", "typed"])
        else:
            point.delete()
    Customer.objects.filter(pk=change.customer_id).update(seq=take_numbers(1))
    return True


def _prefer(customer: Customer, kind: str, before: str, after: str) -> bool:
    own = ContactPoint.objects.filter(customer=customer, kind=kind)
    if not own.filter(value=after, preferred=True).exists():
        return False
    own.update(preferred=False)
    own.filter(value=before).update(preferred=True)
    return True


def list_field_changes(customers: Iterable[int], count: int) -> list[FieldChange]:
    """What was last changed by hand at these customers, the newest first."""
    found = FieldChange.objects.filter(customer__in=list(customers)).select_related("by")
    return list(found.order_by("-pk")[:count])


def find_field_change(change_id: int) -> FieldChange | None:
    """One change, or None."""
    return FieldChange.objects.filter(pk=change_id).first()


def _get(customer_id: int) -> Customer:
    customer = Customer.objects.filter(pk=customer_id).first()
    if customer is None:
        raise CustomerGone(_("There is no such customer any more."), "")
    return customer


def _get_point(point_id: int) -> ContactPoint:
    point = ContactPoint.objects.select_related("customer").filter(pk=point_id).first()
    if point is None:
        raise CustomerGone(_("It is not there any more."), _("Open the customer file again."))
    return point


def _note(customer: Customer, field: str, before: str, after: str, by: Any, now: datetime) -> None:
    """Keep what changed of the ways to reach somebody, and let followers look again."""
    FieldChange.objects.create(
        customer=customer, at=now, by=by, field=field, before=before, after=after, batch=uuid.uuid4().hex
    )
    Customer.objects.filter(pk=customer.pk).update(seq=take_numbers(1))
    _tell(customer.pk, [field], by, now)


def _tell(customer_id: int, fields: list[str], by: Any, now: datetime) -> None:
    # A field of the business's own may be called by whatever people wrote; all others have fixed names.
    record("customer.changed", by=by, now=now, subject=f"customer:{customer_id}", fields=fields)
    add_happening("customer_changed", at=now, now=now, live=True, subject=customer_id, customer=customer_id)
