"""Texts with variables: what they do, and that nothing in them runs long, grows large or reaches out."""

from contextlib import suppress
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vafa.kit.templating import TemplateTooCostly, TemplateWrong, check, find_variables, render

HOSTILE = [
    "{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}",
    "{% for a in (1..10000000000) %}{% endfor %}",
    "{% for a in (1..20) %}{% for b in (1..20) %}{% for c in (1..20) %}{% endfor %}{% endfor %}{% endfor %}",
    "{% assign x = 'ab' %}" + "{% assign x = x | append: x %}" * 40 + "{{ x }}",
    "{% assign x = 'abcdefgh' %}{{ x" + " | append: x" * 3 + "}}" + "{{ long }}" * 200,
    "{{ long | append: long | append: long | append: long }}",
    "{% for a in (1..400) %}{{ long }}{% endfor %}",
    "{% if a %}" * 40 + "{% endif %}" * 40,
    "a" * 20_001,
]
FORBIDDEN = [
    "{% include 'x' %}",
    "{% render 'x' %}",
    "{% capture a %}{% endcapture %}",
    "{{ a | times: 10 }}",
    "{{ a | replace: 'a', 'b' }}",
    "{{ a | safe }}",
    "{% tablerow a in b %}{% endtablerow %}",
    "{% increment a %}",
    "{{ a",
    "{{" * 9_000,
    "{% if a %}" + "{%" * 9_000,
    "{% if %}",
    "{% for a %}{% endfor %}",
    "{{ a | truncate: 'x', 'y', 'z' }}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_would_cost_too_much_is_refused_by_name(text: str) -> None:
    with pytest.raises(TemplateTooCostly) as refused:
        render(text, {"long": "x" * 30_000, "a": True})
    assert refused.value.code == "template_too_costly"
    assert refused.value.remedy


@pytest.mark.parametrize("text", FORBIDDEN)
def test_what_reaches_out_or_cannot_be_read_is_refused_by_name(text: str) -> None:
    with pytest.raises(TemplateWrong):
        render(text, {"a": "1", "b": ["1"]})


def test_nothing_of_python_can_be_reached() -> None:
    hidden = SimpleNamespace(secret="no")
    for text in ("{{ a.__class__ }}", "{{ a.secret }}", "{{ b.__len__ }}", "{{ c[0].__globals__ }}"):
        assert "no" not in render(text, {"a": hidden, "b": "text", "c": [render]})


def test_variables_are_filled_in_with_their_defaults() -> None:
    text = '{{ salutation | default: "Dear friend" }}, {{ days }} days{% if tier %} ({{ tier }}){% endif %}'
    assert render(text, {"salutation": "", "days": 3, "tier": ""}) == "Dear friend, 3 days"
    assert (
        render(text, {"salutation": "خانم رضایی", "days": 3, "tier": "gold"}) == "خانم رضایی, 3 days (gold)"
    )
    assert render("{% for p in products %}{{ p }};{% endfor %}", {"products": ["a", "b"]}) == "a;b;"


def test_values_cannot_become_markup_or_templates() -> None:
    evil = {"name": "<script>{{ other }}</script>", "other": "secret"}
    assert render("<b>{{ name }}</b>", evil, escape=True) == (
        "<b>&lt;script&gt;{{ other }}&lt;/script&gt;</b>"
    )
    assert "<script>" not in render(
        "{{ list | join: '<i>' }}", {"list": ["<script>", "&"]}, escape=True
    ).replace("<i>", "")
    assert "<script>" not in render("{{ name | append: name | prepend: name }}", evil, escape=True)


def test_variables_are_found_and_unknown_ones_named_with_the_nearest() -> None:
    text = "{{ given_nam }} {% assign own = days %}{{ own }} {% for p in products %}{{ p }}{% endfor %}"
    assert find_variables(text) == ("days", "given_nam", "products")
    (problem,) = check(text, {"given_name", "days", "products"})
    assert (problem.code, problem.variable) == ("unknown_variable", "given_nam")
    assert "given_name" in problem.remedy
    assert [one.code for one in check("{{ a", {"a"})] == ["template_wrong"]
    assert [one.code for one in check("a" * 20_001, ())] == ["template_too_costly"]


def test_a_value_that_some_lack_wants_a_default() -> None:
    known = {"given_name", "days"}
    assert [one.code for one in check("{{ given_name }} {{ days }}", known, may_lack={"given_name"})] == [
        "no_default"
    ]
    assert not check('{{ given_name | default: "x" }}', known, may_lack={"given_name"})
    assert not check("{% if given_name %}{{ given_name }}{% endif %}", known, may_lack={"given_name"})


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="{}%|'\" abfori.:[]()0\n\\", max_size=60), st.text(max_size=20))
def test_whatever_is_typed_gives_text_or_a_named_refusal(text: str, value: str) -> None:
    with suppress(TemplateWrong):
        assert isinstance(render(text, {"a": value, "b": [value]}), str)
