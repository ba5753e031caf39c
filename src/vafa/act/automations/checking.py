"""What keeps a document from being published: what shows in itself, and what it names that isn't there."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from vafa.act.automations.messages import find_content_problem
from vafa.act.automations.models import Pool
from vafa.act.automations.rules import find_problems, flatten, walk
from vafa.act.automations.types import Document, Problem, StepTold
from vafa.act.messaging.queries import list_open_accounts
from vafa.data.customers.queries import list_definitions
from vafa.kit.errors import VafaError
from vafa.kit.outbound import NotSent, check_address
from vafa.measure.segments.queries import find_problems as find_rule_problems
from vafa.measure.segments.queries import find_saved, list_segments, read_definition


def check(document: Document) -> list[Problem]:
    """Everything that keeps it from being published, in the order of its steps."""
    found = find_problems(document)
    when = document.when
    if when.segment and find_saved(when.segment) is None:
        found.append(Problem("when_without_segment"))
    found += [
        Problem("condition_unknown")
        for one in document.conditions
        if one.segment and find_saved(one.segment) is None
    ]
    found += [
        Problem("condition_unknown")
        for one in document.conditions
        if one.definition is not None and not _is_readable(one.definition)
    ]
    known = {problem.step for problem in found if problem.step}
    for step, _depth in walk(document.steps):
        if step.id not in known:
            found += [Problem(code, step.id) for code in _check_references(step)]
    if len(flatten(document.steps)) != sum(1 for _one in walk(document.steps)):
        found.append(Problem("step_twice"))
    return found


def _check_references(step: StepTold) -> Iterator[str]:
    check_kind = _CHECKS.get(step.kind)
    if check_kind is not None:
        yield from check_kind(step.told)


def _check_message(told: Mapping[str, Any]) -> Iterator[str]:
    if not {str(one) for one in told.get("channels", ())} & list_open_channels():
        yield "no_account"
    if problem := find_content_problem(told):
        yield problem


def _check_code(told: Mapping[str, Any]) -> Iterator[str]:
    if not Pool.objects.filter(pk=int(str(told.get("pool") or 0)), archived_at=None).exists():
        yield "code_without_pool"


def _check_list(told: Mapping[str, Any]) -> Iterator[str]:
    saved = find_saved(str(told.get("segment", "")))
    if saved is None or saved.kind != "list":
        yield "list_unknown"


def _check_field(told: Mapping[str, Any]) -> Iterator[str]:
    if str(told.get("name", "")) not in {one.name for one in list_definitions()}:
        yield "field_unknown"


def _check_branch(told: Mapping[str, Any]) -> Iterator[str]:
    if told.get("by", "segment") == "segment" and find_saved(str(told.get("segment", ""))) is None:
        yield "branch_without_segment"
    if told.get("by") == "rules" and not _is_readable(told.get("definition")):
        yield "branch_without_rules"


def _is_readable(told: Mapping[str, Any] | None) -> bool:
    """Whether rules can be judged: as they were written, by segments that are still there."""
    try:
        definition = read_definition(dict(told or {}))
    except VafaError:
        return False
    return not find_rule_problems(definition.root, [one.slug for one in list_segments()])


def _check_webhook(told: Mapping[str, Any]) -> Iterator[str]:
    try:
        check_address(str(told.get("url", "")))
    except NotSent:
        yield "webhook_without_url"


_CHECKS: dict[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "message": _check_message,
    "code": _check_code,
    "list": _check_list,
    "field": _check_field,
    "branch": _check_branch,
    "webhook": _check_webhook,
}


def list_open_channels() -> set[str]:
    """The channels by which something can be sent."""
    return {str(account.channel) for account in list_open_accounts()}
