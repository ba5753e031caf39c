"""What is missing for a prediction, in words."""

from django.utils.translation import gettext as _

from vafa.kit.locale.formats import Style, format_days, format_number
from vafa.predict.models.types import Lack


def describe_lack(lack: Lack, style: Style) -> str:
    """One thing of which there is too little, with how much there is and how much it takes."""
    write = format_days if lack.code == "history" else format_number
    texts = {
        "customers": _("Customers: %(have)s, and it takes %(needed)s."),
        "repeat_buyers": _("Customers who bought more than once: %(have)s, and it takes %(needed)s."),
        "leavers": _("Customers who are known to have left: %(have)s, and it takes %(needed)s."),
        "other_ends": _(
            "Contracts that ended on different days: %(have)s, and it takes %(needed)s. A file of one day tells who "
            "has left, and not when."
        ),
        "stayers": _("Customers who are known to have stayed: %(have)s, and it takes %(needed)s."),
        "leavers_for_percent": _(
            "For percentages, customers who are known to have left: %(have)s, and it takes %(needed)s."
        ),
        "history": _("Length of the history: %(have)s, and it takes %(needed)s."),
        "cutoffs": _("Past days on which predictions could be tried: %(have)s, and it takes %(needed)s."),
        "skill": _("Tried at past days, predictions were no better than telling everybody the same chance."),
        "calibration": _(
            "Tried at past days, the chances that were told and what happened were too far apart."
        ),
    }
    text = texts.get(lack.code, _("Not enough of “%(code)s”: %(have)s, and it takes %(needed)s."))
    return text % {"code": lack.code, "have": write(lack.have, style), "needed": write(lack.needed, style)}
