"""A browser that is a kiosk shows the patients' own screens and nothing else; one that is a wall shows the wall alone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from daysheet.kernel import clock
from daysheet.portal.seat import KIOSK, is_wall

OPEN_TO_A_KIOSK = ("/p/here/", "/static/", "/health/")
OPEN_TO_A_WALL = ("/p/here/wall/", "/p/here/leave/", "/static/", "/health/")


class KioskStays:
    """Whatever else a kiosk asks for leads back to its first screen: it holds no sign-in, and gets none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on, stamped with the real moment, or send it back."""
        request.META["daysheet.moment"] = clock.system_now().timestamp()
        if request.path.startswith(OPEN_TO_A_WALL) or not request.COOKIES or KIOSK not in request.session:
            return self.get_response(request)
        if is_wall(request.session):
            return HttpResponseRedirect(reverse("portal:wall"), status=303)
        if not request.path.startswith(OPEN_TO_A_KIOSK):
            return HttpResponseRedirect(reverse("portal:here"), status=303)
        return self.get_response(request)
