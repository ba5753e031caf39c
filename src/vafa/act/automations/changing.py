"""Making automations, writing their drafts, publishing, pausing and archiving them."""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from vafa.act.automations.checking import check
from vafa.act.automations.coding import read_document, write_document
from vafa.act.automations.daily import find_boundary
from vafa.act.automations.declaring import declare, is_over
from vafa.act.automations.dry_run import rehearse
from vafa.act.automations.models import Automation, Run, Step, Version
from vafa.act.automations.posting import pause_messages, resume_messages
from vafa.act.automations.types import AutomationUnusable, Document, When
from vafa.act.messaging.actions import end_trial
from vafa.data.log.queries import get_last_number
from vafa.kit.audit import record
from vafa.kit.errors import VafaError
from vafa.warehouse.queries import Snapshot, open_snapshot

PIECE = 1000


@transaction.atomic
def create_automation(
    name: str, document: Document | None = None, *, playbook: str = "", by: Any, now: datetime
) -> Automation:
    """A draft, empty or with a document. Raises AutomationUnusable without a name."""
    if not name.strip():
        raise AutomationUnusable(_("Give the automation a name."))
    made = Automation.objects.create(
        name=name.strip()[:120],
        playbook=playbook,
        draft=write_document(document or Document(When("first_order"), holdout=None)),
        signing=f"whsec_{secrets.token_urlsafe(32)}",
        made_by=by if getattr(by, "pk", None) else None,
        made_at=now,
        changed_at=now,
    )
    record("automation.made", by=by, now=now, subject=f"automation:{made.pk}")
    return made


@transaction.atomic
def save_draft(automation_id: int, name: str, document: Document, *, by: Any, now: datetime) -> Automation:
    """Write a draft anew; what runs is untouched until it is published."""
    automation = Automation.objects.select_for_update().get(pk=automation_id)
    told = write_document(document)
    if automation.draft != told or automation.name != name:
        automation.draft, automation.name, automation.changed_at = (
            told,
            name.strip()[:120] or automation.name,
            now,
        )
        automation.save(update_fields=["draft", "name", "changed_at"])
        record("automation.changed", by=by, now=now, subject=f"automation:{automation_id}")
    return automation


def publish(automation_id: int, *, by: Any, now: datetime, holdout: float = 0.0) -> Version:
    """Make the draft what runs, and switch the automation on if it never was. Who is in finishes the version by which
    they entered. Published as it is already, nothing changes. `holdout` is the share of the control group where the
    draft leaves it open. Raises AutomationUnusable."""
    draft = Automation.objects.get(pk=automation_id)
    document = read_document(draft.draft)
    if document.holdout is None:
        document = replace(document, holdout=holdout)
        save_draft(automation_id, draft.name, document, by=by, now=now)
    problems = check(document)
    if problems:
        raise AutomationUnusable(
            _("The automation can't be published yet."),
            _("Its page says at each step what is missing."),
            tuple(problems),
        )
    snapshot = open_snapshot()
    planned = _expect(document, snapshot, now)
    with transaction.atomic():
        automation = (
            Automation.objects.select_for_update(of=("self",)).select_related("version").get(pk=automation_id)
        )
        before = automation.version
        if before is None or before.document != automation.draft or is_over(before.trial):
            automation.version = _add_version(automation, before, by, now)
            automation.save(update_fields=["version"])
            declare(automation.version, automation.name, planned, now=now)
            if before is not None and before.trial not in ("", automation.version.trial):
                end_trial(before.trial, now=now)
            record(
                "automation.published", by=by, now=now, subject=f"automation:{automation_id}",
                number=automation.version.number,
            )  # fmt: skip
            if automation.state == "on" and before is not None:
                _follow_from_now(automation, read_document(before.document), snapshot, now)
        if automation.state in ("draft", "off"):
            _switch_on(automation, snapshot, by, now)
        version = automation.version
        assert version is not None
        return version


def _expect(document: Document, snapshot: Snapshot, now: datetime) -> int:
    """How many may enter in a quarter, by what happened lately; 0 where that isn't needed or can't be told."""
    if not document.holdout:
        return 0
    try:
        return 3 * rehearse(document, snapshot, now).entered
    except VafaError:
        return 0


def _add_version(automation: Automation, before: Version | None, by: Any, now: datetime) -> Version:
    last = automation.versions.aggregate(last=Max("number"))["last"] or 0
    number = last + 1
    document = read_document(automation.draft)
    return Version.objects.create(
        automation=automation, number=number, document=automation.draft, published_at=now,
        published_by=by if getattr(by, "pk", None) else None,
        trial=_settle_trial(automation, document, before, number),
    )  # fmt: skip


def _settle_trial(automation: Automation, document: Document, before: Version | None, number: int) -> str:
    """The key of the holdout: that of the version before while it is about the same customers and shares, and has not
    ended."""
    if not document.holdout:
        return ""
    if before is not None and before.trial and not is_over(before.trial):
        old = read_document(before.document)
        same = (old.when, old.conditions, old.holdout, old.purpose) == (
            document.when, document.conditions, document.holdout, document.purpose,
        )  # fmt: skip
        if same:
            return before.trial
    return f"automation:{automation.pk}:{number}"


