"""The pages of automations: a playbook is taken, changed in the form without scripts, tried, switched on and read."""

from datetime import timedelta
from html import unescape

import pytest

from vafa.act.automations.models import Automation, Run
from vafa.act.automations.queries import get_draft, list_playbooks, walk
from vafa.data.business.queries import get_business, get_style
from vafa.front.automations.drawing import describe_conditions
from vafa.front.automations.fields import open_asking
from vafa.front.automations.tests.conftest import NOW, Shop
from vafa.kit.permissions import Permission

pytestmark = pytest.mark.django_db


def read(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def test_every_playbook_becomes_a_draft_that_can_be_looked_at(shop: Shop) -> None:
    page = shop.visit(shop.owner)
    assert "Rescue of customers at risk, by reason" in read(page.get("/automations/"))
    for one in list_playbooks():
        made = page.post("/automations/new/", {"playbook": one.code})
        assert made.status_code == 302
        told = read(page.get(made["Location"]))
        missing = one.code == "surprise"
        assert ("The steps say what is missing." in told) == missing, one.code
    assert Automation.objects.filter(state="draft").count() == len(list_playbooks())
    assert Run.objects.count() == 0
    assert page.post("/automations/new/", {"playbook": "none"}).status_code == 404


def test_the_form_adds_moves_and_removes_steps_and_keeps_what_was_written(shop: Shop) -> None:
    page = shop.visit(shop.owner)
    page.post("/automations/new/", {"name": "Mine"})
    one = Automation.objects.get()
    address = f"/automations/{one.pk}/edit/"

    def send(**said: str) -> None:
        page.post(address, {"name": "Mine", "when-kind": "order", "again": "key", "horizon": "30", **said})

    send(do="add:", **{"kind-end": "branch"})
    send(do="add:s1.yes", **{"kind-s1.yes": "tag", "s1-by": "reachable", "s1-channel": "email"})
    send(do="add:", **{"kind-end": "wait", "s2-name": "نشان", "s2-do": "add"})
    send(do="add:", **{"kind-end": "stop", "s3-days": "۳", "s3-hours": "0"})
    send(do="up:s4", holdout="۱۰٪")
    told = [(step.id, step.kind) for step, _depth in walk(get_draft(Automation.objects.get()).steps)]
    assert told == [("s1", "branch"), ("s2", "tag"), ("s4", "stop"), ("s3", "wait")]
    send(do="remove:s4", holdout="10")
    draft = get_draft(Automation.objects.get())
    steps = {step.id: step for step, _depth in walk(draft.steps)}
    assert (steps["s2"].told["name"], steps["s3"].told["days"]) == ("نشان", 3)
    assert steps["s1"].told["by"] == "reachable"
    assert (draft.when.kind, draft.again.rule, draft.holdout) == ("order", "key", 0.1)
    assert read(page.get(address)).count("flow-item") >= 4


def test_a_dry_run_names_who_would_have_entered_and_nothing_happens(shop: Shop) -> None:
    ledger = shop.world.ledger
    ledger.add_order(shop.of_mina, (NOW - timedelta(days=3)).date())
    ledger.add_order(shop.of_nobody, (NOW - timedelta(days=60)).date())
    ledger.publish(NOW.date())
    page = shop.visit(shop.owner)
    page.post("/automations/new/", {"playbook": "first_order_thanks"})
    one = Automation.objects.get()
    told = read(page.get(f"/automations/{one.pk}/dry-run/"))
    assert "Sara of Mina" in told
    assert "Reza of nobody" not in told
    assert "No address or number" in told
    whole = read(page.get(f"/automations/{one.pk}/dry-run/?days=90"))
    assert "Reza of nobody" in whole
    assert f"{shop.of_mina}," in read(page.get(f"/automations/{one.pk}/dry-run.csv"))
    assert (Run.objects.count(), Automation.objects.get().state) == (0, "draft")


def test_it_is_switched_on_paused_and_read_step_by_step(shop: Shop) -> None:
    page = shop.visit(shop.owner)
    page.post("/automations/new/", {"playbook": "hand_note"})
    one = Automation.objects.get()
    said = {"name": "Notes", "when-kind": "order", "again": "once", "s1-title": "Write", "s1-days": "5"}
    page.post(f"/automations/{one.pk}/edit/", {**said, "do": "save"})
    page.post(f"/automations/{one.pk}/act/", {"do": "publish"})
    assert Automation.objects.get().state == "on"
    for customer in (shop.of_mina, shop.of_nobody):
        shop.world.order(customer, NOW + timedelta(minutes=1))
    shop.world.work(NOW + timedelta(minutes=1))
    log = read(page.get(f"/automations/{one.pk}/log/"))
    assert "Sara of Mina" in log
    assert "Task for staff" in log
    assert "2 wait here" not in read(page.get(f"/automations/{one.pk}/"))
    assert read(page.get(f"/automations/{one.pk}/log.csv?state=done")).count("\n") >= 3
    page.post(f"/automations/{one.pk}/act/", {"do": "pause"})
    assert Automation.objects.get().state == "paused"
    assert "Notes" in read(page.get(f"/customers/{shop.of_mina}/automations/"))


def test_an_agent_sees_own_customers_steps_alone_and_no_automation(shop: Shop) -> None:
    page = shop.visit(shop.owner)
    page.post("/automations/new/", {"playbook": "hand_note"})
    agent = shop.visit(shop.mina)
    assert Permission.EDIT_MESSAGES not in shop.mina.permissions
    assert agent.get("/automations/").status_code == 403
    assert agent.get(f"/customers/{shop.of_mina}/automations/").status_code == 200
    assert agent.get(f"/customers/{shop.of_nobody}/automations/").status_code == 404


def test_codes_are_pasted_uploaded_and_put_away(shop: Shop) -> None:
    page = shop.visit(shop.owner)
    assert page.post("/automations/codes/", {"name": "Spring", "codes": "A\nB\nA"}).status_code == 302
    assert page.post("/automations/codes/", {"name": "Spring", "codes": ""}).status_code == 422
    told = read(page.get("/automations/codes/"))
    assert "Spring" in told


def test_conditions_are_written_in_the_automation_and_read_as_a_sentence(shop: Shop) -> None:
    page = shop.visit(shop.owner)
    page.post("/automations/new/", {"name": "Mine"})
    one = Automation.objects.get()
    form = {"name": "Mine", "when-kind": "order"}
    edit, rules = f"/automations/{one.pk}/edit/", f"/automations/{one.pk}/rules"
    assert page.post(edit, {**form, "do": "rules:new"})["Location"] == f"{rules}/new/"
    told = {"n.mode": "all", "n0.what": "measure:orders", "n0.was": "measure:orders", "n0.op": "at_least"}
    assert page.post(f"{rules}/new/", {**told, "do": "save"}).status_code == 422
    assert get_draft(Automation.objects.get()).conditions == ()
    page.post(f"{rules}/new/", {**told, "n0.value": "۳", "do": "save"})
    (condition,) = get_draft(Automation.objects.get()).conditions
    assert condition.definition is not None
    sentence = describe_conditions(
        get_draft(Automation.objects.get()), open_asking(get_business(), get_style("en"), NOW.date())
    )[0]
    assert "3" in sentence
    assert sentence in unescape(read(page.get(edit)))
    assert 'value="3"' in read(page.get(f"{rules}/if-0/"))
    page.post(edit, {**form, "do": "add:", "kind-end": "branch"})
    asked = page.post(edit, {**form, "s1-by": "rules", "do": "rules:step-s1"})
    assert asked["Location"] == f"{rules}/step-s1/"
    page.post(f"{rules}/step-s1/", {**told, "n0.value": "5", "do": "save"})
    page.post(edit, {**form, "s1-by": "rules", "do": "save"})
    assert get_draft(Automation.objects.get()).steps[0].told["definition"]["version"] == 1
    assert [page.get(f"{rules}/{where}/").status_code for where in ("if-7", "step-s9", "x")] == [404] * 3
