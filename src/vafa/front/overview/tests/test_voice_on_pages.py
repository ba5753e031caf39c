"""Answers and tickets on pages: on a customer's timeline, beside a figure, and in the list of what can't be."""

from datetime import UTC, date, datetime, timedelta

from django.test import Client

from vafa.front.overview.tests.shop import MAY, Shop
from vafa.kit.locale.formats import strip_direction_marks

END = date(2025, 6, 30)
AT = datetime(2025, 5, 5, 9, 30, tzinfo=UTC)


def publish(shop: Shop) -> None:
    for kind in ("surveys", "tickets"):
        shop.ledger.publish(END, kind)


def test_answers_and_tickets_stand_on_the_timeline(shop: Shop, signed_in: Client) -> None:
    shop.ledger.add_answer(
        shop.leaving, date(2025, 5, 6), 2, comment="Too <dear>", survey="spring", channel="sms"
    )
    shop.ledger.add_answer(shop.leaving, date(2025, 5, 7), question="csat")
    shop.ledger.add_answer(shop.leaving, date(2025, 5, 8), 2, "ces", direction="low")
    shop.ledger.add_ticket(
        shop.leaving, AT, AT + timedelta(hours=1), subject="Broken mug", agent_name="Sara", reopened=2,
        satisfaction="Good", category="parcel", closed_on=date(2025, 5, 9),
    )  # fmt: skip
    answer = signed_in.get(f"/customers/{shop.leaving}/")
    events = {strip_direction_marks(event.title): event for event in answer.context["story"]["events"]}
    told = events["Would recommend (NPS)"]
    assert (told.amount, told.text, told.notes) == (
        "2 on a scale of 0 to 10",
        "Too <dear>",
        ("spring · sms",),
    )
    assert events["Invited to answer: Satisfaction (CSAT)"].amount == ""
    assert "A low number is good." in events["Effort (CES)"].notes
    ticket = events["Broken mug"]
    notes = " | ".join(ticket.notes)
    for part in (
        "Sara",
        "parcel",
        "First answer: 5 May 2025",
        "Closed: 9 May 2025",
        "Reopened 2 times",
        "Rated: Good",
    ):
        assert part in notes
    assert "Too &lt;dear&gt;" in answer.content.decode()


def test_a_figure_of_service_leads_to_the_rows_that_it_leaves_out(shop: Shop, signed_in: Client) -> None:
    shop.ledger.add_ticket(shop.leaving, AT, AT - timedelta(hours=1), first_response_on=date(2025, 5, 5))
    shop.ledger.add_ticket(shop.staying, AT, AT + timedelta(hours=3))
    publish(shop)
    page = signed_in.get(f"/dictionary/first_response_time/?{MAY}")
    assert page.context["value"] == "3.0 hours"
    assert page.context["rows_url"] == "/quality/impossible_times/"
    assert {fact.label: fact.text for fact in page.context["more"].facts}[
        "Impossible times, not counted"
    ] == "1"
    listed = signed_in.get("/quality/impossible_times/")
    assert len(listed.context["rows"]) == 1
    assert "Answered before it was opened" in listed.content.decode()
    file = signed_in.get("/quality/impossible_times.csv")
    assert b"2025-05-05T" in b"".join(file)
    sheet = signed_in.get("/quality/impossible_times.xlsx")
    assert sheet.status_code == 200


def test_a_figure_of_answers_says_scale_and_groups(shop: Shop, signed_in: Client) -> None:
    for score in (0, 9, 10, 7):
        shop.ledger.add_answer(shop.staying, date(2025, 5, 5), score)
    publish(shop)
    page = signed_in.get(f"/dictionary/nps/?{MAY}")
    facts = {fact.label: fact.text for fact in page.context["more"].facts}
    assert (facts["Promoters (9 and 10)"], facts["Passives (7 and 8)"], facts["Detractors (0 to 6)"]) == (
        "2",
        "1",
        "1",
    )
    assert facts["Scale"].startswith("0 to 10, high is good")
    assert strip_direction_marks(page.context["value"]) == "+25"


def test_answers_bring_their_questions_to_the_mapping_page(signed_in: Client, tmp_path, shop: Shop) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    text = "Customer ID,Satisfaction,Date\na,5,2025-03-01\nb,9,2025-03-01\n"
    sent = {"kind": "surveys", "source": "tool", "file": SimpleUploadedFile("answers.csv", text.encode())}
    page = signed_in.post("/imports/", sent, follow=True)
    field = {one["name"]: one for one in page.context["answers"]["fields"]}
    assert (field["scale"]["open"], field["question"]["open"]) == (True, False)
    assert page.context["open_points"]
    columns = {f"map.{name}": column for name, column in page.context["plan"].mapping.items()}
    said = columns | {"columns": page.context["columns_print"], "source": "tool", "scale": "1-5"}
    page = signed_in.post(page.redirect_chain[-1][0], said)
    assert not page.context["open_points"]
    assert "a scale from 1 to 5" in page.context["answers"]["readings"][0]
    assert [bool(row.cells[1].reason) for row in page.context["preview"].rows] == [False, True]
