"""The pages of results: what was tried, what may be said of it, and who may read it."""

import csv
import json
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.staff.models import Staff
from vafa.front.trials.result_commands import list_all, report, show
from vafa.kit.errors import AskedWrongly
from vafa.kit.locale.formats import build_default_style, format_number
from vafa.kit.permissions import Role
from vafa.measure.metrics.tests.ledger import ledger
from vafa.prove.outcomes.tasks import look
from vafa.prove.outcomes.tests.tried import KEY, tried
from vafa.prove.trials.models import Decision, Result

__all__ = ["ledger", "tried"]

NOW = datetime(2026, 7, 1, tzinfo=UTC)
EN = build_default_style("en")


@pytest.fixture
def shown(tried):
    """The trial with looks and its result, and who reads it."""
    change_business(by=None, now=NOW, name="Shop", currency="IRT", agents_own_only=True, is_set_up=True)
    for end in (date(2026, 5, 8), date(2026, 5, 20), date(2026, 6, 2)):
        tried.ledger.publish(end)
        look(NOW)
    return tried


def sign_in(role: Role) -> Client:
    client = Client()
    client.force_login(
        Staff.objects.create_user(f"{role.value}@example.com", None, name="Sara", role=role, created_at=NOW)
    )
    return client


def test_the_result_is_read_with_its_intervals_and_its_course(shown):
    page = sign_in(Role.OWNER).get(f"/trials/of/{KEY}/")
    told = page.content.decode()
    assert "It works" in told
    assert page.context["row"].points.startswith("+")
    assert page.context["row"].saved
    assert [row[0] for row in page.context["arms"].rows] == ["Control", "Contacted"]
    assert len(page.context["course"].rows) == 2
    assert "arms-data" in told
    assert "course-data" in told


def test_lists_are_narrowed_and_exported(shown):
    owner = sign_in(Role.OWNER)
    assert [row.name for row in owner.get("/trials/").context["rows"]] == ["Spring"]
    assert owner.get("/trials/?state=running").context["rows"] == []
    assert len(owner.get("/trials/?state=over").context["rows"]) == 1
    assert owner.get("/trials/export.xlsx").content.startswith(b"PK")
    (told,) = csv.DictReader(owner.get("/trials/export.csv").content.decode("utf-8-sig").splitlines())
    assert (told["trial"], told["verdict"]) == (KEY, "works")
    assert float(told["diff"]) == pytest.approx(Result.objects.get().document["kept"]["value"])


def test_a_decision_is_written_down_with_its_reason(shown):
    owner = sign_in(Role.OWNER)
    refused = owner.post(f"/trials/of/{KEY}/decide/", {"choice": "keep", "why": " "})
    assert refused.status_code == 422
    assert Decision.objects.count() == 0
    assert owner.post(f"/trials/of/{KEY}/decide/", {"choice": "keep", "why": "More stay."}).status_code == 302
    assert owner.post("/trials/of/nothing/decide/", {"choice": "keep", "why": "x"}).status_code == 404
    log = owner.get("/trials/decisions/").content.decode()
    assert "More stay." in log
    assert "Sara" in log
    assert owner.get(f"/trials/of/{KEY}/decide/").status_code == 405
    assert "More stay." in owner.get("/trials/decisions/export.csv").content.decode()


def test_the_monthly_report_tells_what_was_tried_and_what_to_stop(shown):
    owner = sign_in(Role.OWNER)
    page = owner.get("/trials/report/")
    assert [row.name for row in page.context["ended"]] == ["Spring"]
    assert page.context["to_stop"] == []
    assert page.context["summary"]["tried"] == "1"
    document = Result.objects.get().document | {"verdict": "harms"}
    Result.objects.update(document=document)
    assert [one["name"] for one in owner.get("/trials/report/").context["to_stop"]] == ["Spring"]
    Decision.objects.create(trial_key=KEY, choice="stop", why="It did harm.", at=NOW)
    assert owner.get("/trials/report/").context["to_stop"] == []
    before = owner.get("/trials/report/?month=2026-05-01")
    assert before.context["ended"] == []
    assert [row.points for row in before.context["running"]] == [""]  # the result was not known yet
    assert KEY in owner.get("/trials/report/export.csv").content.decode()


