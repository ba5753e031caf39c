"""Looking for doubles: pairs come from what customers share, by indexes, and each is then judged by all that is known.

Nobody is compared with everybody. A number, an address, or a name with a birthday, a company or nearly a phone number
brings at most a handful together; what more people share tells nothing about who they are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, islice
from operator import itemgetter

from django.db import connection, transaction
from django.db.models import Max

from vafa.data.customers.models import Customer, Double, DoubleSearch
from vafa.data.customers.rules import (
    LEAST,
    MOST_SHARING,
    are_similar,
    is_near,
    list_pairs,
    score_pair,
)
from vafa.data.customers.words import list_asked_words
from vafa.kit.bulk import is_postgres, select_where_in, update_rows

Pair = tuple[int, int]
MOST_PROPOSED = 20_000
BATCH = 500
AFTER = timedelta(hours=1)
_ROW = 1
_FEW = f"BETWEEN 2 AND {MOST_SHARING * 3}"

_BY_POINT = f"""
    SELECT p.value, p.customer_id FROM customers_contactpoint p JOIN (
        SELECT value FROM customers_contactpoint WHERE kind = %s GROUP BY value HAVING count(*) {_FEW}
    ) s ON s.value = p.value WHERE p.kind = %s AND p.detached = '' ORDER BY 1
"""
# One sort of everybody and no join: SQLite would compare everybody with everybody.
_BY_FIELD = f"""
    SELECT shared, id FROM (
        SELECT name_folded || '|' || CAST({{field}} AS text) AS shared, id,
            count(*) OVER (PARTITION BY name_folded, {{field}}) AS people
        FROM customers_customer WHERE name_folded <> '' AND {{known}}
    ) s WHERE people {_FEW} ORDER BY shared
"""
_BY_PART = f"""
    SELECT shared, id FROM (
        SELECT c.name_folded || '|' || {{part}} AS shared, c.id AS id,
            count(*) OVER (PARTITION BY c.name_folded, {{part}}) AS people
        FROM customers_contactpoint p JOIN customers_customer c ON c.id = p.customer_id
        WHERE p.kind = 'phone' AND p.detached = '' AND c.name_folded <> ''
    ) s WHERE people {_FEW} ORDER BY shared
