"""The people of a company."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from vafa.data.business.queries import get_business
from vafa.data.customers.queries import count_people_of_company, list_people_of_company, list_reach
from vafa.front.overview.viewer import get_owner_id
from vafa.kit.ids import read_id
from vafa.kit.permissions import Permission, requires

PEOPLE_A_PAGE = 100


@requires(Permission.SEE_CUSTOMERS)
@require_GET
def company(request: HttpRequest) -> HttpResponseBase:
    """`/companies/?name=&after=`: who is recorded under a company's name, as far as this person may see them."""
    name, after = request.GET.get("name", "").strip(), request.GET.get("after", "")
    owner_id = get_owner_id(request.user, get_business())
    found = list_people_of_company(
        name, owner_id=owner_id, after=read_id(after) or 0, count=PEOPLE_A_PAGE + 1
    )
    if not found:
        raise Http404
    people, reach = found[:PEOPLE_A_PAGE], list_reach([person.id for person in found])
    context = {
        "company": name,
        "count": count_people_of_company(name, owner_id=owner_id),
        "people": [(person, reach.get(person.id)) for person in people],
        "next_url": f"{reverse('company')}?{urlencode({'name': name, 'after': people[-1].id})}"
        if len(found) > PEOPLE_A_PAGE
        else None,
    }
    return render(request, "customers/company.html", context)
