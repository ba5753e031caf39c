"""The settings of the business's own fields, themes and causes."""

from django.test import Client

from vafa.data.customers.models import Customer
from vafa.data.customers.queries import list_definitions
from vafa.data.interactions.queries import list_topics

FIELDS, TOPICS = "/settings/fields/", "/settings/topics/"


def test_a_field_is_defined_changed_moved_and_archived(signed_in: Client) -> None:
    signed_in.post(FIELDS, {"name": "Size", "type": "number"})
    signed_in.post(FIELDS, {"name": "Kind", "type": "choice", "choices": "Café\r\nBar\r\n"})
    size, kind = list_definitions()
    assert (kind.type, kind.choices) == ("choice", ["Café", "Bar"])
    assert signed_in.get(f"{FIELDS}?edit={kind.pk}").context["form"]["choices"].value() == "Café\nBar"
    signed_in.post(
        f"{FIELDS}?edit={kind.pk}", {"name": "Place", "type": "choices", "choices": "Café\nBar\nShop"}
    )
    signed_in.post(f"{FIELDS}{kind.pk}/", {"do": "up"})
    assert [row.name for row in list_definitions()] == ["Place", "Size"]
    signed_in.post(f"{FIELDS}{size.pk}/", {"do": "archive"})
    assert [row.name for row in list_definitions()] == ["Place"]
    signed_in.post(f"{FIELDS}{size.pk}/", {"do": "restore"})
    assert len(list_definitions()) == 2
    assert signed_in.post(f"{FIELDS}{size.pk}/", {"do": "explode"}).status_code == 404


def test_a_field_that_cannot_be_is_refused_beside_what_is_wrong(signed_in: Client) -> None:
    signed_in.post(FIELDS, {"name": "Size", "type": "number"})
    for sent, field in (
        ({"name": "size", "type": "text"}, "name"),
        ({"name": "X", "type": "choice", "choices": "One"}, "choices"),
        ({"name": "X", "type": "poem"}, "type"),
    ):
        answer = signed_in.post(FIELDS, sent)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
    Customer.objects.create(name="Reza", seq=0, custom={"Size": "4"})
    answer = signed_in.post(f"{FIELDS}?edit={list_definitions()[0].pk}", {"name": "Size", "type": "text"})
    assert "can&#x27;t change any more" in answer.content.decode()


def test_causes_and_themes_are_added_and_archived(signed_in: Client) -> None:
    signed_in.post(TOPICS, {"kind": "cause", "cause-name": "Exams begin", "cause-under": "other"})
    signed_in.post(TOPICS, {"kind": "theme", "theme-name": "Parking"})
    (cause,) = (topic for topic in list_topics("cause") if topic.is_own)
    assert (cause.name, cause.under) == ("Exams begin", "other")
    assert signed_in.post(TOPICS, {"kind": "theme", "theme-name": "parking"}).status_code == 422
    signed_in.post(f"{TOPICS}archive/", {"code": cause.code, "do": "archive"})
    assert cause.code not in [topic.code for topic in list_topics("cause")]
    assert signed_in.post(f"{TOPICS}archive/", {"code": "value", "do": "archive"}).status_code == 404
