"""The OpenAPI document tells the truth: whatever is asked by it is answered as it says."""

from datetime import UTC, datetime
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck
from schemathesis import checks

from vafa.api import access
from vafa.api.v1 import api
from vafa.config.wsgi import application
from vafa.data.staff.actions import make_token
from vafa.data.staff.models import Staff
from vafa.kit.scopes import Scope

OPERATIONS = (
    ("GET", "/api/v1/customers"),
    ("GET", "/api/v1/orders/{row}"),
    ("POST", "/api/v1/orders"),
    ("POST", "/api/v1/customers"),
    ("POST", "/api/v1/subscriptions/batch"),
    ("POST", "/api/v1/track"),
)


@pytest.mark.django_db(transaction=True)
def test_whatever_the_document_allows_is_answered_as_it_says(
    owner: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "QUESTIONS_A_MINUTE", 1_000_000)
    text = make_token(owner, "test", tuple(Scope), days=None, now=datetime.now(UTC))[1]
    document = api.get_openapi_schema()
    schema = schemathesis.openapi.from_dict(document)
    schema.app = application
    for method, path in OPERATIONS:
        operation = schema[path][method]

        @hypothesis.settings(
            max_examples=4, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @hypothesis.given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            case.call_and_validate(
                headers={"Authorization": f"Bearer {text}", "Host": "localhost"},
                checks=[checks.not_a_server_error, checks.response_schema_conformance],
            )

        ask()
