"""The track record: predicted beside happened, who was told to be safe, and as much of it as one may see."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.front.overview.tests.shop import NOW, Shop, shop, sign_in
from vafa.front.tests.conftest import owner, signed_in
from vafa.kit.permissions import Role
from vafa.predict.models.types import Level, Verdict
from vafa.predict.scores.actions import issue, judge_issue
from vafa.predict.scores.judging import Baselines
from vafa.predict.scores.models import Issue
from vafa.predict.scores.standing import note_standing
from vafa.predict.scores.tests.made import ORDERS, build_scores
from vafa.warehouse.queries import open_snapshot

__all__ = ["owner", "shop", "signed_in"]

PAGE = "/risk/record/"
MAY, JUNE = date(2025, 5, 1), date(2025, 6, 1)
AT = datetime(2025, 6, 30, tzinfo=UTC)


def predict(shop: Shop, as_of: date, level: Level = "percent") -> Issue:
    """At the first of May staying and leaving are active: both are told to be at low risk."""
    chances = {shop.staying: 0.1, shop.leaving: 0.2, shop.newcomer: 0.5, shop.returning: 0.9}
    scores = build_scores(chances, as_of, level=level)
    made = issue(scores, open_snapshot(), lineage="a", nightly=True, now=AT)
    note_standing(ORDERS, as_of, Verdict(level), Issue.objects.get(pk=made.issue_id), asked="", now=AT)
    return Issue.objects.get(pk=made.issue_id)


def judge(shop: Shop, made: Issue) -> None:
    judge_issue(
        made,
        open_snapshot(),
        lambda ids: np.isin(ids, [shop.leaving, shop.returning]),
        lambda ids: Baselines(recency=np.arange(len(ids), dtype=float)),
        now=AT,
    )


def test_before_anything_was_judged_it_says_when_it_will_be(shop: Shop, signed_in: Client) -> None:
    nothing = signed_in.get(PAGE)
    assert nothing.status_code == 200
    assert nothing.context["months"] is None
    assert nothing.context["next_text"] == ""
    predict(shop, MAY)
    waiting = signed_in.get(PAGE)
    assert "31 May 2025" in waiting.context["next_text"] or "May 31, 2025" in waiting.context["next_text"]
    assert waiting.context["next_text"].split(":")[0] in waiting.content.decode()


def test_predicted_stands_beside_happened(shop: Shop, signed_in: Client) -> None:
    judge(shop, predict(shop, MAY))
    judge(shop, predict(shop, MAY + timedelta(days=3)))
    judge(shop, predict(shop, JUNE))
    page = signed_in.get(PAGE)
    months = page.context["months"]
    assert len(months.rows) == 2
    assert len(months.data["series"]) == 2
    # In May two were active, with chances of 10% and 20%; one of them left.
    _month, _until, customers, predicted, left, _share, happened, _interval = months.rows[1]
    assert (customers, predicted, left, happened) == ("2", "0", "1", "50.0%")
    assert page.context["skill"].rows[0][2] is not None
    assert page.context["skill"].rows[0][3] is None
    closer = signed_in.get(f"{PAGE}?of=2025-05-01")
    assert [row.id for row in closer.context["rows"]] == [shop.leaving]
    assert (closer.context["safe_count"], closer.context["safe_of"]) == ("1", "2")
    assert closer.context["curve"] is not None
    assert signed_in.get(f"{PAGE}?of=nonsense").status_code == 200


def read_file(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_what_is_shown_can_be_taken_as_a_file(shop: Shop, signed_in: Client) -> None:
    judge(shop, predict(shop, MAY))
    (row,) = read_file(signed_in, "/risk/record.csv")
    assert (row["as_of"], row["customers"], row["left"], row["predicted_to_leave"]) == (
        "2025-05-01",
        "2",
        "1",
        "0.3",
    )
    (safe,) = read_file(signed_in, "/risk/record/safe.csv?of=2025-05-01")
    assert (safe["id"], safe["told_as_of"]) == (str(shop.leaving), "2025-05-01")
    assert signed_in.get("/risk/record/safe.pdf").status_code == 404


def test_where_only_bands_were_told_no_chance_is(shop: Shop, signed_in: Client) -> None:
    judge(shop, predict(shop, MAY, level="bands"))
    page = signed_in.get(PAGE)
    row = page.context["months"].rows[0]
    assert (row[2], row[3], row[4]) == ("2", None, "1")
    assert page.context["curve"] is None
    assert page.context["skill"] is None
    assert read_file(signed_in, "/risk/record.csv")[0]["predicted_to_leave"] == ""


@pytest.mark.usefixtures("signed_in")
def test_an_agent_sees_the_record_of_own_customers_alone(shop: Shop) -> None:
    change_business(by=None, now=NOW, agents_own_only=True)
    agent = shop.hire(Role.AGENT)
    shop.ledger.change_customer(shop.staying, owner_id=agent.pk)
    shop.ledger.publish()
    judge(shop, predict(shop, MAY))
    page = sign_in(agent).get(PAGE)
    assert page.context["is_limited"]
    assert page.context["months"].rows[0][2:5] == ["1", "0", "0"]
    assert page.context["rows"] == []
    assert page.context["skill"] is None
    assert sign_in(agent).get("/risk/record/safe.csv").status_code == 403
