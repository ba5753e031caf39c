"""Who has arrived at the goal, or stopped meeting the conditions of entry, since entering."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from vafa.act.automations.conditions import Judge
from vafa.act.automations.models import Run
from vafa.act.automations.types import Condition, Document
from vafa.data.business.queries import get_business
from vafa.data.customers.queries import map_family
from vafa.data.orders.queries import list_ordered_since
from vafa.data.subscriptions.queries import list_begun_since

Ended = dict[int, tuple[str, str]]


def find_ended(
    runs: Sequence[Run], documents: Mapping[int, Document], judge: Judge, kept: Mapping[int, int]
) -> Ended:
    """The runs that end now, each with its state and reason. It is asked when a step is due: between steps nothing
    happens that it could prevent."""
    ended: Ended = {}
    for version_id, document in documents.items():
        own = [run for run in runs if run.version_id == version_id]
        if document.goal == "order":
            ended |= dict.fromkeys(_find_ordered(own, kept), ("goal", "goal"))
        elif document.goal == "subscription":
            ended |= dict.fromkeys(_find_begun(own, kept), ("goal", "goal"))
        staying = list_staying(document)
        if staying:
            people = {kept[run.customer_id] for run in own}
            still = judge.keep(staying, people)
            ended |= {
                run.pk: ("exited", "conditions")
                for run in own
                if run.pk not in ended and kept[run.customer_id] not in still
            }
    return ended


def list_staying(document: Document) -> tuple[Condition, ...]:
    """What a customer must go on meeting to stay in."""
    if not document.exits:
        return ()
    when = document.when
    own = (Condition(when.segment),) if when.kind == "entered_segment" else ()
    return (*own, *document.conditions)


def _find_ordered(runs: Sequence[Run], kept: Mapping[int, int]) -> list[int]:
    family = map_family({kept[run.customer_id] for run in runs})
    members: dict[int, list[int]] = {}
    for pk, person in family.items():
        members.setdefault(person, []).append(pk)
    zone = ZoneInfo(get_business().zone)
    found: list[int] = []
    # A customer may have several runs, each with a moment of its own.
    for some in _split_by_person(runs, kept):
        since = {
            member: _tell(run, zone) for run in some for member in members.get(kept[run.customer_id], ())
        }
        ordered = {family[pk] for pk in list_ordered_since(since)}
        found += [run.pk for run in some if kept[run.customer_id] in ordered]
    return found


def _tell(run: Run, zone: ZoneInfo) -> tuple[datetime, date, int, str]:
    own = run.entry_key if run.entry_key.startswith("order:") else ""
    return run.entered_at, run.entered_at.astimezone(zone).date(), run.seq, own


def _split_by_person(runs: Sequence[Run], kept: Mapping[int, int]) -> list[list[Run]]:
    rounds: list[list[Run]] = []
    met: dict[int, int] = {}
    for run in runs:
        place = met.get(kept[run.customer_id], 0)
        met[kept[run.customer_id]] = place + 1
        if place == len(rounds):
            rounds.append([])
        rounds[place].append(run)
    return rounds


def _find_begun(runs: Sequence[Run], kept: Mapping[int, int]) -> list[int]:
    family = map_family({kept[run.customer_id] for run in runs})
    begun = list_begun_since(family, min((run.seq for run in runs), default=0))
    newest: dict[int, int] = {}
    for customer, seq in begun.items():
        newest[family[customer]] = max(newest.get(family[customer], 0), seq)
    return [run.pk for run in runs if newest.get(kept[run.customer_id], 0) > run.seq]
