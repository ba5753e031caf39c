"""Files that are no tables, broken, or made to harm: a named error or named bad rows, never a crash."""

from __future__ import annotations

import tracemalloc
import zipfile
from pathlib import Path

import pytest

from vafa.data.intake.reading import csvs, extents, sheets
from vafa.data.intake.reading.problems import FILE_REASONS, TableError
from vafa.data.intake.reading.tables import open_table

from .helpers import read_all, read_file


def _code(path: Path) -> str:
    with pytest.raises(TableError) as error, open_table(path) as table:
        read_all(table)
    assert error.value.message
    assert error.value.remedy
    return error.value.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\n\n  \r\n", "empty"),
        (b"id,name,email\n", "header_only"),
        (b"id,name,email", "header_only"),
        (bytes(range(256)) * 40, "not_a_table"),
        (b"%PDF-1.7\n1 0 obj", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not_a_table"),
        (b'{"orders": [1, 2]}', "not_a_table"),
        (b"<?xml version='1.0'?><a><b/></a>", "not_a_table"),
        (b"<html><body><p>No rows here</p></body></html>", "not_a_table"),
        (b"PK\x03\x04 this is no archive", "broken_sheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "broken_sheet"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        (b"PAR1 and then nothing", "broken_parquet"),
        (
            b"This is a letter that someone wrote to a friend of theirs.\nIt goes on for two long lines of words.\n",
            "not_a_table",
        ),
    ],
)
def test_what_is_no_table_is_refused_by_name(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    assert _code(path) == code


def test_a_missing_file_and_a_zip_of_something_else(tmp_path: Path) -> None:
    assert _code(tmp_path / "none.csv") == "missing"
    path = tmp_path / "photos.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "hello")
    assert _code(path) == "not_a_sheet"


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_unopened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_UNPACKED_BYTES", 1_000)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>" * 1_000)
    assert _code(path) == "too_large"


def _write_book(path: Path, rows: str) -> Path:
    """A workbook of one sheet with these rows, as small as it can be."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, kind, target in (
            ("_rels/.rels", "officeDocument", "xl/workbook.xml"),
            ("xl/_rels/workbook.xml.rels", "worksheet", "worksheets/sheet1.xml"),
        ):
            link = f'<Relationship Id="a" Type="{office}/{kind}" Target="{target}"/>'
            archive.writestr(name, f'<Relationships xmlns="{package}">{link}</Relationships>')
        sheet = '<sheets><sheet name="S" sheetId="1" r:id="a"/></sheets>'
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}">{sheet}</workbook>')
        text = f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
        archive.writestr("xl/worksheets/sheet1.xml", text)
    return path


CORNER = '<c r="XFD1048576"><v>1</v></c>'


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">{CORNER}</row>',
        f"<row><c r='A1'><v>1</v></c>{CORNER.replace('<c ', '<c s=' + chr(34) + '1' + chr(34) + ' ')}</row>",
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">' + "<c><v>1</v></c>" * 16_384 + "</row>",
        # Ends the piece that is read at once within the cell.
        '<row r="1"><c r="A1"><v>1</v></c>' + " " * (4 << 20) + f"</row><row>{CORNER}</row>",
    ],
)
def test_two_cells_in_far_corners_do_not_end_the_process(tmp_path: Path, rows: str) -> None:
    assert _code(_write_book(tmp_path / "far.xlsx", rows)) == "too_large"


def test_a_binary_workbook_is_tried_by_a_process_with_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extents, "MOST_TRIED_BYTES", 400 << 20)
    far = _write_book(tmp_path / "far.xlsx", f'<row><c r="A1"><v>1</v></c>{CORNER}</row>')
    small = _write_book(tmp_path / "small.xlsx", '<row><c r="A1"><v>1</v></c><c r="B9"><v>2</v></c></row>')
    for path, code in ((far, "too_large"), (small, None)):
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("xl/workbook.bin", b"")
        monkeypatch.setattr(extents, "_count_cells", lambda *_of: 0)
        if code:
            assert _code(path) == code
        else:
            extents.check_extent(path)


def test_cells_without_places_and_a_long_narrow_sheet_are_read(tmp_path: Path) -> None:
    rows = '<row r="1"><c><v>1</v></c><c><v>2</v></c></row>' + '<row><c r="A900000"><v>3</v></c></row>'
    with open_table(_write_book(tmp_path / "narrow.xlsx", rows)) as table:
        assert len(table.columns) == 2


def test_an_open_document_with_a_cell_repeated_a_billion_times_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "repeated.ods"
    office, table, text = (
        f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text")
    )
    cell = (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell>"
    )
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    body = f'<office:spreadsheet><table:table table:name="S">{row}</table:table></office:spreadsheet>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{text}">'
            f"<office:body>{body}</office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    assert _code(path) == "broken_sheet"


def test_every_reason_is_a_sentence_with_a_remedy() -> None:
    params = dict.fromkeys(
        ("name", "detail", "sheet", "sheets", "size", "line", "count", "most", "encoding"), "x"
    )
    for code in FILE_REASONS:
        error = TableError(code, **params)
        assert error.message.endswith((".", ".'"))
        assert error.remedy.endswith(".")


def test_a_cell_of_ten_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("id,note\n1,a\n2," + "x" * (10 << 20) + "\n3,c\n")
    _, lines, rows, bad = read_file(path)
    assert (lines, bad) == ([2, 3, 4], [])
    assert len(rows[1][1]) == 10 << 20


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvs, "MOST_LINE_BYTES", 1 << 20)
    path = tmp_path / "file.csv"
    path.write_text("id,note\n1,a\n" + "2,b\n" * 200_000 + "x" * (3 << 20))
    assert _code(path) == "line_too_long"


def test_five_thousand_columns(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    names = [f"field {n}" for n in range(5_000)]
    path.write_text(",".join(names) + "\n" + ",".join("7" * 5_000) + "\n")
    table, _, rows, _ = read_file(path)
    assert (len(table.columns), len(rows[0])) == (5_000, 5_000)


def test_nuls_inside_cells_are_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"id,name,city\n1,A\x00li,Tehran\n" + b"2,B,Qom\n" * 50)
    _, _, rows, _ = read_file(path)
    assert rows[0] == ("1", "Ali", "Tehran")


def test_deep_html(tmp_path: Path) -> None:
    path = tmp_path / "deep.xls"
    path.write_text("<html>" + "<div>" * 20_000 + "<table><tr><td>id</td><td>name</td></tr></table>")
    assert _code(path) in ("header_only", "not_a_table")


def test_a_file_of_quotes_ends(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("id,name\n" + '"\n' * 3_000)
    _, lines, rows, bad = read_file(path)
    assert (lines, rows, bad) == ([], [], [])


def test_memory_is_bounded_by_the_block_not_the_file(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    with path.open("w") as stream:
        stream.write("id,name,amount,note\n")
        for start in range(0, 60_000, 1_000):
            stream.writelines(
                f"{n},customer {n},{n}.50,{'some words here ' * 18}\n" for n in range(start, start + 1_000)
            )
    assert path.stat().st_size > 16 << 20
    tracemalloc.start()
    try:
        with open_table(path) as table:
            count = sum(len(batch.lines) for batch in table.batches(2_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 60_000
    assert peak < 12 << 20