"""


@dataclass
class _Person:
    """What is known of somebody, those merged into them included."""

    name: str = ""
    words: frozenset[str] = frozenset()
    birthday: str = ""
    company: str = ""
    location: str = ""
    excluded: bool = False
    emails: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)


def find_doubles(now: datetime) -> int:
    """Look through all customers and propose those who may be one person; how many pairs are open.

    What somebody has decided stays decided. Cut off anywhere and repeated, it ends the same.
    """
    newest = _get_newest()
    kept = _list_kept()
    pairs = {
        (min(pair), max(pair))
        for first, second in _list_candidates()
        if len(set(pair := (kept.get(first, first), kept.get(second, second)))) == 2
    }
    pairs -= _list_different(kept)
    judged = sorted(_judge(sorted(pairs), kept), key=lambda row: (-row[1], row[0]))[:MOST_PROPOSED]
    _write({pair: (score, evidence) for pair, score, evidence in judged}, now)
    DoubleSearch.objects.update_or_create(
        pk=_ROW, defaults={"seq": newest, "looked_at": now, "wanted_at": None}
    )
    return len(judged)


def renew_doubles(now: datetime) -> bool:
    """Look anew where somebody asked, or an hour after the last look where customers have changed; whether it did."""
    state = DoubleSearch.objects.filter(pk=_ROW).first()
    if state is not None and state.wanted_at is None:
        rested = state.looked_at is None or now - state.looked_at >= AFTER
        if not rested or state.seq >= _get_newest():
            return False
    find_doubles(now)
    return True


def ask_for_doubles(now: datetime) -> None:
    """Let the worker look for doubles at its next turn."""
    DoubleSearch.objects.update_or_create(pk=_ROW, defaults={"wanted_at": now})


def _get_newest() -> int:
    return int(Customer.objects.aggregate(newest=Max("seq"))["newest"] or 0)


def _list_kept() -> dict[int, int]:
    """Merged customer -> the one that was kept."""
    return dict(Customer.objects.exclude(kept=None).values_list("pk", "kept_id"))


def _list_candidates() -> Iterator[Pair]:
    """Pairs that share something, possibly several times."""
    # A wrong digit, or two that changed places, leave the beginning or the end of a number as it is.
    tail = "right(p.value, 5)" if is_postgres() else "substr(p.value, -5)"
    for sql, params in (
        (_BY_POINT, ["email", "email"]),
        (_BY_POINT, ["phone", "phone"]),
        (_BY_FIELD.format(field="birthday", known="birthday IS NOT NULL"), []),
        (_BY_FIELD.format(field="company", known="company <> ''"), []),
        (_BY_PART.format(part="substr(p.value, 1, 8)"), []),
        (_BY_PART.format(part=tail), []),
    ):
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            for _value, rows in groupby(iter(cursor.fetchone, None), key=itemgetter(0)):
                yield from list_pairs([int(row[1]) for row in rows])


def _list_different(kept: dict[int, int]) -> set[Pair]:
    """The pairs of whom somebody said that they are two; what was said of a merged customer holds for the kept one."""
    said = Double.objects.filter(state="different").values_list("first_id", "second_id")
    found = ((kept.get(first, first), kept.get(second, second)) for first, second in said)
    return {(min(pair), max(pair)) for pair in found}


def _judge(pairs: list[Pair], kept: dict[int, int]) -> Iterator[tuple[Pair, int, list[str]]]:
    merged: dict[int, list[int]] = {}
    for pk, target in kept.items():
        merged.setdefault(target, []).append(pk)
    ordered = iter(pairs)
    while some := list(islice(ordered, BATCH * 4)):
        people = _load({pk for pair in some for pk in pair}, merged)
        for first, second in some:
            if first not in people or second not in people:
                continue
            evidence = _weigh(people[first], people[second])
            if (score := score_pair(evidence)) >= LEAST:
                yield (first, second), score, evidence


def _load(ids: Iterable[int], merged: dict[int, list[int]]) -> dict[int, _Person]:
    """The people with these ids, without those who are left out of all figures."""
    owner = {pk: one for one in ids for pk in (one, *merged.get(one, ()))}
    people: dict[int, _Person] = {}
    select = (
        "SELECT c.id, c.name, c.name_folded, CAST(c.birthday AS text), c.company, c.location, c.excluded"
        " FROM customers_customer c"
    )
    for pk, name, folded, birthday, company, location, excluded in select_where_in(
        select, "c.id", list(owner)
    ):
        if owner[pk] == pk and not excluded:
            words = frozenset(list_asked_words(name))
            people[pk] = _Person(folded, words, birthday or "", company.casefold(), location)
    points = "SELECT p.customer_id, p.kind, p.value FROM customers_contactpoint p"
    for pk, kind, value in select_where_in(points, "p.customer_id", list(owner), "p.detached = ''"):
        if (person := people.get(owner[pk])) is not None and kind in ("email", "phone"):
            (person.emails if kind == "email" else person.phones).add(value)
    return people


def _weigh(one: _Person, other: _Person) -> list[str]:
    """What agrees between two people, and what contradicts."""
    found = []
    if one.emails & other.emails:
        found.append("email")
    if one.phones & other.phones:
        found.append("phone")
    elif any(is_near(mine, theirs) for mine in one.phones for theirs in other.phones):
        found.append("near_phone")
    if one.name and one.name == other.name:
        found.append("name")
    elif are_similar(one.words, other.words):
        found.append("similar_name")
    elif one.name and other.name:
        found.append("other_name")
    if one.birthday and other.birthday:
        found.append("birthday" if one.birthday == other.birthday else "other_birthday")
    found += [
        code
        for code, mine, theirs in (
            ("company", one.company, other.company),
            ("location", one.location, other.location),
        )
        if mine and mine == theirs
    ]
    return found


def _write(found: dict[Pair, tuple[int, list[str]]], now: datetime) -> None:
    """Make the open proposals exactly those that were found, in short transactions."""
    import json

    known = {
        (first, second): (pk, score, state)
        for pk, first, second, score, state in Double.objects.values_list(
            "pk", "first_id", "second_id", "score", "state"
        )
    }
    gone = [pk for pair, (pk, _score, state) in known.items() if state == "open" and pair not in found]
    for start in range(0, len(gone), BATCH):
        Double.objects.filter(pk__in=gone[start : start + BATCH], state="open").delete()
    changed = [
        (score, json.dumps(evidence), known[pair][0])
        for pair, (score, evidence) in found.items()
        if pair in known and known[pair][1:] != (score, "open") and known[pair][2] != "different"
    ]
    new = [
        Double(first_id=first, second_id=second, score=score, evidence=evidence, found_at=now)
        for (first, second), (score, evidence) in found.items()
        if (first, second) not in known
    ]
    for start in range(0, len(changed), BATCH):
        with transaction.atomic():
            update_rows("customers_double", ("score", "evidence"), changed[start : start + BATCH])
            ids = [row[-1] for row in changed[start : start + BATCH]]
            # Merged and taken apart since by somebody who left no word: open again.
            Double.objects.filter(pk__in=ids, state="merged").update(state="open", decided_at=None)
    for start in range(0, len(new), BATCH):
        Double.objects.bulk_create(new[start : start + BATCH], ignore_conflicts=True)
