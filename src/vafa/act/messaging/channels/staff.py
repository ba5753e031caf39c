"""What people do: a call, a visit, a note by hand, a gift. Handing over makes a task; that it was done, or not, comes
back from the task (see `people`)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from vafa.act.followups.actions import create_task
from vafa.act.followups.types import TaskTold, TaskUnusable
from vafa.act.messaging.channel_models import StaffTask
from vafa.act.messaging.models import Sending
from vafa.act.messaging.types import Handed, NotHandedOver, Outcome, Outgoing
from vafa.data.business.queries import get_business
from vafa.kit import clock

FORMS = ("call", "visit", "note", "gift")
LONGEST_TITLE = 300


@dataclass(frozen=True)
class StaffAdapter:
    """An account whose messages people deliver. `assignee_id`: who does it where nobody looks after the customer;
    `cost`: what one is reckoned to cost, in the business's currency."""

    form: str
    assignee_id: int | None
    cost: Decimal | None = None

    @contextmanager
    def open(self) -> Iterator["StaffLine"]:
        """Nothing has to be opened."""
        yield StaffLine(self)


@dataclass(frozen=True)
class StaffLine:
    """The way to the staff's tasks."""

    adapter: StaffAdapter

    def hand_over(self, outgoing: Outgoing) -> Handed:
        """Make the task of one message, once. Raises NotHandedOver."""
        sending = Sending.objects.select_related("customer").filter(pk=outgoing.sending_id).first()
        if sending is not None and (known := StaffTask.objects.filter(sending=sending).first()):
            return Handed(f"task:{known.task_id}", cost=self.adapter.cost)
        try:
            with transaction.atomic():
                task = self._make(outgoing, sending)
                if sending is not None:
                    StaffTask.objects.create(sending=sending, task_id=task.pk)
        except TaskUnusable as problem:
            raise NotHandedOver(Outcome.REFUSED, str(problem), "rejected") from problem
        return Handed(f"task:{task.pk}", cost=self.adapter.cost)

    def _make(self, outgoing: Outgoing, sending: Sending | None) -> Any:
        now, business = clock.now(), get_business()
        with override(business.language):
            title = " ".join(outgoing.subject.split()) or name_form(self.adapter.form)
        customer = None if sending is None else sending.customer
        owner = None if customer is None else customer.owner_id
        told = TaskTold(
            title=title[:LONGEST_TITLE],
            notes=outgoing.text,
            due_on=now.astimezone(ZoneInfo(business.zone)).date(),
            customer_id=None if customer is None else customer.pk,
        )
        for assignee in dict.fromkeys((owner, self.adapter.assignee_id)):
            if assignee is not None:
                try:
                    return create_task(TaskTold(**{**vars(told), "assignee_id": assignee}), by=None, now=now)
                except TaskUnusable:
                    continue  # who left, or may not see this customer
        return create_task(told, by=None, now=now)


def name_form(form: str) -> str:
    """What is to be done, in words."""
    return {
        "call": _("Phone call"),
        "visit": pgettext("something that staff do", "Visit"),
        "note": _("Hand-written note"),
        "gift": pgettext("something that staff give", "Gift"),
    }.get(form, _("Phone call"))


def build(settings: Mapping[str, Any], cost: Decimal | None = None) -> StaffAdapter:
    """The way out of an account with these settings; `cost` of one in the business's currency."""
    told = str(settings.get("assignee", ""))
    form = str(settings.get("form", ""))
    return StaffAdapter(form if form in FORMS else FORMS[0], int(told) if told.isdecimal() else None, cost)
