"""Every metric and cohort table, cut by customer into shards in processes of their own, answers as the whole does."""

import json
import os
import subprocess
import sys

import pytest

from tests.support.tables import give_tables
from vafa.measure.metrics.cohort_table import COUNTINGS
from vafa.measure.metrics.queries import list_metric_names

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What a process with a business of its own answered: question -> number of shards -> document."""
    done = subprocess.run(
        [sys.executable, "-m", "vafa.measure.metrics.tests.sharding_driver"],
        env=os.environ | {"VAFA_HOME": str(give_tables(tmp_path_factory.mktemp("home"))), "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-5000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", list_metric_names())
def test_a_metric_cut_into_shards_answers_as_the_whole(answers, name):
    asked = {question: told for question, told in answers.items() if question.split()[0] == name}
    assert len(asked) >= 4
    for question, told in asked.items():
        assert told["3"] == told["1"], question


@pytest.mark.parametrize("counting", COUNTINGS)
def test_cohorts_cut_into_shards_answer_as_the_whole(answers, counting):
    told = answers[f"cohorts {counting}"]
    assert told["3"] == told["1"]
    assert len(told["1"]["cohorts"]) > 20
    assert sum(row["size"] for row in told["1"]["cohorts"]) > 300


def test_the_business_asked_has_something_to_tell(answers):
    """Or all of this would hold of nothing."""
    for question in ("crr purchase:60d", "customers_new purchase:60d", "average_order_value purchase:60d"):
        rows = answers[question]["1"]["rows"]
        assert len(rows) == 5
        assert all(row["value"] for row in rows)
