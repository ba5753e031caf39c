"""What can be wrong with a question to this room; each has a stable code."""

from django.utils.translation import gettext as _

from vafa.kit.errors import AskedWrongly, VafaError


class CountryUnknown(AskedWrongly):
    """No country has this code."""

    code = "country_unknown"

    def __init__(self, country: str) -> None:
        super().__init__(
            _("There is no country with the code “%(code)s”.") % {"code": country},
            _("Give the two letters of ISO 3166, such as IR, SA or CN."),
            country=country,
        )


class OccasionsBroken(VafaError):
    """A file of occasions can't be used; `details` has the file, the place in it and what is wrong."""

    code = "occasions_broken"

    def __init__(self, file: str, place: str, reason: str) -> None:
        words = {"file": file, "place": place, "reason": reason}
        super().__init__(
            _("The file of occasions %(file)s can't be used: at %(place)s: %(reason)s") % words,
            _("Mend or remove the file."),
            **words,
        )
