"""Names of months, seasons, quarters and weekdays in the four languages and three calendars."""

from datetime import date
from functools import lru_cache

from babel.core import Locale, UnknownLocaleError

from vafa.kit.locale.style import Language, Style
from vafa.lab.calendars import CalendarName

_JALALI_MONTHS: dict[Language, tuple[str, ...]] = {
    "fa": (
        "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور",
        "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
    ),
    "ar": (
        "فروردين", "أرديبهشت", "خرداد", "تير", "مرداد", "شهريور",
        "مهر", "آبان", "آذر", "دي", "بهمن", "إسفند",
    ),
    "zh-hans": (
        "法尔瓦丁月", "奥尔迪贝赫什特月", "霍尔达德月", "提尔月", "莫尔达德月", "沙赫里瓦尔月",
        "梅赫尔月", "阿班月", "阿扎尔月", "戴伊月", "巴赫曼月", "埃斯凡德月",
    ),
    "en": (
        "Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar",
        "Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand",
    ),
}  # fmt: skip
# Afghanistan's names of the same solar months.
_AFGHAN_MONTHS = (
    "حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت",
)  # fmt: skip
_HIJRI_MONTHS: dict[Language, tuple[str, ...]] = {
    "fa": (
        "محرم", "صفر", "ربیع‌الاول", "ربیع‌الثانی", "جمادی‌الاول", "جمادی‌الثانی",
        "رجب", "شعبان", "رمضان", "شوال", "ذی‌القعده", "ذی‌الحجه",
    ),
    "ar": (
        "محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة",
        "رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة",
    ),
    "zh-hans": (
        "穆哈兰姆月", "色法尔月", "赖比尔·敖外鲁月", "赖比尔·阿色尼月", "主马达·敖外鲁月", "主马达·阿色尼月",
        "赖哲卜月", "舍尔邦月", "赖买丹月", "闪瓦鲁月", "都尔喀尔德月", "都尔黑哲月",
    ),
    "en": (
        "Muharram", "Safar", "Rabi al-Awwal", "Rabi al-Thani", "Jumada al-Ula", "Jumada al-Akhira",
        "Rajab", "Shaban", "Ramadan", "Shawwal", "Dhu al-Qada", "Dhu al-Hijja",
    ),
}  # fmt: skip
_SEASONS: dict[Language, tuple[str, ...]] = {
    "fa": ("بهار", "تابستان", "پاییز", "زمستان"),
    "ar": ("ربيع", "صيف", "خريف", "شتاء"),
    "zh-hans": ("春季", "夏季", "秋季", "冬季"),
    "en": ("Spring", "Summer", "Autumn", "Winter"),
}


@lru_cache(maxsize=256)
def list_month_names(
    calendar: CalendarName, language: Language, country: str = "", *, abbreviated: bool = False
) -> tuple[str, ...]:
    """The twelve month names of a calendar, as they stand inside a date.

    Arabic Gregorian months follow the country (يناير, كانون الثاني, جانفي), and so do Afghanistan's Persian
    ones (حمل). Only English Gregorian months have
    a different abbreviated form.
    """
    if calendar == "jalali":
        if language == "fa" and country == "AF":
            return _AFGHAN_MONTHS
        return _JALALI_MONTHS[language]
    if calendar == "hijri":
        return _HIJRI_MONTHS[language]
    width = "abbreviated" if abbreviated and language == "en" else "wide"
    # Persian months inside a date carry an ezafe (ژانویهٔ) in CLDR that is wrong where no year follows.
    usage = "stand-alone" if language == "fa" else "format"
    names = _get_cldr(language, country).months[usage][width]
    return tuple(str(names[month]) for month in range(1, 13))


def get_season_name(quarter: int, language: Language) -> str:
    """The season that is a quarter (1..4) of the Jalali year: 1 is spring."""
    return _SEASONS[language][quarter - 1]


def get_weekday_name(day: date, language: Language, *, abbreviated: bool = False) -> str:
    """The name of a date's weekday."""
    width = "abbreviated" if abbreviated else "wide"
    return str(_get_cldr(language, "").days["format"][width][day.weekday()])


def list_weekday_names(language: Language, *, abbreviated: bool = False) -> tuple[str, ...]:
    """The names of the weekdays, Monday first (as `date.weekday()` counts)."""
    width = "abbreviated" if abbreviated else "wide"
    names = _get_cldr(language, "").days["format"][width]
    return tuple(str(names[day]) for day in range(7))


@lru_cache(maxsize=256)
def _get_cldr(language: Language, country: str) -> Locale:
    base = Style(language).babel_language
    if language == "ar" and country:
        try:
            return Locale.parse(f"ar_{country}")
        except (UnknownLocaleError, ValueError):
            return Locale.parse(base)
    return Locale.parse(base)
