"""Tickets: their moments as told or counted from the opening; impossible times go in, to be listed."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from vafa.data.intake.tests.helpers import bring, counts, query, write
from vafa.data.interactions.models import Ticket

pytestmark = pytest.mark.django_db


def find_wait(ticket: Ticket) -> float:
    """Seconds from the opening to the first answer."""
    assert ticket.opened_at is not None
    assert ticket.first_response_at is not None
    return (ticket.first_response_at - ticket.opened_at).total_seconds()


FRESHDESK = (
    "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Resolved time,Closed time,"
    "Initial response time,First response time (in hrs),Resolution time (in hrs),Survey results,Full name,Email\n"
)
ZENDESK = (
    "Id,Subject,Requester,Requester email,Created at,Assignee,Status,Priority,Via,Solved at,Reopens,"
    "First reply time in minutes,Full resolution time in minutes,Satisfaction Score\n"
)


def test_freshdesk_tickets_are_recognised(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        FRESHDESK
        + "7,Broken mug,Closed,Low,Email,Problem,Sara,Shop,2025-03-01 10:00:00,2025-03-02 09:00:00,2025-03-03 09:00:00,"
        "2025-03-01 10:45:00,00:45:00,23:00:00,,Ann,ann@example.com\n"
        "8,Late,Open,High,Phone,Question,Sara,Shop,2025-03-01 11:00:00,,,,,,,Bob,bob@example.com\n",
    )
    result = bring(path, "tickets")
    assert counts(result) == (2, 2, 0, 0, 0)
    assert result.summary["system"] == "freshdesk"
    first, second = Ticket.objects.order_by("pk")
    assert (first.key, first.subject, first.category, first.channel, first.priority, first.status) == (
        "7", "Broken mug", "Problem", "Email", "Low", "Closed",
    )  # fmt: skip
    assert (first.agent_name, first.day, first.solved_on) == ("Sara", date(2025, 3, 1), date(2025, 3, 2))
    assert find_wait(first) == 45 * 60
    assert first.closed_at is not None
    assert (second.first_response_on, second.solved_at, second.closed_on) == (None, None, None)
    assert counts(bring(path, "tickets")) == (2, 0, 0, 2, 0)


def test_zendesk_tells_times_as_minutes_after_the_opening(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        ZENDESK + "1,Help,Ann,ann@example.com,2025-03-01 23:50,Sara,Solved,Normal,Mail,,2,۳۰,1440,Good\n",
    )
    result = bring(path, "tickets")
    assert counts(result) == (1, 1, 0, 0, 0)
    assert result.summary["system"] == "zendesk"
    ticket = Ticket.objects.get()
    assert find_wait(ticket) == 1800
    assert (ticket.first_response_on, ticket.solved_on) == (date(2025, 3, 2), date(2025, 3, 2))
    assert (ticket.reopened, ticket.satisfaction) == (2, "Good")


def test_the_day_of_an_answer_is_the_businesss(tmp_path: Path) -> None:
    from vafa.data.business.actions import change_business

    change_business(by=None, now=datetime(2026, 1, 1, tzinfo=UTC), zone="Asia/Tehran")
    path = write(tmp_path, "Ticket ID,Customer ID,Opened at,First reply (minutes)\n1,a,2025-03-01 23:50,30\n")
    bring(path, "tickets")
    ticket = Ticket.objects.get()
    assert ticket.opened_at == datetime(2025, 3, 1, 20, 20, tzinfo=UTC)
    assert (ticket.day, ticket.first_response_on) == (date(2025, 3, 1), date(2025, 3, 2))


def test_impossible_times_go_in_and_a_length_without_its_beginning_does_not(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "Ticket ID,Customer ID,Opened at,First response at,Resolution time (hours)\n"
        "1,a,2025-03-05 10:00,2025-03-04 10:00,5\n2,a,2025-03-05,,5\n3,a,,,5\n4,a,2025-03-05 10:00,,soon\n"
        "5,,2025-03-05,,\n",
    )
    result = bring(path, "tickets", dry_run=True)
    assert counts(result) == (5, 2, 0, 0, 3)
    assert {reject["line"]: reject["field"] for reject in result.summary["first_rejects"]} == {
        3: "Resolution time (hours)", 4: "Opened at", 5: "Resolution time (hours)",
    }  # fmt: skip
    bring(path, "tickets")
    first, last = Ticket.objects.order_by("pk")
    assert find_wait(first) < 0
    assert (last.customer_id, last.opened_at) == (None, None)


def test_osticket_and_persian_headings(tmp_path: Path) -> None:
    osticket = write(
        tmp_path,
        "Ticket Number,Date Created,Subject,From,From Email,Priority,Department,Help Topic,Source,Current Status,"
        "Closed Date,Agent Assigned,Reopen Count\n"
        "1001,3/14/2025 9:05 AM,Broken,Ann,ann@example.com,Normal,Support,Returns,Web,Closed,3/15/2025 1:00 PM,"
        "Sara,1\n",
        "osticket.csv",
    )
    result = bring(osticket, "tickets")
    assert (counts(result), result.summary["system"]) == ((1, 1, 0, 0, 0), "osticket")
    persian = write(
        tmp_path,
        "شماره تیکت,کد مشتری,موضوع,دپارتمان,اولویت,وضعیت,کارشناس,تاریخ ایجاد,تاریخ اولین پاسخ,تاریخ حل,تاریخ بسته شدن\n"
        "۱۲,H1,خرابی,پشتیبانی,زیاد,بسته,سارا,1403/12/11 10:20,1403/12/11 11:00,1403/12/12 09:00,1403/12/13 09:00\n",
        "persian.csv",
    )
    assert counts(bring(persian, "tickets", source="fa")) == (1, 1, 0, 0, 0)
    assert query("SELECT agent_name, category, day, solved_on FROM interactions_ticket ORDER BY id") == [
        ("Sara", "Returns", date(2025, 3, 14), None),
        ("سارا", "پشتیبانی", date(2025, 3, 1), date(2025, 3, 2)),
    ]


def test_chinese_and_arabic_headings(tmp_path: Path) -> None:
    chinese = write(
        tmp_path,
        "工单编号,客户编号,工单标题,优先级,状态,客服,创建时间,首次响应时长(分钟),解决时间\n"
        "A1,c1,退货,高,已关闭,小王,2025-03-01 10:00,12,2025-03-01 12:00\n",
        "zh.csv",
    )
    arabic = write(
        tmp_path,
        "رقم التذكرة,رقم العميل,الموضوع,الأولوية,الحالة,الموظف,تاريخ الإنشاء,تاريخ أول رد,تاريخ الحل\n"
        "B1,c2,إرجاع,عالية,مغلقة,منى,2025-03-01 10:00,2025-03-01 10:20,2025-03-01 12:00\n",
        "ar.csv",
    )
    assert counts(bring(chinese, "tickets", source="zh")) == (1, 1, 0, 0, 0)
    assert counts(bring(arabic, "tickets", source="ar")) == (1, 1, 0, 0, 0)
    waits = [find_wait(ticket) for ticket in Ticket.objects.order_by("pk")]
    assert waits == [12 * 60, 20 * 60]
