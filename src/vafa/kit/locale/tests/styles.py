"""The styles that the tests of this room write in."""

from vafa.kit.locale.style import Style

IRAN = Style("fa", "fa", "jalali", "IRT", "IR")
SAUDI = Style("ar", "arab", "gregorian", "SAR", "SA")
MOROCCO = Style("ar", "latn", "gregorian", "MAD", "MA")
CHINA = Style("zh-hans", "latn", "gregorian", "CNY", "CN")
ENGLISH = Style("en")
ALL = (IRAN, SAUDI, MOROCCO, CHINA, ENGLISH)
