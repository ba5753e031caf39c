"""Why a customer is active or not on a day: the spell, the rule, and the rows of the sources behind it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.customers.queries import find_customers, list_ids_of, list_keys_of
from vafa.data.intake.queries import list_imports
from vafa.data.orders.queries import list_lines_of
from vafa.data.subscriptions.queries import list_subscriptions_of
from vafa.kit.errors import AskedWrongly
from vafa.lab.explain import Explanation as Reasoning
from vafa.lab.explain import Fact, explain_activity
from vafa.lab.rules import ActivityRule
from vafa.lab.spells import OPEN_END
from vafa.measure.metrics.activity import settle_rule
from vafa.measure.metrics.types import Explanation, SourceRow
from vafa.warehouse.queries import Snapshot, open_snapshot
from vafa.warehouse.types import Query

_IMPORTS_NAMED = 10_000


def get_customer_id(text: str) -> int:
    """The one customer that a text means: a source's id, "id:" and our own, or a name that only one has.

    Raises AskedWrongly, with the candidates, where it means nobody or several.
    """
    found = find_customers(text)
    if len(found) == 1:
        return found[0].pk
    if not found:
        raise _build_nobody(text)
    told = [f"id:{customer.pk} {customer.name}".strip() for customer in found]
    raise AskedWrongly(
        _("“%(text)s” may be several customers.") % {"text": text},
        _("Choose one: %(names)s.") % {"names": ", ".join(told)},
        code="customer_ambiguous",
        customers=[customer.pk for customer in found],
    )


def _build_nobody(text: str) -> AskedWrongly:
    return AskedWrongly(
        _("There is no customer “%(text)s”.") % {"text": text},
        _("Give the id that the source uses, our own as id:42, or the full name."),
        code="customer_unknown",
    )


def explain_customer(
    customer_id: int,
    on: date,
    rule: str | None = None,
    *,
    visible: BitMap | None = None,
    snapshot: Snapshot | None = None,
    most_rows: int | None = None,
) -> Explanation:
    """Why this customer is active or not at the midnight that begins the day. With `most_rows` the rows of the sources
    are only so many: those that decide first, then the newest.

    Raises AskedWrongly for a customer who is unknown or not among the visible ones.
    """
    found = find_customers(f"id:{customer_id}")
    copy = snapshot or open_snapshot()
    settled = settle_rule(rule, copy)
    if not found or (visible is not None and not copy.ix_set([found[0].pk]) & visible):
        raise _build_nobody(f"id:{customer_id}")
    customer = found[0]
    members = copy.ix_set([customer.pk])
    number = min(members) if members else None
    until = copy.freshness(settled.rule).data_until
    facts = [] if number is None else _list_facts(copy, settled.rule, number)
    reasoning = explain_activity(
        facts,
        settled.rule,
        on.toordinal(),
        None if until is None else until.toordinal(),
        _find_joined(copy, number),
    )
    verdict = "left_out" if number is None else "no_data" if until is None else str(reasoning.verdict)
    return Explanation(
        customer=customer.pk,
        name=customer.name,
        keys=tuple(list_keys_of(customer.pk)),
        on=on,
        active=None if verdict in ("left_out", "no_data") else reasoning.active,
        verdict=verdict,
        because=explain_verdict(verdict),
        rule=settled.told,
        spell_start=None if reasoning.spell is None else _day(reasoning.spell.start),
        spell_end=None if reasoning.spell is None else _day(reasoning.spell.end),
        first_start=None if reasoning.first_start is None else _day(reasoning.first_start),
        rows=_list_source_rows(customer.pk, settled.rule, reasoning, most_rows),
        data_until=until,
        row_count=len({fact.key for fact in (*reasoning.facts, *reasoning.decisive)}),
    )


def explain_verdict(verdict: str) -> str:
    """A verdict in a sentence."""
    sentences = {
        "active": _("Active: the spell began before this midnight and is not over."),
        "lapsed": _("Not active: the last spell was over by this midnight."),
        "starts_that_day": _(
            "Not active yet: the spell begins on this very day, so it counts from the next midnight on."
        ),
        "not_yet": _("Not active yet: the first spell begins later."),
        "never": _("Never active: there is no fact of the kind that this rule counts."),
        "not_known_yet": _("Not known: no source has told of this day yet."),
        "left_out": _("Left out of all figures: the customer is excluded, or not in the figures yet."),
        "no_data": _("Not known: there are no facts of the kind that this rule needs."),
    }
    return sentences[verdict]


def _list_facts(snapshot: Snapshot, rule: ActivityRule, number: int) -> list[Fact]:
    """The customer's facts as the figures count them: without cancelled purchases, merged ones included."""
    if rule.kind == "purchase":
        rows = snapshot.run(
            Query("SELECT row_id, day_no FROM facts WHERE customer_ix = ? AND is_purchase", (number,))
        )
        return [Fact("purchase", str(row), int(day)) for row, day in rows]
    rows = snapshot.run(
        Query("SELECT row_id, started_no, ended_no FROM subscriptions WHERE customer_ix = ?", (number,))
    )
    return [
        Fact("subscription", str(row), int(start), None if end is None else int(end))
        for row, start, end in rows
    ]


