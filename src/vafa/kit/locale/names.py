"""People's names as each language writes and addresses them."""

from vafa.kit.locale.letters import fold, strip_titles
from vafa.kit.locale.pinyin import is_han, split_family_name
from vafa.kit.locale.style import Language

_MALE_TITLES = frozenset(
    fold(title) for title in ("آقا", "آقای", "جناب آقای", "Mr", "الأستاذ", "السيد", "先生", "Sir")
)
_FEMALE_TITLES = frozenset(
    fold(title)
    for title in (
        "خانم", "سرکار خانم", "بانو", "Mrs", "Ms", "Miss", "Madam", "الأستاذة", "السيدة", "الآنسة",
        "女士", "小姐", "太太", "夫人",
    )
)  # fmt: skip
# Begin a word that is one name with the next: عبد الله, ابو بکر, أم كلثوم.
_JOINED_TO_NEXT = frozenset(fold(word) for word in ("عبد", "عبدال", "ابو", "أم", "ابن", "بن", "آل"))


def build_display_name(given: str, family: str) -> str:
    """A full name in its own order: Chinese names family first without a space, others given name first."""
    given, family = given.strip(), family.strip()
    if family and is_han(family[0]) and (not given or is_han(given[0])):
        return family + given
    return f"{given} {family}".strip()


def build_initials(name: str) -> str:
    """One or two letters for an avatar: AS, 王, ع‌م (with a half-space, or they would join). Empty if none."""
    rest = strip_titles(name)[1].strip()
    letters = [word[0] for word in rest.replace("\u200c", " ").split() if word[0].isalpha()]
    if not letters:
        return ""
    if is_han(letters[0]):
        return split_family_name(rest)[0]
    first, last = letters[0].upper(), letters[-1].upper() if len(letters) > 1 else ""
    joiner = "" if first.isascii() else "\u200c"
    return f"{first}{joiner}{last}" if last else first


def find_gender(title: str) -> str | None:
    """ "male" or "female" as a title tells it; None where it doesn't (دکتر, Dr)."""
    folded = fold(title)
    words = folded.split()
    if folded in _FEMALE_TITLES or any(word in _FEMALE_TITLES for word in words):
        return "female"
    if folded in _MALE_TITLES or any(word in _MALE_TITLES for word in words):
        return "male"
    return None


def build_salutation(
    language: Language, given: str = "", family: str = "", gender: str | None = None, title: str = ""
) -> str:
    """How a message addresses a person, without a greeting word.

    Persian: آقای or خانم and the family name. Arabic: الأستاذ or الأستاذة and the given name. Chinese: the family
    name and 先生 or 女士 (or the title, such as 总). English: the given name, else the title and family name.
    Without the sex or the name it needs, the language's polite general form.
    """
    if language == "fa":
        word = title or {"male": "آقای", "female": "خانم"}.get(gender or "", "")
        return f"{word} {family}" if word and family else "مشتری گرامی"
    if language == "ar":
        word = title or {"male": "الأستاذ", "female": "الأستاذة"}.get(gender or "", "")
        return f"{word} {given}" if word and given else "عميلنا العزيز"
    if language == "zh-hans":
        word = title or {"male": "先生", "female": "女士"}.get(gender or "", "")
        return f"{family}{word}" if word and family else "尊敬的客户"
    if given:
        return given
    return f"{title} {family}" if title and family else "Dear customer"


def get_first_given_name(name: str) -> str:
    """The first given name of a full name, with عبد and its like kept whole: عبد الله محمد gives عبد الله."""
    words = strip_titles(name)[1].split()
    if not words:
        return ""
    count = 2 if fold(words[0]) in _JOINED_TO_NEXT and len(words) > 1 else 1
    return " ".join(words[:count])
