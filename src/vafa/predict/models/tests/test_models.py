"""Who may leave: nothing is known before its day, nothing is told that isn't proven, and no model is lost."""

from datetime import timedelta

import numpy as np
import pytest

from vafa.kit.models import AuditEntry
from vafa.measure.metrics.tests.ledger import NOW
from vafa.predict.models import backtesting, making, rules
from vafa.predict.models.actions import note_drift, note_refit, promote, train
from vafa.predict.models.backtesting import Trial, run_backtest
from vafa.predict.models.drifting import judge_drift
from vafa.predict.models.models import Card
from vafa.predict.models.queries import (
    build_features,
    build_labels,
    find_champion,
    is_due,
    learn,
    score,
    tell_scores,
)
from vafa.predict.models.tests.made import FIRST, QUESTION, UNTIL, build_days, fill
from vafa.predict.models.treatments import Treatments
from vafa.predict.models.types import CardUnusable, Verdict

DAY = UNTIL - timedelta(days=60)
LAST = UNTIL - timedelta(days=1)


def test_a_model_is_trained_kept_put_back_and_never_lost(ledger, monkeypatch):
    monkeypatch.setattr(rules, "TRAINING_CUTOFFS", 2)
    fill(ledger, 200)
    snapshot = ledger.publish(LAST)
    trained = learn(snapshot, QUESTION, UNTIL, "gregorian")
    monkeypatch.setattr(making, "learn", lambda *_asked: trained)
    first, verdict = train(snapshot, QUESTION, now=NOW)
    note_refit(snapshot, QUESTION, NOW)
    noted = Card.objects.get(pk=first.pk).document["base_now"]
    # Fitted by the same facts nothing has moved.
    assert noted["parameters"] == first.document["base"]
    assert noted["moved"] == 0
    assert first is not None
    assert verdict.level in ("bands", "percent")
    days = first.document["cutoffs"]
    assert [day["at"] for day in days] == [f"2028-{month:02}-01" for month in range(8, 13)]
    assert np.mean([day["models"]["base"]["auc"] for day in days]) > 0.7
    scores = score(snapshot, QUESTION)
    assert scores.model_id == first.pk
    assert set(scores.bands.tolist()) <= {0, 1, 2}
    assert scores.contributions.shape == (len(scores.customer_ids), len(scores.groups))
    assert not is_due(snapshot, QUESTION, NOW + timedelta(days=8))
    assert is_due(snapshot, QUESTION, NOW + timedelta(days=30))

    # Of one question one model predicts; an earlier one can be put back, and that is written down.
    second, _verdict = train(snapshot, QUESTION, now=NOW)
    assert Card.objects.get(is_champion=True).pk == second.pk
    promote(first.pk, by=None, now=NOW)
    assert find_champion(QUESTION).pk == first.pk
    assert AuditEntry.objects.filter(action="model.promoted", subject=f"model:{first.pk}").count() == 1
    for card_id in (0, first.pk):
        with pytest.raises(CardUnusable):
            promote(card_id, by=None, now=NOW)

    # A death in the middle leaves what was.
    with monkeypatch.context() as dying:
        dying.setattr(making, "_crown", lambda *_asked, **_named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            train(snapshot, QUESTION, now=NOW)
    assert [card.pk for card in Card.objects.all()] == [second.pk, first.pk]
    assert find_champion(QUESTION).pk == first.pk

    # Drift is noted once for each end of the data: here the model learned from customers with quite other orders.
    promote(second.pk, by=None, now=NOW)
    second.refresh_from_db()
    spread = {"edges": [0.001, 0.002], "levels": [], "counts": [500, 400, 1, 0]}
    second.document |= {"references": {"orders": spread}}
    second.save()
    drift = note_drift(snapshot, QUESTION)
    assert drift is not None
    assert drift["level"] == "alarm"
    assert note_drift(snapshot, QUESTION) is None
    assert is_due(snapshot, QUESTION, NOW + timedelta(days=7))


def test_what_came_after_the_day_changes_no_prediction_of_the_day(ledger):
    ids = fill(ledger, 150)
    someone = next(
        pk for pk, days in zip(ids, build_days(150), strict=True) if days[0] < DAY - timedelta(days=90)
    )
    ledger.add_order(someone, DAY - timedelta(days=80), order="back", line="tea")
    snapshot = ledger.publish(LAST)
    known = build_features(snapshot, DAY, QUESTION)
    # Orders, a contact, an answer, a ticket that is solved; and an old order that is taken back whole.
    for pk in ids[:40]:
        ledger.add_order(pk, DAY, discount=5)
        ledger.add_contact(pk, DAY)
        ledger.add_answer(pk, DAY + timedelta(days=2), 1)
    ledger.add_order(someone, DAY + timedelta(days=3), amount=-10, quantity=-1, order="back", line="tea")
    after = ledger.publish(LAST)
    again = build_features(after, DAY, QUESTION)
    np.testing.assert_array_equal(again.customer_ids, known.customer_ids)
    assert again.features == known.features
    for name, values in known.columns.items():
        np.testing.assert_array_equal(values, again.columns[name], err_msg=name)
    # Of a few the same is told as of everybody, without going through the others.
    few = build_features(after, DAY, QUESTION, after.list_numbers(again.customer_ids[::5]))
    np.testing.assert_array_equal(few.customer_ids, again.customer_ids[::5])
    assert few.features == again.features
    for name, values in again.columns.items():
        np.testing.assert_array_equal(values[::5], few.columns[name], err_msg=name)
    told, retold = (
        tell_scores(state, QUESTION, DAY, Verdict("bands"), None, 0.5, None) for state in (snapshot, after)
    )
    np.testing.assert_array_equal(told.chances, retold.chances)


def test_who_orders_on_a_day_of_the_horizon_has_not_left(ledger):
    fill(ledger, 0)
    ids = [ledger.add_customer() for _ in range(4)]
    for pk in ids:
        ledger.add_order(pk, DAY - timedelta(days=5))
    ledger.add_order(ids[0], DAY)
    ledger.add_order(ids[1], DAY + timedelta(days=29))
    ledger.add_order(ids[2], DAY + timedelta(days=30))
    ledger.add_order(ids[3], DAY + timedelta(days=3), amount=0)
    left = build_labels(ledger.publish(UNTIL), DAY, QUESTION, np.array(ids))
    assert left.tolist() == [False, False, True, True]


def test_shuffled_labels_teach_nothing(ledger, monkeypatch):
    monkeypatch.setattr(rules, "TESTED_CUTOFFS", 2)
    monkeypatch.setattr(rules, "TRAINING_CUTOFFS", 3)
    fill(ledger, 500)
    random = np.random.default_rng(3)
    monkeypatch.setattr(backtesting, "build_labels", lambda *asked: random.permutation(build_labels(*asked)))
    snapshot = ledger.publish(LAST)
    shown = run_backtest(Trial(snapshot, QUESTION, "gregorian"), FIRST, UNTIL)
    assert len(shown.days) == 2
    assert np.mean([day.judged["logistic"].auc for day in shown.days]) == pytest.approx(0.5, abs=0.05)


def test_a_business_of_sixty_customers_is_refused(ledger, vafa):
    fill(ledger, 60)
    card, verdict = train(ledger.publish(LAST), QUESTION, now=NOW)
    assert (card, verdict.level) == (None, "refused")
    assert Card.objects.count() == 0
    status, document = vafa("backtest", "--horizon", "30", "--json")
    assert status == 0
    assert (document["horizon"], document["cutoffs"], document["verdict"]) == (30, [], "refused")
    reasons = {reason["code"]: reason for reason in document["reasons"]}
    assert (reasons["customers"]["have"], reasons["customers"]["needed"]) == (60, 100)
    status, document = vafa("predict", "--horizon", "365", "--json")
    assert (status, document["customers"]) == (0, [])


def treat(ids, day):
    return Treatments(np.array(ids, dtype=np.int64), np.full(len(ids), day, dtype="datetime64[D]"))


def test_who_is_under_treatment_teaches_nothing_and_is_not_judged_by(ledger):
    ids = fill(ledger, 40)
    snapshot = ledger.publish(LAST)
    everybody = Trial(snapshot, QUESTION, "gregorian").ask(DAY)
    for day, is_within in ((DAY, True), (DAY - timedelta(days=1), False), (DAY + timedelta(days=30), False)):
        asked = Trial(snapshot, QUESTION, "gregorian", treat(ids[::3], day)).ask(DAY)
        assert bool(set(asked.rows.ids.tolist()) & set(ids[::3])) != is_within
        assert asked.n + asked.left_out == everybody.n
        assert (asked.left_out > 0) == is_within
    # The rest would be too few to speak for all.
    asked = Trial(snapshot, QUESTION, "gregorian", treat(ids[1:], DAY)).ask(DAY)
    assert (asked.n, asked.left_out) == (everybody.n, 0)
    assert asked.treated > 0


def test_fields_that_know_the_answer_are_found_and_named(ledger):
    ids = fill(ledger, 120)
    at = UNTIL - timedelta(days=61)
    left = build_labels(ledger.publish(LAST), at, QUESTION, np.array(ids)).tolist()
    for place, (pk, gone) in enumerate(zip(ids, left, strict=True)):
        custom = {"colour": ["red", "blue"][place % 2], "cancel reason": "price" if place % 3 else "other"}
        custom["mood"] = "sad" if gone else "glad"
        if gone:
            custom["comment"] = ["bad", "slow"][place % 2]
        ledger.change_customer(pk, custom=custom)
    trial = Trial(ledger.publish(LAST), QUESTION, "gregorian")
    features, _rows, leaks = trial.learn_rows([at])
    named = {leak.name.rsplit(":", 1)[-1]: leak.code for leak in leaks}
    assert named == {"cancel reason": "name", "mood": "too_good", "comment": "known_after"}
    used = {feature.name.rsplit(":", 1)[-1] for feature in features}
    assert "colour" in used
    assert not used & set(named)


def test_drift_is_an_alarm_where_the_chances_or_half_of_the_features_have_moved():
    assert judge_drift({"chances": 0.01, "orders": 0.02}) == "steady"
    assert judge_drift({"chances": 0.01, "orders": 0.3, "lines": 0.0}) == "look"
    assert judge_drift({"chances": 0.01, "orders": 0.3}) == "alarm"
    assert judge_drift({"chances": 0.3, "orders": 0.0, "lines": None}) == "alarm"
