"""The worked examples of the articles, as `vafa rate` gives them, and every refusal."""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.utils import translation

from vafa.config import command
from vafa.lab.errors import LabError
from vafa.lab.from_counts import Counts
from vafa.measure.metrics.benchmarks import list_benchmarks
from vafa.measure.metrics.counting import answer_counts, explain_refusal

GOLDENS = {
    "G1": (["--start", "1000", "--end", "1200", "--new", "200", "--lost", "0"], 1.0),
    "G2": (["--start", "100", "--end", "105", "--new", "15", "--lost", "10"], 0.9),
    "G3": (["--start", "1000", "--end", "900", "--new", "200"], 0.7),
    "G4": (["--start", "5000", "--end", "4800", "--new", "800"], 0.8),
    "G5": (["--start", "300", "--end", "290", "--new", "50"], 0.8),
    "G6": (["--start", "1000", "--lost", "200"], 0.8),
    "G7": (["--start", "20", "--end", "24", "--new", "5"], 0.95),
    "G8": (["--start", "1000", "--lost", "150"], 0.85),
    "G9": (["--start", "50", "--end", "60", "--new", "20", "--lost", "10"], 0.8),
}
KEYS = ["crr", "churn", "net_change", "crr_low", "crr_high", "crr_annual", "churn_annual"]


def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *args: str
) -> tuple[int, Any, str]:
    """The exit code, the JSON document and standard error of `vafa rate ... --json`."""
    monkeypatch.setattr(sys, "argv", ["vafa", "rate", *args, "--json"])
    with pytest.raises(SystemExit) as left:
        command.main()
    told = capsys.readouterr()
    code = left.value.code
    return int(code or 0), json.loads(told.out) if told.out else None, told.err


@pytest.fixture
def rate(capsys, monkeypatch):
    return lambda *args: run(capsys, monkeypatch, *args)


@pytest.mark.parametrize("name", GOLDENS)
def test_worked_examples_of_the_articles(rate, name):
    args, crr = GOLDENS[name]
    code, document, _err = rate(*args)
    assert code == 0
    assert document["crr"] == pytest.approx(crr, abs=1e-12)
    assert document["churn"] == pytest.approx(1 - crr, abs=1e-12)
    assert [key for key in document if key in KEYS] == KEYS


def test_the_missing_denominator_and_the_inverted_reading_are_not_what_is_given(rate):
    # The articles print 105-15 without a denominator, and a formula that would give 105.26% for 20, 24, 5.
    assert rate("--start", "100", "--end", "105", "--new", "15")[1]["crr"] == 0.9
    assert rate("--start", "20", "--end", "24", "--new", "5")[1]["crr"] == 0.95


def test_counts_alone_give_bounds_until_the_lost_are_told(rate):
    _code, open_, _err = rate("--start", "20", "--end", "24", "--new", "5")
    assert (open_["crr_low"], open_["crr_high"]) == (0.95, 1.0)
    _code, exact, _err = rate("--start", "20", "--end", "24", "--new", "5", "--lost", "0")
    assert (exact["crr"], exact["crr_low"], exact["crr_high"]) == (1.0, 1.0, 1.0)


def test_net_change_is_not_churn(rate):
    _code, document, _err = rate("--start", "1000", "--end", "900", "--new", "200")
    assert document["net_change"] == pytest.approx(-0.1)
    assert document["churn"] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("args", "churn"),
    [
        (["--start", "1000", "--end", "900", "--new", "200", "--period", "year"], 0.30),
        (["--start", "5000", "--end", "4800", "--new", "800", "--period", "month"], 0.931),
        (["--start", "300", "--end", "290", "--new", "50", "--period", "quarter"], 0.590),
        (["--start", "100", "--end", "105", "--new", "15", "--period", "month"], 0.718),
        (["--start", "20", "--end", "24", "--new", "5", "--period", "quarter"], 0.185),
    ],
)
def test_yearly_figures_need_a_period_and_are_called_an_extrapolation(rate, args, churn):
    _code, document, _err = rate(*args)
    assert document["churn_annual"] == pytest.approx(churn, abs=0.0005)
    assert document["crr_annual"] == pytest.approx(1 - document["churn_annual"])
    assert document["annual_is"] == "extrapolation"
    _code, without, _err = rate(*args[:-2])
    assert without["crr_annual"] is without["churn_annual"] is without["annual_is"] is None


