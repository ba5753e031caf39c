"""How many customers read which language, for whoever writes in some of them."""

from vafa.data.customers.queries import count_languages
from vafa.kit.locale.style import find_language


def list_readers(owner_id: int | None, business_language: str) -> dict[str, int]:
    """How many kept customers are written to in each language if it is written in; who told none, in that of the
    business. Only those of one member of staff, if named."""
    readers: dict[str, int] = {}
    for told, count in count_languages(owner_id).items():
        language = find_language(told) or find_language(business_language) or "en"
        readers[language] = readers.get(language, 0) + count
    return readers
