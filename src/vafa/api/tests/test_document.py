"""The OpenAPI document tells the truth: whatever is asked by it is answered as it says."""

from datetime import UTC, datetime
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck
from ninja import Schema
from schemathesis import checks

from vafa.api import access, rows_out, tasks
from vafa.api import shapes as shapes_of
from vafa.api.examples import EXAMPLES
from vafa.api.v1 import api, list_operations
from vafa.config.wsgi import application
from vafa.data.staff.actions import make_token
from vafa.data.staff.models import Staff
from vafa.kit.scopes import Scope

# Those that read or write rows are met oftener than the others, which ask for figures of an empty business.
OFTEN, ONCE = 2, 1
ROWS = ("/customers", "/orders", "/tasks", "/notes", "/track")


@pytest.mark.django_db(transaction=True)
def test_whatever_the_document_allows_is_answered_as_it_says(
    owner: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "QUESTIONS_A_MINUTE", 1_000_000)
    text = make_token(owner, "test", tuple(Scope), days=None, now=datetime.now(UTC))[1]
    document = api.get_openapi_schema()
    schema = schemathesis.openapi.from_dict(document)
    schema.app = application
    for one in list_operations():
        operation = schema[f"/api/v1{one.path}"][one.method]
        examples = OFTEN if one.path.startswith(ROWS) and "batch" not in one.path else ONCE

        @hypothesis.settings(
            max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @hypothesis.given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            case.call_and_validate(
                headers={"Authorization": f"Bearer {text}", "Host": "localhost"},
                checks=[checks.not_a_server_error, checks.response_schema_conformance],
            )

        ask()


def test_each_example_has_the_shape_that_it_is_an_example_of() -> None:
    document = api.get_openapi_schema()
    shapes = {shape.__name__: shape for module in (rows_out, tasks, shapes_of) for shape in vars(module).values()
              if isinstance(shape, type) and issubclass(shape, Schema)}  # fmt: skip
    for name, example in EXAMPLES.items():
        told = shapes[name].model_validate(example).model_dump()
        assert set(told) == set(example) or name == "ProblemOut", name
    without = []
    for path, operations in document["paths"].items():
        for method, told in operations.items():
            good = min(told["responses"])
            shape = told["responses"][good]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[
                -1
            ]
            if "example" not in document["components"]["schemas"][shape]:
                without.append(f"{method} {path}")
    # Figures are told by the dictionary and its page.
    assert all("/metrics" in one or "/cohorts" in one for one in without), without
