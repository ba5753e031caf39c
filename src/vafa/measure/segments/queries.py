"""DOOR: asking about segments. Everything here reads only."""

from vafa.measure.segments import words
from vafa.measure.segments.building import list_links
from vafa.measure.segments.coding import read_definition, write_definition
from vafa.measure.segments.editing import COLOURS
from vafa.measure.segments.evaluating import find_members
from vafa.measure.segments.facts import list_filter_values
from vafa.measure.segments.fields import list_custom_fields, list_values
from vafa.measure.segments.presets import PRESETS
from vafa.measure.segments.reading import (
    ChangeRow,
    Stay,
    find_moved,
    find_saved,
    get_definition,
    get_segment_members,
    get_segment_name,
    list_changes,
    list_entries,
    list_segments,
    list_segments_of,
    list_stays,
)
from vafa.measure.segments.resolving import (
    Resolver,
    build_chosen,
    get_revenue,
    get_stamp,
    get_stamp_of_all,
    get_texts,
    settle_as_of,
)
from vafa.measure.segments.revenues import list_revenues
from vafa.measure.segments.rules import find_circle, find_problems, list_conditions, list_named_segments
from vafa.measure.segments.sentences import Line, Names, describe_definition, list_lines
from vafa.measure.segments.sharding import count_in_shards
from vafa.measure.segments.splitting import (
    DIMENSION,
    SET_DIMENSIONS,
    find_by_name,
    find_set_group,
    get_metric_by_segment,
    list_set_dimensions,
    list_set_groups,
    list_usable,
    meet,
)

__all__ = [
    "COLOURS",
    "DIMENSION",
    "PRESETS",
    "SET_DIMENSIONS",
    "ChangeRow",
    "Line",
    "Names",
    "Resolver",
    "Stay",
    "build_chosen",
    "count_in_shards",
    "describe_definition",
    "find_by_name",
    "find_circle",
    "find_members",
    "find_moved",
    "find_problems",
    "find_saved",
    "find_set_group",
    "get_definition",
    "get_metric_by_segment",
    "get_revenue",
    "get_segment_members",
    "get_segment_name",
    "get_stamp",
    "get_stamp_of_all",
    "get_texts",
    "list_changes",
    "list_conditions",
    "list_custom_fields",
    "list_entries",
    "list_filter_values",
    "list_lines",
    "list_links",
    "list_named_segments",
    "list_revenues",
    "list_segments",
    "list_segments_of",
    "list_set_dimensions",
    "list_set_groups",
    "list_stays",
    "list_usable",
    "list_values",
    "meet",
    "read_definition",
    "settle_as_of",
    "words",
    "write_definition",
]
