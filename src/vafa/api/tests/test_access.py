"""Who may ask: only an open token with the right scopes, not too often, and never by a browser's session."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from vafa.api import access
from vafa.api.tests.conftest import Ask, list_own_scopes
from vafa.data.staff.actions import make_token, revoke_token
from vafa.data.staff.models import ApiToken, Staff
from vafa.data.staff.queries import forget_owner
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Role
from vafa.kit.scopes import Scope

pytestmark = pytest.mark.django_db(transaction=True)


def get(text: str, path: str = "/metrics") -> tuple[int, str]:
    answer = Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {text}"})
    return answer.status_code, answer.json().get("code", "")


def make(staff: Staff, *scopes: Scope, days: int | None = 30) -> tuple[ApiToken, str]:
    return make_token(staff, "test", scopes or list_own_scopes(staff), days=days, now=datetime.now(UTC))


def test_without_a_token_there_is_401(owner: Staff) -> None:
    answer = Client().get("/api/v1/metrics")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert get("vafa_wrong") == (401, "token_missing")
    basic = Client().get("/api/v1/metrics", headers={"Authorization": "Basic dmFmYTp4"})
    assert basic.status_code == 401


def test_a_browser_s_session_opens_nothing(signed_in: Client) -> None:
    assert signed_in.get("/api/v1/metrics").status_code == 401


def test_before_there_is_an_owner_it_is_401_too(own_home: object) -> None:
    forget_owner()
    assert Client().get("/api/v1/metrics").status_code == 401


def test_a_token_ends(owner: Staff) -> None:
    token, text = make(owner)
    assert get(text)[0] == 200
    ApiToken.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert get(text)[0] == 401
    ApiToken.objects.update(expires_at=None)
    assert get(text)[0] == 200
    revoke_token(token, by=owner, now=datetime.now(UTC))
    assert get(text)[0] == 401


def test_a_token_ends_with_its_maker_s_access_and_role(owner: Staff) -> None:
    ann = Staff.objects.create_user("ann@x.example", None, role=Role.ANALYST, created_at=datetime.now(UTC))
    _token, text = make(ann)
    assert get(text)[0] == 200
    Staff.objects.filter(pk=ann.pk).update(is_active=False)
    assert get(text)[0] == 401


def test_scopes(owner: Staff) -> None:
    _token, metrics = make(owner, Scope.READ_METRICS)
    _token, segments = make(owner, Scope.READ_SEGMENTS)
    assert get(metrics, "/segments") == (403, "scope_missing")
    assert get(segments, "/segments")[0] == 200
    assert get(segments, "/metrics") == (403, "scope_missing")
    assert get(segments, "/segments/any/members") == (403, "scope_missing")
    # A metric of a segment tells of the segment.
    assert get(metrics, "/metrics/crr?segment=any") == (403, "scope_missing")


def test_what_the_maker_may_not_see_their_token_may_not_either(
    owner: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "may", lambda _staff, _permission: False)
    assert get(make(owner)[1]) == (403, "not_allowed")


def test_it_may_be_asked_so_often_a_minute(owner: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "QUESTIONS_A_MINUTE", 3)
    frozen = datetime(2026, 1, 15, 12, 0, 20, tzinfo=UTC)
    monkeypatch.setattr("vafa.kit.clock.now", lambda: frozen)
    first, second = (
        make_token(owner, "one", tuple(Scope), days=None, now=frozen)[1],
        make_token(owner, "two", tuple(Scope), days=None, now=frozen)[1],
    )
    assert [get(first)[0] for _time in range(4)] == [200, 200, 200, 429]
    answer = Client().get("/api/v1/metrics", headers={"Authorization": f"Bearer {first}"})
    assert (answer.json()["code"], answer.headers["Retry-After"]) == ("too_many_questions", "40")
    assert get(second)[0] == 200
    monkeypatch.setattr("vafa.kit.clock.now", lambda: frozen + timedelta(seconds=40))
    assert get(first)[0] == 200


def test_guessing_is_slow(owner: Staff) -> None:
    answers = {get(f"vafa_{number}")[0] for number in range(70)}
    assert answers == {401, 429}


def test_only_a_digest_is_kept_and_each_step_is_audited(owner: Staff, ask: Ask) -> None:
    token, text = make(owner, Scope.READ_METRICS)
    assert text not in str(ApiToken.objects.values())
    assert text.startswith(token.hint)
    get(text)
    assert ApiToken.objects.get(pk=token.pk).last_used_at is not None
    revoke_token(token, by=owner, now=datetime.now(UTC))
    revoke_token(token, by=owner, now=datetime.now(UTC))
    entries = AuditEntry.objects.filter(subject=f"token:{token.pk}").order_by("id")
    assert list(entries.values_list("action", flat=True)) == ["token.made", "token.revoked"]


def test_nothing_but_reading(owner: Staff) -> None:
    _token, text = make(owner)
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(Client(), method)("/api/v1/metrics", headers={"Authorization": f"Bearer {text}"})
        assert answer.status_code == 405


def test_what_breaks_inside_is_a_problem_too_and_is_logged(
    owner: Staff, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("vafa.measure.metrics.queries.list_documents", fail)
    text = make(owner)[1]
    answer = Client().get("/api/v1/metrics", headers={"Authorization": f"Bearer {text}"})
    assert (answer.status_code, answer.json()["code"]) == (500, "failed")
    assert "secret" not in answer.content.decode()
    assert "a secret of the inside" in caplog.text
