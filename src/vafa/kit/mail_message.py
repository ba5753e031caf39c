"""A mail as it goes over the wire: plain text and HTML, each saying its language and direction."""

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.utils.html import escape

from vafa.kit.locale.style import RTL_LANGUAGES
from vafa.kit.mail_server import MailServer

# Programs that never fetch a font show the first of these that the machine has; all have Persian and Arabic letters.
FONTS = "Vazirmatn, Tahoma, 'Segoe UI', 'Helvetica Neue', Arial, 'Noto Sans SC', sans-serif"
_RIGHT_TO_LEFT_MARK = "\u200f"


def build_html(body: str, language: str, title: str) -> str:
    """A whole HTML mail around a body (safe HTML). The direction stands inside the body too: many programs cut off
    everything around it."""
    direction = "rtl" if language in RTL_LANGUAGES else "ltr"
    align = "right" if direction == "rtl" else "left"
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title></head>\n'
        f'<body style="margin:0;padding:0;background-color:#f4f4f2">'
        f'<div lang="{language}" dir="{direction}" style="direction:{direction};text-align:{align};'
        f'font-family:{FONTS};font-size:15px;line-height:1.6;color:#1f2328;background-color:#f4f4f2">\n'
        f"{body}\n</div></body></html>\n"
    )


def build_message(
    server: MailServer,
    *,
    key: str,
    address: str,
    subject: str,
    text: str,
    html: str,
    language: str,
    now: datetime,
) -> bytes:
    """The mail, ready for the server. `html` is a whole document (see `build_html`). The same key makes the same
    Message-ID, by which a doubled mail can be told."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(subject.split())
    message["From"] = Address(server.sender_name, addr_spec=server.sender_address)
    message["To"] = Address(addr_spec=address)
    message["Date"] = format_datetime(now)
    domain = server.sender_address.rsplit("@", 1)[-1]
    message["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = language
    message.set_content(_direct(text, language), cte="base64")
    message.add_alternative(html, subtype="html", cte="base64")
    for part in message.iter_parts():
        part["Content-Language"] = language
    return message.as_bytes()


def _direct(text: str, language: str) -> str:
    """Plain text whose every line is read from the right side, whatever letter it begins with."""
    if language not in RTL_LANGUAGES:
        return text
    return "\n".join(_RIGHT_TO_LEFT_MARK + line if line.strip() else line for line in text.split("\n"))