def _find_joined(snapshot: Snapshot, number: int | None) -> int | None:
    if number is None:
        return None
    rows = snapshot.run(Query("SELECT joined_no FROM customers WHERE ix = ?", (number,)))
    return int(rows[0][0]) if rows and rows[0][0] is not None else None


def _day(ordinal: int) -> date | None:
    return None if ordinal == OPEN_END else date.fromordinal(ordinal)


def _list_source_rows(
    customer_id: int, rule: ActivityRule, reasoning: Reasoning, most: int | None
) -> tuple[SourceRow, ...]:
    """The records' rows of the facts that make the spell, in order; only some of very many."""
    ids = list_ids_of(customer_id)
    decisive = {int(fact.key) for fact in reasoning.decisive}
    days = {int(fact.key): fact.start for fact in (*reasoning.facts, *reasoning.decisive)}
    # A set of the chosen, read by their ids: a customer of 25,000 order lines would take more than a second.
    chosen = sorted(days, key=lambda row: (row in decisive, days[row], row), reverse=True)[:most]
    wanted = set(chosen)
    if not wanted:
        return ()
    files = {row.pk: row.file_name for row in list_imports(limit=_IMPORTS_NAMED)}
    some = None if most is None else wanted
    rows = (
        _list_order_rows(ids, files, some) if rule.kind == "purchase" else _list_subscription_rows(ids, files)
    )
    return tuple(row for row in mark_decisive(rows, decisive) if row.row in wanted)


def mark_decisive(rows: list[SourceRow], decisive: set[int]) -> list[SourceRow]:
    """The rows, with those marked that decide."""
    return [replace(row, decisive=row.row in decisive) for row in rows]


def _list_order_rows(ids: list[int], files: Mapping[int, str], some: set[int] | None) -> list[SourceRow]:
    return [
        SourceRow(
            kind="order_line",
            row=line.row,
            source=line.source,
            key=line.order,
            file=files.get(line.import_id) if line.import_id else None,
            day=line.day,
            until=None,
            what=line.product,
            amount=line.amount,
            currency=line.currency,
            decisive=False,
        )
        for line in list_lines_of(ids, some)
    ]


def _list_subscription_rows(ids: list[int], files: Mapping[int, str]) -> list[SourceRow]:
    return [
        SourceRow(
            kind="subscription",
            row=row.pk,
            source=row.source.name,
            key=row.key,
            file=files.get(row.import_id) if row.import_id else None,
            day=row.started_on,
            until=row.until,
            what=row.plan,
            amount=row.amount,
            currency=row.currency,
            decisive=False,
        )
        for row in list_subscriptions_of(ids)
    ]
