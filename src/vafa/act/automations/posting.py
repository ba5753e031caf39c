"""Messages of automations: one message per step of a version (and per turn of who enters again), one recipient each."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from vafa.act.automations.messages import find_content
from vafa.act.automations.models import Run, Version
from vafa.act.automations.rules import is_for_control
from vafa.act.automations.types import Document, Node
from vafa.act.messaging.actions import (
    add_recipients,
    open_message,
    pause_message,
    resume_message,
    start_message,
    stop_message,
)
from vafa.act.messaging.queries import Message
from vafa.act.messaging.types import Recipient
from vafa.data.consent.types import Purpose
from vafa.kit.errors import VafaError

# What could not be sent by then has lost its occasion.
USABLE_FOR = timedelta(days=7)


def build_origin(version: Version, node: Node, turn: int) -> str:
    """What tells a message from every other: the automation, its version, the step, and the how-manieth entry of those
    who get it, since nobody gets one message twice."""
    return f"automation:{version.automation_id}:{version.number}:{node.id}:{turn}"


def post(
    version: Version, document: Document, node: Node, told: Sequence[tuple[Run, int]], *, now: datetime
) -> dict[int, str]:
    """Write the recipients of a step's message into the ledger; why not, by run, where that failed for good."""
    by_turn: dict[int, list[tuple[Run, int]]] = defaultdict(list)
    for run, customer in told:
        by_turn[run.turn].append((run, customer))
    problems: dict[int, str] = {}
    for turn, own in sorted(by_turn.items()):
        try:
            message = _open(version, document, node, turn, now)
        except VafaError as problem:
            problems |= dict.fromkeys((run.pk for run, _customer in own), problem.code)
            continue
        add_recipients(
            message,
            [
                Recipient(customer, arm="" if is_for_control(node) else run.arm, values=dict(run.values))
                for run, customer in own
            ],
            now=now,
        )
    return problems


def _open(version: Version, document: Document, node: Node, turn: int, now: datetime) -> int:
    # What is owed to everybody is no marketing, and no control group is denied it.
    owed = is_for_control(node)
    message = open_message(
        origin=build_origin(version, node, turn),
        template=find_content(node),
        channels=tuple(str(one) for one in node.told.get("channels", ())),
        purpose=Purpose.SERVICE if owed else Purpose(document.purpose),
        festive=bool(node.told.get("festive")),
        trial="" if owed else version.trial,
        by=version.published_by_id,
        now=now,
    )
    start_message(message, by=version.published_by_id, now=now)
    return message


def pause_messages(automation_id: int, *, by: object, now: datetime, stop: bool = False) -> None:
    """Hold whatever waits of an automation's messages, or let it never go out."""
    for message in _list_messages(automation_id):
        (stop_message if stop else pause_message)(message, by=_get_id(by), now=now)


def resume_messages(automation_id: int, *, by: object, now: datetime) -> None:
    """Let what waits go out again."""
    for message in _list_messages(automation_id):
        resume_message(message, by=_get_id(by), now=now)


def _get_id(by: object) -> int | None:
    found = getattr(by, "pk", None)
    return int(found) if found else None


def _list_messages(automation_id: int) -> list[int]:
    """The messages of an automation that were not stopped."""
    own = Message.objects.filter(origin__startswith=f"automation:{automation_id}:").exclude(state="stopped")
    return list(own.order_by("pk").values_list("pk", flat=True))
