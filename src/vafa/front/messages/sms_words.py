"""What is said of text messages before they go out: how long they are, what they cost, what is wrong with them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.data.business.queries import get_business
from vafa.kit.locale.formats import Style, format_money, format_number
from vafa.lab.sms import GSM_LIKE, SmsLength, find_beyond_gsm

if TYPE_CHECKING:
    from vafa.act.messaging.queries import Estimate, SmsLooked

# A text with more such signs than this is written in another script, and means to be.
MOST_STRANGE = 6
_NAMES = {
    "\u200c": "ZWNJ",
    "\u00a0": "NBSP",
    "\u202f": "NNBSP",
    "\t": "TAB",
    "\u200f": "RLM",
    "\u200e": "LRM",
}


@dataclass(frozen=True)
class Counter:
    """How long a text message is, ready to print; `remedy` says how it would need fewer parts."""

    characters: str
    parts: str
    left: str
    alphabet: str
    cost: str
    remedy: str


def name_alphabet(alphabet: str) -> str:
    """The alphabet in which a text message is sent."""
    return {
        "gsm7": _("Latin alphabet (GSM-7)"),
        "ucs2": _("alphabet of all scripts (UCS-2)"),
    }.get(alphabet, alphabet)


def build_counter(looked: "SmsLooked", style: Style) -> Counter:
    """The count of one message."""
    length = looked.length
    return Counter(
        format_number(length.characters, style),
        format_number(length.parts, style),
        format_number(length.left, style),
        name_alphabet(length.alphabet),
        "" if looked.cost is None else format_money(looked.cost, get_business().currency, style),
        find_remedy(looked.text, length, style),
    )


def find_remedy(text: str, length: SmsLength, style: Style) -> str:
    """Which signs make a Latin text a long one, and what to write instead; "" where nothing is to be gained."""
    strange = find_beyond_gsm(text)
    if not strange or length.alphabet != "ucs2" or len(strange) > MOST_STRANGE:
        return ""
    if sum(strange.values()) * 4 > len(text):
        return ""  # it is written in another script
    pieces = [
        _("%(sign)s (write %(instead)s)") % {"sign": _name(one), "instead": GSM_LIKE[one]}
        if GSM_LIKE.get(one)
        else _("%(sign)s (leave it out)") % {"sign": _name(one)}
        if one in GSM_LIKE
        else _name(one)
        for one in strange
    ]
    return _(
        "These signs keep it out of the Latin alphabet, in which a part holds %(latin)s characters instead of %(all)s: "
        "%(signs)s."
    ) % {
        "latin": format_number(160, style),
        "all": format_number(70, style),
        "signs": ", ".join(pieces),
    }


def _name(sign: str) -> str:
    return _NAMES.get(sign, f"“{sign}”")


def describe_estimate(estimate: "Estimate", style: Style) -> list[str]:
    """What a message comes to for all who would get it, a sentence for each thing."""
    lines = []
    if estimate.looked:
        count = {"count": format_number(estimate.looked, style)}
        lines.append(
            ngettext(
                "The text of %(count)s customer was made.",
                "The texts of %(count)s customers were made, among them those with the longest names.",
                estimate.looked,
            )
            % count
        )
    if estimate.unfit:
        lines.append(
            _(
                "The provider would refuse %(count)s of them: what stands in a slot is empty, or holds too many spaces."
            )
            % {"count": format_number(estimate.unfit, style)}
        )
    if estimate.broken:
        told = {"count": format_number(estimate.broken, style)}
        lines.append(_("From %(count)s of them no text came out.") % told)
    return lines


def describe_sms_problem(problem: str) -> str:
    """What is wrong with a text message by the rules of its line, country and provider."""
    return {
        "empty": _("Nothing is written yet."),
        "too_long": _("It is longer than the provider takes."),
        "no_signature": _("The rules there ask for a signature: enter it in the sending account."),
        "links_refused": _("The provider lets no links through."),
        "links_need_approval": _(
            "The provider lets only approved links through: have this one approved, and enter its host in the sending "
            "account."
        ),
        "purpose_not_on_line": _("The line of the sending account carries no messages of this purpose."),
        "pattern_required": _("There only patterns go out that the provider has approved."),
        "no_way_out": _("It says nowhere how to stop such messages: add words or a link."),
        "sender_name": _("The sender's number or name is none that is allowed there."),
    }.get(problem, problem)
