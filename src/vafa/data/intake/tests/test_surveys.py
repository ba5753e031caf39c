"""Answers to surveys: their question, scale, direction and method; invitations; what is refused, and how."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from vafa.data.intake.actions import Ambiguous, undo_import
from vafa.data.intake.models import Import
from vafa.data.intake.queries import get_preview
from vafa.data.intake.tests.helpers import NOW, bring, counts, query, write
from vafa.data.intake.types import ImportOptions
from vafa.kit.errors import AskedWrongly

pytestmark = pytest.mark.django_db

ANSWERS = "SELECT question, score, scale_low, scale_high, direction, method FROM interactions_surveyanswer ORDER BY id"


def test_an_nps_file_has_its_scale_and_an_answer_of_zero_is_an_answer(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "Response ID,Customer ID,NPS,Comment,Sent at,Answered at\n"
        "r1,a,0,Never again,2025-03-01 10:00,2025-03-02 11:30\nr2,b,۱۰,,2025-03-01,2025-03-03\nr3,c,,,2025-03-01,\n",
    )
    result = bring(path, "surveys")
    assert counts(result) == (3, 3, 0, 0, 0)
    assert query(ANSWERS) == [
        ("nps", 0, 0, 10, "high", "nps"),
        ("nps", 100_000, 0, 10, "high", "nps"),
        ("nps", None, 0, 10, "high", "nps"),
    ]
    assert query(
        "SELECT key, comment, invited_on, answered_on, day FROM interactions_surveyanswer ORDER BY id"
    ) == [
        ("r1/nps", "Never again", date(2025, 3, 1), date(2025, 3, 2), date(2025, 3, 2)),
        ("r2/nps", "", date(2025, 3, 1), date(2025, 3, 3), date(2025, 3, 3)),
        ("r3/nps", "", date(2025, 3, 1), None, date(2025, 3, 1)),
    ]
    assert (result.summary["answers"], result.summary["invitations"]) == ({"nps": 2}, 1)
    assert counts(bring(path, "surveys")) == (3, 0, 0, 3, 0)


def test_answers_of_nobody_come_in_and_are_counted(tmp_path: Path) -> None:
    path = write(
        tmp_path, "Timestamp,How likely are you to recommend us?\n2025-03-01 10:00,9\n2025-03-02,7\n"
    )
    result = bring(path, "surveys")
    assert counts(result) == (2, 2, 0, 0, 0)
    assert result.summary["system"] == "google_forms"
    assert result.summary["nobodies"] == 2
    assert query("SELECT DISTINCT customer_id, question FROM interactions_surveyanswer") == [(None, "nps")]


def test_words_are_placed_on_their_scale_and_unknown_ones_are_rejected_with_the_remedy(
    tmp_path: Path,
) -> None:
    rejects = tmp_path / "bad.csv"
    path = write(
        tmp_path,
        "شناسه پاسخ,کد مشتری,میزان رضایت,زمان ثبت پاسخ\n"
        "1,a,خیلی راضی,1403/12/01\n2,b,ناراضی,1403/12/02\n3,c,خوشمزه,1403/12/03\n4,d,۳,1403/12/03\n",
    )
    result = bring(path, "surveys", rejects=rejects)
    assert counts(result) == (4, 3, 0, 0, 1)
    assert result.summary["system"] == "porsline"
    assert query("SELECT score, scale_low, scale_high, method FROM interactions_surveyanswer ORDER BY id") == [
        (50_000, 1, 5, "top2"), (20_000, 1, 5, "top2"), (30_000, 1, 5, "top2"),
    ]  # fmt: skip
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["vafa_line"], row["vafa_field"], row["vafa_value"]) == ("4", "میزان رضایت", "خوشمزه")
    assert row["vafa_reason"]
    assert row["vafa_remedy"]
    row["میزان رضایت"] = "راضی"
    mended = tmp_path / "mended.csv"
    with mended.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(row))
        writer.writeheader()
        writer.writerow(row)
    # One word alone may be of a ladder of two, three or five steps.
    with pytest.raises(Ambiguous):
        bring(mended, "surveys")
    assert counts(bring(mended, "surveys", scale="1-5")) == (1, 1, 0, 0, 0)
    assert query("SELECT score FROM interactions_surveyanswer WHERE key = '3/csat'") == [(40_000,)]


def test_a_scale_that_the_answers_do_not_tell_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, "Customer ID,Satisfaction,Date\na,5,2025-03-01\nb,4,2025-03-01\n")
    with pytest.raises(Ambiguous) as refused:
        bring(path, "surveys")
    assert refused.value.details["option"] == "--scale"
    assert "1-5" in refused.value.details["choices"]
    assert counts(bring(path, "surveys", scale="1-7")) == (2, 2, 0, 0, 0)
    assert query("SELECT DISTINCT scale_low, scale_high FROM interactions_surveyanswer") == [(1, 7)]


def test_what_is_asked_is_asked_for_where_nothing_tells_it(tmp_path: Path) -> None:
    path = write(tmp_path, "Customer ID,Score,Date\na,5,2025-03-01\n")
    with pytest.raises(Ambiguous) as refused:
        bring(path, "surveys")
    assert refused.value.details["option"] == "--question"
    with pytest.raises(AskedWrongly):
        bring(path, "surveys", question="mood")
    with pytest.raises(AskedWrongly):
        bring(path, "surveys", question="csat", scale="wide")
    assert counts(bring(path, "surveys", question="csat", scale="1-5", method="mean")) == (1, 1, 0, 0, 0)
    assert query(ANSWERS) == [("csat", 50_000, 1, 5, "high", "mean")]


def test_which_end_of_an_effort_scale_is_good_is_told_or_asked_for(tmp_path: Path) -> None:
    rows = "".join(f"c{n},{1 + n % 7},2025-03-01\n" for n in range(40))
    bring(write(tmp_path, "Customer ID,How much effort did it take?,Date\n" + rows, "low.csv"), "surveys")
    assert query("SELECT DISTINCT direction, scale_high, method FROM interactions_surveyanswer") == [
        ("low", 7, "mean")
    ]
    bare = write(tmp_path, "Customer ID,CES,Date\n" + rows, "bare.csv")
    with pytest.raises(Ambiguous) as refused:
        bring(bare, "surveys", source="other")
    assert refused.value.details["option"] == "--direction"
    bring(bare, "surveys", source="other", direction="high", method="easy")
    assert query("SELECT DISTINCT direction, method FROM interactions_surveyanswer ORDER BY 1") == [
        ("high", "easy"), ("low", "mean"),
    ]  # fmt: skip


def test_rows_may_name_their_question_and_their_scale(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "Answer ID,Customer ID,Metric,Score,Scale,Date\n"
        "1,a,NPS,10,0-10,2025-03-01\n1,a,CSAT,4,1-5,2025-03-01\n2,b,CSAT,6,1-7,2025-03-01\n3,b,CSAT,6,1-5,2025-03-01\n"
        "4,b,,3,1-5,2025-03-01\n5,b,Colour,3,1-5,2025-03-01\n6,b,CSAT,6,10,2025-03-01\n",
    )
    result = bring(path, "surveys", dry_run=True)
    assert counts(result) == (7, 4, 0, 0, 3)
    assert {reject["line"]: reject["field"] for reject in result.summary["first_rejects"]} == {
        5: "Score", 6: "Metric", 8: "Scale",
    }  # fmt: skip
    assert result.summary["answers"] == {"nps": 1, "csat": 2, "other": 1}
    bring(path, "surveys")
    assert query("SELECT key, question, scale_high FROM interactions_surveyanswer ORDER BY id") == [
        ("1/nps", "nps", 10), ("1/csat", "csat", 5), ("2/csat", "csat", 7), ("5/other", "other", 5),
    ]  # fmt: skip


def test_one_file_may_be_brought_for_each_of_its_questions(tmp_path: Path) -> None:
    head = "Response ID,Customer ID,Would you recommend us?,How satisfied are you?,Date\n"
    path = write(tmp_path, head + "".join(f"{n},c{n},{n % 11},{1 + n % 5},2025-03-01\n" for n in range(30)))
    common = {"answer": "Response ID", "customer": "Customer ID", "answered_at": "Date"}
    for column in ("Would you recommend us?", "How satisfied are you?"):
        assert counts(bring(path, "surveys", mapping=common | {"score": column}))[1] == 30
    assert query("SELECT question, COUNT(*) FROM interactions_surveyanswer GROUP BY 1 ORDER BY 1") == [
        ("csat", 30), ("nps", 30),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("a,11,2025-03-01,2025-03-02", "NPS"), ("a,-1,2025-03-01,2025-03-02", "NPS"), ("a,8.5,2025-03-01,", "NPS"),
        ("a,9,,", "Answered at"), ("a,,,2025-03-02", "NPS"), ("a,4/5,,2025-03-02", "NPS"),
        ("a,9,2025-02-30,", "Sent at"),
    ],
)  # fmt: skip
def test_rows_that_fit_no_scale_or_tell_nothing_are_rejected(tmp_path: Path, row: str, field: str) -> None:
    path = write(tmp_path, f"Customer ID,NPS,Sent at,Answered at\n{row}\nb,9,2025-03-01,2025-03-02\n")
    result = bring(path, "surveys", dry_run=True)
    assert counts(result) == (2, 1, 0, 0, 1)
    (reject,) = result.summary["first_rejects"]
    assert reject["field"] == field
    assert reject["reason"]
    assert reject["remedy"]


def test_zendesk_ratings_are_good_or_bad_and_offered_ones_are_invitations(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "Ticket ID,Requester email,Satisfaction Score,Comment,Sent at\n"
        "1,ann@example.com,Good,Thanks,2025-03-01\n2,bob@example.com,Bad,,2025-03-01\n"
        "3,cy@example.com,Offered,,2025-03-02\n",
    )
    assert counts(bring(path, "surveys")) == (3, 3, 0, 0, 0)
    assert query("SELECT score, scale_low, scale_high, method, answered_on FROM interactions_surveyanswer"
                 " ORDER BY id") == [
        (10_000, 0, 1, "top1", date(2025, 3, 1)), (0, 0, 1, "top1", date(2025, 3, 1)), (None, 0, 1, "top1", None),
    ]  # fmt: skip


def test_a_corrected_answer_is_put_back_by_undoing(tmp_path: Path) -> None:
    text = "Response ID,Customer ID,NPS,Date\nr1,a,9,2025-03-01\nr2,b,3,2025-03-01\n"
    first = bring(write(tmp_path, text), "surveys")
    second = bring(write(tmp_path, text.replace("b,3", "b,4")), "surveys")
    assert counts(second) == (2, 0, 1, 1, 0)
    undone = undo_import(Import.objects.get(pk=second.import_id or 0), by=None, clock=lambda: NOW)
    assert undone["facts"] == {"removed": 0, "restored": 1, "left": []}
    assert query("SELECT score FROM interactions_surveyanswer ORDER BY id") == [(90_000,), (30_000,)]
    whole = undo_import(Import.objects.get(pk=first.import_id or 0), by=None, clock=lambda: NOW)
    assert whole["facts"]["removed"] == 2
    assert query("SELECT COUNT(*) FROM customers_customer") == [(0,)]


def test_the_preview_blames_the_very_cell_once_nothing_is_open(tmp_path: Path) -> None:
    from vafa.data.intake.actions import read_plan

    path = write(tmp_path, "Customer ID,Satisfaction,Date\na,5,2025-03-01\nb,9,2025-03-01\n")

    def look(**options: Any) -> list[bool]:
        plan = read_plan(path, ImportOptions(kind="surveys", **options))
        return [row.cells["score"].problem is not None for row in get_preview(path, plan).rows]

    assert look() == [False, False]
    assert look(scale="1-5") == [False, True]


def test_days_that_are_headed_by_a_bare_word_are_recognised(tmp_path: Path) -> None:
    path = write(tmp_path, "customer,NPS,invited,answered\na,9,2025-03-01,2025-03-02\n")
    assert counts(bring(path, "surveys")) == (1, 1, 0, 0, 0)
    assert query("SELECT invited_on, answered_on FROM interactions_surveyanswer") == [
        (date(2025, 3, 1), date(2025, 3, 2))
    ]


def test_an_answer_told_twice_in_the_same_words_is_one(tmp_path: Path) -> None:
    row = "7,a,9,2025-03-02\n"
    path = write(tmp_path, f"Response ID,customer,NPS,answered\n{row}{row}")
    assert counts(bring(path, "surveys")) == (2, 1, 0, 1, 0)
