"""What import-linter cannot see: tables may only name the tables of rooms below their own."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, ManyToManyField

ROOT = Path(__file__).resolve().parents[2]


def read_layers(identity: str) -> dict[str, int]:
    """The layers of one import contract: each name with its height, 0 at the bottom."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (contract,) = (each for each in project["tool"]["importlinter"]["contracts"] if each["id"] == identity)
    layers = reversed(contract["layers"])
    return {name.strip(" ()"): height for height, layer in enumerate(layers) for name in layer.split("|")}


LAYERS = {identity: read_layers(identity) for identity in ("floors", "data", "measure", "predict", "act")}


def get_height(app: str) -> tuple[int, int]:
    """How high an app stands, as (floor, room on that floor); libraries stand below everything."""
    parts = app.split(".")
    if parts[0] != "vafa":
        return (-1, 0)
    floor = parts[1]
    rooms = LAYERS.get(floor, {})
    return (LAYERS["floors"][floor], rooms[parts[2]] if rooms else 0)


def can_name(app: str, other: str) -> bool:
    """Whether a table of `app` may name a table of `other`."""
    staff = apps.get_app_config(
        settings.AUTH_USER_MODEL.split(".")[0]
    ).name  # Django's own name for who signs in
    return other in {app, staff} or get_height(other) < get_height(app)


Relation = ForeignKey[Any, Any] | ManyToManyField[Any, Any]


def list_relations() -> Iterator[tuple[str, str, Relation]]:
    """Every relation that our tables declare: its app, the app that it points to, and the field."""
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("vafa."):
            for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
                if isinstance(field, ForeignKey | ManyToManyField):
                    yield get_app(model), get_app(field.remote_field.model), field


def get_app(model: Any) -> str:
    """The dotted name of a model's app."""
    return apps.get_app_config(model._meta.app_label).name


def test_relations_point_down():
    relations = list(list_relations())
    assert relations
    assert [f"{field} -> {target}" for app, target, field in relations if not can_name(app, target)] == []


def test_no_reverse_name_leads_up():
    """`customer.orders` would let a lower room read a higher one without an import: such names end in "+"."""
    named = [
        str(field)
        for app, target, field in list_relations()
        if app != target and target.startswith("vafa.") and not field.remote_field.hidden
    ]
    assert named == []


@pytest.mark.parametrize(
    ("app", "other", "allowed"),
    [
        ("vafa.data.orders", "vafa.data.customers", True),
        ("vafa.data.customers", "vafa.data.orders", False),
        ("vafa.data.orders", "vafa.data.subscriptions", False),
        ("vafa.measure.metrics", "vafa.data.intake", True),
        ("vafa.data.log", "vafa.measure.metrics", False),
        ("vafa.kit", "django.contrib.auth", True),
    ],
)
def test_heights_are_those_of_the_import_contracts(app, other, allowed):
    assert can_name(app, other) is allowed


def test_every_room_with_tables_has_its_place():
    ours = [config.name for config in apps.get_app_configs() if config.name.startswith("vafa.")]
    assert ours
    assert all(get_height(name) >= (0, 0) for name in ours)
