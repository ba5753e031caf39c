"""The demo's files of tickets and of answers, as the shop's help desk and its survey tool would export them."""

from collections.abc import Iterable

from vafa.front.demo.calendar import write_jalali
from vafa.front.demo.files import SHOP, DemoFile, Row
from vafa.front.demo.voice import MINUTES_A_DAY, SUBJECTS, Answer, Ticket

TICKETS = DemoFile(
    "shop-tickets.csv",
    "tickets",
    SHOP,
    {
        "ticket": "شماره تیکت",
        "customer": "کد مشتری",
        "subject": "موضوع",
        "category": "دسته",
        "channel": "کانال",
        "priority": "اولویت",
        "status": "وضعیت",
        "agent": "کارشناس",
        "opened_at": "تاریخ ثبت",
        "first_response_at": "تاریخ اولین پاسخ",
        "solved_at": "تاریخ حل",
        "reopened": "تعداد بازگشایی",
    },
)
SURVEYS = DemoFile(
    "shop-surveys.csv",
    "surveys",
    SHOP,
    {
        "answer": "شناسه پاسخ",
        "customer": "کد مشتری",
        "survey": "نام نظرسنجی",
        "question": "شاخص",
        "score": "امتیاز",
        "scale": "مقیاس",
        "channel": "کانال",
        "comment": "نظر",
        "invited_at": "تاریخ ارسال",
        "answered_at": "تاریخ پاسخ",
    },
    # Asked is how easy it was: a high number is good.
    options={"direction": "high"},
)
SCALES = {"NPS": "0-10", "CSAT": "1-5", "CES": "1-7"}
SATISFACTION = ("خیلی ناراضی", "ناراضی", "متوسط", "راضی", "خیلی راضی")
# A row that cannot go in: it shows what becomes of a score outside its scale.
BAD_ANSWERS: tuple[Row, ...] = (
    ("A900001", "H100007", "نظرسنجی ماهانه", "NPS", "۱۲", "0-10", "پیامک", "", "1403/09/10", "1403/09/11"),
)


def list_ticket_rows(tickets: Iterable[Ticket]) -> list[Row]:
    """Tickets in order of their opening."""
    return [
        (
            f"T{number}",
            ticket.person.key,
            SUBJECTS[ticket.category],
            ticket.category,
            ticket.channel,
            ticket.priority,
            "باز" if ticket.solved is None else "حل شده",
            ticket.agent,
            _write_moment(ticket.opened),
            _write_moment(ticket.answered),
            _write_moment(ticket.solved),
            ticket.reopened,
        )
        for number, ticket in enumerate(tickets, 1)
    ]


def list_answer_rows(answers: Iterable[Answer]) -> list[Row]:
    """Answers and invitations in order of the invitation, satisfaction in words, and one row that can't go in."""
    rows: list[Row] = [
        (
            f"A{number}",
            answer.person.key,
            answer.survey,
            answer.question,
            _write_score(answer),
            SCALES[answer.question],
            "پیامک",
            answer.comment,
            write_jalali(answer.invited),
            "" if answer.answered is None else write_jalali(answer.answered),
        )
        for number, answer in enumerate(answers, 1)
    ]
    return [*rows, *BAD_ANSWERS]


def _write_score(answer: Answer) -> str:
    if answer.score is None:
        return ""
    return SATISFACTION[answer.score - 1] if answer.question == "CSAT" else str(answer.score)


def _write_moment(minutes: int | None) -> str:
    if minutes is None:
        return ""
    day, rest = divmod(minutes, MINUTES_A_DAY)
    return f"{write_jalali(day)} {rest // 60:02d}:{rest % 60:02d}"
