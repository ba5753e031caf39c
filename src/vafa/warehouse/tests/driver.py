"""A process of its own with a database of its own, for what one test process can't show.

    python -m vafa.warehouse.tests.driver fill|compare|loop|check

The database and the home are those of the environment.
"""

import json
import os
import random
import sqlite3
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")


def main(mode: str) -> None:
    import django

    django.setup()
    {"fill": fill, "compare": compare, "loop": loop, "check": check}[mode]()


def take_steps(count: int, chance: random.Random) -> None:
    from vafa.warehouse.tests.steps import DAYS, STEPS, take_step
    from vafa.warehouse.tests.world import World

    world = World()
    for _ in range(count):
        step = (
            chance.choice(STEPS),
            chance.randrange(10_000),
            chance.randrange(DAYS),
            chance.randrange(10_000),
        )
        take_step(world, step)


def fill() -> None:
    """Make the tables and some rows."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    take_steps(60, random.Random(1))


def compare() -> None:
    """The rows arrive alike in bulk, few at a time, and over Django's own connection."""
    from django.db import connection, transaction

    from vafa.data.log.queries import get_last_number
    from vafa.warehouse import actions
    from vafa.warehouse.queries import open_snapshot
    from vafa.warehouse.tests.steps import check_against_rows, tell
    from vafa.warehouse.tests.world import NOW

    chance = random.Random(2)
    told = []
    for few in (0, actions.FEW_ROWS):
        actions.FEW_ROWS = few
        actions.refresh(now=NOW, rebuild=True)
        check_against_rows(open_snapshot())
        take_steps(15, chance)
        result = actions.refresh(now=NOW)
        check_against_rows(open_snapshot())
        told.append((result.rebuilt, result.seq == get_last_number()))
    followed = tell(open_snapshot())
    with transaction.atomic():
        actions.refresh(now=NOW, rebuild=True)
    assert tell(open_snapshot()) == followed
    # What this process commits now must be there for others: a second SQLite library in it would lose it.
    take_steps(3, chance)
    number = get_last_number()
    if connection.vendor == "sqlite":
        with sqlite3.connect(connection.settings_dict["NAME"]) as other:
            assert other.execute("SELECT value FROM log_sequence").fetchone()[0] == number
    sys.stdout.write(json.dumps(told))


def loop() -> None:
    """Change and refresh, without end."""
    from vafa.warehouse.actions import refresh
    from vafa.warehouse.tests.world import NOW

    chance = random.Random()
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    while True:
        take_steps(2, chance)
        refresh(now=NOW, rebuild=chance.random() < 0.3)


def check() -> None:
    """What is published can be read as it is; the next refresh makes it true and tidy."""
    from vafa.warehouse.actions import refresh
    from vafa.warehouse.layout import get_warehouse_folder
    from vafa.warehouse.queries import open_snapshot
    from vafa.warehouse.tests.steps import check_against_rows, tell
    from vafa.warehouse.tests.world import NOW

    before = open_snapshot()
    tell(before)
    refresh(now=NOW)
    check_against_rows(open_snapshot())
    assert not list(get_warehouse_folder().glob("building-*"))
    sys.stdout.write(json.dumps(before.seq))


if __name__ == "__main__":
    main(sys.argv[1])
