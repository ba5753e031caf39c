"""A process of its own for the proof that erasing leaves nothing: `make` fills a home, `erase STEP` erases and is
killed at a step ("" for none), `again` brings the files in once more."""

import io
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
HEAD = "Customer ID,Customer name,Email,Phone,Company,Birthday\n"
GONE = "a7,Zebulon Quackenbush,zeb.quackenbush@example.com,+989121234567,Quackenbush Sons,1980-02-03\n"
STAYS = "b8,Bob Stays,bob.stays@example.com,+989350000001,Stays Ltd,1985-05-05\n"


def make() -> None:
    """A home in which the person is everywhere."""
    from vafa.config.database import ensure_database

    ensure_database()
    from vafa.data.business.actions import change_business
    from vafa.data.intake.actions import undo_import
    from vafa.data.intake.models import Import
    from vafa.warehouse.actions import refresh

    change_business(by=None, now=NOW, phone_region="IR")
    folder = Path(os.environ["VAFA_HOME"]).parent / "elsewhere"
    folder.mkdir()
    bring(
        folder, HEAD + GONE + STAYS + "c9,Carl,,9.12E+09,,\na7,Zebulon Quackenbush,,9.35E+09,,\n", "customers"
    )
    bring(folder, HEAD + GONE.replace("1980-02-03", "1980-02-04"), "customers")
    undone = bring(folder, HEAD + GONE.replace("Quackenbush Sons", "Quackenbush Undone"), "customers")
    undo_import(Import.objects.get(pk=undone.import_id), by=None, clock=lambda: NOW)
    orders = "Date,Amount,Email,Gift note\n2026-01-02,10,zeb.quackenbush@example.com,To aunt Quackenbush\n"
    bring(folder, orders + "2026-01-03,20,bob.stays@example.com,\n", "orders", keep_other=True)
    bring(folder, orders.replace(",10,", ",11,"), "orders", keep_other=True)
    calls = (
        "Customer ID,Date,Kind,Text\na7,2026-01-04,call,Zebulon Quackenbush asked\nb8,2026-01-04,call,hi\n"
    )
    bring(folder, calls, "interactions")
    upload(HEAD + GONE + STAYS)
    upload_book()
    write_mail()
    refresh(now=NOW)


def bring(folder: Path, text: str, kind: Any, **options: Any) -> Any:
    from vafa.data.intake.actions import import_file
    from vafa.data.intake.types import ImportOptions

    path = folder / f"{len(list(folder.iterdir()))}.csv"
    path.write_text(text, encoding="utf-8")
    return import_file(path, ImportOptions(kind=kind, **options), by=None, clock=lambda: NOW)


def upload(text: str) -> None:
    """A file that waits to be brought in."""
    from vafa.data.intake.actions import store_upload
    from vafa.data.intake.types import ImportOptions

    store_upload(io.BytesIO(text.encode()), "wait.csv", ImportOptions(kind="customers"), by=None, now=NOW)


def upload_book() -> None:
    """A workbook of two sheets that waits."""
    from vafa.data.intake.actions import store_upload
    from vafa.data.intake.types import ImportOptions
    from vafa.kit.sheets import Sheet, write_book

    columns = HEAD.strip().split(",")
    rows = [line.strip().split(",") for line in (GONE, STAYS)]
    book = io.BytesIO()
    write_book(book, [Sheet("One", columns, rows), Sheet("Two", columns, rows[::-1])])
    book.seek(0)
    store_upload(book, "wait.xlsx", ImportOptions(kind="customers"), by=None, now=NOW)


def write_mail() -> None:
    """A mail to staff that names the person, and waits."""
    from vafa.kit.models import StaffMail

    StaffMail.objects.create(
        key="k", address="s@example.com", subject="Late", text="Zebulon Quackenbush is late", html="<p>x</p>",
        language="en", created_at=NOW, not_before=NOW,
    )  # fmt: skip


def erase(step: str) -> None:
    """Erase, or go on with it; killed at the step."""
    from vafa.data.consent import erasures
    from vafa.data.consent.actions import ask_erasure
    from vafa.data.consent.models import Erasure
    from vafa.data.customers.queries import find_customers

    for name in ("scrub_person", "erase_person", "sweep_copies", "clean_records"):
        if step.removesuffix("+") == name:
            setattr(erasures, name, kill_around(getattr(erasures, name), after=step.endswith("+")))
    found = find_customers("a7")
    erasure = ask_erasure(found[0].pk, by=None, now=NOW) if found else erasures.list_unfinished()[0]
    # Whoever was killed holds the row until its lease has ended.
    later = datetime(2026, 1, 16, 12, tzinfo=UTC)
    Erasure.objects.update(lease_until=NOW)
    print(erasures.go_on(erasure, now=later, hurry=True))


def again() -> None:
    """The same person once more: by their id, their address, their number, and as somebody else's order."""
    from vafa.data.customers.models import Customer
    from vafa.warehouse.actions import refresh

    folder = Path(os.environ["VAFA_HOME"]).parent / "elsewhere"
    people = bring(folder, HEAD + GONE + STAYS, "customers")
    orders = (
        "Date,Amount,Email,Phone\n2026-01-02,10,Zeb.Quackenbush@example.com,\n2026-01-02,10,,0912 123 4567\n"
    )
    sales = bring(folder, orders + "2026-01-05,5,bob.stays@example.com,\n", "orders")
    refresh(now=NOW)
    print(people.rejected, sales.rejected, sales.new, Customer.objects.count())


def kill_around(work: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    """The work, killed before or after it."""

    def killed(*args: Any, **kwargs: Any) -> Any:
        if after:
            work(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    return killed


if __name__ == "__main__":
    import django

    django.setup()
    {"make": make, "erase": lambda: erase(sys.argv[2]), "again": again}[sys.argv[1]]()
