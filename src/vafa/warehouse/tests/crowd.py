"""One of several processes at work on the same records and the same copy of them.

    python -m vafa.warehouse.tests.crowd prepare
    python -m vafa.warehouse.tests.crowd write|follow|read SECONDS SEED
    python -m vafa.warehouse.tests.crowd hold        (takes its number, tells so, and commits when a line is read)

The database and the home are those of the environment. Each prints one JSON document in the end.
"""

import json
import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

CUSTOMERS = 30
WINDOW = 12
LEAST_ROUNDS = 6


def main(mode: str, seconds: float, seed: int) -> None:
    import django

    django.setup()
    told = {"prepare": prepare, "write": write, "follow": follow, "read": read, "hold": hold}[mode]
    sys.stdout.write(json.dumps(told(seconds, random.Random(seed))) + "\n")


def until(seconds: float) -> Iterator[int]:
    """Rounds for so many seconds, and some rounds at least, however busy the machine is."""
    end = time.monotonic() + seconds
    for done in count():
        if done >= LEAST_ROUNDS and time.monotonic() > end:
            return
        yield done


def prepare(_seconds: float, _chance: random.Random) -> dict[str, Any]:
    from django.core.management import call_command

    from vafa.warehouse.actions import refresh
    from vafa.warehouse.tests.world import NOW, World

    call_command("migrate", verbosity=0)
    world = World()
    for _ in range(CUSTOMERS):
        world.customer()
    return {"seq": refresh(now=NOW).seq}


def write(seconds: float, chance: random.Random) -> dict[str, Any]:
    """Orders come, are corrected and go. Between a transaction's number and its commit there is time."""
    from django.db import transaction

    from vafa.data.customers.models import Customer
    from vafa.data.log.actions import add_removals, take_numbers
    from vafa.data.orders.models import OrderLine

    customers = list(Customer.objects.values_list("pk", flat=True))
    own: list[int] = []
    done = 0
    for _ in until(seconds):
        with transaction.atomic():
            number = take_numbers(1)
            time.sleep(chance.choice((0, 0, 0.01, 0.2)))
            what = chance.random()
            if own and what < 0.2:
                add_removals("order_line", [own[0]])
                OrderLine.objects.filter(pk=own.pop(0)).delete()
            elif own and what < 0.4:
                OrderLine.objects.filter(pk=own[-1]).update(day=draw_day(chance), seq=number)
            else:
                own.append(add_line(chance.choice(customers), draw_day(chance), number).pk)
            time.sleep(chance.choice((0, 0, 0.02)))
        done += 1
    return {"transactions": done, "rows": len(own)}


def draw_day(chance: random.Random) -> Any:
    from vafa.warehouse.tests.world import FIRST_DAY

    return FIRST_DAY + timedelta(days=chance.randrange(60))


def add_line(customer: int, day: Any, number: int) -> Any:
    from vafa.data.log.models import Source
    from vafa.data.orders.models import OrderLine

    return OrderLine.objects.create(
        source=Source.objects.get(name="shop"), key=f"line {number}", order_key=f"order {number}",
        customer_id=customer, day=day, quantity=1, amount=10, seq=number,
    )  # fmt: skip


def follow(seconds: float, chance: random.Random) -> dict[str, Any]:
    """What a worker does, without a pause."""
    from vafa.warehouse.actions import refresh
    from vafa.warehouse.tests.world import NOW

    seen = [refresh(now=NOW, rebuild=chance.random() < 0.1).seq for _ in until(seconds)]
    assert seen == sorted(seen)
    return {"refreshes": len(seen), "states": len(set(seen))}


def read(seconds: float, _chance: random.Random) -> dict[str, Any]:
    """What a web process does: of every state the sets say what the rows of that state say."""
    from vafa.lab.rules import ActivityRule
    from vafa.warehouse.queries import Query, open_snapshot
    from vafa.warehouse.tests.world import FIRST_DAY

    rule = ActivityRule("purchase", WINDOW)
    seen: list[int] = []
    for _ in until(seconds):
        snapshot = open_snapshot()
        seen.append(snapshot.seq)
        for days in (15, 30, 61):
            boundary = FIRST_DAY + timedelta(days=days)
            rows = snapshot.run(
                Query(
                    "SELECT DISTINCT customer_ix FROM facts WHERE is_purchase AND customer_ix IS NOT NULL"
                    " AND day_no >= ? AND day_no < ? ORDER BY 1",
                    (boundary.toordinal() - WINDOW, boundary.toordinal()),
                )
            )
            assert list(snapshot.active(rule, boundary)) == [ix for (ix,) in rows]
    assert seen == sorted(seen)
    return {"reads": len(seen), "states": len(set(seen))}


def hold(_seconds: float, chance: random.Random) -> dict[str, Any]:
    """A slow commit: a transaction that has its number, and lasts until it is told to end."""
    from django.db import transaction

    from vafa.data.customers.models import Customer
    from vafa.data.log.actions import take_numbers

    with transaction.atomic():
        number = take_numbers(1)
        add_line(Customer.objects.order_by("pk")[0].pk, draw_day(chance), number)
        sys.stdout.write(json.dumps(number) + "\n")
        sys.stdout.flush()
        sys.stdin.readline()
    return {"number": number}


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
