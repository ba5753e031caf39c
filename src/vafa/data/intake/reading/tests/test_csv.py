"""CSV files as people have them: delimiters, headers, titles, totals, quotes, line numbers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vafa.data.intake.reading.csvs import CsvSource
from vafa.data.intake.reading.problems import TableError
from vafa.data.intake.reading.tables import open_table

from .helpers import read_all, read_file, write


@pytest.mark.parametrize(
    ("delimiter", "found"), [(",", ","), (";", ";"), ("\t", "\t"), ("|", "|"), ("   ", "blanks")]
)
def test_each_delimiter_is_found(tmp_path: Path, delimiter: str, found: str) -> None:
    rows = [["order", "customer", "amount"], ["1", "A7", "12.50"], ["2", "A8", "3.00"]]
    path = write(tmp_path, "".join(delimiter.join(row) + "\n" for row in rows))
    table, lines, read, bad = read_file(path)
    assert table.columns == ("order", "customer", "amount")
    assert table.found.delimiter == found
    assert (lines, read, bad) == ([2, 3], [("1", "A7", "12.50"), ("2", "A8", "3.00")], [])


def test_semicolons_win_over_decimal_commas(tmp_path: Path) -> None:
    table, _, rows, _ = read_file(write(tmp_path, "id;price;note\n1;12,50;a, b\n2;3,00;c\n3;4,10;d, e, f\n"))
    assert table.found.delimiter == ";"
    assert rows[0] == ("1", "12,50", "a, b")


def test_runs_of_blanks_with_a_leading_blank(tmp_path: Path) -> None:
    text = " customer_id  date number_of_cds  dollar_value\n 00001 19970101  1   11.77\n 00002 19970112  1   12.00\n"
    table, lines, rows, bad = read_file(write(tmp_path, text))
    assert table.columns == ("customer_id", "date", "number_of_cds", "dollar_value")
    assert rows == [("00001", "19970101", "1", "11.77"), ("00002", "19970112", "1", "12.00")]
    assert (lines, bad) == ([2, 3], [])


def test_sep_line_names_the_delimiter(tmp_path: Path) -> None:
    table, lines, rows, _ = read_file(write(tmp_path, "sep=;\r\nid;name\r\n1;Ali\r\n"))
    assert (table.columns, table.header_line, lines, rows) == (("id", "name"), 2, [3], [("1", "Ali")])


def test_titles_above_and_totals_below(tmp_path: Path) -> None:
    text = "گزارش فروش\nاز تاریخ,1404/01/01\n\nشماره سفارش,کد مشتری,مبلغ\n1,7,100\n2,8,200\nجمع کل,,300\n\n"
    table, lines, rows, bad = read_file(write(tmp_path, text))
    assert table.columns == ("شماره سفارش", "کد مشتری", "مبلغ")
    assert (table.header_line, table.found.titles_above) == (4, 2)
    assert (lines, len(rows), bad, table.dropped_totals) == ([5, 6], 2, [], 1)


@pytest.mark.parametrize(
    "word", ["Total", "TOTAL:", "Grand total", "جمع", "المجموع", "الإجمالي", "合计", "总计"]
)
def test_totals_are_dropped_and_counted(tmp_path: Path, word: str) -> None:
    table, lines, _, bad = read_file(write(tmp_path, f"order,customer,amount\n1,7,100\n{word},,100\n"))
    assert (lines, bad, table.dropped_totals) == ([2], [], 1)


def test_a_customer_called_total_stays(tmp_path: Path) -> None:
    text = "name,joined,amount\nTotal,2026-01-02,\nTotal,Tehran,5\nSum,7,9\n"
    table, _, rows, _ = read_file(write(tmp_path, text))
    assert (len(rows), table.dropped_totals) == (3, 0)


def test_rows_of_other_widths_are_bad_and_blank_lines_are_not(tmp_path: Path) -> None:
    text = "a,b,c\n1,2,3\n\n4,5\n,,\n6,7,8,9\n10,11,12\n   \n"
    _, lines, rows, bad = read_file(write(tmp_path, text))
    assert (lines, rows) == ([2, 7], [("1", "2", "3"), ("10", "11", "12")])
    assert [(row.line, row.code, row.cells) for row in bad] == [
        (4, "cells", ["4", "5"]),
        (6, "cells", ["6", "7", "8", "9"]),
    ]
    assert "2" in bad[0].message
    assert "3" in bad[0].message
    assert bad[0].remedy


def test_a_separator_after_every_row_is_no_fault(tmp_path: Path) -> None:
    table, _, rows, bad = read_file(write(tmp_path, "order,customer\n1,7,\n2,8,\n"))
    assert table.columns == ("order", "customer", "column 3")
    assert (len(rows), bad) == (2, [])


def test_blank_and_repeated_names(tmp_path: Path) -> None:
    table, *_ = read_file(write(tmp_path, "id,,name,name\n1,2,3,4\n"))
    assert table.columns == ("id", "column 2", "name", "name (2)")


def test_a_file_without_a_header_keeps_its_first_row(tmp_path: Path) -> None:
    table, lines, rows, _ = read_file(write(tmp_path, "00004,19970101,2,29.33\n00005,19970118,2,29.73\n"))
    assert table.columns == ("column 1", "column 2", "column 3", "column 4")
    assert table.found.headerless
    assert not table.found.sure
    assert (lines, len(rows), table.header_line) == ([1, 2], 2, 0)


def test_line_numbers_under_quoted_newlines(tmp_path: Path) -> None:
    text = 'id,note\r\n1,"two\r\nlines"\r\n2,x\r\n3,"a\nb\nc"\r\n4,y\r\n'
    _, lines, rows, _ = read_file(write(tmp_path, text))
    assert lines == [2, 4, 5, 8]
    assert rows[0] == ("1", "two\r\nlines")


def test_a_row_over_the_edge_of_a_block_is_whole(tmp_path: Path) -> None:
    text = "id,note\n" + "".join(f'{number},"line one {number}\nline two"\n' for number in range(3_000))
    _, lines, rows, bad = read_file(write(tmp_path, text), size=7)
    assert lines == list(range(2, 6_002, 2))
    assert (len(rows), bad) == (3_000, [])


def test_a_file_cut_inside_quotes(tmp_path: Path) -> None:
    _, lines, rows, bad = read_file(write(tmp_path, 'id,note\n1,a\n2,"cut of'))
    assert (lines, rows) == ([2], [("1", "a")])
    assert [(row.line, row.code) for row in bad] == [(3, "cut_off")]


def test_a_file_cut_inside_a_row(tmp_path: Path) -> None:
    _, lines, _, bad = read_file(write(tmp_path, "id,note,at\n1,a,2026-01-01\n2,b"))
    assert (lines, [(row.line, row.code) for row in bad]) == ([2], [(3, "cut_off")])


def test_a_last_line_without_its_end_is_whole(tmp_path: Path) -> None:
    _, lines, _, bad = read_file(write(tmp_path, "id,note\n1,a\n2,b"))
    assert (lines, bad) == ([2, 3], [])


def test_a_stray_quote_spoils_its_own_row_only(tmp_path: Path) -> None:
    body = "".join(f"{number},n{number},5\n" for number in range(1, 2_001))
    text = "id,note,n\n" + body + '2001,"open,5\n' + body
    _, lines, rows, bad = read_file(write(tmp_path, text), size=500)
    assert [(row.line, row.code) for row in bad] == [(2_002, "quote")]
    assert (len(rows), lines[-1]) == (4_000, 4_002)


def test_two_stray_quotes_swallow_nothing_between(tmp_path: Path) -> None:
    text = 'id,note,n\n1,"open,5\n2,b,5\n3,c,5\n4,"open,5\n5,e,5\n'
    _, lines, _, bad = read_file(write(tmp_path, text))
    assert ([row.line for row in bad], lines) == ([2, 5], [3, 4, 6])


def test_nothing_values_apostrophes_and_invisible_marks(tmp_path: Path) -> None:
    text = "id,name,email,at\n'00123,\u200fعلی\u200c,NaN,\u00a02026-01-01\u202c\n=1,O'Neill,None,\\N\n"
    _, _, rows, _ = read_file(write(tmp_path, text))
    assert rows == [("00123", "علی", "", "2026-01-01"), ("=1", "O'Neill", "", "")]


def test_options_overrule_what_would_be_found(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b;c\n1,2;3\n")
    assert read_file(path, delimiter=";")[0].columns == ("a,b", "c")
    with pytest.raises(TableError) as error:
        open_table(path, encoding="klingon")
    assert error.value.code == "unknown_encoding"


def test_a_table_can_be_read_twice_and_sampled(tmp_path: Path) -> None:
    path = write(tmp_path, "id,name\n" + "".join(f"{n},x{n}\n" for n in range(5_000)))
    with open_table(path) as table:
        assert [column[:2] for column in table.sample(2)] == [["0", "1"], ["x0", "x1"]]
        assert len(table.sample(700)[0]) == 700
        assert read_all(table) == read_all(table, 33)
        assert [batch.progress for batch in table.batches()][-1] == 1.0


_CELL = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=8) | st.sampled_from(
    ['a"b', "x\ny", "p,q", "r\r\ns"]
)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(_CELL, _CELL, st.integers(0, 99).map(str)), min_size=1, max_size=40),
    size=st.integers(1, 9),
)
def test_whatever_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], size: int
) -> None:
    """Any rows, written by the csv module, come back from the block reader, each with the line that it begins on."""
    out = io.StringIO()
    writer = csv.writer(out)
    starts = []
    for row in rows:
        starts.append(1 + _breaks(out.getvalue()))
        writer.writerow(row)
    path = tmp_path_factory.mktemp("rows") / "file.csv"
    path.write_bytes(out.getvalue().encode())
    blocks = list(CsvSource(path, "utf-8", 0, ",").blocks(0, 3, size))
    read = [(line, tuple(row)) for block in blocks for line, row in zip(block.lines, block.rows, strict=True)]
    assert read == list(zip(starts, rows, strict=True))
    assert not [bad for block in blocks for bad in block.bad]


def _breaks(text: str) -> int:
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n")