def _follow_from_now(automation: Automation, old: Document, snapshot: Snapshot, now: datetime) -> None:
    """Another trigger begins to count when it is published: what was before it is history."""
    if old.when != read_document(automation.draft).when:
        _begin(automation, snapshot, now)


def _switch_on(automation: Automation, snapshot: Snapshot, by: Any, now: datetime) -> None:
    automation.state = "on"
    _begin(automation, snapshot, now)
    automation.save(update_fields=["state"])
    record("automation.switched_on", by=by, now=now, subject=f"automation:{automation.pk}")


def _begin(automation: Automation, snapshot: Snapshot, now: datetime) -> None:
    """Whatever was recorded, or known, until now lets nobody in."""
    last = get_last_number()
    automation.switched_on_at, automation.followed, automation.looked_on = now, last, None
    automation.known_until, automation.known_seq = find_boundary(snapshot), last
    automation.watched = last
    automation.problem = ""
    automation.save(
        update_fields=[
            "switched_on_at",
            "followed",
            "looked_on",
            "known_until",
            "known_seq",
            "watched",
            "problem",
        ]
    )


@transaction.atomic
def pause_automation(automation_id: int, *, by: Any, now: datetime) -> bool:
    """Hold everything: nobody enters, no step is done, no message that waits goes out. Whether it was on."""
    if not Automation.objects.filter(pk=automation_id, state="on").update(state="paused", changed_at=now):
        return False
    pause_messages(automation_id, by=by, now=now)
    record("automation.paused", by=by, now=now, subject=f"automation:{automation_id}")
    return True


@transaction.atomic
def resume_automation(automation_id: int, *, by: Any, now: datetime) -> bool:
    """Go on with who is in; what happened during the pause lets nobody in. Whether it was paused."""
    automation = Automation.objects.select_for_update().get(pk=automation_id)
    if automation.state != "paused":
        return False
    automation.state = "on"
    _begin(automation, open_snapshot(), now)
    automation.save(update_fields=["state"])
    resume_messages(automation_id, by=by, now=now)
    record("automation.resumed", by=by, now=now, subject=f"automation:{automation_id}")
    return True


def stop_automation(automation_id: int, *, by: Any, now: datetime) -> int:
    """Switch it off: whoever is in leaves, and what waits of its messages stays unsent; how many left. It can be
    published anew."""
    with transaction.atomic():
        changed = Automation.objects.filter(pk=automation_id, state__in=("on", "paused"))
        if not changed.update(state="off", changed_at=now):
            return 0
        pause_messages(automation_id, by=by, now=now, stop=True)
        for trial in set(Version.objects.filter(automation=automation_id).values_list("trial", flat=True)):
            end_trial(trial, now=now)
        record("automation.stopped", by=by, now=now, subject=f"automation:{automation_id}")
    left = 0
    while True:
        runs = Run.objects.filter(automation=automation_id, state="running")
        piece = list(runs.order_by("pk").values_list("pk", flat=True)[:PIECE])
        if not piece:
            _end_steps_of_controls(automation_id, now)
            return left
        with transaction.atomic():
            waiting = Step.objects.filter(run__in=piece, state__in=("waiting", "claimed"))
            waiting.update(state="ended", why="stopped", done_at=now, worker="", lease_until=None)
            Run.objects.filter(pk__in=piece).update(state="stopped", why="stopped", ended_at=now)
        left += len(piece)


def _end_steps_of_controls(automation_id: int, now: datetime) -> None:
    """Let what is owed to the control group end too."""
    own = Step.objects.filter(automation=automation_id, state__in=("waiting", "claimed"))
    while piece := list(own.order_by("pk").values_list("pk", flat=True)[:PIECE]):
        Step.objects.filter(pk__in=piece).update(
            state="ended", why="stopped", done_at=now, worker="", lease_until=None
        )


@transaction.atomic
def archive_automation(automation_id: int, *, archived: bool, by: Any, now: datetime) -> bool:
    """Put an automation that is not on away, or back; whether that changed anything."""
    found = Automation.objects.filter(pk=automation_id, archived_at__isnull=archived)
    if not found.filter(state__in=("draft", "off")).update(archived_at=now if archived else None):
        return False
    what = "automation.archived" if archived else "automation.put_back"
    record(what, by=by, now=now, subject=f"automation:{automation_id}")
    return True


@transaction.atomic
def copy_automation(automation_id: int, name: str, *, by: Any, now: datetime) -> Automation:
    """A draft like another one."""
    other = Automation.objects.get(pk=automation_id)
    return create_automation(name, read_document(other.draft), playbook=other.playbook, by=by, now=now)


@transaction.atomic
def revert_draft(automation_id: int, number: int, *, by: Any, now: datetime) -> Automation:
    """Make the draft what an earlier version was."""
    version = Version.objects.select_related("automation").get(automation=automation_id, number=number)
    return save_draft(automation_id, version.automation.name, read_document(version.document), by=by, now=now)
