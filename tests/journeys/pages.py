"""Every page that a browser can open in the Persian shop."""

from typing import Any

RULE = "rule=purchase:60d"
SIGNED_IN = (
    f"/overview/?{RULE}&by=location",
    f"/names/lost/?every=own&from=2025-09-23&to=2025-10-23&{RULE}",
    "/customers/",
    "/customers/?q=zzzz",
    f"/customers/1/?{RULE}",
    "/segments/",
    "/segments/build/",
    "/segments/list/",
    "/understand/",
    "/what-if/?customers=1000&new=50&churn=10&revenue=1200000&margin=30&acquisition_cost=9&churn_to=5",
    "/benchmarks/?industry=saas",
    "/changes/",
    "/quality/",
    "/quality/unreachable/",
    "/quality/impossible_times/",
    "/dictionary/nps/",
    "/reports/",
    "/reports/new/",
    "/dictionary/",
    "/dictionary/crr/",
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
    "/settings/periods/",
    "/settings/left-out/",
    "/settings/sources/",
    "/settings/mail/",
    "/settings/tokens/",
    "/settings/staff/",
    "/settings/audit/",
    "/my-account/",
    "/rate/?start=20&end=24&new=5&period=quarter&industry=retail",
    "/no-such-page/",
)
OPEN = ("/sign-in/", "/api/v1/docs/", "/rate/", "/rate/?start=20&end=30&new=5", "/invitation/spent/")
STRANGER: dict[str, Any] = {"storage_state": {"cookies": [], "origins": []}}


def list_pages() -> list[tuple[str, dict[str, Any]]]:
    """Every page, with whether one must be signed in."""
    return [*((path, {}) for path in SIGNED_IN), *((path, STRANGER) for path in OPEN)]
