"""The addresses of the academy; each of its rooms names its own pages."""

from django.urls import include, path

from daysheet.academy.languages import in_spanish
from daysheet.academy.planner.views import certificates, plan
from daysheet.academy.programs.views import cost

app_name = "academy"

urlpatterns = [
    path("", include("daysheet.academy.home.urls")),
    path("", include("daysheet.academy.facts.urls")),
    path("", include("daysheet.academy.planner.urls")),
    path("", include("daysheet.academy.pay.urls")),
    path("", include("daysheet.academy.programs.urls")),
    path("es/path/", in_spanish(plan.path), name="es-path"),
    path("es/path/open/", in_spanish(plan.plan_open), name="es-plan-open"),
    path("es/cost/", in_spanish(cost.cost), name="es-cost"),
    path("es/certificates/", in_spanish(certificates.catalogue), name="es-certificates"),
]
