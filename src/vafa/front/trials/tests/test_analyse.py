"""`vafa trial analyse`: any outside table, as tidy or as messy as it comes."""

import json

import pytest
from scipy.stats import ttest_ind
from xlsxwriter import Workbook

from vafa.front.trials.analyse_command import analyse
from vafa.kit.errors import AskedWrongly
from vafa.lab.trial_effects import Share, compare_shares


@pytest.fixture
def run(tmp_path, capsys):
    """Analyse the rows of (arm, outcome) as a CSV file: the document, and what was said beside it."""

    def analyse_rows(rows, control="control", shares=None, text=None, outcome="kept", path=None):
        if path is None:
            path = tmp_path / "table.csv"
            path.write_text(text or "arm,kept\n" + "".join(f"{arm},{kept}\n" for arm, kept in rows))
        analyse(path, "arm", control, outcome, shares=shares, as_json=True)
        captured = capsys.readouterr()
        return json.loads(captured.out), " ".join(captured.err.split())

    return analyse_rows


def test_arms_are_compared_with_the_control_which_comes_first(run):
    rows: list[tuple[str, object]] = [*[("control", "TRUE")] * 48, *[("control", "FALSE")] * 32]
    rows += [("offer", "true")] * 56 + [("offer", "False")] * 14 + [("call", 1)] * 40 + [("call", 0)] * 30
    document, said = run(rows)
    control, call, offer = document["arms"]
    assert control == {
        "arm": "control", "n": 80, "mean": 0.6, "diff": None, "low": None, "high": None, "missing": 0,
    }  # fmt: skip
    # Newcombe's published example: 56/70 - 48/80.
    assert (offer["diff"], offer["low"], offer["high"]) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)
    assert (call["arm"], call["n"]) == ("call", 70)
    assert document["sample_ratio_p"] == pytest.approx(0.6343, abs=1e-3)
    assert (document["compared_as"], document["rejected"], said) == ("shares", [], "")


def test_numbers_are_compared_as_means(run):
    rows = [("control", value) for value in (1, 2, 3, 4)] + [("offer", value) for value in (3, 5, 7, 9)]
    document, _said = run(rows)
    offer = document["arms"][1]
    assert document["compared_as"] == "means"
    known = ttest_ind([3, 5, 7, 9], [1, 2, 3, 4], equal_var=False).confidence_interval(0.95)
    assert (offer["diff"], offer["low"], offer["high"]) == pytest.approx((3.5, known.low, known.high))


def test_unequal_shares_are_as_planned_only_if_said(run):
    rows = [("control", 1)] * 100 + [("offer", 0)] * 900
    assert run(rows)[0]["dealt_as_planned"] is False
    document, _said = run(rows, shares="control=10%, offer=90%")
    assert (document["dealt_as_planned"], document["sample_ratio_p"]) == (True, pytest.approx(1.0))


def test_bad_rows_are_named_and_missing_outcomes_told_of(run):
    text = "id;Arm;kept\n1;control;TRUE\n2;control;\n3;;TRUE\n4;offer;maybe\n5;Offer;FALSE\n6;offer;n/a\n7;offer;1;x\n"
    document, said = run([], text=text)
    assert [row["line"] for row in document["rejected"]] == [4, 5, 8]
    assert all(row["message"] and row["remedy"] for row in document["rejected"])
    assert [(arm["n"], arm["missing"]) for arm in document["arms"]] == [(1, 1), (1, 1)]
    assert "Line 5 is left out: “maybe” is not a number." in said
    assert "1 customer in “control” has no outcome" in said
    assert "“offer” is taken for the arm “Offer”." in said


def test_who_has_no_outcome_still_counts_as_dealt(run):
    rows = [("control", 1)] * 500 + [("offer", 1)] * 300 + [("offer", "")] * 200
    assert run(rows)[0]["sample_ratio_p"] == pytest.approx(1.0)


def test_persian_headers_digits_and_words(run):
    text = "گروه,arm,kept\nx,شاهد,بله\nx,شاهد,خیر\nx,پیام,۱\nx,پيام,۰\n"
    document, _said = run([], control="شاهد", text=text)
    assert [(arm["arm"], arm["n"], arm["mean"]) for arm in document["arms"]] == [
        ("شاهد", 2, 0.5),
        ("پیام", 2, 0.5),
    ]


def test_a_workbook_with_real_booleans_and_numbers(run, tmp_path):
    book = Workbook(tmp_path / "table.xlsx")
    sheet = book.add_worksheet()
    rows = [("arm", "kept"), *[(0, True)] * 6, *[(0, False)] * 4, *[(1, True)] * 9, (1, False)]
    for line, row in enumerate(rows):
        sheet.write_row(line, 0, row)
    book.close()
    document, _said = run([], control="0", path=tmp_path / "table.xlsx")
    effect = compare_shares(Share(9, 10), Share(6, 10))
    assert document["arms"][1]["low"] == pytest.approx(effect.low)
    assert [arm["arm"] for arm in document["arms"]] == ["0", "1"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"control": "nobody"}, "no_such_arm"),
        ({"outcome": "spent"}, "no_such_column"),
        ({"shares": "control=1"}, "shares_unfit"),
        ({"shares": "0.5,0.5"}, "shares_unfit"),
        ({"shares": "control=0,offer=1"}, "shares_unfit"),
        ({"shares": "control=x,offer=1"}, "shares_unfit"),
        ({"shares": "control=1,other=1"}, "no_such_arm"),
        ({"text": "arm,kept\n,1\n,0\n"}, "no_rows"),
        ({"text": "arm,kept\n"}, "header_only"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(run, asked, code):
    with pytest.raises(AskedWrongly) as refusal:
        run([("control", 1), ("offer", 0)], **asked)
    assert refusal.value.code == code
    assert refusal.value.remedy


def test_people_are_told_what_it_means(tmp_path, capsys):
    path = tmp_path / "table.csv"
    path.write_text("arm,kept\n" + "control,0\n" * 50 + "a,1\n" * 50 + "b,0\n" * 50)
    analyse(path, "arm", "control", "kept")
    told = capsys.readouterr().out
    assert "“a” is above the control by more than chance explains." in told
    assert "“b”: no difference from the control is proven; it may be chance." in told
    analyse(path, "arm", "control", "kept", shares="control=90,a=5,b=5")
    assert "Nothing can be claimed" in capsys.readouterr().out
