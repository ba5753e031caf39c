"""A request to any provider's own interface, described by a form: what is asked, and how its answer is read.

Variables stand in braces: {to} {text} {sender} {id} {user} {password} {key} {basic}, {pattern} {slot1} to {slot9},
{slots}; `basic` is user and password as HTTP's own way of signing in has them. They are put into values that are taken
apart first (a query's, a form's, JSON's texts), so that nothing in a customer's name can change what is asked. They
never stand in the name of the server.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from vafa.kit.errors import AskedWrongly

BodyKind = Literal["none", "form", "json", "text"]
NumberForm = Literal["plus", "digits", "zeros", "local"]
METHODS = ("POST", "GET", "PUT")
BODY_KINDS: tuple[BodyKind, ...] = ("none", "form", "json", "text")
NUMBER_FORMS: tuple[NumberForm, ...] = ("plus", "digits", "zeros", "local")
VARIABLES = (
    "to",
    "text",
    "sender",
    "id",
    "user",
    "password",
    "key",
    "basic",
    "pattern",
    "slots",
    *(f"slot{n}" for n in range(1, 10)),
)
READ_MOST = 4000
_VARIABLE = re.compile(r"\{([a-z0-9]+)\}")
_READABLE = ("id", "code", "text")


class TemplateUnusable(AskedWrongly):
    """The form does not describe a request; `field` says which part of it."""

    code = "http_template_unusable"

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field, self.why = field, why


@dataclass(frozen=True)
class HttpTemplate:
    """How a provider is asked, and how its answer is read.

    `answer` is either a pattern of plain text with {id}, {code} and {text} in it ("{code}: {id}"), or for JSON three
    paths by those names ("id=messages.0.id code=result.code text=result.text"). `good` are the codes of success (none:
    any answer of HTTP 2xx is one); `receiver` and `later` those that tell of this receiver alone, and of a moment; all
    others stop the account.
    """

    url: str
    method: str = "POST"
    headers: str = ""
    body_kind: BodyKind = "form"
    body: str = ""
    number: NumberForm = "plus"
    answer: str = ""
    good: tuple[str, ...] = ()
    receiver: tuple[str, ...] = ()
    later: tuple[str, ...] = ()


@dataclass(frozen=True)
class HttpRequest:
    """What is sent."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class HttpAnswer:
    """What an answer says: the provider's id of the message, its code, and its words; "" where it doesn't."""

    id: str = ""
    code: str = ""
    text: str = ""


