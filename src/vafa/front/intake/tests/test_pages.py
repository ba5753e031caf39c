"""From the upload to the undo, as a browser without scripts goes."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from vafa.data.business.models import Business
from vafa.data.intake.models import Import
from vafa.data.staff.models import Staff
from vafa.front.intake.tasks import bring_in, go_on_with_stalled, take_back
from vafa.front.tests.conftest import NOW, PASSWORD, own_home, owner, signed_in  # noqa: F401 - fixtures
from vafa.kit.permissions import Role

pytestmark = pytest.mark.django_db

ORDERS = (
    "Order ID,Customer ID,Order Date,Product,Quantity,Amount,Status,Card,Colour\n"
    "1,a,13/01/2025,tea,1,5.50,paid,4111 1111 1111 1111,red\n"
    "2,b,14/01/2025,mug,2,9,cancelled,4111 1111 1111 1111,red\n"
    "3,b,31/02/2025,mug,2,9,paid,4111 1111 1111 1111,red\n"
)


def upload(client: Client, text: str, kind: str = "orders", name: str = "orders.csv") -> Import:
    file = SimpleUploadedFile(name, text.encode())
    answer = client.post("/imports/", {"kind": kind, "source": "shop", "file": file})
    assert answer.status_code == 303, answer.content.decode()
    return Import.objects.latest("id")


def get_form(client: Client, imported: Import) -> dict[str, Any]:
    """What the form of the mapping page would send as it stands."""
    context = client.get(f"/imports/{imported.pk}/columns/").context
    sent: dict[str, Any] = {"columns": context["columns_print"], "source": context["plan"].options.source}
    for row in [*context["fields"]["main"], *context["fields"]["more"]]:
        sent[f"map.{row['name']}"] = row["column"]
    sent["status_value"] = [status["value"] for status in context["statuses"]]
    for place, status in enumerate(context["statuses"]):
        sent[f"status.{place}"] = "counts" if status["counts"] else "not"
    return sent


def start(client: Client, imported: Import, **more: Any) -> Any:
    return client.post(f"/imports/{imported.pk}/columns/", get_form(client, imported) | {"start": "1"} | more)


def test_a_file_is_shown_before_anything_comes_in(signed_in: Client) -> None:  # noqa: F811
    imported = upload(signed_in, ORDERS)
    page = signed_in.get(f"/imports/{imported.pk}/columns/")
    plan, preview = page.context["plan"], page.context["preview"]
    assert plan.mapping["at"] == "Order Date"
    assert plan.card_columns == ("Card",)
    assert [column["name"] for column in page.context["others"]] == ["Colour"]
    assert {status["value"]: status["counts"] for status in page.context["statuses"]} == {
        "paid": True,
        "cancelled": False,
    }
    assert preview.bad == 1
    problems = [cell.reason for row in preview.rows for cell in row.cells if cell.reason]
    assert problems == ["There is no such day as “31/02/2025”."]
    content = page.content.decode()
    assert "13 January 2025" in content
    assert "Card numbers are never stored" in content
    assert "4111" not in content
    assert Import.objects.get().state == "uploaded"
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM orders_orderline")
        assert cursor.fetchone() == (0,)


def test_it_comes_in_by_the_worker_and_is_summed_up(signed_in: Client, own_home: Path, owner: Staff) -> None:  # noqa: F811
    imported = upload(signed_in, ORDERS)
    stored = Path(imported.file_path)
    assert stored.stat().st_mode & 0o077 == 0 or stored.parent.stat().st_mode & 0o077 == 0
    answer = start(signed_in, imported, keep=["Colour"], complete_through="2025/01/31")
    assert answer.status_code == 303
    waiting = signed_in.get(f"/imports/{imported.pk}/").content.decode()
    assert "none seems to run" in waiting
    assert 'http-equiv="refresh"' in waiting
    bring_in.call(imported.pk, owner.pk, "en")
    imported.refresh_from_db()
    assert (imported.state, imported.by, imported.source_name) == ("done", owner, "shop")
    assert imported.counts == {"read": 3, "new": 2, "changed": 0, "same": 0, "rejected": 1}
    assert imported.options["complete_through"] == "2025-01-31"
    assert not stored.exists()
    page = signed_in.get(f"/imports/{imported.pk}/")
    lines = [line.text for line in page.context["lines"]]
    assert "Days: 13 January 2025 to 14 January 2025." in lines
    assert "1 row has a status that does not count (failed, unpaid, cancelled)." in lines
    assert any(line.startswith("Never stored, for they hold card numbers:") for line in lines)
    assert any(line.startswith("Kept as own fields:") for line in lines)
    rejects = signed_in.get(f"/imports/{imported.pk}/rejects/")
    body = b"".join(rejects.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "31/02/2025" in body
    assert "There is no such day" in body


def test_an_import_is_undone_from_its_page(signed_in: Client, owner: Staff) -> None:  # noqa: F811
    imported = upload(signed_in, ORDERS)
    start(signed_in, imported)
    bring_in.call(imported.pk, owner.pk, "en")
    assert signed_in.post(f"/imports/{imported.pk}/undo/").status_code == 303
    take_back.call(imported.pk, owner.pk, "en")
    page = signed_in.get(f"/imports/{imported.pk}/")
    assert [line.text for line in page.context["undone_lines"]] == [
        "2 rows were taken away.",
        "2 customers were taken away.",
    ]
    assert not page.context["may_undo"]


def test_what_is_open_is_asked_and_not_guessed(signed_in: Client) -> None:  # noqa: F811
    Business.objects.create(pk=1, currency="IRT", is_set_up=True)
    imported = upload(
        signed_in, "Order ID,Customer ID,Order Date,Amount\n1,a,03/04/2025,250000\n2,b,05/06/2025,120000\n"
    )
    refused = start(signed_in, imported)
    assert refused.status_code == 422
    assert len(refused.context["open_points"]) == 2
    assert refused.context["preview"].bad == 0
    assert Import.objects.get().state == "uploaded"
    assert start(signed_in, imported, dates="dmy", unit="IRR").status_code == 303
    imported.refresh_from_db()
    assert (imported.state, imported.options["dates"], imported.options["unit"]) == ("queued", "dmy", "IRR")


def test_another_column_is_read_at_once(signed_in: Client) -> None:  # noqa: F811
    imported = upload(
        signed_in, "Order ID,Customer ID,Order Date,Paid on,Amount\n1,a,2025-01-13,2025-02-20,5\n"
    )
    sent = get_form(signed_in, imported) | {"map.at": "Paid on"}
    page = signed_in.post(f"/imports/{imported.pk}/columns/", sent)
    assert "20 February 2025" in page.content.decode()
    assert signed_in.get(f"/imports/{imported.pk}/columns/").context["plan"].mapping["at"] == "Paid on"


def test_another_delimiter_makes_other_columns(signed_in: Client) -> None:  # noqa: F811
    imported = upload(
        signed_in, "Order ID;Customer ID;Order Date;Amount\n1;a;2025-01-13;5,50\n2;b;2025-01-14;6,50\n"
    )
    sent = get_form(signed_in, imported)
    page = signed_in.post(f"/imports/{imported.pk}/columns/", sent | {"delimiter": ","})
    assert page.context["plan"].columns != ("Order ID", "Customer ID", "Order Date", "Amount")
    sent = get_form(signed_in, imported) | {"delimiter": ";"}
    page = signed_in.post(f"/imports/{imported.pk}/columns/", sent)
    assert page.context["plan"].mapping["amount"] == "Amount"


def test_names_become_ids_by_one_click(signed_in: Client) -> None:  # noqa: F811
    imported = upload(signed_in, "Full name,Order Date,Amount\nAnn,2025-01-13,5\nBob,2025-01-14,6\n")
    page = signed_in.get(f"/imports/{imported.pk}/columns/")
    assert page.context["name_only"]
    sent = get_form(signed_in, imported) | {"names_are_ids": "1"}
    page = signed_in.post(f"/imports/{imported.pk}/columns/", sent)
    assert page.context["plan"].mapping["customer"] == "Full name"
    assert not page.context["name_only"]


def test_consent_is_suggested_and_never_taken(signed_in: Client) -> None:  # noqa: F811
    imported = upload(
        signed_in, "Customer ID,Email,Accepts Email Marketing\na,a@example.com,yes\n", "customers"
    )
    page = signed_in.get(f"/imports/{imported.pk}/columns/")
    assert "consent_email" not in page.context["plan"].mapping
    assert "It counts as consent only if you choose it here." in page.content.decode()


@pytest.mark.parametrize("content", ["", "%PDF-1.7 nothing here", "{}"])
def test_what_is_no_table_is_said_and_not_kept(signed_in: Client, own_home: Path, content: str) -> None:  # noqa: F811
    file = SimpleUploadedFile("x.csv", content.encode())
    answer = signed_in.post("/imports/", {"kind": "orders", "file": file})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not Import.objects.exists()
    assert not list((own_home / "uploads").iterdir())


def test_an_upload_is_removed_again(signed_in: Client) -> None:  # noqa: F811
    imported = upload(signed_in, ORDERS)
    assert signed_in.post(f"/imports/{imported.pk}/discard/").status_code == 302
    assert not Import.objects.exists()
    assert not Path(imported.file_path).exists()


def test_a_failed_import_says_why_and_may_be_read_otherwise(signed_in: Client, owner: Staff) -> None:  # noqa: F811
    imported = upload(signed_in, ORDERS)
    start(signed_in, imported)
    Path(imported.file_path).unlink()
    bring_in.call(imported.pk, owner.pk, "en")
    page = signed_in.get(f"/imports/{imported.pk}/")
    assert page.context["state"] == "Stopped"
    assert "There is no such file" in page.content.decode()


def test_an_import_left_by_a_dead_worker_goes_on(signed_in: Client, owner: Staff) -> None:  # noqa: F811
    imported = upload(signed_in, ORDERS)
    start(signed_in, imported)
    Import.objects.update(state="running", lease_until=NOW)
    assert go_on_with_stalled(NOW) == 0
    from datetime import timedelta

    assert go_on_with_stalled(NOW + timedelta(minutes=2)) == 1
    assert go_on_with_stalled(NOW + timedelta(minutes=4)) == 0
    bring_in.call(imported.pk, owner.pk, "en")
    imported.refresh_from_db()
    assert imported.state == "done"


def test_an_import_that_has_just_begun_tells_of_no_rows_yet(signed_in: Client) -> None:  # noqa: F811
    imported = upload(signed_in, ORDERS)
    Import.objects.filter(pk=imported.pk).update(state="running", counts={}, lease_until=NOW)
    page = signed_in.get(f"/imports/{imported.pk}/")
    assert page.status_code == 200
    assert "0 rows" in page.content.decode()


def test_a_command_that_was_cut_off_is_not_waited_for(signed_in: Client) -> None:  # noqa: F811
    imported = upload(signed_in, ORDERS)
    Import.objects.update(state="running", lease_until=NOW, first_seq=1, file_path="/somewhere/else.csv")
    page = signed_in.get(f"/imports/{imported.pk}/")
    assert "stay until it goes on or is undone" in page.content.decode()
    assert 'http-equiv="refresh"' not in page.content.decode()
    assert page.context["may_undo"]


@pytest.mark.parametrize("role", [Role.AGENT, Role.ANALYST, Role.READ_ONLY])
def test_others_neither_see_nor_fetch_rejects(signed_in: Client, owner: Staff, role: Role) -> None:  # noqa: F811
    imported = upload(signed_in, ORDERS)
    start(signed_in, imported)
    bring_in.call(imported.pk, owner.pk, "en")
    other = Client()
    other.force_login(Staff.objects.create_user("x@example.com", PASSWORD, role=role, created_at=NOW))
    for address in ("", "rejects/", "columns/"):
        assert other.get(f"/imports/{imported.pk}/{address}").status_code == 403
    assert other.post(f"/imports/{imported.pk}/undo/").status_code == 403


def test_how_often_prices_are_paid_is_asked_where_no_column_says_it(signed_in: Client) -> None:  # noqa: F811
    text = "Customer ID,Start date,Monthly fee\na,2025-01-01,10\nb,2025-01-01,20\n"
    imported = upload(signed_in, text, "subscriptions", "members.csv")
    context = signed_in.get(f"/imports/{imported.pk}/columns/").context
    assert context["interval"]["usual"] == "As the column's name says: every month"
    sent = get_form(signed_in, imported)
    address = f"/imports/{imported.pk}/columns/"
    assert signed_in.post(address, sent).context["plan"].interval == "1 month"
    assert signed_in.post(address, sent | {"interval": "1 year"}).context["plan"].interval == "1 year"
    assert signed_in.post(address, sent | {"interval": "term"}).context["plan"].interval == ""
    assert signed_in.post(address, sent | {"interval": "nonsense"}).context["plan"].interval == "1 month"
    orders = upload(signed_in, ORDERS)
    assert signed_in.get(f"/imports/{orders.pk}/columns/").context["interval"] is None


def test_days_that_contradict_each_other_are_shown_before_they_come_in(signed_in: Client) -> None:  # noqa: F811
    text = (
        "Customer ID,Start date,End date,Freeze start,Freeze end\n"
        "a,2025-03-01,2025-02-01,,\nb,2025-01-01,,,2025-02-01\nc,31/31/2025,,,\nd,2025-01-01,,,\n"
    )
    imported = upload(signed_in, text, "subscriptions", "members.csv")
    preview = signed_in.get(f"/imports/{imported.pk}/columns/").context["preview"]
    assert preview.bad == 3
    problems = [cell.reason for row in preview.rows for cell in row.cells if cell.reason]
    assert problems[0] == "The subscription ends (2025-02-01) before it starts (2025-03-01)."
    assert problems[1] == "The freeze ends (2025-02-01), and nothing says when it began."
