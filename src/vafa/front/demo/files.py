"""The demo's files, as a shop's till and a club's web site would export them, with a few of the usual mistakes."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from vafa.data.intake.types import ImportOptions, Kind
from vafa.front.demo.calendar import Story, write_iso, write_jalali
from vafa.front.demo.contacts import Contact
from vafa.front.demo.goods import get_price
from vafa.front.demo.people import Person
from vafa.front.demo.sales import Order

SHOP, CLUB = "shop", "club"
TASTE_COLUMN = "ذائقه"
ORDER_NUMBERS_FROM = 100_001
SHIPPING = 59_000
DAYS_A_CONTRACT = 365

Row = Sequence[object]


class DemoFile:
    """A file of the demo, and how it is imported."""

    def __init__(
        self,
        name: str,
        kind: Kind,
        source: str,
        columns: dict[str, str],
        own_columns: tuple[str, ...] = (),
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.name, self.kind, self.source = name, kind, source
        self.columns, self.own_columns = columns, own_columns
        self.options = options or {}

    def write(self, folder: Path, rows: Iterable[Row]) -> Path:
        """Write the rows under the columns' names; unchanged rows give the very same bytes."""
        path = folder / self.name
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*self.columns.values(), *self.own_columns])
            writer.writerows(rows)
        return path

    def get_options(self, complete_through: date) -> ImportOptions:
        """How the file is read."""
        return ImportOptions(
            kind=self.kind,
            source=self.source,
            mapping=self.columns,
            dates="jalali" if self.source == SHOP else "iso",
            unit="toman" if {"amount", "price"} & set(self.columns) else None,
            complete_through=complete_through,
            kept_columns=self.own_columns,
            **self.options,
        )


CUSTOMERS = DemoFile(
    "shop-customers.csv",
    "customers",
    SHOP,
    {
        "customer": "کد مشتری",
        "name": "نام و نام خانوادگی",
        "phone": "تلفن",
        "email": "ایمیل",
        "birthday": "تاریخ تولد",
        "location": "شعبه",
        "tags": "برچسب",
        "consent_sms": "اجازه ارسال پیامک",
    },
    (TASTE_COLUMN,),
)
ORDERS = DemoFile(
    "shop-orders.csv",
    "orders",
    SHOP,
    {
        "order": "شماره فاکتور",
        "at": "تاریخ",
        "customer": "کد مشتری",
        "product": "کد کالا",
        "product_name": "نام کالا",
        "product_line": "گروه کالا",
        "location": "شعبه",
        "quantity": "تعداد",
        "amount": "مبلغ",
        "discount": "تخفیف",
        "shipping": "هزینه ارسال",
        "status": "وضعیت",
    },
)
RETURNS = DemoFile(
    "shop-returns.csv",
    "returns",
    SHOP,
    {
        "return": "شماره مرجوعی",
        "order": "شماره فاکتور",
        "at": "تاریخ",
        "customer": "کد مشتری",
        "product": "کد کالا",
        "quantity": "تعداد",
        "amount": "مبلغ",
        "reason": "علت",
    },
)
CONTACTS = DemoFile(
    "shop-contacts.csv",
    "interactions",
    SHOP,
    {
        "interaction": "شماره",
        "at": "تاریخ",
        "customer": "کد مشتری",
        "kind": "نوع",
        "subject": "موضوع",
        "staff": "کارشناس",
        "outcome": "نتیجه",
        "duration": "مدت",
    },
)
MEMBERS = DemoFile(
    "club-members.csv",
    "customers",
    CLUB,
    {
        "name": "Name",
        "email": "Email",
        "phone": "Phone",
        "location": "City",
        "joined_at": "Joined",
        "consent_email": "Email opt-in",
    },
    (TASTE_COLUMN,),
)
SUBSCRIPTIONS = DemoFile(
    "club-subscriptions.csv",
    "subscriptions",
    CLUB,
    {
        "subscription": "Subscription",
        "name": "Name",
        "email": "Email",
        "plan": "Plan",
        "amount": "Amount",
        "interval": "Interval",
        "started_at": "Start",
        "ended_at": "End",
        "cancel_reason": "Cancel reason",
    },
)

# One customer in so many has a tag.
TAGS = ((9, "ویژه"), (23, "خرید برای دفتر"), (31, "آموزش باریستا"))
CANCEL_REASONS = ("قیمت", "مصرف کمتر شد", "جابه‌جایی", "کیفیت", "بدون دلیل")
# Rows that no import can take: they show what a file of rejects looks like.
BAD_CUSTOMERS: tuple[Row, ...] = (
    ("H900001", "جواد پناهی", "9.12E+09", "", "", "تهران، ولیعصر", "", "بله", ""),
    (
        "H900002",
        "ژاله گنجی",
        "02101112233",
        "zhaleh(at)example.com",
        "",
        "شیراز، عفیف‌آباد",
        "",
        "",
        "",
    ),
)
BAD_ORDERS: tuple[Row, ...] = (
    ("900001", "1403/13/45", "", "B-103", "", "", "", 1, 320_000, 0, "", "پرداخت شده"),
    ("900002", "1403/11/04 10:20", "", "B-103", "", "", "", "سه‌تا", 960_000, 0, "", "پرداخت شده"),
    ("900003", "1403/11/05 18:02", "", "G-203", "", "", "", 1, "؟", 0, "", "پرداخت شده"),
    ("900004", "", "", "D-402", "", "", "", 2, 190_000, 0, "", "پرداخت شده"),
)


