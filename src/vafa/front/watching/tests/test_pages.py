"""The page of targets: what is said in the form is what holds, and each role does what it may."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import MAY, NOW, Shop, sign_in
from vafa.front.watching.forms import parse_target
from vafa.front.watching.tasks import check, tell
from vafa.kit.mail import MailServer, StaffMail, set_mail_server
from vafa.kit.permissions import Role
from vafa.measure.watching.actions import watch_figure
from vafa.measure.watching.models import Alert, Mark, Target, Watch
from vafa.measure.watching.types import Figure

CRR = {"metric": "crr", "every": "month"}


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("85", "share", 0.85),
        ("۸۵٫۵٪", "share", 0.855),
        ("85.5 %", "share", 0.855),
        ("1,200,000", "money", 1_200_000),
        ("٤٠", "nps", 0.4),
        ("−10", "nps", -0.1),
        ("", "share", None),
    ],
)
def test_a_target_is_read_as_people_write_it(text, unit, value):
    assert parse_target(text, unit) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(("text", "unit"), [("much", "share"), ("5%", "money"), ("nan", "share")])
def test_what_is_no_number_is_refused(text, unit):
    with pytest.raises(ValueError, match=text):
        parse_target(text, unit)


def test_a_target_and_a_watch_are_set(shop: Shop, signed_in: Client, owner: Staff) -> None:
    answer = signed_in.post("/targets/", CRR | {"target": "۸۵٪", "watch": "on", "by_mail": "on"}, follow=True)
    assert answer.status_code == 200
    assert Target.objects.get().value == pytest.approx(0.85)
    assert Watch.objects.get().staff == owner
    (row,) = answer.context["rows"]
    assert (row.target, row.reached, row.watched, row.by_mail) == ("85.0%", False, True, True)
    chart = signed_in.get(f"/explore/?metric=crr&{MAY}").context["shown"]
    assert chart.data["benchmark"]["value"] == pytest.approx(0.85)
    removed = signed_in.post("/targets/remove/", CRR, follow=True)
    assert not Target.objects.exists()
    assert "The target is removed." in removed.content.decode()
    signed_in.post("/targets/put-back/")
    assert Target.objects.get().value == pytest.approx(0.85)
    signed_in.post("/targets/put-back/")
    signed_in.post("/targets/remove/", CRR)
    signed_in.post("/targets/stop/", CRR)
    assert not Target.objects.exists()
    assert not Watch.objects.exists()


def test_the_watched_figures_can_be_taken_as_a_file(shop: Shop, signed_in: Client) -> None:
    signed_in.post("/targets/", CRR | {"target": "85", "watch": "on"})
    text = signed_in.get("/targets/export.csv").content.decode("utf-8-sig")
    header, row = text.splitlines()
    assert header.startswith("metric,segment,every,from,to,value")
    assert row.startswith("crr,,month,2025-06-01,2025-07-01,")
    assert row.endswith(",0.85")
    assert signed_in.get("/targets/export.xlsx").status_code == 200
    assert signed_in.get("/targets/export.pdf").status_code == 404


def test_what_is_wrong_is_said_at_its_field(shop: Shop, signed_in: Client) -> None:
    for sent in ({"target": "much"}, {"target": ""}, {"target": "8500"}):
        answer = signed_in.post("/targets/", CRR | sent)
        assert answer.status_code == 422
        assert answer.context["form"].errors["target"]
    assert not Target.objects.exists()


def test_roles(shop: Shop, owner: Staff) -> None:
    reader = sign_in(shop.hire(Role.READ_ONLY))
    assert reader.post("/targets/", CRR | {"target": "85"}).status_code == 422
    assert reader.post("/targets/", CRR | {"watch": "on"}).status_code == 302
    assert reader.post("/targets/remove/", CRR).status_code == 403
    assert reader.post("/marks/", {"title": "x", "start_on": "2025/05/05"}).status_code == 403
    # What is seen to is seen to for everybody.
    assert reader.post("/alerts/1/settle/").status_code == 403
    assert reader.post("/alerts/1/reopen/").status_code == 403
    change_business(by=None, now=NOW, agents_own_only=True)
    agent = sign_in(shop.hire(Role.AGENT))
    assert agent.get("/targets/").status_code == 403
    assert agent.post("/alerts/1/settle/").status_code == 403
    assert agent.post("/alerts/1/reopen/").status_code == 403
    assert agent.get("/targets/alerts.csv").status_code == 403


def test_an_alert_stands_on_the_overview_until_it_is_seen_to(shop: Shop, signed_in: Client) -> None:
    alert = Alert.objects.create(
        metric="crr", every="month", start_on=date(2025, 5, 1), end_on=date(2025, 6, 1), kind="range", side="below",
        good=False, value=0.5, low=0.7, high=1.2, raised_at=NOW,
    )  # fmt: skip
    page = signed_in.get(f"/overview/?{MAY}")
    (shown,) = page.context["alerts"]
    assert "50.0%" in shown.text
    assert "70.0% to 100.0%" in shown.text
    assert (
        signed_in.post(f"/alerts/{alert.pk}/settle/", {"next": "/overview/"}).headers["Location"]
        == "/overview/"
    )
    assert signed_in.get(f"/overview/?{MAY}").context["alerts"] == []
    header, row = signed_in.get("/targets/alerts.csv").content.decode("utf-8-sig").splitlines()
    assert row.startswith("crr,,month,2025-05-01,2025-06-01,range,below,0.5,0.7,1.2,,")
    assert len(header.split(",")) == len(row.split(","))
    signed_in.post(f"/alerts/{alert.pk}/reopen/")
    assert len(signed_in.get(f"/overview/?{MAY}").context["alerts"]) == 1


def test_a_mark_stands_on_the_charts(shop: Shop, signed_in: Client) -> None:
    before = signed_in.get(f"/overview/?{MAY}").content.decode()
    signed_in.post("/marks/", {"title": "Prices rose", "start_on": "2025/05/05", "last_on": ""})
    after = signed_in.get(f"/overview/?{MAY}").content.decode()
    assert "Prices rose" not in before
    assert after.count("Prices rose") >= 2
    mark = Mark.objects.get()
    assert (mark.end_on - mark.start_on).days == 1
    assert "The mark is removed." in signed_in.post(f"/marks/{mark.pk}/remove/", follow=True).content.decode()
    assert not Mark.objects.exists()
    signed_in.post("/targets/put-back/")
    assert Mark.objects.get().title == "Prices rose"
    signed_in.post(f"/marks/{Mark.objects.get().pk}/remove/")
    assert not Mark.objects.exists()
    assert signed_in.post("/marks/", {"title": "", "start_on": "x"}, follow=True).status_code == 200


def test_mail_goes_out_once_and_in_the_readers_language(shop: Shop, owner: Staff) -> None:
    change_business(by=None, now=NOW, language="en")
    alert = Alert.objects.create(
        metric="crr", every="month", start_on=date(2025, 5, 1), end_on=date(2025, 6, 1), kind="target", side="below",
        good=False, value=0.5, target=0.9, raised_at=NOW,
    )  # fmt: skip
    tell(alert, owner, now=NOW)
    assert not StaffMail.objects.exists(), "no mail server is set up"
    server = MailServer("localhost", 25, "none", "", "", "Vafa", "vafa@example.com")
    set_mail_server(server, keep_password=False, by=owner, now=NOW)
    tell(alert, owner, now=NOW)
    tell(alert, owner, now=NOW)
    mail = StaffMail.objects.get()
    assert "90.0%" in mail.text
    assert "50.0%" in mail.html
    watch_figure(Figure("crr", "", "month"), owner, by_mail=True, by=owner, now=NOW)
    check(datetime(2025, 7, 2, tzinfo=UTC))
