"""Which door answers which address."""

from django.urls import include, path

from hoshu.config.health import health
from hoshu.web.common import addresses, design, errors

urlpatterns = [
    path("", include("hoshu.web.entrance.urls")),
    path("account/", include("hoshu.web.entrance.account")),
    path("console/", include("hoshu.web.console.urls")),
    path("mailbox/", include("hoshu.web.console.mailbox")),
    path("portal/", include("hoshu.web.portal.urls")),
    path("api/", include("hoshu.web.api.urls")),
    path("address", addresses.candidates, name="address"),
    path("design", design.show, name="design"),
    path("healthz", health),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.server_error
