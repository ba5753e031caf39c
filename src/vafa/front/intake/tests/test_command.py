"""`vafa import` as programs call it: one document, three exit codes, nothing asked."""

from pathlib import Path
from typing import Any

import pytest

from vafa.data.intake.tests.helpers import counts, run_command

pytestmark = pytest.mark.slow

HEAD = "Order ID,Customer ID,Order Date,Amount\n"


def test_the_command_from_import_to_undo(tmp_path: Path) -> None:
    home = tmp_path / "home"

    def run(*arguments: Any, status: int = 0) -> dict[str, Any]:
        return run_command(home, *map(str, arguments), status=status)

    good, odd = tmp_path / "good.csv", tmp_path / "odd.csv"
    good.write_text(HEAD + "1,a,2025-03-01,5\n2,b,2025-02-30,7\n")
    odd.write_text(HEAD + "1,a,03/04/2025,5\n2,b,05/06/2025,7\n")
    tried = run("import", "orders", good, "--dry-run")
    assert counts(tried) == (2, 1, 0, 0, 1)
    assert tried["rejects_file"] is None
    assert not (home / "rejects").exists()
    refused = run("import", "orders", odd, status=2)
    assert refused["error"] == "ambiguous"
    assert "--dates" in refused["remedy"]
    result = run(
        "import", "orders", good, odd, "--dates", "mdy", "--source", "till", "--rejects", tmp_path / "bad.csv"
    )
    assert counts(result) == (4, 2, 1, 0, 1)
    assert (
        Path(result["rejects_file"])
        .read_text(encoding="utf-8-sig")
        .splitlines()[1]
        .startswith("2,b,2025-02-30,7,3,")
    )
    assert run("import", "orders", tmp_path / "none.csv", status=2)["error"] == "missing"
    assert run("import", "orders", good, "--map", "at=When", status=2)["error"] == "unknown_column"
    assert run("import", "orders", good, "--complete-through", "soon", status=2)["error"] == "asked_wrongly"
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    assert run("import", "orders", tmp_path / "picture.csv", status=1)["error"] == "not_a_table"
    undone = run("undo-import", result["imports"][1])
    assert undone["facts"] == {"removed": 1, "restored": 1, "left": []}
    assert run("undo-import", 99, status=2)["error"] == "no_such_import"


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--unit", "toomaan", "unit_unknown"),
        ("--delimiter", "comma-ish", "asked_wrongly"),
        ("--encoding", "klingon", "unknown_encoding"),
    ],
)
def test_an_option_that_names_nothing_is_asked_wrongly(
    tmp_path: Path, option: str, value: str, code: str
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEAD + "1,a,2025-03-01,5\n")
    refused = run_command(tmp_path / "home", "import", "orders", str(path), option, value, status=2)
    assert refused["error"] == code
    path.write_text(path.read_text().replace(",", ";"))
    done = run_command(
        tmp_path / "home",
        "import",
        "orders",
        str(path),
        "--delimiter",
        "semicolon",
        "--unit",
        "toman",
        status=0,
    )
    assert counts(done) == (1, 1, 0, 0, 0)
    assert done["summary"]["amounts"] == {"IRT": 5.0}
