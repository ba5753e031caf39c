"""The same file again, a corrected one, mended rejects, and taking imports back."""

import csv
from pathlib import Path
from typing import Any

import pytest

from vafa.data.intake.actions import NotUndoable, undo_import
from vafa.data.intake.models import Import
from vafa.data.intake.tests.helpers import NOW, bring, counts, dump_here, query, write

pytestmark = pytest.mark.django_db

HEAD = "Order ID,Customer ID,Order Date,Product,Quantity,Amount\n"
ROWS = "1,a,2025-03-01,tea,1,5\n1,a,2025-03-01,tea,1,5\n2,b,2025-03-02,mug,2,9\n"


def facts(dump: dict[str, list[str]]) -> dict[str, list[str]]:
    """What is known, without the books of the imports themselves."""
    return {
        name: rows for name, rows in dump.items() if name not in ("imports", "images", "happenings", "feeds")
    }


def undo(import_id: int | None) -> dict[str, Any]:
    assert import_id is not None
    return undo_import(Import.objects.get(pk=import_id), by=None, clock=lambda: NOW)


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + ROWS)
    assert counts(bring(path)) == (3, 3, 0, 0, 0)
    before, sequence = dump_here(), query("SELECT id, seq FROM orders_orderline ORDER BY id")
    assert counts(bring(path)) == (3, 0, 0, 3, 0)
    assert facts(dump_here()) == facts(before)
    assert query("SELECT id, seq FROM orders_orderline ORDER BY id") == sequence


def test_a_corrected_file_changes_just_what_differs(tmp_path: Path) -> None:
    bring(write(tmp_path, HEAD + ROWS))
    before = dict(query("SELECT key, seq FROM orders_orderline"))
    corrected = ROWS.replace("mug,2,9", "mug,2,8") + "3,c,2025-03-04,tea,1,5\n"
    assert counts(bring(write(tmp_path, HEAD + corrected))) == (4, 1, 1, 2, 0)
    after = dict(query("SELECT key, seq FROM orders_orderline"))
    assert {key.split("\x1f")[0] for key in after if after[key] != before.get(key)} == {"2", "3"}
    assert query("SELECT SUM(amount) FROM orders_orderline") == [(230000,)]


def test_an_import_is_undone_whole(tmp_path: Path) -> None:
    bring(write(tmp_path, HEAD + "9,z,2025-01-01,tea,1,1\n"))
    before = facts(dump_here())
    result = bring(write(tmp_path, HEAD + ROWS))
    undone = undo(result.import_id)
    assert undone["facts"] == {"removed": 3, "restored": 0, "left": []}
    assert undone["customers"] == {"removed": 2, "restored": 0, "kept": 0, "left": []}
    after = facts(dump_here())
    assert {name: rows for name, rows in after.items() if name != "products"} == {
        name: rows for name, rows in before.items() if name != "products"
    }
    with pytest.raises(NotUndoable):
        undo(result.import_id)


def test_undoing_puts_changed_rows_back(tmp_path: Path) -> None:
    bring(write(tmp_path, HEAD + ROWS))
    before = facts(dump_here())
    second = bring(write(tmp_path, HEAD + ROWS.replace("mug,2,9", "mug,3,7").replace("03-02", "03-05")))
    assert counts(second) == (3, 0, 1, 2, 0)
    assert undo(second.import_id)["facts"] == {"removed": 0, "restored": 1, "left": []}
    assert facts(dump_here()) == before


def test_rows_changed_since_are_listed_and_left_alone(tmp_path: Path) -> None:
    first = bring(write(tmp_path, HEAD + ROWS))
    second = bring(write(tmp_path, HEAD + ROWS.replace("mug,2,9", "mug,3,7")))
    [(row,)] = query(f"SELECT id FROM orders_orderline WHERE import_id = {second.import_id}")
    undone = undo(first.import_id)
    assert undone["facts"] == {"removed": 2, "restored": 0, "left": [{"row": row, "by": second.import_id}]}
    assert query("SELECT quantity, amount FROM orders_orderline") == [(30000, 70000)]
    assert undone["customers"]["kept"] == 1
    assert query("SELECT COUNT(*) FROM customers_customer") == [(1,)]


def test_an_undone_import_may_come_in_again(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + ROWS)
    undo(bring(path).import_id)
    assert counts(bring(path)) == (3, 3, 0, 0, 0)


def test_undoing_takes_back_what_it_said_of_completeness(tmp_path: Path) -> None:
    from datetime import date

    bring(write(tmp_path, HEAD + ROWS), complete_through=date(2025, 3, 31))
    later = bring(write(tmp_path, HEAD + "4,a,2025-04-01,tea,1,5\n"), complete_through=date(2025, 4, 30))
    assert query("SELECT complete_through FROM log_feed") == [(date(2025, 4, 30),)]
    undo(later.import_id)
    assert query("SELECT complete_through FROM log_feed") == [(date(2025, 3, 31),)]


def test_rejects_are_mended_and_end_where_they_would_have_been(tmp_path: Path) -> None:
    good = HEAD + "1,a,2025-03-01,tea,1,5\n1,a,2025-03-01,tea,2,7\n1,a,2025-03-01,tea,3,9\n"
    first = bring(write(tmp_path, good))
    wanted = facts(dump_here())
    undo(first.import_id)
    rejects = tmp_path / "rejects.csv"
    bad = good.replace("2025-03-01,tea,2,7", "2025-03-99,tea,2,7").replace("tea,1,5", "tea,one,5")
    result = bring(write(tmp_path, bad), rejects=rejects)
    assert counts(result) == (3, 1, 0, 0, 2)
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [
        (row["vafa_line"], row["vafa_field"], row["vafa_value"], row["vafa_occurrence"]) for row in rows
    ] == [
        ("2", "Quantity", "one", "1"),
        ("3", "Order Date", "2025-03-99", "2"),
    ]
    assert all(row["vafa_reason"] and row["vafa_remedy"] for row in rows)
    rows[0]["Quantity"], rows[1]["Order Date"] = "1", "2025-03-01"
    mended = tmp_path / "mended.csv"
    with mended.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(reversed(rows))
    result = bring(mended)
    assert counts(result) == (2, 2, 0, 0, 0)
    assert result.summary["left_out_columns"] == []
    assert _without_import(dump_here()["order_lines"]) == _without_import(wanted["order_lines"])


def _without_import(rows: list[str]) -> list[str]:
    return [row.rsplit(",", 1)[0] for row in rows]


def test_a_row_of_too_few_or_too_many_cells_is_bad(tmp_path: Path) -> None:
    result = bring(
        write(tmp_path, HEAD + "1,a,2025-03-01\n2,b,2025-03-02,mug,2,9,more\n3,c,2025-03-03,mug,2,9\n")
    )
    assert counts(result) == (3, 1, 0, 0, 2)


def test_a_customers_file_is_undone_to_the_letter(tmp_path: Path) -> None:
    head = "Customer ID,Customer name,Email,Phone,Tags\n"
    bring(write(tmp_path, head + "a,Ann,ann@example.com,,x\nb,Bob,,,\n"), "customers")
    before = facts(dump_here())
    second = bring(
        write(tmp_path, head + "a,Anna,anna@example.com,+442079460000,y\nc,Cy,,,\nb,Bob,,,\nc,Cyd,,,\n"),
        "customers",
    )
    assert counts(second) == (4, 1, 2, 1, 0)
    undone = undo(second.import_id)
    assert undone["customers"] == {"removed": 1, "restored": 1, "kept": 0, "left": []}
    assert facts(dump_here()) == before
