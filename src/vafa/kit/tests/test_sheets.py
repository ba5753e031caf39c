"""What a spreadsheet program would run as a formula is written so that it stays text, and nothing else is touched."""

import csv
from io import BytesIO

import pytest

from vafa.kit.sheets import CsvSheet, guard


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-1+2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\uff1d1+1",
        "\uff0b1",
        "\uff20x",
    ],
)
def test_a_formula_stays_text(text: str) -> None:
    assert guard(text)[0] == "'"


@pytest.mark.parametrize(
    "value",
    [
        "+98 912 345 67 89",
        "-12.5",
        "+1",
        "a=b",
        "tea; coffee",
        "10-20",
        "نام",
        "x@example.com",
        5,
        -5,
        None,
        "a, =b",
    ],
)
def test_everything_else_is_as_it_was(value: object) -> None:
    assert guard(value) == value


@pytest.mark.parametrize("separator", [";", "\t", "\u061b"])
def test_no_cell_begins_inside_a_text_where_the_separator_is_another(separator: str) -> None:
    target = BytesIO()
    sheet = CsvSheet(target, ["name", "note"])
    sheet.add(["a", f'said{separator} "=HYPERLINK(1)'])
    cells = next(csv.reader([target.getvalue().decode("utf-8-sig").splitlines()[1]], delimiter=separator))
    sheet.close()
    assert len(cells) > 1
    assert not any(cell.strip(' "').startswith(("=", "+", "-", "@")) for cell in cells)
