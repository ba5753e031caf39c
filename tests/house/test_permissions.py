"""Every page and every command says who may use it, and each role gets exactly that."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
import typer
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from vafa.api.v1 import list_operations
from vafa.config.command import COMMAND_MODULES
from vafa.data.staff.actions import add_staff, make_role, make_token
from vafa.data.staff.models import Staff
from vafa.data.staff.queries import forget_owner
from vafa.kit.permission_texts import PERMISSION_TEXTS
from vafa.kit.permissions import NEEDS_FIGURES, NEEDS_SEEING, ROLE_PERMISSIONS, Permission, Role, drop_blind
from vafa.kit.scopes import Scope

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def walk(
    resolver: URLResolver, prefix: str = "", above: dict[str, Any] | None = None
) -> Iterator[tuple[str, URLPattern, dict[str, Any]]]:
    """Every page: its route, its pattern, and the converters of all its parts."""
    for entry in resolver.url_patterns:
        converters = (above or {}) | entry.pattern.converters
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry, route, converters)
        else:
            yield route, entry, converters


PAGES = list(walk(get_resolver()))


def build_path(route: str, converters: dict[str, Any]) -> str:
    """An address of this route. What it names does not exist: who may see it is asked before."""
    path = "/" + route
    for name, converter in converters.items():
        sample: Any = "no-such-thing"
        if isinstance(converter, IntConverter):
            sample = 999_999_999
        if isinstance(converter, UUIDConverter):
            sample = UUID(int=0)
        path = path.replace(f"<{find_converter(route, name)}{name}>", str(sample))
    assert "<" not in path, path
    return path


def find_converter(route: str, name: str) -> str:
    """What stands before a parameter's name in a route: "int:", "str:" or nothing."""
    before = route[: route.index(f"{name}>")]
    return before[before.rindex("<") + 1 :]


def get_permission(pattern: URLPattern) -> Permission | None:
    return getattr(pattern.callback, "permission", None)


def needs_sign_in(pattern: URLPattern) -> bool:
    """Whether a page is for those who are signed in, with a permission or with any."""
    return get_permission(pattern) is not None or getattr(pattern.callback, "needs_sign_in", False)


# Roles of a business's own: one for each permission alone, and one for each with all but it.
# What works with customers needs to see them, so it comes and goes with that.
OWN_ROLES = {
    f"only {one}": {one}
    | ({Permission.SEE_CUSTOMERS} if one in NEEDS_SEEING else set())
    | ({Permission.SEE_FIGURES} if one in NEEDS_FIGURES else set())
    for one in Permission
} | {f"all but {one}": set(drop_blind(frozenset(Permission) - {one})) for one in Permission}


def open_browser(staff: Staff) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(staff)
    return client


@pytest.fixture
def clients(db: None) -> Iterator[dict[Role, Client]]:
    """A browser for each role."""
    forget_owner()
    yield {
        role: open_browser(
            Staff.objects.create_user(f"{role.value}@example.com", None, role=role, created_at=NOW)
        )
        for role in Role
    }
    forget_owner()


def list_own_role_clients() -> Iterator[tuple[str, set[Permission], Client]]:
    """A browser for each role of the business's own; the owner made them."""
    owner = Staff.objects.get(role=Role.OWNER)
    for number, (name, permissions) in enumerate(OWN_ROLES.items()):
        own = make_role(name=name, permissions=permissions, own_only=False, by=owner, now=NOW)
        staff = add_staff(email=f"own{number}@example.com", role=f"own:{own.pk}", by=owner, now=NOW)
        yield name, permissions, open_browser(staff)


@pytest.mark.parametrize(("route", "pattern"), [(route, pattern) for route, pattern, _of in PAGES])
def test_a_page_names_its_permission(route: str, pattern: URLPattern) -> None:
    view = pattern.callback
    assert hasattr(view, "permission"), f"/{route} has neither @requires(...) nor @open_to_anyone(...)"
    if view.permission is None and not needs_sign_in(pattern):
        assert len(getattr(view, "open_because", "")) > 10, f"/{route} is open and does not say why"
    else:
        assert needs_sign_in(pattern)
        assert view.permission is None or view.permission in set(Permission)


def test_each_permission_is_described() -> None:
    assert set(PERMISSION_TEXTS) == set(Permission)


