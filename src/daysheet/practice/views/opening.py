"""Opening the installation's own practice, once, by whoever set Daysheet up."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from daysheet.kernel.errors import Refusal
from daysheet.practice import founding, signing_in
from daysheet.practice.forms import FoundingForm
from daysheet.ui.answers import invalid, page, refused
from daysheet.ui.screens import Request, screen


@screen(public=True, methods=("GET", "HEAD", "POST"))
def open_practice(request: Request) -> HttpResponse:
    """Found a practice with its manager and lead on to its first steps; gone for good once a practice was opened.

    An insurer's manager is led to the insurance desk.
    """
    if request.method != "POST":
        if not founding.may_found_by_page():
            raise Http404
        return page(request, "practice/open.html", {"form": FoundingForm()})
    form = FoundingForm(request.POST)
    if not form.is_valid():
        return invalid(request, "practice/open.html", "_open_form.html", form)
    try:
        place = signing_in.found_and_enter(request, **form.facts())
    except Refusal as no:
        told = {"is_closed": isinstance(no, founding.SetUpIsClosed)}
        return refused(request, "practice/open.html", "_open_form.html", form, no, told)
    at_desk = place is not None and place.role == "insurance_manager"
    return HttpResponseRedirect(reverse("payer:desk" if at_desk else "practice:set-up"), status=303)
