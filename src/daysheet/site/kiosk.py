"""A browser that is a kiosk shows the patients' own screens and nothing else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from daysheet.kernel import clock
from daysheet.portal.seat import KIOSK

OPEN_TO_A_KIOSK = ("/p/here/", "/static/", "/health/")


class KioskStays:
    """Whatever else a kiosk asks for leads back to its first screen: it holds no sign-in, and gets none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on, stamped with the real moment, or send it back."""
        request.META["daysheet.moment"] = clock.system_now().timestamp()
        is_elsewhere = not request.path.startswith(OPEN_TO_A_KIOSK)
        if is_elsewhere and request.COOKIES and KIOSK in request.session:
            return HttpResponseRedirect(reverse("portal:here"), status=303)
        return self.get_response(request)
