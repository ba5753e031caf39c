"""The whole way of predictions at a million customers: figures, training, scoring, publishing, the pages.

    .venv/bin/python bench/predict_million.py [--customers 1000000] [--orders 6000000] [--home FOLDER]

Records are those of `pages.py`. Every step runs in a process of its own, so that each one's greatest memory is its own;
prints one JSON document: seconds by the clock and of the processor, and megabytes, for each step, and for each page the
first answer and the next one in milliseconds.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import pages

PAGES = (
    "/risk/",
    "/risk/drivers/",
    "/risk/common/?days=180",
    "/risk/value/",
    "/risk/when/",
    "/risk/record/",
    "/customers/?sort=risk&dir=down",
    "/customers/{somebody}/risk/",
)


def main() -> None:
    parser = argparse.ArgumentParser(description="The whole way of predictions.")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=6_000_000)
    parser.add_argument("--home", help="Keep the data here, and use what is here already.")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        print(json.dumps(run_step(asked.step, asked)))
        return
    with tempfile.TemporaryDirectory(prefix="vafa-bench-") as folder:
        home = Path(asked.home or folder)
        told: dict[str, Any] = {"customers": asked.customers, "orders": asked.orders}
        for step in STEPS:
            command = [sys.executable, __file__, "--step", step, "--home", str(home)]
            command += ["--customers", str(asked.customers), "--orders", str(asked.orders)]
            done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
            told[step] = json.loads(done.stdout.splitlines()[-1])
            pages.say(f"{step}: {told[step]}")
        print(json.dumps(told, indent=1))


def run_step(step: str, asked: argparse.Namespace) -> dict[str, Any]:
    """One step, with what it took."""
    home = Path(asked.home)
    home.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "VAFA_HOME": str(home),
        "VAFA_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "vafa.config.settings",
    }
    import django

    django.setup()
    began, worked = perf_counter(), process_time()
    told = STEPS[step](home, asked) or {}
    return {
        **told,
        "seconds": round(perf_counter() - began, 1),
        "processor_seconds": round(process_time() - worked, 1),
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def make(home: Path, asked: argparse.Namespace) -> dict[str, Any] | None:
    """The records, where there are none yet."""
    from vafa.config.database import ensure_database
    from vafa.config.messages import ensure_messages

    made = (home / "vafa.sqlite3").exists()
    ensure_messages()
    ensure_database()
    if not made:
        pages.make_records(home, asked.customers, asked.orders)
    return None


def refresh(_home: Path, _asked: argparse.Namespace) -> None:
    """The columns and sets of the warehouse."""
    from vafa.kit import clock
    from vafa.warehouse.actions import refresh as follow

    follow(now=clock.now())


def train(_home: Path, _asked: argparse.Namespace) -> dict[str, Any]:
    """Features of all days that are learned from, back-test, fit, card."""
    from vafa.kit import clock
    from vafa.predict.models.actions import train as learn
    from vafa.predict.models.queries import get_question
    from vafa.warehouse.queries import open_snapshot

    snapshot = open_snapshot()
    card, verdict = learn(snapshot, get_question(snapshot), now=clock.now())
    return {"form": None if card is None else card.form, "verdict": verdict.level}


def score(_home: Path, _asked: argparse.Namespace) -> dict[str, Any]:
    """What the nightly job does with a trained model: score, keep, publish scores and values, tell changes."""
    from vafa.kit import clock
    from vafa.predict.scores.models import Issue
    from vafa.predict.scores.tasks import look

    look(clock.now())
    issue = Issue.objects.order_by("pk").last()
    return {"issued": 0 if issue is None else issue.n}


def look_again(_home: Path, _asked: argparse.Namespace) -> None:
    """The nightly job when nothing has moved."""
    from vafa.kit import clock
    from vafa.predict.scores.tasks import look

    look(clock.now())


def ask_pages(_home: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """The pages as the owner sees them: the first answer after a start, and the next."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    owner = get_user_model().objects.get(email="owner@example.com")
    client.force_login(owner, backend=pages.BACKEND)
    told = {}
    for pattern in PAGES:
        address = pattern.format(somebody=asked.customers // 3)
        milliseconds = []
        for _ in range(2):
            began = perf_counter()
            answer = client.get(address)
            milliseconds.append(round((perf_counter() - began) * 1000))
        told[pattern] = {"status": answer.status_code, "first": milliseconds[0], "again": milliseconds[1]}
    return told


STEPS: dict[str, Callable[[Path, argparse.Namespace], dict[str, Any] | None]] = {
    "make": make,
    "refresh": refresh,
    "train": train,
    "score": score,
    "look_again": look_again,
    "pages": ask_pages,
}


if __name__ == "__main__":
    main()
