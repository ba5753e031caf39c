"""DOOR: asking what is true. Everything here reads only, and is told the time by the data, not the clock."""

from vafa.measure.metrics.activity import resolve_rule, settle_rule
from vafa.measure.metrics.asked_metric import (
    GROUPS_LIMIT,
    build_table,
    get_freshness_of,
    get_metric,
    list_splits,
    measure,
    settle_question,
)
from vafa.measure.metrics.benchmark_figures import (
    BenchmarkFigure,
    BenchmarkSource,
    list_benchmark_figures,
    list_industries,
)
from vafa.measure.metrics.benchmarks import find_benchmark, list_benchmarks
from vafa.measure.metrics.cohort_table import COUNTINGS, get_cohorts
from vafa.measure.metrics.contact_family import get_last_contacts
from vafa.measure.metrics.counted import open_counted
from vafa.measure.metrics.customer_mrr import CustomerMrr, get_customer_mrr
from vafa.measure.metrics.definitions import describe_rule
from vafa.measure.metrics.dictionary import (
    can_be_real,
    get_entry,
    list_entries,
    list_entries_by_family,
    list_metric_names,
)
from vafa.measure.metrics.documents import COLUMNS as DOCUMENT_COLUMNS
from vafa.measure.metrics.documents import build_cohort_document, build_document, list_documents
from vafa.measure.metrics.effects import get_effect_of_rules
from vafa.measure.metrics.explaining import explain_customer, get_customer_id
from vafa.measure.metrics.family import NO_OPTIONS, Options, Whose
from vafa.measure.metrics.growth import GrowthPoint, get_growth_and_ceiling
from vafa.measure.metrics.left_out import describe_left_out
from vafa.measure.metrics.lifetimes import get_lifetimes
from vafa.measure.metrics.money_moves import MoneyMove, MoneyMoves, MoneySide, list_money_moves
from vafa.measure.metrics.names import list_names
from vafa.measure.metrics.reasons import explain_reason
from vafa.measure.metrics.rfm import RfmTable, get_rfm, list_rfm_groups
from vafa.measure.metrics.sharding import Shards, get_cohorts_in_shards, measure_in_shards
from vafa.measure.metrics.viewing import get_owner_id, get_visible

__all__ = [
    "COUNTINGS",
    "DOCUMENT_COLUMNS",
    "GROUPS_LIMIT",
    "NO_OPTIONS",
    "BenchmarkFigure",
    "BenchmarkSource",
    "CustomerMrr",
    "GrowthPoint",
    "MoneyMove",
    "MoneyMoves",
    "MoneySide",
    "Options",
    "RfmTable",
    "Shards",
    "Whose",
    "build_cohort_document",
    "build_document",
    "build_table",
    "can_be_real",
    "describe_left_out",
    "describe_rule",
    "explain_customer",
    "explain_reason",
    "find_benchmark",
    "get_cohorts",
    "get_cohorts_in_shards",
    "get_customer_id",
    "get_customer_mrr",
    "get_effect_of_rules",
    "get_entry",
    "get_freshness_of",
    "get_growth_and_ceiling",
    "get_last_contacts",
    "get_lifetimes",
    "get_metric",
    "get_owner_id",
    "get_rfm",
    "get_visible",
    "list_benchmark_figures",
    "list_benchmarks",
    "list_documents",
    "list_entries",
    "list_entries_by_family",
    "list_industries",
    "list_metric_names",
    "list_money_moves",
    "list_names",
    "list_rfm_groups",
    "list_splits",
    "measure",
    "measure_in_shards",
    "open_counted",
    "resolve_rule",
    "settle_question",
    "settle_rule",
]
