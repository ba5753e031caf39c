"""A form describes a request to any provider; no customer's name can change what is asked."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.act.messaging.channels.http_template import (
    NUMBER_FORMS,
    HttpAnswer,
    HttpTemplate,
    TemplateUnusable,
    build_request,
    check_template,
    read_http_answer,
    write_number,
)

QUERY = HttpTemplate(
    "https://sms.example/send/{sender}?user={user}&pass={password}&to={to}&msg={text}",
    "GET",
    body_kind="none",
)
FORM = HttpTemplate("https://sms.example/send", body="user={user}\npass={password}\nto={to}\nmsg={text}")
JSON = HttpTemplate(
    "https://sms.example/v2", headers="Authorization: Bearer {key}", body_kind="json",
    body='{"messages": [{"to": "{to}", "text": "{text}", "n": 1}], "from": "{sender}"}',
)  # fmt: skip


@given(st.text(max_size=40), st.text(max_size=20))
def test_what_a_customer_is_named_stays_one_value(text: str, password: str) -> None:
    values = {
        "to": "+989121234567",
        "text": text,
        "password": password,
        "user": "u",
        "sender": "a/b?c",
        "key": "k\r\nX: 1",
    }
    wanted = {"user": "u", "pass": password, "to": "+989121234567", "msg": text}
    query = urlsplit(build_request(QUERY, values).url)
    assert query.path == "/send/a%2Fb%3Fc"
    assert dict(parse_qsl(query.query, keep_blank_values=True, errors="surrogatepass")) == wanted
    assert dict(parse_qsl(build_request(FORM, values).body.decode(), keep_blank_values=True)) == wanted
    told = build_request(JSON, values)
    assert json.loads(told.body) == {
        "messages": [{"to": "+989121234567", "text": text, "n": 1}],
        "from": "a/b?c",
    }
    assert told.headers["Authorization"] == "Bearer k  X: 1"


@pytest.mark.parametrize(
    ("template", "field"),
    [
        (HttpTemplate("sms.example/send", body="to={to}&m={text}"), "url"),
        (HttpTemplate("https://{sender}.example/", body="to={to}&m={text}"), "url"),
        (HttpTemplate("https://sms.example/", "DELETE", body="to={to}&m={text}"), "method"),
        (HttpTemplate("https://sms.example/", body_kind="json", body='{"to": {to}}'), "body"),
        (HttpTemplate("https://sms.example/", body="to={to}"), "body"),
        (HttpTemplate("https://sms.example/", body="to={to}&m={text}&x={name}"), "body"),
        (HttpTemplate("https://sms.example/", headers="no header", body="to={to}&m={text}"), "headers"),
        (HttpTemplate("https://sms.example/", body="to={to}&m={text}", answer="OK"), "answer"),
    ],
)
def test_what_describes_no_request_is_named(template: HttpTemplate, field: str) -> None:
    with pytest.raises(TemplateUnusable) as refused:
        check_template(template)
    assert refused.value.field == field


def test_good_forms_pass() -> None:
    for template in (QUERY, FORM, JSON):
        check_template(template)
    check_template(HttpTemplate("https://sms.example/", body="to={to}&t={pattern}&a={slot1}"))


@pytest.mark.parametrize(
    ("answer", "body", "found"),
    [
        ("{code}: {id}", "0: m12", HttpAnswer("m12", "0")),
        ("{code}: {text}", "401: wrong user: x", HttpAnswer("", "401", "wrong user: x")),
        ("OK {id}", "ERR 12", HttpAnswer()),
        (
            "id=messages.0.id code=result.code",
            '{"result": {"code": 0}, "messages": [{"id": 7}]}',
            HttpAnswer("7", "0"),
        ),
        ("id=messages.0.id", '{"messages": []}', HttpAnswer()),
        ("id=messages.0.id", "<html>", HttpAnswer()),
        ("id=a.b", '{"a": "text"}', HttpAnswer()),
        ("", "12345", HttpAnswer()),
    ],
)
def test_answers_are_read_as_the_form_says(answer: str, body: str, found: HttpAnswer) -> None:
    assert read_http_answer(HttpTemplate("https://sms.example/", answer=answer), body) == found


def test_numbers_are_written_as_the_provider_wants_them() -> None:
    forms = [write_number("+989121234567", form, "98") for form in NUMBER_FORMS]
    assert forms == ["+989121234567", "989121234567", "00989121234567", "09121234567"]
    assert write_number("+8613800138000", "local", "98") == "+8613800138000"
