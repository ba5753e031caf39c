"""The commands that let people in: `vafa init` makes the owner, `vafa staff-link` a link to set a new password."""

import secrets
import sys
from typing import Annotated

import typer

from vafa.kit import clock
from vafa.kit.errors import AskedWrongly
from vafa.kit.home import get_home
from vafa.kit.permissions import Permission
from vafa.kit.terminal import JsonOption, answer, needs, say

EmailOption = Annotated[str, typer.Option("--email", help="The owner's e-mail address, to sign in with.")]
NameOption = Annotated[str, typer.Option("--name", help="The owner's name.")]
PasswordOption = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]
CountryOption = Annotated[
    str,
    typer.Option(
        "--country", help="Where the business is (IR, SA, CN ...): sets calendar, week, money and more."
    ),
]
LanguageOption = Annotated[str, typer.Option("--language", help="fa, ar, zh-hans or en.")]
PublicAddressOption = Annotated[
    str | None,
    typer.Option(
        "--public-address",
        help="Where customers reach this installation from outside, such as https://vafa.example.com; "
        "links in messages lead there. Empty: not yet.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("init")(init)
    app.command("staff-link")(staff_link)


@needs(Permission.MANAGE_STAFF)
def init(
    email: EmailOption = "",
    name: NameOption = "",
    password_stdin: PasswordOption = False,
    country: CountryOption = "",
    language: LanguageOption = "",
    public_address: PublicAddressOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the owner's account, as the page behind the one-time link does."""
    from vafa.data.business.actions import set_up_country
    from vafa.data.staff.actions import create_owner
    from vafa.data.staff.queries import has_owner
    from vafa.data.staff.types import OwnerExists
    from vafa.front.begin import spend_begin_token
    from vafa.kit.public_address import set_public_address

    if has_owner():
        raise OwnerExists(
            "This installation has an owner already.", "Sign in, or add staff on the page Settings, Staff."
        )
    language = _check_language(language)
    country = _check_country(country)
    email = _ask_email(email)
    address = _ask_public_address(public_address)
    password, made = _get_password(password_stdin)
    now = clock.now()
    owner = create_owner(email=email, password=password, name=name, language=language, now=now)
    if country:
        set_up_country(country, language=language, by=owner, now=now)
    if address:
        set_public_address(address, by=owner, now=now)
    spend_begin_token(get_home())
    document = {
        "email": owner.email,
        "home": get_home(),
        "country": country or None,
        "public_address": address or None,
    }
    if made:
        document["password"] = password
        text = f"{owner.email} is the owner. The password is {password} (shown only now; change it after signing in)."
    else:
        text = f"{owner.email} is the owner."
    answer(document, as_json, f"{text}\nStart with: vafa run")


def _ask_email(email: str) -> str:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    if not email and sys.stdin.isatty():
        email = typer.prompt("E-mail", err=True)
    try:
        validate_email(email)
    except ValidationError as error:
        raise AskedWrongly(
            f"Not an e-mail address: {email!r}.", "Give one with --email.", code="bad_email"
        ) from error
    return email


def _ask_public_address(address: str | None) -> str:
    """The public address, asked for where somebody sits at the terminal; it may stay empty until messages are sent."""
    from vafa.kit.public_address import read_address

    if address is None and sys.stdin.isatty():
        address = typer.prompt(
            "Public address (where customers reach this installation; may be left empty)",
            default="",
            show_default=False,
            err=True,
        )
    return read_address(address or "")


def _get_password(from_stdin: bool) -> tuple[str, bool]:
    """The password, and whether it was made here because nobody gave one."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\n")
        if not password:
            raise AskedWrongly("No password came on standard input.", code="no_password")
        return password, False
    if sys.stdin.isatty():
        return typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True), False
    say("No --password-stdin: making a password")
    return secrets.token_urlsafe(12), True


def _check_language(language: str) -> str:
    from vafa.kit.locale.style import LANGUAGES, find_language

    found = find_language(language)
    if language and found is None:
        raise AskedWrongly(
            f"No such language: {language}.", f"One of {', '.join(LANGUAGES)}.", code="unknown_language"
        )
    return found or ""


def _check_country(country: str) -> str:
    from vafa.kit.locale.countries import list_countries

    code = country.strip().upper()
    if code and code not in {known for known, _name in list_countries("en")}:
        raise AskedWrongly(
            f"No such country: {country}.", "Give its two letters, such as IR.", code="unknown_country"
        )
    return code


@needs(Permission.MANAGE_STAFF)
def staff_link(
    email: Annotated[str, typer.Argument(help="Whom the link is for: the address to sign in with.")],
    as_json: JsonOption = False,
) -> None:
    """Make a link by which somebody who forgot the password sets a new one within an hour, once."""
    from django.urls import reverse

    from vafa.data.staff.actions import build_reset_link
    from vafa.data.staff.queries import find_staff
    from vafa.kit.site import find_site_address

    staff = find_staff(email)
    if staff is None or not staff.is_active:
        raise AskedWrongly(
            f"Nobody signs in with {email!r}.", "See the page Settings, Staff.", code="unknown_staff"
        )
    token = build_reset_link(staff, by=None, now=clock.now())
    url = f"{find_site_address() or 'http://127.0.0.1:8000'}{reverse('invitation', args=[token])}"
    answer({"email": staff.email, "url": url}, as_json, url)
