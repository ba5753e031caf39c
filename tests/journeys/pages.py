"""Every page that a browser can open in the furnished Persian shop."""

from typing import Any

from tests.journeys.furnishing import HAND_LIST, LINK, SEGMENT

RULE = "rule=purchase:60d"
MONTH = f"every=month&from=2025-09-23&to=2025-10-23&{RULE}"
COMPARED = f"metric=crr&show=compare&{MONTH}"
SIGNED_IN = (
    f"/overview/?{RULE}&by=location",
    f"/names/lost/?every=own&from=2025-09-23&to=2025-10-23&{RULE}",
    "/today/",
    "/today/mentions/",
    "/tasks/",
    "/risk/",
    "/customers/",
    "/customers/?q=zzzz",
    f"/customers/1/?{RULE}",
    f"/overview/?segment={SEGMENT}&{RULE}",
    f"/explore/?metric=crr&{MONTH}",
    f"/explore/?metric=revenue&real=1&by=location&show=trend&{MONTH}",
    f"/explore/?metric=crr&show=groups&by=location&{MONTH}",
    f"/explore/?metric=crr&show=heat&by=location&{MONTH}",
    f"/explore/?metric=crr&show=heat&by=location&across=customer_location&{MONTH}",
    f"/explore/?{COMPARED}",
    f"/explore/people/only_first/?{COMPARED}",
    "/explore/?metric=mrr",
    "/segments/",
    "/segments/?show=archived",
    "/segments/build/",
    "/segments/list/",
    f"/segments/{SEGMENT}/",
    f"/segments/{SEGMENT}/edit/",
    f"/segments/{HAND_LIST}/",
    "/segments/lost/",
    "/targets/",
    "/understand/",
    "/what-if/?customers=1000&new=50&churn=10&revenue=1200000&margin=30&acquisition_cost=9&churn_to=5",
    "/benchmarks/?industry=saas",
    "/changes/",
    "/quality/",
    "/quality/unreachable/",
    "/quality/impossible_times/",
    "/quality/same_phone/",
    "/quality/orders_before_joining/",
    "/reports/",
    "/reports/new/",
    "/reports/1/",
    "/reports/1/edit/",
    "/reports/1/items/new/",
    "/reports/1/items/1/",
    "/reports/1/schedules/",
    "/reports/schedules/1/",
    "/reports/1/links/",
    "/dictionary/",
    "/dictionary/crr/",
    "/dictionary/survival_rate/",
    "/dictionary/rfm_groups/",
    "/dictionary/median_days_between_purchases/",
    "/dictionary/nps/",
    "/imports/",
    "/imports/1/",
    "/first-steps/country/?country=IR",
    "/first-steps/business/",
    "/first-steps/industry/",
    "/first-steps/rule/",
    "/first-steps/import/",
    "/settings/",
    "/settings/place/",
    "/settings/rule/",
    "/settings/money/",
    "/settings/costs/",
    "/settings/prices/",
    "/settings/periods/",
    "/settings/left-out/",
    "/settings/fields/",
    "/settings/topics/",
    "/settings/sources/",
    "/settings/mail/",
    "/settings/tokens/",
    "/settings/staff/",
    "/settings/audit/",
    "/my-account/",
    "/rate/?start=20&end=24&new=5&period=quarter&industry=retail",
    "/no-such-page/",
)
OPEN = (
    "/sign-in/",
    "/api/v1/docs/",
    "/rate/",
    "/rate/?start=20&end=30&new=5",
    "/invitation/spent/",
    f"/shared/{LINK}/",
)
# Under these addresses the pages of different things are drawn by one template.
SAME_KIND = ("dictionary", "quality")
STRANGER: dict[str, Any] = {"storage_state": {"cookies": [], "origins": []}}


def list_pages() -> list[tuple[str, dict[str, Any]]]:
    """Every page, with whether one must be signed in."""
    return [*((path, {}) for path in SIGNED_IN), *((path, STRANGER) for path in OPEN)]


def list_pages_of_each_kind() -> list[tuple[str, dict[str, Any]]]:
    """Of the pages that one template draws in one way, whichever thing they are about, the first."""
    found: dict[tuple[str, ...], tuple[str, dict[str, Any]]] = {}
    for path, options in list_pages():
        address, _sign, query = path.partition("?")
        words = address.strip("/").split("/")
        shown = [part for part in query.split("&") if part.startswith("show=")]
        words = [words[0], "any"] if words[0] in SAME_KIND and len(words) == 2 else words
        found.setdefault((*words, *shown, str(bool(options))), (path, options))
    return list(found.values())
