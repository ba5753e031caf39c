"""Characters: every encoding that the files of these countries come in, and bytes that are wrong late in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from .helpers import read_file, write

PERSIAN = "كد مشتري,نام,شهر\n" + "".join(f"{n},علي رضايي,تهران\n{n},مريم احمدي,اصفهان\n" for n in range(30))
ARABIC = "رقم العميل,الاسم,المدينة\n1,محمد عبد الله,الرياض\n2,فاطمة الزهراء,القاهرة\n3,يوسف,جدة\n"
CHINESE = "客户编号,姓名,城市\n1,王小明,北京\n2,李娜,上海\n3,张伟,广州\n"
FRENCH = "client id,name,city\n1,José García,Málaga\n2,Zoë Lefèvre,Nîmes\n3,François,Orléans\n"


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (PERSIAN, "utf-8", "utf-8"),
        (PERSIAN, "utf-8-sig", "utf-8"),
        (PERSIAN, "utf-16", "utf-16-le"),
        (PERSIAN, "utf-16-le", "utf-16-le"),
        (CHINESE, "utf-16-be", "utf-16-be"),
        (PERSIAN, "cp1256", "cp1256"),
        (ARABIC, "cp1256", "cp1256"),
        (CHINESE, "gbk", "gb18030"),
        (CHINESE * 20, "gb18030", "gb18030"),
        (FRENCH, "cp1252", "cp1252"),
        (FRENCH, "utf-8", "utf-8"),
    ],
)
def test_each_encoding_is_told(tmp_path: Path, text: str, written: str, found: str) -> None:
    table, _, rows, bad = read_file(write(tmp_path, text, written))
    assert table.found.encoding == found
    assert table.columns == tuple(text.split("\n", 1)[0].split(","))
    assert rows == [tuple(line.split(",")) for line in text.splitlines()[1:]]
    assert bad == []


def test_utf16_big_endian_with_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"\xfe\xff" + ARABIC.encode("utf-16-be"))
    table, _, rows, _ = read_file(path)
    assert (table.found.encoding, rows[1][1]) == ("utf-16-be", "فاطمة الزهراء")


def test_ascii_for_megabytes_then_a_name(tmp_path: Path) -> None:
    """The first byte above 127 decides, however late it comes."""
    plain = "id,name,city\n" + "1,abcdefgh,ijklmnop\n" * 80_000
    path = tmp_path / "file.csv"
    path.write_bytes(plain.encode() + "9,علي رضايي,تهران\n10,مريم,شيراز\n".encode("cp1256"))
    table, _, rows, bad = read_file(path)
    assert (table.found.encoding, rows[-2], bad) == ("cp1256", ("9", "علي رضايي", "تهران"), [])


def test_a_wrong_byte_late_in_utf8_spoils_its_row_only(tmp_path: Path) -> None:
    text = "id,name\n" + "".join(f"{n},علی{n}\n" for n in range(150_000))
    data = text.encode().replace("علی140000\n".encode(), b"\xc3\x28x\n")
    assert data.index(b"\xc3\x28") > 1 << 20
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    table, _, rows, bad = read_file(path)
    assert table.found.encoding == "utf-8"
    assert [(row.line, row.code, row.cells) for row in bad] == [(140_002, "encoding", ["140000", "\ufffd(x"])]
    assert (len(rows), rows[-1]) == (149_999, ("149999", "علی149999"))


def test_a_named_encoding_is_taken(tmp_path: Path) -> None:
    table, _, rows, _ = read_file(write(tmp_path, CHINESE, "gbk"), encoding="gbk")
    assert (table.found.encoding, rows[0][1]) == ("gb18030", "王小明")


def test_latin_bytes_read_as_utf8_by_order_are_never_mojibake(tmp_path: Path) -> None:
    _, lines, _, bad = read_file(write(tmp_path, FRENCH, "cp1252"), encoding="utf-8")
    assert (lines, [row.line for row in bad]) == ([], [2, 3, 4])
