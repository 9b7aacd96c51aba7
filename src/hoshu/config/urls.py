"""Which door answers which address."""

from django.urls import include, path

urlpatterns = [
    path("", include("hoshu.web.entrance.urls")),
    path("account/", include("allauth.account.urls")),
    path("console/", include("hoshu.web.console.urls")),
    path("portal/", include("hoshu.web.portal.urls")),
    path("api/", include("hoshu.web.api.urls")),
]
