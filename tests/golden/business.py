"""Businesses whose records do what an article's worked example tells, and the two commands that judge them."""

import json
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from typing import Any

from tests.laws.asking import build_command
from tests.laws.shop import Row, Shop


@dataclass(frozen=True)
class Story:
    """A worked example: customers of the start and how many of them were lost, newcomers and how many of them
    left again inside, those who came back, and the period [first, after)."""

    start: int
    lost: int
    new: int
    first: date
    after: date
    left_again: int = 0
    back: int = 0

    @property
    def end(self) -> int:
        """Customers at the end."""
        return self.start - self.lost + self.new - self.left_again + self.back


def run(*args: str) -> dict[str, Any]:
    """The JSON document of `vafa ... --json`."""
    printed = StringIO()
    with redirect_stdout(printed):
        build_command().main([*args, "--json"], standalone_mode=False)
    document: dict[str, Any] = json.loads(printed.getvalue())
    return document


def live(shop: Shop, story: Story) -> None:
    """Bring in the subscriptions of a business to which the story happens, known a year after it."""
    long_ago, inside = story.first - timedelta(days=400), story.first + timedelta(days=3)
    soon = story.first + timedelta(days=9)
    kept = story.start - story.lost
    rows = [build_row(f"k{n}", long_ago) for n in range(kept)]
    rows += [build_row(f"l{n}", long_ago, soon) for n in range(story.lost)]
    rows += [build_row(f"n{n}", inside) for n in range(story.new - story.left_again)]
    rows += [build_row(f"p{n}", inside, soon) for n in range(story.left_again)]
    for n in range(story.back):
        rows += [build_row(f"b{n}", long_ago, story.first - timedelta(days=90)), build_row(f"b{n}", inside)]
    shop.bring("subscriptions", [row | {"subscription": f"s{n}"} for n, row in enumerate(rows)],
               complete_through=story.after + timedelta(days=365))  # fmt: skip
    shop.follow()


def build_row(customer: str, start: date, end: date | None = None) -> dict[str, Any]:
    """One subscription."""
    return {"customer": customer, "plan": "one", "started_at": start, "ended_at": end or ""}


def ask(metric: str, story: Story, *more: str) -> Row:
    """The one row of `vafa metric` for the story's period."""
    document = run("metric", metric, "--from", str(story.first), "--to", str(story.after), *more)
    assert len(document["rows"]) == 1
    row: Row = document["rows"][0]
    return row
