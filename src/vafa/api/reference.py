"""The API's reference for people: made of the OpenAPI document, without anything from elsewhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from vafa.api.access import QUESTIONS_A_MINUTE
from vafa.api.texts import OPERATIONS, PARAMETERS
from vafa.api.v1 import api, list_operations
from vafa.kit.permissions import open_to_anyone
from vafa.kit.scopes import SCOPE_NAMES


@open_to_anyone("it tells what the API can be asked, and nothing of the business")
@require_safe
def api_reference(request: HttpRequest) -> HttpResponse:
    """`/api/v1/docs/`."""
    schema: dict[str, Any] = api.get_openapi_schema(path_params={})
    address = request.build_absolute_uri("/api/v1/metrics/crr")
    context = {
        "operations": [_describe(operation, schema) for operation in list_operations()],
        "scopes": [{"scope": scope.value, "name": name} for scope, name in SCOPE_NAMES.items()],
        "limit": QUESTIONS_A_MINUTE,
        "example": f"curl -H 'Authorization: Bearer vafa_…' '{address}?every=month'",
    }
    return render(request, "api/reference.html", context)


def _describe(operation: Any, schema: dict[str, Any]) -> dict[str, Any]:
    path = f"/api/v1{operation.path}"
    told = schema["paths"][path][operation.method.lower()]
    # What is answered where all is well: 200, or 201 where only that can be.
    good = min(status for status in told["responses"] if 200 <= int(status) < 300)
    shape = told["responses"][good]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
    return {
        "method": operation.method,
        "path": path,
        "text": gettext(OPERATIONS[operation.name]),
        "scopes": [scope.value for scope in operation.scopes],
        "parameters": [_describe_parameter(one) for one in told.get("parameters", [])],
        "body": _list_fields(told, schema),
        "fields": list(schema["components"]["schemas"][shape]["properties"]),
    }


def _list_fields(told: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """The fields of what is brought; of a batch, those of its rows."""
    if "requestBody" not in told:
        return []
    shapes = schema["components"]["schemas"]
    shape = shapes[told["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]]
    row = shape["properties"].get("rows", {}).get("items", {}).get("$ref")
    return list((shapes[row.rsplit("/", 1)[-1]] if row else shape)["properties"])


def _describe_parameter(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": told["name"],
        "needed": told.get("required", False),
        "text": gettext(PARAMETERS[told["name"]]),
        "usual": told["schema"].get("default"),
    }
