"""Finding texts by their beginning through an index, on SQLite and on PostgreSQL."""

from django.db.models import Q

from vafa.kit.bulk import is_postgres

_LAST_LETTER = "\U0010ffff"


def begins(field: str, start: str) -> Q:
    """The condition that a field begins with a text.

    PostgreSQL's own order of texts is a country's, so that there an index of patterns is asked; SQLite's LIKE knows no
    index, but its order is by code point.
    """
    if is_postgres():
        return Q(**{f"{field}__startswith": start})
    return Q(**{f"{field}__gte": start, f"{field}__lt": start + _LAST_LETTER})
