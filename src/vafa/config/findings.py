"""What `vafa check` looks at. A check is a function of the present moment that gives one finding."""

import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from vafa.config.working import find_last_beat, is_worker_alive
from vafa.kit.home import get_home
from vafa.kit.running import find_running

LEAST_FREE_BYTES = 200 * 1024**2
LOW_FREE_BYTES = 2 * 1024**3
OLD_FEED_DAYS = 30
BEHIND_WORTH_SAYING = 1
LEAST_KEY_LENGTH = 40


class Mark(IntEnum):
    """How a finding is meant; the highest of all decides."""

    OK = 0
    WARN = 1
    FAIL = 2


@dataclass(frozen=True)
class Finding:
    """What a check found, and what to do about it."""

    name: str
    mark: Mark
    message: str
    remedy: str = ""


def check_database(_now: datetime) -> Finding:
    """Reachable, and up to date."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    kind = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    if missing:
        return Finding(
            "database",
            Mark.FAIL,
            f"{len(missing)} migrations are missing",
            "Start any command of vafa again.",
        )
    return Finding("database", Mark.OK, f"{kind} answers and is up to date")


def check_home(_now: datetime) -> Finding:
    """Nobody else on the machine may read the home folder."""
    home = get_home()
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & 0o077:
        return Finding("home", Mark.WARN, f"Others on this machine can look into {home}", f"chmod 700 {home}")
    if not os.access(home, os.W_OK):
        return Finding("home", Mark.FAIL, f"{home} can't be written", "Give it to whoever runs vafa.")
    return Finding("home", Mark.OK, f"{home} is private")


def check_disk(_now: datetime) -> Finding:
    """Space for the database and the warehouse."""
    free = shutil.disk_usage(get_home()).free
    text = f"{free / 1024**3:.1f} GB free"
    if free < LEAST_FREE_BYTES:
        return Finding("disk", Mark.FAIL, text, "Make room: below 200 MB nothing can be imported safely.")
    return Finding("disk", Mark.WARN if free < LOW_FREE_BYTES else Mark.OK, text)


def check_key(_now: datetime) -> Finding:
    """The signing key is long and private."""
    path = get_home() / "secret.key"
    if len(settings.SECRET_KEY) < LEAST_KEY_LENGTH:
        return Finding(
            "key",
            Mark.FAIL,
            "The signing key is short",
            f"Remove {path}; a new one is made at the next start.",
        )
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Finding(
            "key", Mark.FAIL, "Others on this machine can read the signing key", f"chmod 600 {path}"
        )
    return Finding("key", Mark.OK, "The signing key is long and private")


def check_reach(_now: datetime) -> Finding:
    """Whoever lets others in over the network needs TLS."""
    hosts = [host for host in os.environ.get("VAFA_HOSTS", "").split(",") if host]
    if "*" in hosts:
        return Finding(
            "network", Mark.FAIL, "VAFA_HOSTS lets any name in", "Name your hosts, separated by commas."
        )
    if hosts and not settings.BEHIND_TLS:
        remedy = "Put a web server with TLS in front and set VAFA_TLS=1."
        return Finding("network", Mark.WARN, f"Open to {', '.join(hosts)} without TLS", remedy)
    if hosts:
        return Finding("network", Mark.OK, f"Open to {', '.join(hosts)}, with TLS")
    return Finding("network", Mark.OK, "Open to this machine only")


def check_debug(_now: datetime) -> Finding:
    """Settings that no installation with people's data may have."""
    weak = [
        name
        for name, is_weak in (
            ("DEBUG", settings.DEBUG),
            ("AXES_ENABLED", not getattr(settings, "AXES_ENABLED", True)),
        )
        if is_weak
    ]
    if weak:
        return Finding("settings", Mark.FAIL, f"Unsafe: {', '.join(weak)}", "Take back the changed settings.")
    return Finding("settings", Mark.OK, "Sign-ins are rate limited, and errors show nothing of the inside")


def check_owner(_now: datetime) -> Finding:
    """Somebody owns the installation."""
    from vafa.data.staff.queries import has_owner

    if has_owner():
        return Finding("owner", Mark.OK, "There is an owner")
    return Finding(
        "owner", Mark.WARN, "Nobody owns this installation yet", "vafa init, or the link that vafa run prints"
    )


