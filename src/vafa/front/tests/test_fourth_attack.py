"""What a fourth attacker tried on the pages of messages: campaigns, automations, templates, trials and mentions are
walked by who may see less, with somebody else's customers behind every number."""

from typing import Any

import pytest
from django.test import Client

from tests.house.test_permissions import PAGES
from vafa.act.automations.actions import create_automation, publish
from vafa.act.automations.models import Run, Version
from vafa.act.automations.types import Document, StepTold, When
from vafa.act.campaigns import checking
from vafa.act.campaigns.actions import create_campaign, start_campaign
from vafa.act.campaigns.tasks import go_on
from vafa.act.campaigns.types import Told
from vafa.act.messaging.models import Sending
from vafa.act.messaging.tests.world import add_permission, add_smtp
from vafa.act.messaging.types import Block, TemplateContent, Text
from vafa.data.customers.models import Customer
from vafa.data.interactions.models import Mention, Written
from vafa.data.staff.actions import add_staff, make_role
from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import NOW, Shop, shop
from vafa.front.tests.conftest import PASSWORD
from vafa.front.tests.test_limited_walk import (
    CUSTOMER_PARAMETERS,
    build_paths,
    holds_mark,
    limited,
    open_browser,
)
from vafa.kit import clock
from vafa.kit.permissions import Permission, Role
from vafa.measure.metrics.tests.ledger import ledger
from vafa.measure.segments.actions import add_members, create_segment
from vafa.warehouse.queries import open_snapshot

__all__ = ["ledger", "limited", "shop"]

pytestmark = pytest.mark.django_db
ROOMS = (
    "campaigns/",
    "automations/",
    "templates/",
    "trials/",
    "settings/sending",
    "settings/holdout",
    "today/",
)
CONTENT = TemplateContent(
    "email", (("en", Text(subject="Hello", blocks=(Block("text", "Dear {{ name }}"),))),)
)


@pytest.fixture
def busy(shop: Shop, limited: Staff, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop that sends to somebody else's customers: a campaign that has begun with a control group, an automation
    that they went through, and a note that calls."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(checking, "require_public_address", lambda _now: "https://vafa.example.com")
    owner, others = Staff.objects.get(role="owner"), [shop.staying, shop.returning]
    add_smtp()
    add_permission(others)
    slug = create_segment("Theirs", None, by=owner, now=NOW).slug
    add_members(slug, others, snapshot=open_snapshot(), by=owner, now=NOW)
    told = Told(name="Spring", segment=slug, content=CONTENT.to_json(), holdout=0.5)
    start_campaign(create_campaign(told, by=owner, now=NOW).pk, by=owner, now=NOW)
    go_on(NOW)
    step = StepTold("s1", "tag", {"name": "x", "do": "add"})
    made = create_automation("Thanks", Document(When("order"), steps=(step,)), by=owner, now=NOW)
    publish(made.pk, by=owner, now=NOW)
    version = Version.objects.get(automation=made)
    for pk in others:
        Run.objects.create(automation=made, version=version, customer_id=pk, entry_key="1", entered_at=NOW)
        note = Written.objects.filter(customer=pk, kind="note").latest("pk")
        Mention.objects.create(written=note, staff=limited, at=NOW)
    return shop


def hire(*permissions: Permission) -> Staff:
    owner = Staff.objects.get(role="owner")
    own = make_role(name="Some", permissions=permissions, own_only=False, by=owner, now=NOW)
    return add_staff(email="some@example.com", role=f"own:{own.pk}", by=owner, now=NOW, password=PASSWORD)


def walk(client: Client, sent: dict[str, Any]) -> list[str]:
    """Every page of these rooms, read and posted to: what it tells of others, or breaks by."""
    wrong = []
    for route, _pattern, converters in PAGES:
        if not route.startswith(ROOMS) or CUSTOMER_PARAMETERS & set(converters):
            continue
        for path in build_paths(route, converters, [1, 2]):
            answers = [client.get(path), client.get(path, headers={"HX-Request": "true"})]
            answers += [client.get(path, sent), client.post(path, sent)]
            wrong += [
                f"{answer.request['REQUEST_METHOD']} {path} gave {answer.status_code}"
                for answer in answers
                if answer.status_code >= 500 or holds_mark(answer)
            ]
    return wrong


def digest(others: list[int]) -> Any:
    """What somebody without a right must not have changed."""
    return (
        sorted(Sending.objects.values_list("pk", "state", "why")),
        sorted(Run.objects.values_list("pk", "state")),
        sorted(Customer.objects.filter(pk__in=others).values_list("pk", "tags", "owner")),
        sorted(Mention.objects.values_list("pk", "read_at")),
    )


def test_the_walk_meets_what_it_looks_for(busy: Shop) -> None:
    boss = open_browser(Staff.objects.get(role="owner"))
    # Which of the two the control group gets is settled by a hash of their ids.
    states = [str(one) for one in Sending.objects.values_list("state", flat=True)]
    assert len(states) == 2
    assert set(states) <= {"pending", "suppressed"}
    for path in ("/campaigns/1/runs/1/people/", "/automations/1/log/", "/campaigns/1/held/"):
        assert boss.get(path).status_code == 200, path
    assert holds_mark(boss.get("/campaigns/1/runs/1/people/"))
    assert holds_mark(boss.get("/automations/1/log/"))


def test_who_is_limited_meets_nobody_elses_customers_among_messages(busy: Shop, limited: Staff) -> None:
    others = [busy.staying, busy.returning]
    before = digest(others)
    sent = {
        "as": str(busy.staying), "customer": str(busy.staying), "one": "1", "do": "all", "state": "accepted",
        "next": "/today/", "name": "x", "segment": "theirs", "id": [str(pk) for pk in others],
    }  # fmt: skip
    client = open_browser(limited)
    assert not walk(client, sent)
    assert not holds_mark(client.get("/today/?whose=all"))
    for path in ("/campaigns/1/", "/campaigns/1/runs/1/people/", "/automations/1/log/"):
        assert client.get(path).status_code in (403, 404), path
    for kind in ("csv", "xlsx"):
        assert client.get(f"/campaigns/1/runs/1/export.{kind}").status_code in (403, 404)
    assert digest(others) == before


@pytest.mark.parametrize("role", [Role.AGENT, Role.ANALYST, Role.READ_ONLY])
def test_ready_roles_change_nothing_of_messages(busy: Shop, role: Role) -> None:
    others, before = [busy.staying, busy.returning], digest([busy.staying, busy.returning])
    client = open_browser(busy.hire(role))
    for do in ("start", "stop", "pause", "delete", "resume", "publish", "off", "on"):
        for path in (
            "/campaigns/1/do/",
            "/automations/1/act/",
            "/settings/sending/1/do/",
            "/settings/holdout/do/",
        ):
            assert client.post(path, {"do": do}).status_code == 403, path
    assert digest(others) == before


def test_who_writes_messages_without_seeing_customers_reads_no_name(busy: Shop) -> None:
    """A role of the business's own: texts are theirs, people are not."""
    blind = hire(Permission.EDIT_MESSAGES, Permission.SEE_FIGURES, Permission.EXPORT)
    client = open_browser(blind)
    assert client.get("/campaigns/1/").status_code == 200
    assert not walk(client, {"as": str(busy.staying), "customer": str(busy.staying), "language": "en"})
