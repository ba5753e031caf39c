"""Adding products, product lines and locations as sources name them."""

from typing import Any

from vafa.data.catalogue.models import Location, Product, ProductLine
from vafa.kit.bulk import select_where_in


class Names:
    """The ids of names in one of the small tables; a name that is new is added. Remembers what it has seen."""

    def __init__(self, table: str, column: str, most: int = 500_000) -> None:
        self.table, self.column, self.most = table, column, most
        self.known: dict[str, int] = {}

    def ids(self, names: set[str]) -> dict[str, int]:
        """name -> id for these names. Call it in a transaction."""
        missing = [name for name in names if name not in self.known]
        if missing:
            if len(self.known) + len(missing) > self.most:
                self.known.clear()
                missing = list(names)
            self._find(missing)
            self._add([name for name in missing if name not in self.known])
        return self.known

    def _find(self, names: list[str]) -> None:
        select = f'SELECT "{self.column}", id FROM "{self.table}"'
        self.known |= {row[0]: int(row[1]) for row in select_where_in(select, f'"{self.column}"', names)}

    def _add(self, names: list[str]) -> None:
        if not names:
            return
        model = _MODELS[self.table]
        made = model.objects.bulk_create(
            [model(**{self.column: name}) for name in names], ignore_conflicts=True, batch_size=1000
        )
        if len(made):
            self._find(names)


_MODELS: dict[str, Any] = {
    "catalogue_product": Product,
    "catalogue_productline": ProductLine,
    "catalogue_location": Location,
}


def open_products() -> Names:
    """Products by code."""
    return Names("catalogue_product", "code")


def open_product_lines() -> Names:
    """Product lines by name."""
    return Names("catalogue_productline", "name")


def open_locations() -> Names:
    """Locations by name."""
    return Names("catalogue_location", "name")


def describe_products(names: dict[int, str], lines: dict[int, int]) -> None:
    """Give products their name and product line, where a source told them (id -> name, id -> product line id)."""
    ids = set(names) | set(lines)
    changed = []
    for product in Product.objects.filter(pk__in=list(ids)):
        name, line_id = names.get(product.pk, product.name), lines.get(product.pk, product.line_id)
        if (name, line_id) != (product.name, product.line_id):
            product.name, product.line_id = name[:300], line_id
            changed.append(product)
    Product.objects.bulk_update(changed, ["name", "line"], batch_size=500)
