"""The answer to a POST that has done its work."""

from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """After a POST: where to look now, by a GET."""

    status_code = 303