def test_who_sees_own_customers_alone_reads_no_counts_of_others(shown):
    _owner, agent, reader = sign_in(Role.OWNER), sign_in(Role.AGENT), sign_in(Role.READ_ONLY)
    paths = ("/trials/", f"/trials/of/{KEY}/", "/trials/report/", "/trials/decisions/")
    assert [agent.get(path).status_code for path in paths] == [403] * 4
    assert [reader.get(path).status_code for path in paths] == [200] * 4
    assert 'href="/trials/"' not in agent.get("/overview/").content.decode()
    assert reader.post(f"/trials/of/{KEY}/decide/", {"choice": "keep", "why": "x"}).status_code == 403
    assert "/decide/" not in reader.get(f"/trials/of/{KEY}/").content.decode()


def test_empty_pages_teach(ledger):
    owner = sign_in(Role.OWNER)
    for path in ("/trials/", "/trials/report/", "/trials/decisions/"):
        assert owner.get(path).status_code == 200
    assert "Nothing has been tried yet" in owner.get("/trials/").content.decode()


def test_what_it_cost_is_written_down_counted_and_taken_back(shown):
    owner, reader = sign_in(Role.OWNER), sign_in(Role.READ_ONLY)
    path = f"/trials/of/{KEY}/cost/"
    assert owner.get(f"/trials/of/{KEY}/").context["per"] is None  # nobody told of a cost
    assert owner.post(path, {"do": "add", "kind": "gifts", "amount": "nonsense"}).status_code == 422
    assert owner.post(path, {"do": "add", "kind": "gold", "amount": "3"}).status_code == 422
    assert owner.post(path, {"do": "add", "kind": "gifts", "amount": "-3"}).status_code == 422
    assert (
        owner.post(path, {"do": "add", "kind": "gifts", "amount": "۱٬۵۰۰٬۰۰۰", "note": "Cups"}).status_code
        == 302
    )
    owner.post(path, {"do": "add", "kind": "staff", "amount": "500000"})
    page = owner.get(f"/trials/of/{KEY}/")
    standing = page.context["standing"]
    assert (standing.cost, standing.spent) == (2_000_000, {"gifts": 1_500_000, "staff": 500_000})
    saved = Result.objects.get().document["saved"]["value"]
    assert page.context["per"] == format_number(saved / 2, EN, 1)
    assert owner.get("/trials/report/").context["summary"]["cost"] == page.context["row"].cost
    gifts = next(one["id"] for one in page.context["expenses"] if one["note"] == "Cups")
    owner.post(path, {"do": "remove", "expense": gifts})
    after = owner.get(f"/trials/of/{KEY}/")
    assert after.context["removed_expense"] == gifts
    assert after.context["standing"].cost == 500_000
    owner.post(path, {"do": "restore", "expense": gifts})
    assert owner.get(f"/trials/of/{KEY}/").context["standing"].cost == 2_000_000
    assert owner.post(path, {"do": "remove", "expense": "999"}).status_code == 404
    assert reader.post(path, {"do": "add", "kind": "gifts", "amount": "3"}).status_code == 403
    assert f'action="{path}"' not in reader.get(f"/trials/of/{KEY}/").content.decode()


def test_results_are_told_on_the_command_line(shown, capsys):
    def tell(command, *told, as_json=True):
        command(*told, as_json=as_json)
        out = capsys.readouterr().out
        return json.loads(out) if as_json else out

    listed = tell(list_all)["trials"]
    assert [(one["key"], one["verdict"], one["data_until"]) for one in listed] == [
        (KEY, "works", "2026-06-02")
    ]
    one = tell(show, KEY)
    assert (len(one["arms"]), len(one["looks"]), one["final"]) == (2, 2, True)
    assert one["kept"]["low"] < one["kept"]["value"] < one["kept"]["high"]
    month = tell(report, "")
    assert (month["month"], month["tried"], month["saved"]["value"]) == (
        "2026-06-01",
        1,
        one["saved"]["value"],
    )
    assert tell(report, "2026-05-01")["tried"] == 0
    assert "It works" in tell(show, KEY, as_json=False)
    assert "Spring" in tell(report, "", as_json=False)
    for command, told in ((show, "nothing"), (report, "2020-01-01")):
        with pytest.raises(AskedWrongly):
            command(told, as_json=True)
