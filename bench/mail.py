"""Personalised mails a second with the ledger on, to a sink on this machine, beside Django's own `send_messages`.

    .venv/bin/python bench/mail.py [--mails 4000] [--workers 2] [--rounds 3]

A home of its own in a temporary folder (SQLite; another database by DATABASE_URL, which must be empty). Each customer
has bought twice and gets a Persian or English mail with their name, what they bought last, how long ago, a button that
is tracked and a one-click unsubscribe. Both sides write the same words to the same sink, a process of its own that
keeps several connections; rounds of the two alternate. Vafa sends by worker processes (each: claim, gate, budget,
filling in, marking, handing over, noting); the peer makes an `EmailMultiAlternatives` of each and sends them all by
one connection, with no ledger, no gate and no consent: the words of its mails are filled in before its clock runs.
Prints one JSON document with mails a second and processor milliseconds a mail: medians over the rounds.

Measured on two quiet cores, 4,000 mails, two workers: 1,952 mails a second, 0.71 ms of the processor each (all steps
of the ledger); `send_messages` 565 and 1.54 ms: 3.5 times as many for less than half of the processor. On the same
cores shared with seven others at work (load 9) 470 to 643 against 199 to 312. Before mails went in pieces: 110 a second
by one worker, 5.2 ms each.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=4_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    sink = subprocess.Popen([sys.executable, __file__, "sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert sink.stdout is not None
    port = int(sink.stdout.readline())
    try:
        with tempfile.TemporaryDirectory(prefix="vafa-mail-") as folder:
            os.environ |= {"VAFA_HOME": folder, "DJANGO_SETTINGS_MODULE": "vafa.config.settings"}
            report = compare(port, asked.mails, asked.workers, asked.rounds)
    finally:
        sink.terminate()
    print(json.dumps(report, indent=1))


def compare(port: int, mails: int, workers: int, rounds: int) -> dict[str, Any]:
    """The two in turns."""
    run("fill", str(port), str(mails))
    ours, theirs = [], []
    for number in range(rounds):
        run("open", str(number))
        began = time.perf_counter()
        told = run_many("send", workers)
        seconds = max(one["ended"] for one in told) - min(one["began"] for one in told)
        ours.append((mails / seconds, 1_000 * sum(one["processor"] for one in told) / mails))
        states = run("check", str(number))
        assert states == {"accepted": mails}, states
        assert time.perf_counter() > began
        peer = run("peer", str(port), str(number))
        theirs.append((mails / peer["seconds"], 1_000 * peer["processor"] / mails))
    found = {
        name: {
            "mails_a_second": round(median(rate for rate, _ms in rows)),
            "processor_ms": round(median(ms for _rate, ms in rows), 3),
        }
        for name, rows in (("vafa", ours), ("django", theirs))
    }  # fmt: skip
    return {
        "mails": mails, "workers": workers, "rounds": rounds, "load": os.getloadavg()[0], **found,
        "times_as_many": round(found["vafa"]["mails_a_second"] / found["django"]["mails_a_second"], 1),
        "times_less_processor": round(found["django"]["processor_ms"] / found["vafa"]["processor_ms"], 1),
    }  # fmt: skip


def run(*step: str) -> Any:
    """One step in a process of its own; what it prints last, read."""
    done = subprocess.run([sys.executable, __file__, *step], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.strip().splitlines()[-1])


def run_many(step: str, count: int) -> list[Any]:
    """The same step in several processes that begin at once."""
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    working: list[Any] = [subprocess.Popen([sys.executable, __file__, step], **pipes) for _ in range(count)]
    for one in working:
        assert one.stdout.readline() == "ready\n"
    for one in working:
        one.stdin.write("go\n")
        one.stdin.flush()
    return [json.loads(one.communicate()[0].strip().splitlines()[-1]) for one in working]


def fill(port: str, mails: str) -> None:
    """Customers who have bought and said yes, and an account."""
    from vafa.act.messaging.tests.world import add_permission, add_smtp
    from vafa.config.database import ensure_database
    from vafa.data.customers.models import ContactPoint, Customer, Profile
    from vafa.data.log.models import Source
    from vafa.data.orders.models import OrderLine

    ensure_database()
    count = int(mails)
    names = ("مریم رضایی", "علی کریمی", "Mary Miller", "سارا احمدی")
    made = Customer.objects.bulk_create(
        [
            Customer(name=names[n % 4], title="خانم" if n % 4 == 0 else "", seq=n + 1, joined_on=date(2025, 1, 1))
            for n in range(count)
        ]
    )  # fmt: skip
    ids = [one.pk for one in made]
    Profile.objects.bulk_create(
        [Profile(customer_id=pk, language="en" if n % 4 == 2 else "fa") for n, pk in enumerate(ids)]
    )
    ContactPoint.objects.bulk_create(
        [ContactPoint(customer_id=pk, kind="email", value=f"c{n}@example.org") for n, pk in enumerate(ids)]
    )
    source = Source.objects.create(name="bench")
    OrderLine.objects.bulk_create(
        [
            OrderLine(
                source=source, key=f"{pk}-{turn}", order_key=f"{pk}-{turn}", customer_id=pk, quantity=1, amount=100,
                day=date(2026, 1, 1) + timedelta(days=(pk + 31 * turn) % 120), seq=turn + 2 * n,
            )
            for n, pk in enumerate(ids)
            for turn in (1, 2)
        ],
        batch_size=1_000,
    )  # fmt: skip
    add_permission(ids)
    add_smtp(int(port))
    print(json.dumps(len(ids)))


def build_content() -> Any:
    """A mail as shops write them, in two languages."""
    from vafa.act.messaging.types import Block, TemplateContent, Text

    fa = Text(
        subject="{{ salutation }}، هدیه‌ای برای شما",
        preview="از آخرین خرید شما {{ since_last_order }} می‌گذرد",
        blocks=(
            Block("heading", "{{ salutation }} عزیز"),
            Block("text", "از آخرین خرید شما **{{ since_last_order | default: 'مدتی' }}** می‌گذرد و دلتنگ شماییم. " * 3),
            Block("product", "{{ last_product | default: 'محصول' }}", url="https://shop.example/p/1", note="۱۲۰ تومان"),
            Block("button", "دیدن فروشگاه", url="https://shop.example/c/{{ days_since_last_order }}"),
            Block("signature", "با احترام، {{ business_name }}"),
        ),
    )  # fmt: skip
    en = Text(
        subject="{{ salutation }}, a present for you",
        blocks=(
            Block("heading", "Dear {{ salutation }}"),
            Block("text", "Your last order was **{{ since_last_order | default: 'long' }}** ago. We miss you. " * 3),
            Block("button", "See the shop", url="https://shop.example/c/{{ days_since_last_order }}"),
            Block("signature", "Yours, {{ business_name }}"),
        ),
    )  # fmt: skip
    return TemplateContent("email", (("fa", fa), ("en", en)))


def open_round(number: str) -> None:
    """A message to everybody, ready to go; the contact budget of the round before is forgotten."""
    from vafa.act.messaging.models import Sending
    from vafa.act.messaging.tests.world import add_message
    from vafa.data.customers.models import Customer

    Sending.objects.update(spent_at=None)
    ids = list(Customer.objects.values_list("pk", flat=True))
    print(add_message(ids, f"bench:{number}", template=build_content()))


def send() -> None:
    """One worker, until nothing is due."""
    from vafa.act.messaging.actions import deliver

    print("ready", flush=True)
    sys.stdin.readline()
    began, processor = time.time(), time.process_time()
    while sum(deliver(NOW, tell_time=lambda: NOW).counts.values()):
        pass
    used = time.process_time() - processor
    print(json.dumps({"began": began, "ended": time.time(), "processor": used}))


def profile() -> None:
    """One worker under the profiler: PORT of a running sink in the account, a message open."""
    import cProfile
    import pstats

    from vafa.act.messaging.actions import deliver

    watched = cProfile.Profile()
    watched.runcall(deliver, NOW, tell_time=lambda: NOW)
    pstats.Stats(watched).sort_stats("cumulative").print_stats(70)


def check(number: str) -> None:
    """How many stand in which state."""
    from vafa.act.messaging.models import Message
    from vafa.act.messaging.queries import get_progress

    print(json.dumps(dict(get_progress(Message.objects.get(origin=f"bench:{number}").pk).states)))


def peer(port: str, number: str) -> None:
    """The same mails by Django's own means."""
    from django.core.mail import EmailMultiAlternatives, get_connection

    from vafa.act.messaging.channels.smtp import write_date
    from vafa.act.messaging.links import build_links, build_stop_headers
    from vafa.act.messaging.models import Sending
    from vafa.act.messaging.queries import build_mail, list_values

    content, told = build_content(), []
    rows = list(Sending.objects.filter(message__origin=f"bench:{number}").values_list("pk", "customer_id"))
    values = list_values([customer for _pk, customer in rows], offered=("fa", "en"), now=NOW)
    for place, (pk, customer) in enumerate(rows):
        links = build_links(
            "http://127.0.0.1:8000", sending_id=pk, customer_id=customer, channel="email", purpose="marketing"
        )
        mail = build_mail(content, values[customer].values, values[customer].language, links)
        headers = {
            "Date": write_date(NOW),
            "Message-ID": f"<{pk}@example.com>",
            **build_stop_headers(links.stop),
        }
        told.append((f"c{place}@example.org", mail, headers))
    began, processor = time.perf_counter(), time.process_time()
    backend = "django.core.mail.backends.smtp.EmailBackend"
    connection = get_connection(
        backend, host="127.0.0.1", port=int(port), username="", password="", use_tls=False
    )
    messages = []
    for address, mail, headers in told:
        message = EmailMultiAlternatives(
            mail.subject, mail.text, "Shop <shop@example.com>", [address], headers=headers
        )
        message.attach_alternative(mail.html, "text/html")
        messages.append(message)
    assert connection.send_messages(messages) == len(rows)
    used, seconds = time.process_time() - processor, time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "processor": used}))


