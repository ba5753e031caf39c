"""What keeps a document from being published: what shows in itself, and what it names that isn't there."""

from collections.abc import Iterator

from vafa.act.automations.messages import find_content_problem
from vafa.act.automations.models import Pool
from vafa.act.automations.rules import find_problems, flatten, walk
from vafa.act.automations.types import Document, Problem, StepTold
from vafa.act.messaging.queries import list_open_accounts
from vafa.data.customers.queries import list_definitions
from vafa.kit.outbound import NotSent, check_address
from vafa.measure.segments.queries import find_saved


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
    known = {problem.step for problem in found if problem.step}
    for step, _depth in walk(document.steps):
        if step.id not in known:
            found += [Problem(code, step.id) for code in _check_references(step)]
    if len(flatten(document.steps)) != sum(1 for _one in walk(document.steps)):
        found.append(Problem("step_twice"))
    return found


def _check_references(step: StepTold) -> Iterator[str]:
    told = step.told
    if step.kind == "message":
        channels = {str(one) for one in told.get("channels", ())}
        if not channels & list_open_channels():
            yield "no_account"
        if problem := find_content_problem(told):
            yield problem
    elif step.kind == "code":
        pool = Pool.objects.filter(pk=int(str(told.get("pool") or 0)), archived_at=None).first()
        if pool is None:
            yield "code_without_pool"
    elif step.kind == "list":
        saved = find_saved(str(told.get("segment", "")))
        if saved is None or saved.kind != "list":
            yield "list_unknown"
    elif step.kind == "field":
        if str(told.get("name", "")) not in {one.name for one in list_definitions()}:
            yield "field_unknown"
    elif step.kind == "branch" and told.get("by", "segment") == "segment":
        if find_saved(str(told.get("segment", ""))) is None:
            yield "branch_without_segment"
    elif step.kind == "webhook":
        try:
            check_address(str(told.get("url", "")))
        except NotSent:
            yield "webhook_without_url"


def list_open_channels() -> set[str]:
    """The channels by which something can be sent."""
    return {str(account.channel) for account in list_open_accounts()}
