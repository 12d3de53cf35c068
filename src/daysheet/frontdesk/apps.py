"""The room `frontdesk` as a Django app."""

from django.apps import AppConfig

from daysheet.kernel.access import Can


class FrontdeskConfig(AppConfig):
    """The desk's own screens: day board, check-in, check-out, waiting room."""

    name = "daysheet.frontdesk"
    label = "frontdesk"


NAV = [("board", "Day board", "frontdesk:board", "board", Can.SEE_SCHEDULE, 20)]