class Sink(asyncio.Protocol):
    """A mail server that takes everything and keeps nothing."""

    def __init__(self) -> None:
        self.waiting, self.in_text = bytearray(), False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(b"220 sink.example ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        answers = bytearray()
        while True:
            mark = b"\r\n.\r\n" if self.in_text else b"\r\n"
            end = self.waiting.find(mark)
            if end < 0:
                break
            line = bytes(self.waiting[:end]) if not self.in_text else b"."
            del self.waiting[: end + len(mark)]
            answers += self.answer(line)
        if answers:
            self.transport.write(bytes(answers))

    def answer(self, line: bytes) -> bytes:
        if self.in_text:
            self.in_text = False
            return b"250 2.0.0 Ok: queued\r\n"
        verb = line[:4].upper()
        if verb == b"EHLO":
            return b"250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
        if verb == b"DATA":
            self.in_text = True
            return b"354 go on\r\n"
        return b"221 bye\r\n" if verb == b"QUIT" else b"250 2.1.0 Ok\r\n"


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


STEPS: dict[str, Any] = {
    "fill": fill,
    "open": open_round,
    "send": send,
    "check": check,
    "peer": peer,
    "profile": profile,
}

if __name__ == "__main__":
    if sys.argv[1:] == ["sink"]:
        asyncio.run(serve())
    elif sys.argv[1:] and sys.argv[1] in STEPS:
        import django

        django.setup()
        STEPS[sys.argv[1]](*sys.argv[2:])
    else:
        main()
