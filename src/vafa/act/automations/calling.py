"""Telling other programs: steps that ask another machine, one at a time, in a lane that holds nobody else up.

The address is told ids and no names; what it is told is signed with the automation's secret. A receiver may get one
twice, with the same `Vafa-Delivery`, where a worker died between its answer and the noting of it.
"""

import json
import logging
import time
from datetime import datetime
from typing import Any

from django.db import transaction

from vafa.act.automations.coding import read_document
from vafa.act.automations.doing import Outcome
from vafa.act.automations.models import Automation, Step
from vafa.act.automations.queueing import claim, put_off
from vafa.act.automations.rules import flatten, is_for_control
from vafa.act.automations.stepping import finish_all
from vafa.act.webhooks.queries import sign
from vafa.data.customers.queries import map_to_kept
from vafa.kit.outbound import NotSent, send

logger = logging.getLogger(__name__)

SECONDS, MOST_BYTES, ROUND_SECONDS = 10.0, 64 * 1024, 40


def call_due(now: datetime) -> int:
    """Tell what is due, one of each automation in turn; how many were tried."""
    began, tried = time.monotonic(), 0
    while time.monotonic() - began < ROUND_SECONDS:
        ids = Automation.objects.filter(state="on").order_by("pk").values_list("pk", flat=True)
        done = sum(_call_one(pk, now) for pk in list(ids))
        tried += done
        if not done:
            break
    return tried


def _call_one(automation_id: int, now: datetime) -> int:
    worker, ids = claim(automation_id, "call", now, 1)
    for pk in ids:
        step = (
            Step.objects.select_related("run", "run__version", "run__automation")
            .filter(pk=pk, worker=worker, state="claimed")
            .first()
        )
        if step is not None:
            _call(step, now)
    return len(ids)


def _call(step: Step, now: datetime) -> None:
    person = map_to_kept([step.run.customer_id]).get(step.run.customer_id)
    if person is None:
        _finish(step, Outcome(ends=True, state="stopped", why="left_out"), now)
        return
    node = flatten(read_document(step.run.version.document).steps).get(step.step)
    if node is None:
        _finish(step, Outcome(failed=True, why="step_unknown"), now)
        return
    if step.run.state == "held_out" and not is_for_control(node):
        _finish(step, Outcome(why="control"), now)
        return
    body = json.dumps(build_payload(step, person), ensure_ascii=False).encode()
    try:
        reply = send(
            "POST", str(node.told.get("url", "")), headers=_build_headers(step, body, now), body=body,
            seconds=SECONDS, most_bytes=MOST_BYTES,
        )  # fmt: skip
        why, permanent = "" if reply.is_good else f"answered_{reply.status}", reply.status == 410
    except NotSent as problem:
        why, permanent = problem.code, problem.permanent
    if not why:
        _finish(step, Outcome(), now)
    elif permanent or not put_off(step, why, now):
        _finish(step, Outcome(failed=True, why=why), now)


def build_payload(step: Step, customer_id: int) -> dict[str, Any]:
    """What another program is told of a step: ids, and the values of the run such as its code."""
    run = step.run
    return {
        "automation": step.automation_id,
        "version": run.version.number,
        "run": run.pk,
        "step": step.step,
        "customer": customer_id,
        "entered_at": run.entered_at.isoformat(),
        "values": run.values,
    }


def _build_headers(step: Step, body: bytes, now: datetime) -> dict[str, str]:
    automation: Automation = step.run.automation
    return {
        "Content-Type": "application/json",
        "User-Agent": "Vafa",
        "Vafa-Event": "automation_step",
        "Vafa-Delivery": f"step-{step.pk}",
        "Vafa-Signature": sign(body, [automation.signing], int(now.timestamp())),
    }


def _finish(step: Step, outcome: Outcome, now: datetime) -> None:
    with transaction.atomic():
        mine = Step.objects.select_for_update().filter(pk=step.pk, worker=step.worker, state="claimed")
        if mine.exists():
            finish_all([(step, outcome)], now)