def check_worker(now: datetime) -> Finding:
    """The worker is alive, where the pages are served."""
    last = find_last_beat()
    if is_worker_alive(now):
        return Finding("worker", Mark.OK, "The worker is alive")
    if find_running(get_home()) is None:
        return Finding("worker", Mark.OK, "Nothing is served here now, so no worker is needed")
    seen = f"last seen at {last.isoformat(timespec='seconds')}" if last else "never seen"
    return Finding(
        "worker",
        Mark.FAIL,
        f"Pages are served, but no worker runs ({seen})",
        "vafa worker, or vafa run for both",
    )


def check_warehouse(_now: datetime) -> Finding:
    """The figures follow the records."""
    from vafa.data.log.queries import get_last_number
    from vafa.warehouse.queries import open_snapshot

    behind = get_last_number() - open_snapshot().seq
    if behind >= BEHIND_WORTH_SAYING:
        return Finding(
            "figures", Mark.WARN, f"The figures are {behind} changes behind the records", "vafa refresh"
        )
    return Finding("figures", Mark.OK, "The figures follow the records")


def check_feeds(now: datetime) -> Finding:
    """Old data makes old figures."""
    from vafa.data.business.queries import get_business
    from vafa.warehouse.queries import open_snapshot

    today = now.astimezone(ZoneInfo(get_business().zone)).date()
    feeds = [feed for feed in open_snapshot().freshness().feeds if not feed.closed and feed.complete_until]
    old = [
        feed for feed in feeds if feed.complete_until and (today - feed.complete_until).days > OLD_FEED_DAYS
    ]
    if old:
        named = ", ".join(f"{feed.source} ({feed.kind}) until {feed.complete_until}" for feed in old)
        return Finding(
            "sources", Mark.WARN, f"Old: {named}", "Import newer data, or close the source in the settings."
        )
    return Finding("sources", Mark.OK, f"{len(feeds)} open sources" if feeds else "No data yet")


def check_mail(_now: datetime) -> Finding:
    """Mails to staff go out."""
    from vafa.kit.mail import count_mails, find_mail_server

    server, counts = find_mail_server(), count_mails()
    troubled = counts.get("failed", 0) + counts.get("unknown", 0)
    if troubled:
        return Finding(
            "mail",
            Mark.WARN,
            f"{troubled} mails to staff failed, or nobody knows whether they arrived",
            "Settings, Mail tells what the server answered, and sends them again.",
        )
    if server is None:
        waiting = counts.get("pending", 0)
        text = "No mail server is set up: no reports or alerts by mail"
        remedy = "Enter one under Settings, Mail, or set VAFA_SMTP_URL." if waiting else ""
        return Finding("mail", Mark.WARN if waiting else Mark.OK, text, remedy)
    return Finding("mail", Mark.OK, f"Mails to staff go out through {server.host}")


def check_frontend(_now: datetime) -> Finding:
    """The styles and scripts of the pages are built."""
    from vafa.config.frontend import DIST, FRONTEND, is_fresh

    if not (DIST / "app.css").exists():
        return Finding("front end", Mark.FAIL, "Not built: pages would be bare", "vafa run builds it")
    if (FRONTEND / "package.json").exists() and not is_fresh():
        return Finding("front end", Mark.WARN, "Older than its sources", "vafa run builds it")
    return Finding("front end", Mark.OK, "Built")


CHECKS: tuple[Callable[[datetime], Finding], ...] = (
    check_database,
    check_home,
    check_disk,
    check_key,
    check_reach,
    check_debug,
    check_owner,
    check_worker,
    check_warehouse,
    check_feeds,
    check_mail,
    check_frontend,
)


def look(check: Callable[[datetime], Finding], now: datetime) -> Finding:
    """Do one check; one that breaks is a failure of what it looks at."""
    try:
        return check(now)
    except Exception as error:  # noqa: BLE001 - whatever breaks is what the operator must hear of
        name = check.__name__.removeprefix("check_")
        return Finding(name, Mark.FAIL, f"Could not be looked at: {error}", "See the message, and try again.")