def check_template(template: HttpTemplate) -> None:
    """Raises `TemplateUnusable` where the form describes no request that can be sent."""
    parts = urlsplit(template.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise TemplateUnusable("url", "no_address")
    if "{" in parts.netloc:
        raise TemplateUnusable("url", "server_varies")
    if template.method not in METHODS:
        raise TemplateUnusable("method", "unknown")
    if template.body_kind == "json":
        try:
            json.loads(template.body)
        except ValueError as error:
            raise TemplateUnusable("body", "no_json") from error
    told = {name: getattr(template, name) for name in ("url", "headers", "body")}
    for name, text in told.items():
        if unknown := [one for one in _VARIABLE.findall(text) if one not in VARIABLES]:
            raise TemplateUnusable(name, f"unknown_variable:{unknown[0]}")
    used = {one for text in told.values() for one in _VARIABLE.findall(text)}
    for needed in ("to", "text"):
        if needed not in used and not (needed == "text" and "pattern" in used):
            raise TemplateUnusable("body", f"missing_variable:{needed}")
    for line in filter(None, map(str.strip, template.headers.splitlines())):
        if not re.fullmatch(r"[A-Za-z0-9-]+:.*", line):
            raise TemplateUnusable("headers", "no_header")
    _read_paths(template.answer)


def build_request(template: HttpTemplate, values: Mapping[str, str]) -> HttpRequest:
    """The request for one message. Unknown or absent variables are empty."""
    headers = {}
    for line in filter(None, map(str.strip, template.headers.splitlines())):
        name, _colon, value = line.partition(":")
        # A line's end in a header would begin another one.
        headers[name.strip()] = re.sub(r"[\r\n\0]", " ", _fill(value.strip(), values))
    body, kind = _build_body(template, values)
    if kind and "content-type" not in map(str.lower, headers):
        headers["Content-Type"] = kind
    return HttpRequest(template.method, _build_url(template.url, values), headers, body)


def _build_url(url: str, values: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    path = _VARIABLE.sub(lambda found: quote(values.get(found[1], ""), safe=""), parts.path)
    query = urlencode(
        [(name, _fill(value, values)) for name, value in parse_qsl(parts.query, keep_blank_values=True)]
    )
    return parts._replace(path=path, query=query, fragment="").geturl()


def _build_body(template: HttpTemplate, values: Mapping[str, str]) -> tuple[bytes, str]:
    if template.body_kind == "none" or template.method == "GET":
        return b"", ""
    if template.body_kind == "json":
        told = json.dumps(_fill_all(json.loads(template.body), values), ensure_ascii=False)
        return told.encode(), "application/json"
    if template.body_kind == "text":
        return _fill(template.body, values).encode(), "text/plain; charset=utf-8"
    pairs = [line.partition("=") for line in map(str.strip, re.split(r"[\n&]", template.body)) if line]
    fields = [(name.strip(), _fill(value.strip(), values)) for name, _equals, value in pairs]
    return urlencode(fields).encode(), "application/x-www-form-urlencoded; charset=utf-8"


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: values.get(found[1], ""), text)


def _fill_all(told: Any, values: Mapping[str, str]) -> Any:
    if isinstance(told, str):
        return _fill(told, values)
    if isinstance(told, list):
        return [_fill_all(one, values) for one in told]
    if isinstance(told, dict):
        return {name: _fill_all(one, values) for name, one in told.items()}
    return told


def read_http_answer(template: HttpTemplate, body: str) -> HttpAnswer:
    """What an answer says, as the form reads it; all empty where it does not fit."""
    body = body[:READ_MOST]
    if not template.answer.strip():
        return HttpAnswer()
    if (paths := _read_paths(template.answer)) is not None:
        try:
            told = json.loads(body)
        except ValueError:
            return HttpAnswer()
        return HttpAnswer(**{name: _follow(told, path) for name, path in paths.items()})
    pattern = re.escape(template.answer.strip())
    for name in _READABLE:
        # No group can give way to another: each takes what holds no space, the last the rest of the line.
        pattern = pattern.replace(
            re.escape(f"{{{name}}}"), f"(?P<{name}>[^\\s:;,]*)" if name != "text" else "(?P<text>.*)", 1
        )
    found = re.match(pattern, body.strip())
    return (
        HttpAnswer(**{name: value or "" for name, value in found.groupdict().items()})
        if found
        else HttpAnswer()
    )


def _read_paths(answer: str) -> dict[str, list[str]] | None:
    """The paths that a form names; None where it gives a pattern. Raises `TemplateUnusable`."""
    pieces = [piece.partition("=") for piece in answer.split()]
    if not pieces or not all(equals and name in _READABLE for name, equals, _path in pieces):
        if answer.strip() and "{" not in answer:
            raise TemplateUnusable("answer", "no_pattern")
        return None
    return {name: path.split(".") for name, _equals, path in pieces}


def _follow(told: Any, path: list[str]) -> str:
    for step in path:
        if isinstance(told, dict) and step in told:
            told = told[step]
        elif isinstance(told, list) and step.isdecimal() and len(step) < 6 and int(step) < len(told):
            told = told[int(step)]
        else:
            return ""
    return "" if told is None or isinstance(told, dict | list) else str(told)[:200]


def write_number(number: str, form: NumberForm, region_code: str) -> str:
    """A number (E.164) as the provider wants it; `local` has a 0 for the country's own code (`region_code`: "98")."""
    digits = number.removeprefix("+")
    if form == "digits":
        return digits
    if form == "zeros":
        return f"00{digits}"
    if form == "local" and region_code and digits.startswith(region_code):
        return f"0{digits.removeprefix(region_code)}"
    return f"+{digits}"
