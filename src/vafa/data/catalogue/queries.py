"""Asking the catalogue."""

from collections.abc import Collection

from vafa.data.catalogue.models import Product


def list_lines_of_products(codes: Collection[str]) -> dict[str, str]:
    """The product line of each of these products that has one, by the product's code."""
    found: dict[str, str] = {}
    wanted = list(codes)
    for start in range(0, len(wanted), 500):
        some = Product.objects.filter(code__in=wanted[start : start + 500]).exclude(line=None)
        found |= dict(some.values_list("code", "line__name"))
    return found