def list_customer_rows(people: Iterable[Person]) -> list[Row]:
    """The shop's customers, and two rows that can't go in."""
    rows: list[Row] = [
        (
            person.key,
            _write_name(person),
            _write_phone(person),
            person.email.upper() if person.number % 97 == 0 else person.email,
            _to_jalali(person.birthday),
            person.branch.name,
            "، ".join(tag for every, tag in TAGS if person.number % every == 0),
            ("بله", "خیر", "")[person.number % 3],
            person.taste.name,
        )
        for person in people
        if person.shop_spells
    ]
    return [*rows, *BAD_CUSTOMERS]


def _write_name(person: Person) -> str:
    """Most names as they are; some with a title in front, or typed on an Arabic keyboard."""
    name = person.name.full
    if person.name.culture != "fa":
        return name
    if person.number % 41 == 0:
        return ("خانم " if person.name.woman else "آقای ") + name
    if person.number % 83 == 0:
        return "دکتر " + name
    if person.number % 29 == 0:
        return name.replace("ی", "ي").replace("ک", "ك")
    return name


def _write_phone(person: Person) -> str:
    """As people type them: with the country's prefix, without the zero that a spreadsheet dropped, in Persian."""
    phone = person.phone
    if not phone:
        return ""
    style = person.number % 12
    if style == 0:
        return f"+98 {phone[1:3]} {phone[3:]}"
    if style == 1:
        return phone[1:]
    if style == 2:
        return phone.translate({ord("0") + digit: ord("۰") + digit for digit in range(10)})
    return phone


def _to_jalali(day: str) -> str:
    return write_jalali(date.fromisoformat(day).toordinal()) if day else ""


def list_member_rows(people: Iterable[Person]) -> list[Row]:
    """The club's members whom the shops don't know."""
    return [
        (
            person.name.full,
            person.email,
            person.phone,
            person.branch.name,
            write_iso(person.joined),
            "yes" if person.number % 4 else "no",
            person.taste.name,
        )
        for person in people
        if not person.shop_spells
    ]


def list_order_rows(orders: list[Order]) -> list[Row]:
    """The lines of all orders, numbered in order of time, and four rows that can't go in."""
    rows: list[Row] = []
    for number, order in enumerate(orders, ORDER_NUMBERS_FROM):
        at = f"{write_jalali(order.day)} {order.minute // 60:02d}:{order.minute % 60:02d}"
        customer = order.person.key if order.person else ""
        for place, line in enumerate(order.lines):
            rows.append(
                (
                    number,
                    at,
                    customer,
                    line.product.code,
                    line.product.name,
                    line.product.line,
                    order.branch.name,
                    line.quantity,
                    line.amount,
                    line.discount,
                    SHIPPING if order.branch.online and place == 0 else 0,
                    order.status,
                )
            )
    return [*rows, *BAD_ORDERS]


def list_return_rows(orders: list[Order]) -> list[Row]:
    """What came back, naming its order."""
    return [
        (
            f"R{number}",
            number,
            write_jalali(order.returned_day),
            order.person.key if order.person else "",
            line.product.code,
            line.quantity,
            line.amount - line.discount,
            order.reason,
        )
        for number, order in enumerate(orders, ORDER_NUMBERS_FROM)
        for line in order.returned
    ]


def list_contact_rows(contacts: list[Contact]) -> list[Row]:
    """Calls, visits, notes and complaints."""
    return [
        (
            f"N{number}",
            f"{write_jalali(contact.day)} {contact.minute // 60:02d}:{contact.minute % 60:02d}",
            contact.person.key,
            contact.kind,
            contact.subject,
            contact.staff,
            contact.outcome,
            contact.minutes or "",
        )
        for number, contact in enumerate(contacts, 1)
    ]


def list_subscription_rows(story: Story, people: Iterable[Person]) -> list[Row]:
    """The club's contracts: one a year, each beginning on the day on which the one before ends."""
    rows: list[Row] = []
    for person in people:
        if person.plan is None:
            continue
        parts = [
            (start, min(start + DAYS_A_CONTRACT, spell.end), spell.end)
            for spell in person.club_spells
            for start in range(spell.start, spell.end, DAYS_A_CONTRACT)
            if start < story.data_until
        ]
        for number, (start, end, left) in enumerate(parts, 1):
            over = end <= story.data_until
            rows.append(
                (
                    f"{person.number}-{number}",
                    person.name.full,
                    person.email,
                    person.plan.name,
                    get_price(person.plan.base_price, story.find_month(start)),
                    "monthly",
                    write_iso(start),
                    write_iso(end) if over else "",
                    CANCEL_REASONS[(person.number + number) % 5] if over and end == left else "",
                )
            )
    return rows
