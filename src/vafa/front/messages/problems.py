"""What is wrong with a template before anybody gets it, each with the place where it is, in words."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.act.messaging.queries import ContentProblem
from vafa.act.messaging.types import TemplateContent
from vafa.data.business.queries import get_business
from vafa.data.consent.types import Channel, Purpose
from vafa.front.choices import list_language_choices
from vafa.front.messages.editors.mail import BLOCK_NAMES
from vafa.front.messages.written import write_number
from vafa.kit.public_address import get_address_state


@dataclass(frozen=True)
class Shown:
    """A problem: where it is, what it is and what to do; `tab` and `target` lead to its control. What is not `grave` is
    only advice. `url` leads to the page on which it is mended, with `link` its words."""

    where: str
    message: str
    remedy: str
    grave: bool = False
    tab: str = ""
    target: str = ""
    url: str = ""
    link: str = ""


def list_problems(content: TemplateContent, found: list[ContentProblem]) -> list[Shown]:
    """The problems of a content, the grave ones first."""
    shown = [_show(content, one) for one in found]
    return sorted(shown, key=lambda one: not one.grave)


def list_setup_problems(content: TemplateContent, purpose: str) -> list[Shown]:
    """What is missing around a mail so that it may go out: who writes, from where, and how to stop it."""
    if content.channel != Channel.EMAIL or purpose == Purpose.SERVICE:
        return []
    business, found = get_business(), []
    if not business.name:
        message = _("The business has no name, so that the foot of the mail doesn't say who writes.")
        found.append(_build_setup(message, "settings"))
    if not business.address:
        message = _(
            "The foot of the mail has no postal address. Many countries require one in every advertisement."
        )
        found.append(_build_setup(message, "settings"))
    if not get_address_state().address:
        message = _(
            "There is no public address, so that nobody could unsubscribe. Marketing doesn't start without it."
        )
        found.append(_build_setup(message, "settings_sending"))
    return found


def _build_setup(message: str, page: str) -> Shown:
    field = "#id_address" if page == "settings" else ""
    return Shown("", message, "", url=f"{reverse(page)}{field}", link=_("Enter it"))


def _show(content: TemplateContent, one: ContentProblem) -> Shown:
    return Shown(
        where=_tell_place(content, one),
        message=one.problem.message,
        remedy=one.problem.remedy,
        grave=one.grave,
        tab=one.language,
        target=find_target(one),
    )


def find_target(one: ContentProblem) -> str:
    """The id of the control in which a problem is."""
    kind, _colon, number = one.place.partition(":")
    if kind == "block":
        return f"{one.field or 'block'}-{one.language}-{number}"
    if kind == "blocks":
        return f"add-{one.language}"
    if kind == "slot":
        return f"pattern-{one.language}"
    return f"{kind}-{one.language}" if kind else ""


def _tell_place(content: TemplateContent, one: ContentProblem) -> str:
    """Such as “English, block 3 (Button), line 2”."""
    language = dict(list_language_choices()).get(one.language, "")
    kind, _colon, number = one.place.partition(":")
    text = content.find_text(one.language)
    names = {"subject": _("Subject"), "preview": _("Preview line"), "body": _("Text")}
    place = names.get(kind, "")
    if kind == "block" and text is not None and number.isdigit() and int(number) < len(text.blocks):
        name = BLOCK_NAMES[text.blocks[int(number)].kind]
        place = _("Block %(number)s (%(name)s)") % {"number": write_number(int(number) + 1), "name": name}
    elif kind == "slot":
        place = number
    line = _("line %(number)s") % {"number": write_number(one.line)} if one.line > 1 else ""
    return " · ".join(piece for piece in (language, place, line) if piece)
