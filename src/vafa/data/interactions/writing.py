"""Writing down by hand: notes, calls, promises, remarks and reasons, each a fact like the imported ones, changed and
taken away by whoever wrote it, with what was there before."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.interactions.attachments import SentFile, check_files, keep_files, remove_contents
from vafa.data.interactions.models import Attachment, Interaction, Mention, Written, WrittenChange
from vafa.data.interactions.recording import INTERACTIONS, record_interactions
from vafa.data.interactions.topics import list_topics
from vafa.data.interactions.types import (
    KINDS,
    TOPIC_OF,
    Entry,
    EntryEmpty,
    EntryGone,
    EntryNotYours,
    EntryUnusable,
    PromiseState,
)
from vafa.data.log.actions import add_happening, get_hand_source
from vafa.data.log.recording import remove_facts
from vafa.kit.audit import record
from vafa.kit.permissions import Permission, may

LONGEST_TEXT = 20_000
LONGEST_OUTCOME = 200
KEEP_REMOVED = timedelta(days=30)
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


@transaction.atomic
def write_down(
    customer_id: int,
    entry: Entry,
    *,
    by: Any,
    now: datetime,
    mentions: Collection[int] = (),
    files: Sequence[SentFile] = (),
) -> Written:
    """Write something down about a customer. Raises EntryEmpty, EntryUnusable and AttachmentRefused."""
    entry = _settle(entry, has_files=bool(files))
    check_files(files)
    written = Written.objects.create(
        key=uuid.uuid4().hex,
        customer_id=customer_id,
        kind=entry.kind,
        author=by,
        written_at=now,
        topic=entry.topic,
        due_on=entry.due_on,
        state="open" if entry.kind == "promise" else "",
    )
    row = _record_fact(written, entry, now)
    Mention.objects.bulk_create(Mention(written=written, staff_id=staff, at=now) for staff in set(mentions))
    keep_files(written, files, now=now)
    _tell("interaction.written", written, by, now, entry.at or now, interaction=row)
    return written


@transaction.atomic
def change_entry(
    key: str,
    entry: Entry,
    *,
    by: Any,
    now: datetime,
    mentions: Collection[int] | None = None,
    files: Sequence[SentFile] = (),
    without: Collection[int] = (),
) -> Written:
    """Write something anew; its kind stays. `mentions` are all whom it calls by name (None: as before), `files` come
    to those that are there, the attachments of `without` go. Raises as `write_down` does, EntryGone and
    EntryNotYours."""
    written = _get_own(key, by)
    before = describe_entry(written)
    kept = written.attachments.exclude(pk__in=list(without))
    entry = _settle(replace(entry, kind=written.kind), has_files=bool(files) or kept.exists())
    check_files(files, already=kept.count())
    written.topic, written.due_on, written.changed_at = entry.topic, entry.due_on, now
    written.save(update_fields=["topic", "due_on", "changed_at"])
    _record_fact(written, entry, now)
    if mentions is not None:
        _set_mentions(written, set(mentions), now)
    gone = list(written.attachments.filter(pk__in=list(without)))
    remove_contents(file.place for file in gone)
    Attachment.objects.filter(pk__in=[file.pk for file in gone]).delete()
    keep_files(written, files, now=now)
    after = describe_entry(written)
    changed = sorted(name for name in after if after[name] != before.get(name))
    if changed:
        _note(written, "changed", by, now, before, after)
        record("interaction.changed", by=by, now=now, subject=_name(written), fields=changed, key=key)
    return written


@transaction.atomic
def remove_entry(key: str, *, by: Any, now: datetime) -> Written:
    """Take something written away; it can be put back for 30 days. Raises EntryGone and EntryNotYours."""
    written = _get_own(key, by)
    before = describe_entry(written)
    row = find_fact(written)
    if row is not None:
        remove_facts(INTERACTIONS, [row.pk])
    written.removed_at = now
    written.save(update_fields=["removed_at"])
    _note(written, "removed", by, now, before, {})
    record("interaction.removed", by=by, now=now, subject=_name(written), key=key, kind=written.kind)
    return written


@transaction.atomic
def restore_entry(key: str, *, by: Any, now: datetime) -> Written:
    """Put something back that was taken away. Raises EntryGone where it is there, or gone for good, and
    EntryNotYours."""
    written = Written.objects.filter(key=key).exclude(removed_at=None).first()
    change = None if written is None else written.changes.filter(what="removed").order_by("-pk").first()
    if written is None or change is None:
        raise EntryGone(_("It is not there any more."), _("Open the customer file again."))
    _check_own(written, by)
    written.removed_at = None
    written.save(update_fields=["removed_at"])
    _record_fact(written, _read_image(written, change.before), now)
    _note(written, "restored", by, now, {}, change.before)
    record("interaction.restored", by=by, now=now, subject=_name(written), key=key, kind=written.kind)
    return written


@transaction.atomic
def settle_promise(key: str, state: PromiseState, *, by: Any, now: datetime) -> Written:
    """Say that a promise was kept or broken, or that it is open again. Whoever may write notes may say so, whoever
    made it. Raises EntryGone."""
    written = Written.objects.filter(key=key, kind="promise", removed_at=None).first()
    if written is None:
        raise EntryGone(_("It is not there any more."), _("Open the customer file again."))
    before = written.state
    if before == state:
        return written
    written.state, written.settled_at = state, None if state == "open" else now
    written.save(update_fields=["state", "settled_at"])
    _note(written, "settled", by, now, {"state": before}, {"state": state})
    record("promise.settled", by=by, now=now, subject=_name(written), key=key, before=before, after=state)
    if state != "open":
        add_happening(f"promise.{state}", at=now, now=now, live=True, subject=written.customer_id, key=key)
    return written


def forget_removed(now: datetime) -> int:
    """Forget for good what was taken away long ago; how many went."""
    gone = 0
    while True:
        with transaction.atomic():
            old = Written.objects.filter(removed_at__lt=now - KEEP_REMOVED).order_by("pk")[:500]
            ids = [written.pk for written in old]
            if not ids:
                return gone
            remove_contents(Attachment.objects.filter(written__in=ids).values_list("place", flat=True))
            Written.objects.filter(pk__in=ids).delete()
            gone += len(ids)


def find_fact(written: Written) -> Interaction | None:
    """The interaction that belongs to something written."""
    source = get_hand_source("interactions")
    return Interaction.objects.filter(source=source, key=written.key).first()


def describe_entry(written: Written) -> dict[str, Any]:
    """All that is written, as values that JSON can hold: for what was before and after a change."""
    row = find_fact(written)
    return {
        "text": row.text if row else "",
        "day": row.day.isoformat() if row else "",
        "at": row.at.isoformat() if row and row.at else "",
        "outcome": row.outcome if row else "",
        "minutes": row.minutes if row else None,
        "topic": written.topic,
        "due_on": written.due_on.isoformat() if written.due_on else "",
        "files": sorted(written.attachments.values_list("name", flat=True)),
    }


def _read_image(written: Written, image: dict[str, Any]) -> Entry:
    return Entry(
        kind=written.kind,
        day=date.fromisoformat(image["day"]),
        at=datetime.fromisoformat(image["at"]) if image["at"] else None,
        text=image["text"],
        outcome=image["outcome"],
        minutes=image["minutes"],
        topic=written.topic,
        due_on=written.due_on,
    )


def _settle(entry: Entry, *, has_files: bool) -> Entry:
    """What is to be kept of an entry. Raises EntryEmpty and EntryUnusable."""
    if entry.kind not in KINDS:
        raise _refuse("kind", _("There is no such thing to write down."), _("Choose another kind."))
    text = entry.text.replace("\r\n", "\n").strip()
    topic_kind = TOPIC_OF.get(entry.kind)
    topic = entry.topic if topic_kind else ""
    if topic and topic_kind and topic not in {known.code for known in list_topics(topic_kind, archived=True)}:
        raise _refuse("topic", _("This choice is not there any more."), _("Choose another one."))
    is_talk = entry.kind in ("call", "meeting", "visit", "message")
    if not (text or has_files or topic or (is_talk and (entry.outcome or entry.minutes))):
        raise EntryEmpty(_("Nothing is written yet."), _("Write a few words."), field="text")
    if entry.kind == "promise" and not text:
        raise EntryEmpty(_("What was promised?"), _("Write a few words."), field="text")
    if entry.kind == "promise" and entry.due_on is None:
        raise _refuse("due_on", _("A promise needs the day it is due on."), _("Choose a day."))
    if len(text) > LONGEST_TEXT:
        raise _refuse("text", _("That is too long."), _("Cut it into two notes, or attach a file."))
    for name, day in (("day", entry.day), ("due_on", entry.due_on)):
        if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise _refuse(name, _("That day is too far away."), _("Choose another day."))
    return replace(
        entry,
        text=text,
        topic=topic,
        outcome=" ".join(entry.outcome.split())[:LONGEST_OUTCOME] if is_talk else "",
        minutes=entry.minutes if is_talk else None,
        due_on=entry.due_on if entry.kind == "promise" else None,
    )


def _refuse(field: str, message: str, remedy: str) -> EntryUnusable:
    return EntryUnusable(message, remedy, field=field)


def _record_fact(written: Written, entry: Entry, now: datetime) -> int:
    """Record the interaction under its key, as an import would; its row."""
    source = get_hand_source("interactions", now=now)
    told = asdict(entry)
    at = None if entry.at is None else entry.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    values = {
        **told,
        "customer_id": written.customer_id,
        "at": at,
        "day": entry.day.isoformat(),
        "subject": "",
        "staff_name": str(written.author or "")[:150],
        "custom": None,
    }
    row = (written.key, *(values[column] for column in INTERACTIONS.columns))
    record_interactions([row], source_id=source.pk, import_id=None, fresh=False)
    return Interaction.objects.values_list("pk", flat=True).get(source=source, key=written.key)


def _set_mentions(written: Written, staff: set[int], now: datetime) -> None:
    written.mentions.exclude(staff__in=staff).delete()
    Mention.objects.bulk_create(
        (Mention(written=written, staff_id=one, at=now) for one in staff), ignore_conflicts=True
    )


def _get_own(key: str, by: Any) -> Written:
    written = Written.objects.filter(key=key, removed_at=None).select_related("author").first()
    if written is None:
        raise EntryGone(_("It is not there any more."), _("Open the customer file again."))
    _check_own(written, by)
    return written


def can_change(written: Written, staff: Any) -> bool:
    """Whether this person may change or take away what is written: their own, or with the permission anybody's."""
    if written.author_id is not None and written.author_id == getattr(staff, "pk", None):
        return may(staff, Permission.WRITE_NOTES)
    return may(staff, Permission.EDIT_ALL_NOTES)


def _check_own(written: Written, by: Any) -> None:
    if not can_change(written, by):
        raise EntryNotYours(
            _("Only whoever wrote it may change it."), _("Ask them, or somebody who may edit all notes.")
        )


def _note(
    written: Written, what: str, by: Any, now: datetime, before: dict[str, Any], after: dict[str, Any]
) -> None:
    WrittenChange.objects.create(written=written, at=now, by=by, what=what, before=before, after=after)


def _name(written: Written) -> str:
    return f"customer:{written.customer_id}"


def _tell(kind: str, written: Written, by: Any, now: datetime, at: datetime, **details: Any) -> None:
    record(kind, by=by, now=now, subject=_name(written), key=written.key, kind=written.kind)
    add_happening(kind, at=at, now=now, live=True, subject=written.customer_id, what=written.kind, **details)