def test_a_period_may_be_days(rate):
    _code, document, _err = rate("--start", "100", "--lost", "10", "--period", "30d")
    assert document["churn_annual"] == pytest.approx(1 - 0.9 ** (365.2425 / 30))


def test_more_new_than_there_are_gives_bounds_and_a_reason(rate):
    code, document, _err = rate("--start", "10", "--end", "5", "--new", "9")
    assert code == 0
    assert document["crr"] is document["churn"] is None
    assert (document["crr_low"], document["crr_high"]) == (0.0, 0.5)
    assert document["reason"] == "newcomers_left_again"


@pytest.mark.parametrize(
    ("args", "error", "field"),
    [
        (["--start", "0", "--end", "5", "--new", "5"], "start_is_zero", "start"),
        (["--start", "-1", "--end", "5", "--new", "5"], "count_negative", "start"),
        (["--start", "10", "--end", "5", "--new", "-5"], "count_negative", "new"),
        (["--start", "10", "--end", "9"], "counts_incomplete", "new"),
        (["--end", "9", "--new", "1"], "counts_incomplete", "start"),
        (["--start", "10", "--new", "1"], "counts_incomplete", "end"),
        (["--start", "10", "--end", "30", "--new", "5"], "reactivated_missing", "reactivated"),
        (["--start", "10", "--end", "12", "--new", "4", "--lost", "9"], "lost_contradicts_counts", "lost"),
        (["--start", "10", "--lost", "11"], "lost_contradicts_counts", "lost"),
        (["--start", "10", "--lost", "1", "--period", "moon"], "period_length_unknown", "period"),
        (["--start", str(10**13), "--lost", "1"], "count_too_large", "start"),
    ],
)
def test_impossible_counts_are_refused(rate, args, error, field):
    code, document, _err = rate(*args)
    assert code == 2
    assert (document["error"], document["details"]["field"]) == (error, field)
    assert document["message"]
    assert document["remedy"]


def test_who_came_back_is_asked_for_with_the_least_number(rate):
    _code, document, _err = rate("--start", "10", "--end", "30", "--new", "5")
    assert "At least 15 customers came back" in document["message"]
    assert "--reactivated" in document["remedy"]
    code, mended, _err = rate("--start", "10", "--end", "30", "--new", "5", "--reactivated", "15")
    assert (code, mended["crr"], mended["article_value"]) == (0, 1.0, 2.5)


def test_benchmarks_carry_their_source_and_period(rate):
    _code, retail, _err = rate("--start", "10", "--lost", "1", "--period", "year", "--industry", "retail")
    assert retail["benchmark"]["period"] == "unstated"
    assert retail["benchmark"]["churn_annual_is"] is None
    _code, saas, _err = rate("--start", "10", "--lost", "1", "--period", "month", "--industry", "saas")
    assert (saas["benchmark"]["churn_low"], saas["benchmark"]["churn_high"]) == (0.05, 0.10)
    assert saas["benchmark"]["churn_annual_is"] == "above"
    assert saas["benchmark"]["source"]
    assert [row.period for row in list_benchmarks()] == ["year", None, None, None]


def test_an_unknown_industry_is_answered_with_the_list(rate):
    code, document, _err = rate("--start", "10", "--lost", "1", "--industry", "mining")
    assert code == 2
    assert document["details"]["industries"] == ["saas", "retail", "finance", "consulting"]


def test_it_works_in_a_process_of_its_own_without_a_database(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "vafa.config.command", "rate", "--start", "1000", "--lost", "150", "--json"],
        env={"VAFA_HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["crr"] == 0.85
    assert not (tmp_path / "home" / "vafa.sqlite3").exists()


def test_every_refusal_has_words_of_its_own():
    questions = [
        Counts(0, 1, 1),
        Counts(-1, 1, 1),
        Counts(1, 1),
        Counts(1, 9, 1),
        Counts(5, 6, 1, lost=5),
        Counts(1, lost=2),
    ]
    told = set()
    with translation.override("en"):
        for counts in questions:
            with pytest.raises(LabError) as refused:
                answer_counts(counts)
            told.add(explain_refusal(refused.value).message)
    assert len(told) == len(questions)
    assert not any("cannot be true together" in text for text in told)
