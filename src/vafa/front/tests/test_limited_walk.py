"""Whoever is limited to own customers walks every page, file, fragment and answer of the API, and meets nobody else."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls.converters import IntConverter

from tests.house.test_permissions import PAGES
from vafa.act.followups.actions import make_batch
from vafa.act.followups.models import Task
from vafa.act.followups.types import BatchTold
from vafa.act.saving.models import Case
from vafa.api.v1 import list_operations
from vafa.data.customers.models import ContactPoint, Customer
from vafa.data.log.actions import take_numbers
from vafa.data.staff.actions import add_staff, make_role, make_token
from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import MAY, NOW, Shop, shop
from vafa.front.tests.conftest import PASSWORD, confirm
from vafa.kit import clock
from vafa.kit.locale.collation import sort_key
from vafa.kit.locale.letters import fold_name
from vafa.kit.permissions import NOT_WITH_OWN_ONLY, Permission, drop_blind
from vafa.kit.scopes import SCOPE_NEEDS, Scope
from vafa.measure.metrics.tests.ledger import ledger
from vafa.measure.segments.actions import add_members, create_segment
from vafa.measure.segments.queries import get_segment_members
from vafa.warehouse.queries import open_snapshot

__all__ = ["ledger", "shop"]

pytestmark = pytest.mark.django_db
# What stands on everything that is of customers of others: no answer may hold it.
MARK = "Zarrinkafsh"
CUSTOMER_PARAMETERS = {"customer_id", "kept_id", "other_id"}
REFUSED = {403, 404, 405}
QUERIES = ("", f"q={MARK}&find={MARK}&{MAY}&who=all&owner=all")


@pytest.fixture
def limited(shop: Shop, owner: Staff) -> Staff:
    """Somebody with every permission that goes with own customers alone, who has two of the four customers."""
    own = make_role(
        name="Own", permissions=set(Permission) - NOT_WITH_OWN_ONLY, own_only=True, by=owner, now=NOW
    )
    staff = add_staff(email="own@example.com", role=f"own:{own.pk}", by=owner, now=NOW, password=PASSWORD)
    for pk in (shop.leaving, shop.newcomer):
        Customer.objects.filter(pk=pk).update(owner=staff, seq=take_numbers(1))
    for number, pk in enumerate((shop.staying, shop.returning)):
        name = f"{MARK} {number}"
        told = {"name": name, "name_folded": fold_name(name), "sort_key": sort_key(name, "fa")}
        Customer.objects.filter(pk=pk).update(owner=owner, seq=take_numbers(1), **told)
        email = f"{MARK.lower()}{number}@example.com"
        ContactPoint.objects.create(customer_id=pk, kind="email", value=email)
    boss = open_browser(owner)
    for pk in (shop.staying, shop.returning):
        note = {"text": f"{MARK} said", "day": "2025-06-30"}
        assert boss.post(f"/customers/{pk}/write/note/", note).status_code < 400
        boss.post(f"/customers/{pk}/tasks/", {"do": "new", "title": f"Call {MARK}", "ahead": "2"})
        boss.post("/risk/act/", {"do": "take_on", "customer": pk})
        boss.post(f"/risk/cases/{Case.objects.latest('pk').pk}/", {"title": f"Write {MARK}", "ahead": "0"})
    shop.ledger.publish(NOW.date())
    return staff


def open_browser(staff: Staff) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(staff)
    confirm(client)
    return client


def holds_mark(answer: Any) -> bool:
    """Whether an answer tells of somebody else's customer; what was asked for is not told by answering it."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode("utf-8", "replace")
    text = re.sub(
        rf'(?:value="|find=|q=){MARK}|[“«"‘\'>]\s*(?:<bdi>)?{MARK}(?:</bdi>)?\s*[”»"’\'<]', "", text
    )
    return re.search(MARK, text, re.IGNORECASE) is not None


def build_paths(route: str, converters: dict[str, Any], numbers: list[int]) -> Iterator[str]:
    """The addresses of a route with these numbers in all its places."""
    names = [name for name, converter in converters.items() if isinstance(converter, IntConverter)]
    texts = {"file_format": "csv", "name_of_set": "start", "slug": "lost", "part": "names", "side": "left"}
    for chosen in product(numbers, repeat=len(names)):
        path = "/" + route
        for name in converters:
            value = chosen[names.index(name)] if name in names else texts.get(name, "note")
            path = re.sub(rf"<(?:\w+:)?{name}>", str(value), path)
        yield path


