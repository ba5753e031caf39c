"""What can be wrong with a question to this room; each has a stable code."""


class LocaleError(ValueError):
    """Base of this room's refusals."""

    code = "locale_error"


class CountryUnknown(LocaleError):
    """No country has this code."""

    code = "country_unknown"


class OccasionsBroken(LocaleError):
    """A file of occasions can't be used; the message names the file, the place in it and what is wrong."""

    code = "occasions_broken"
