"""Folders and addresses are looked at by timetable: each file once, a bad one holds no other up."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.web import Told, WebServer, run_web_server
from vafa.data.intake.models import Import
from vafa.data.orders.models import OrderLine
from vafa.data.timed import actions
from vafa.data.timed.models import Timed
from vafa.data.timed.types import TimedUnusable

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEAD = "order,customer,date,amount\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VAFA_IMPORT_FOLDER", str(tmp_path))
    (tmp_path / "orders").mkdir()
    return tmp_path / "orders"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    monkeypatch.setenv("VAFA_ALLOW_PRIVATE", "localhost")
    with run_web_server() as server:
        yield server


def write(path: Path, text: str, age: timedelta = timedelta(hours=1)) -> None:
    path.write_text(text)
    moment = (NOW - age).timestamp()
    os.utime(path, (moment, moment))


def look(now: datetime) -> int:
    return actions.look_at_all(lambda: now)


def add(place: str) -> Timed:
    return actions.add_timed("shop", "orders", "till", place, 60, by=None, now=NOW)


def test_each_file_of_a_folder_comes_in_once_and_a_bad_one_is_told_of(folder: Path) -> None:
    write(folder / "a.csv", HEAD + "1,c1,2026-02-01,10\n")
    write(folder / "bad.csv", "colour\nred\n", timedelta(hours=2))
    write(folder / "b.csv.part", HEAD + "2,c1,2026-02-01,10\n")
    write(folder / "fresh.csv", HEAD + "3,c1,2026-02-01,10\n", timedelta(0))
    add("orders")
    assert actions.look_at_all(lambda: NOW) == 1
    assert actions.look_at_all(lambda: NOW) == 0
    assert set(OrderLine.objects.values_list("order_key", flat=True)) == {"1"}
    timed = Timed.objects.get()
    assert timed.error.startswith("bad.csv")
    assert timed.last_import == Import.objects.get(state="done").pk
    later = NOW + timedelta(hours=2)
    (folder / "bad.csv").unlink()
    actions.look_at_all(lambda: later)
    assert set(OrderLine.objects.values_list("order_key", flat=True)) == {"1", "3"}
    assert Timed.objects.get().error == ""
    assert Import.objects.filter(state="done").count() == 2


def test_an_address_is_asked_and_the_same_file_comes_in_once(web: WebServer) -> None:
    web.answer = lambda asked: Told(200, (HEAD + "1,c1,2026-02-01,10\n").encode())
    add(f"{web.url}/export/orders.csv?key=1")
    for now in (NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=2)):
        look(now)
    assert (len(web.asked), Import.objects.count(), OrderLine.objects.count()) == (3, 1, 1)
    web.answer = lambda asked: Told(200, (HEAD + "1,c1,2026-02-01,12\n2,c1,2026-02-02,5\n").encode())
    actions.look_at_all(lambda: NOW + timedelta(hours=4))
    assert OrderLine.objects.get(order_key="1").amount == 12
    assert Import.objects.order_by("pk")[0].file_name == "orders.csv"
    web.answer = lambda asked: Told(500)
    actions.look_at_all(lambda: NOW + timedelta(hours=6))
    assert "500" in Timed.objects.get().error


@pytest.mark.parametrize(
    "place", ["../", "/etc", "nowhere", "ftp://x.example/a.csv", "http://user:pw@x.example/"]
)
def test_nothing_else_of_the_server_may_be_looked_into(folder: Path, place: str) -> None:
    with pytest.raises(TimedUnusable):
        add(place)


def test_without_a_folder_of_the_operator_s_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VAFA_IMPORT_FOLDER", raising=False)
    with pytest.raises(TimedUnusable, match="VAFA_IMPORT_FOLDER"):
        add("orders")
