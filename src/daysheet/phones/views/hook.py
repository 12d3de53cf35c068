"""The telephone's door to the outside."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from daysheet.phones.receiving import receive
from daysheet.ui.screens import Request, screen


@csrf_exempt  # a machine signs its reports; no browser and no session is asked
@screen(public=True, methods=("POST",))
def hook(request: Request, token: str) -> HttpResponse:
    """Take in what a telephone system reports."""
    answer = receive(request, token)
    return JsonResponse({"said": answer.sentence}, status=answer.status)
