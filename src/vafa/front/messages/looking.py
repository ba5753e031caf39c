"""The preview of a template as it is being written: as any customer would get it. Keeps nothing."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from vafa.act.messaging.queries import KNOWN, MAY_LACK, build_made_up_values, check_content, list_values
from vafa.act.messaging.types import LANGUAGES, TemplateContent
from vafa.data.business.queries import get_business
from vafa.data.customers.queries import list_customer_rows, list_seen, search_customers
from vafa.front.choices import list_language_choices
from vafa.front.messages.drafts import Draft
from vafa.front.messages.editors.channels import get_editor
from vafa.front.messages.editors.kinds import Eyes, get_direction
from vafa.front.messages.problems import list_problems, list_setup_problems
from vafa.front.overview.viewer import get_owner_id
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.ids import read_id
from vafa.kit.permissions import Permission, may

# The language in which the preview is shown, where it is not one of the four: that of the open tab, or the customer's.
TAB, OWN = "", "own"
MOST_HITS = 8


def build_look(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """What the preview's own part shows: who gets it, what it says, and what is wrong with it."""
    told = request.POST if request.method == "POST" else request.GET
    find = told.get("find", "").strip()[:100]
    sees = may(request.user, Permission.SEE_CUSTOMERS)
    owner_id = get_owner_id(request.user, get_business())
    hits = search_customers(find, owner_id=owner_id, limit=MOST_HITS) if find and sees else []
    customer = find_seen(request, told.get("as", ""))
    rows = list_customer_rows(dict.fromkeys([*([customer] if customer else []), *hits]))
    language, values = choose_values(draft.content, customer, told.get("show", TAB), draft.tab)
    editor = get_editor(draft.content.channel)
    try:
        own = editor.show(draft.content, values, language, Eyes(draft.purpose, owner_id))
    except (VafaError, LookupError) as problem:
        own = {"problem": str(problem) if isinstance(problem, VafaError) else _("Nothing is written yet.")}
    found = list(check_content(draft.content, KNOWN, MAY_LACK))
    return {
        "own": own,
        "part": editor.preview_part,
        "language": language,
        "language_name": dict(list_language_choices()).get(language, language),
        "direction": get_direction(language),
        "find": find,
        "sees": sees,
        "found_none": bool(find and sees and not hits),
        "customer": customer,
        "rows": [{"id": row.id, "name": row.name or row.key, "chosen": row.id == customer} for row in rows],
        "problems": list_problems(draft.content, found),
        "setup": list_setup_problems(draft.content, draft.purpose),
        "show": told.get("show", TAB),
        "shows": [
            (TAB, _("The one that is open")),
            (OWN, _("The customer's own")),
            *list_language_choices(),
        ],
        "dark": told.get("look") == "dark",
        "phone": told.get("width") == "phone",
    }


def find_seen(request: HttpRequest, told: str) -> int | None:
    """The customer of this id, if whoever asks may see them."""
    customer = read_id(told)
    if customer is None or not may(request.user, Permission.SEE_CUSTOMERS):
        return None
    return next(iter(list_seen([customer], get_owner_id(request.user, get_business()))), None)


def choose_values(
    content: TemplateContent, customer: int | None, show: str, tab: str
) -> tuple[str, dict[str, Any]]:
    """The language of the preview, and the values that fill it in: the customer's, or somebody's who is made up."""
    now = clock.now()
    written = [code for code, text in content.texts if not text.is_empty]
    wanted = show if show in LANGUAGES else tab
    offered = written if show == OWN and written else [wanted]
    known = list_values([customer], offered=offered, now=now) if customer is not None else {}
    found = next(iter(known.values()), None) or build_made_up_values(offered[0], now)
    language = found.language
    text = content.find_text(language)
    if text is None or text.is_empty:
        language = written[0] if written else language
    return language, dict(found.values)
