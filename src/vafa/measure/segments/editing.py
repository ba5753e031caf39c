"""Making, changing, copying and archiving segments."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from vafa.kit.audit import record
from vafa.kit.locale.bidi import strip_direction_marks
from vafa.measure.segments.building import list_links
from vafa.measure.segments.coding import write_definition
from vafa.measure.segments.models import Segment
from vafa.measure.segments.presets import describe_segment, name_segment
from vafa.measure.segments.resolving import get_segment, tell_circle
from vafa.measure.segments.rules import find_circle, find_problems, list_named_segments
from vafa.measure.segments.types import (
    Definition,
    DefinitionUnusable,
    Kind,
    SegmentInUse,
    SegmentNameTaken,
)

COLOURS = ("grey", "blue", "green", "orange", "red", "teal", "indigo", "pink")
_MOST_NAME, _MOST_SLUG = 120, 60
# What an address of these names would be taken for.
_RESERVED = ("build", "list", "preview", "ready")


@transaction.atomic
def create_segment(
    name: str,
    definition: Definition | None,
    *,
    description: str = "",
    colour: str = "",
    by: Any,
    now: datetime,
) -> Segment:
    """Save a segment: with a definition by its conditions, without one as a list chosen by hand.

    Raises SegmentNameTaken, DefinitionUnusable and SegmentsInCircle.
    """
    kind: Kind = "list" if definition is None else "rule"
    title = _check_name(name, None)
    slug = _choose_slug(title)
    if definition is not None:
        check_definition(definition, slug)
    segment = Segment.objects.create(
        slug=slug,
        name=title,
        description=description.strip()[:1000],
        colour=colour if colour in COLOURS else "",
        kind=kind,
        definition=None if definition is None else write_definition(definition),
        created_by=by if getattr(by, "pk", None) else None,
        created_at=now,
        changed_at=now,
    )
    record("segment.created", by=by, now=now, subject=f"segment:{segment.pk}", kind=kind)
    return segment


@transaction.atomic
def change_segment(
    slug: str,
    *,
    name: str | None = None,
    definition: Definition | None = None,
    description: str | None = None,
    colour: str | None = None,
    by: Any,
    now: datetime,
) -> Segment:
    """Change what is given. A new definition is built within a minute; until then the members stay as they are.

    Raises SegmentUnknown, SegmentNameTaken, DefinitionUnusable and SegmentsInCircle.
    """
    segment = Segment.objects.select_for_update().get(pk=get_segment(slug).pk)
    fields = []
    if name is not None and name.strip() != name_segment(segment):
        segment.name = _check_name(name, segment)
        fields.append("name")
    if description is not None and description.strip() != describe_segment(segment):
        segment.description = description.strip()[:1000]
        fields.append("description")
    if colour is not None and colour != segment.colour:
        segment.colour = colour if colour in COLOURS else ""
        fields.append("colour")
    if definition is not None and segment.kind != "list":
        check_definition(definition, segment.slug)
        document = write_definition(definition)
        if document != segment.definition:
            segment.definition = document
            segment.number += 1
            segment.error, segment.error_at = "", None
            fields += ["definition", "number", "error", "error_at"]
    if fields:
        segment.changed_at = now
        segment.save(update_fields=[*fields, "changed_at"])
        record("segment.changed", by=by, now=now, subject=f"segment:{segment.pk}", fields=sorted(set(fields)))
    return segment


@transaction.atomic
def copy_segment(slug: str, *, by: Any, now: datetime) -> Segment:
    """A segment of the same conditions under another name; of a list, one with the same members."""
    from vafa.measure.segments.hand import copy_members

    segment = get_segment(slug)
    copied = Segment.objects.create(
        slug=_choose_slug(f"{segment.slug} copy"),
        name=_find_free_name(name_segment(segment)),
        description=describe_segment(segment),
        colour=segment.colour,
        kind="list" if segment.definition is None else "rule",
        definition=segment.definition,
        created_by=by if getattr(by, "pk", None) else None,
        created_at=now,
        changed_at=now,
    )
    if segment.definition is None:
        copy_members(segment, copied, by=by, now=now)
    record("segment.created", by=by, now=now, subject=f"segment:{copied.pk}", copied_from=segment.pk)
    return copied


@transaction.atomic
def archive_segment(slug: str, *, by: Any, now: datetime) -> Segment:
    """Take a segment out of every list; nothing of it is lost. Raises SegmentInUse while others are defined by it."""
    segment = get_segment(slug)
    if segment.archived_at is not None:
        return segment
    users = [
        name_segment(other)
        for other in Segment.objects.filter(archived_at=None).exclude(pk=segment.pk)
        if segment.slug in list_links().get(other.slug, ())
    ]
    if users:
        raise SegmentInUse(
            _("Other segments are defined by “%(name)s”: %(others)s.")
            % {"name": name_segment(segment), "others": ", ".join(users)},
            _("Change those first."),
        )
    Segment.objects.filter(pk=segment.pk).update(archived_at=now, changed_at=now)
    record("segment.archived", by=by, now=now, subject=f"segment:{segment.pk}")
    return get_segment(slug)


@transaction.atomic
def restore_segment(slug: str, *, by: Any, now: datetime) -> Segment:
    """Bring an archived segment back."""
    segment = get_segment(slug)
    if segment.archived_at is not None:
        Segment.objects.filter(pk=segment.pk).update(archived_at=None, changed_at=now)
        record("segment.restored", by=by, now=now, subject=f"segment:{segment.pk}")
    return get_segment(slug)


def check_definition(definition: Definition, slug: str | None) -> None:
    """Refuse a definition that can't be evaluated, or that would lead back to the segment itself."""
    links = list_links()
    problems = find_problems(definition.root, links)
    if problems:
        raise DefinitionUnusable(
            _("The conditions are not complete."),
            _("Every condition says what it still needs."),
            problems=problems,
        )
    circle = find_circle(slug, list_named_segments(definition.root), links) if slug else None
    if circle is not None:
        raise tell_circle(circle)


def _check_name(name: str, own: Segment | None) -> str:
    title = " ".join(strip_direction_marks(name).split())[:_MOST_NAME]
    if not any(letter.isprintable() and not letter.isspace() for letter in title):
        raise SegmentNameTaken(_("A segment needs a name."), code="segment_name_missing")
    taken = {
        name_segment(other).casefold()
        for other in Segment.objects.filter(archived_at=None)
        if own is None or other.pk != own.pk
    }
    if title.casefold() in taken:
        raise SegmentNameTaken(
            _("There is a segment named “%(name)s” already.") % {"name": title}, _("Choose another name.")
        )
    return title


def _find_free_name(title: str) -> str:
    taken = {name_segment(other).casefold() for other in Segment.objects.all()}
    for count in range(2, 10_000):
        name = f"{title[: _MOST_NAME - 6]} ({count})"
        if name.casefold() not in taken:
            return name
    raise SegmentNameTaken(_("There is a segment named “%(name)s” already.") % {"name": title})


def _choose_slug(title: str) -> str:
    """A short name of plain letters for addresses and commands, which never changes."""
    base = slugify(title)[:_MOST_SLUG].strip("-")
    # A number alone would be taken for an id.
    if not base or base.isdigit():
        last = Segment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        base = f"segment-{last + 1}"
    taken = {*_RESERVED, *Segment.objects.filter(slug__startswith=base).values_list("slug", flat=True)}
    if base not in taken:
        return base
    return next(slug for count in range(2, 1_000_000) if (slug := f"{base}-{count}") not in taken)