def test_own_roles_get_exactly_their_pages(clients: dict[Role, Client]) -> None:
    wrong = []
    asked = [
        (build_path(route, converters), get_permission(pattern))
        for route, pattern, converters in PAGES
        if get_permission(pattern) is not None
    ]
    one_of_each = {permission: path for path, permission in asked}
    for name, permissions, client in list_own_role_clients():
        # A role with one permission meets every page; one that lacks one meets a page of each permission.
        pages = asked if name == "only change_settings" else [(p, q) for q, p in one_of_each.items()]
        for path, permission in pages:
            status = client.get(path).status_code
            if status >= 500 or (status == 403) == (permission in permissions):
                wrong.append(f"{path} gave {name} {status}, permission {permission}")
    assert not wrong, "\n".join(wrong)


def test_each_role_gets_exactly_its_pages(clients: dict[Role, Client]) -> None:
    wrong = []
    for route, pattern, converters in PAGES:
        permission = get_permission(pattern)
        for role, client in clients.items():
            status = client.get(build_path(route, converters)).status_code
            allowed = permission is None or permission in ROLE_PERMISSIONS[role]
            if status >= 500 or (status == 403) == allowed:
                wrong.append(f"/{route} gave {role.value} {status}, permission {permission}")
    assert not wrong, "\n".join(wrong)


def test_a_stranger_is_led_to_the_sign_in(clients: dict[Role, Client]) -> None:
    stranger = Client()
    for route, pattern, converters in PAGES:
        answer = stranger.get(build_path(route, converters))
        led = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/?next=")
        assert led == needs_sign_in(pattern), (route, answer.status_code)


def test_who_was_shut_out_is_a_stranger(clients: dict[Role, Client]) -> None:
    Staff.objects.filter(role=Role.MANAGER).update(is_active=False)
    answer = clients[Role.MANAGER].get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")


def list_commands(app: typer.Typer) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every command of an application and of those inside it."""
    for command in app.registered_commands:
        assert command.callback is not None
        yield command.name or command.callback.__name__, command.callback
    for group in app.registered_groups:
        assert group.typer_instance is not None
        yield from list_commands(group.typer_instance)


def test_every_command_names_its_permission() -> None:
    app = typer.Typer()
    for name in COMMAND_MODULES:
        import_module(name).register(app)
    commands = dict(list_commands(app))
    assert {"init", "serve", "worker", "run", "demo", "check"} <= set(commands)
    for name, command in commands.items():
        assert hasattr(command, "permission"), f"{name} has neither @needs(...) nor @open_command(...)"
        if command.permission is None:
            assert len(getattr(command, "open_because", "")) > 10, f"{name} is open and does not say why"


API_PAGES = [(route, pattern) for route, pattern, _of in PAGES if route.startswith("api/")]
OPEN_API_PAGES = {"api/v1/docs/", "api/v1/openapi.json", "api/v1/"}


def test_every_address_of_the_api_is_a_question_with_scopes_or_its_description() -> None:
    asked = {f"api/v1{operation.path}" for operation in list_operations()}
    routes = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route) for route, _pattern in API_PAGES}
    assert routes == asked | OPEN_API_PAGES
    assert all(operation.scopes for operation in list_operations())


def test_the_api_asks_for_a_token_and_for_each_of_its_scopes(clients: dict[Role, Client]) -> None:
    owner, now = Staff.objects.get(role=Role.OWNER), datetime.now(UTC)
    texts = {scope: make_token(owner, scope, [scope], days=None, now=now)[1] for scope in Scope} | {
        None: make_token(owner, "all", list(Scope), days=None, now=now)[1]
    }
    for operation in list_operations():
        path = "/api/v1" + re.sub(r"\{\w+\}", "no-such-thing", operation.path)
        # Not even the owner's own browser gets in without one.
        assert clients[Role.OWNER].generic(operation.method, path).status_code == 401, path
        for scope, text in texts.items():
            headers = {"Authorization": f"Bearer {text}"}
            status = Client().generic(operation.method, path, headers=headers).status_code
            enough = scope is None or set(operation.scopes) <= {scope}
            assert (status == 403) != enough, (path, scope, status)
            assert status != 401, (path, scope)