def test_an_address_with_somebody_elses_customer_is_refused(shop: Shop, limited: Staff) -> None:
    client, wrong = open_browser(limited), []
    boss = open_browser(Staff.objects.get(role="owner"))
    assert holds_mark(boss.get(f"/customers/{shop.staying}/"))
    for route, _pattern, converters in PAGES:
        if not CUSTOMER_PARAMETERS & set(converters):
            continue
        others = [shop.staying, shop.returning]
        numbers = others if len(CUSTOMER_PARAMETERS & set(converters)) == 1 else [*others, shop.leaving]
        for path in build_paths(route, converters, numbers):
            if not any(str(pk) in re.findall(r"\d+", path) for pk in others):
                continue
            for send, headers in (
                (client.get, {}),
                (client.get, {"HX-Request": "true"}),
                (client.post, {}),
                (client.post, {"HX-Request": "true"}),
            ):
                answer = send(path, headers=headers)
                if answer.status_code not in REFUSED or holds_mark(answer):
                    wrong.append(f"{path} {send.__name__} gave {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_no_page_list_search_or_file_tells_of_others(shop: Shop, limited: Staff) -> None:
    client, boss, wrong, met = open_browser(limited), open_browser(Staff.objects.get(role="owner")), [], 0
    for route, _pattern, converters in PAGES:
        if route.startswith("api/") or CUSTOMER_PARAMETERS & set(converters):
            continue
        queries = QUERIES if not converters or "file_format" in converters else ("",)
        for path, query in product(build_paths(route, converters, [1]), queries):
            answer = client.get(f"{path}?{query}" if query else path)
            if answer.status_code >= 500 or holds_mark(answer):
                wrong.append(f"{path}?{query} gave {answer.status_code}")
            if route in ("customers/", "tasks/", "search/"):
                met += holds_mark(boss.get(f"{path}?{query}"))
    assert not wrong, "\n".join(wrong)
    # The walk sees what it looks for: to the owner the same pages do tell of them.
    assert met >= 3


def test_things_of_others_customers_are_not_touched(shop: Shop, limited: Staff) -> None:
    client, wrong = open_browser(limited), []
    for route, _pattern, converters in PAGES:
        if not {"task_id", "line_id", "pair_id"} & set(converters):
            continue
        for path in build_paths(route, converters, list(range(1, 9))):
            for send in (client.get, client.post):
                answer = send(path)
                if answer.status_code >= 500 or holds_mark(answer):
                    wrong.append(f"{path} {send.__name__} gave {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_tasks_made_for_many_others_are_neither_told_of_nor_taken_back(shop: Shop, limited: Staff) -> None:
    told = BatchTold(key="k", title=f"Call {MARK}", due_on=NOW.date())
    batch = make_batch(told, [shop.staying, shop.returning], by=Staff.objects.get(role="owner"), now=NOW)
    client = open_browser(limited)
    assert not holds_mark(client.get("/tasks/batches/"))
    assert client.post(f"/tasks/batches/{batch.pk}/undo/").status_code == 404
    assert Task.objects.filter(batch=batch).count() == 2
    mine = make_batch(replace(told, key="m"), [shop.leaving], by=limited, now=NOW)
    assert client.post(f"/tasks/batches/{mine.pk}/undo/").status_code == 302
    assert not Task.objects.filter(batch=mine).exists()


def test_a_list_by_hand_neither_takes_nor_gives_back_others_customers(shop: Shop, limited: Staff) -> None:
    boss, snapshot = Staff.objects.get(role="owner"), open_snapshot()
    create_segment("Some", None, by=boss, now=NOW)
    change = add_members("some", [shop.staying], snapshot=snapshot, by=boss, now=NOW)
    assert change is not None
    client = open_browser(limited)
    for told in (
        {"texts": f"{MARK.lower()}1@example.com"},
        {"file": StringIO(f"email\n{MARK.lower()}1@example.com")},
    ):
        for do in ("add", "remove"):
            client.post("/segments/some/members/", told | {"do": do})
    # As for an address that nobody has.
    assert client.get("/segments/some/").context["rejected"]["count"] == 1
    assert client.post(f"/segments/some/changes/{change.pk}/undo/").status_code == 404
    assert list(snapshot.ids(get_segment_members("some", open_snapshot()))) == [shop.staying]


def test_who_may_not_see_customers_meets_none_on_any_page_or_in_any_file(shop: Shop, limited: Staff) -> None:
    boss = Staff.objects.get(role="owner")
    permissions = drop_blind(frozenset(Permission) - {Permission.SEE_CUSTOMERS})
    own = make_role(name="Blind", permissions=permissions, own_only=False, by=boss, now=NOW)
    staff = add_staff(email="blind@example.com", role=f"own:{own.pk}", by=boss, now=NOW, password=PASSWORD)
    client, wrong = open_browser(staff), []
    for route, _pattern, converters in PAGES:
        if route.startswith("api/"):
            continue
        # The audit trail and what is imported are of everybody by their nature, and permitted one by one.
        numbers = [shop.staying] if CUSTOMER_PARAMETERS & set(converters) else [1]
        for path in build_paths(route, converters, numbers):
            answer = client.get(f"{path}?{MAY}")
            if answer.status_code >= 500 or holds_mark(answer):
                wrong.append(f"{path} gave {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert client.get("/customers/export.csv").status_code == 403


def test_the_api_answers_of_own_customers_alone(shop: Shop, limited: Staff) -> None:
    scopes = [scope for scope in Scope if SCOPE_NEEDS[scope] in limited.permissions]
    _token, text = make_token(limited, "walk", scopes, days=None, now=clock.now())
    headers, wrong = {"Authorization": f"Bearer {text}"}, []
    for operation in list_operations():
        if operation.method != "GET":
            continue
        for value in [str(pk) for pk in range(1, 9)] if "{row}" in operation.path else ["lost"]:
            path = "/api/v1" + re.sub(r"\{\w+\}", value, operation.path)
            answer = Client(raise_request_exception=False).get(path, headers=headers)
            if answer.status_code >= 500 or holds_mark(answer):
                wrong.append(f"{path} gave {answer.status_code}")
            if operation.path == "/customers/{row}" and value == str(shop.staying):
                assert answer.status_code == 404
    assert not wrong, "\n".join(wrong)
