"""What was written down by hand, with all that stands beside the fact: due days, themes, files, who may change it."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from vafa.data.interactions.queries import can_change, name_topic
from vafa.data.interactions.types import TOPIC_OF
from vafa.front.customer.events import Badge, Event, EventFile, PromiseActions
from vafa.kit.locale.formats import Style, format_day, format_number
from vafa.kit.permissions import Permission, may


def add_written(event: Event, written: Any, staff: Any, today: date, style: Style, customer_id: int) -> Event:
    """The event of an interaction with what is written about it."""
    called = [str(mention.staff) for mention in written.mentions.all()]
    notes = list(event.notes)
    if called:
        notes.append(_("Called: %(names)s") % {"names": _(", ").join(called)})
    topic = TOPIC_OF.get(written.kind)
    badges = [Badge(name_topic(topic, written.topic), "info")] if topic and written.topic else []
    promise = None
    if written.due_on is not None:
        badges += describe_promise(written.due_on, written.state, today, style)
        if may(staff, Permission.WRITE_NOTES):
            promise = PromiseActions(
                reverse("settle_promise", args=[customer_id, written.key]), written.state
            )
    return replace(
        event,
        notes=tuple(notes),
        badges=tuple(badges),
        files=tuple(
            EventFile(
                file.name,
                _write_size(file.size, style),
                reverse("customer_file", args=[customer_id, file.pk]),
            )
            for file in written.attachments.all()
        ),
        edit_url=reverse("edit_written", args=[customer_id, written.key])
        if can_change(written, staff)
        else "",
        promise=promise,
        changed=_("Changed") if written.changed_at else "",
    )


def describe_promise(due_on: date, state: str, today: date, style: Style) -> list[Badge]:
    """A promise's due day, and whether it was kept, is late, or was broken."""
    due = Badge(_("Due on %(day)s") % {"day": format_day(due_on, style)})
    if state == "kept":
        return [due, Badge(pgettext("promise", "Kept"), "success")]
    if state == "broken":
        return [due, Badge(_("Broken"), "error")]
    late = (today - due_on).days
    if late > 0:
        text = ngettext("%(count)s day late", "%(count)s days late", late)
        return [due, Badge(text % {"count": format_number(late, style)}, "warning")]
    return [due, Badge(_("Due today"), "warning") if late == 0 else Badge(pgettext("promise", "Open"))]


def _write_size(size: int, style: Style) -> str:
    """The size of a file, in whole kilobytes."""
    return _("%(size)s kB") % {"size": format_number(max(1, round(size / 1024)), style)}
