"""The addresses of the portal; each module of views lists its own."""

from hoshu.web.portal import (
    agreements,
    applications,
    changes,
    customers,
    ending,
    extensions,
    further,
    home,
    privacy,
    report,
    works,
)

app_name = "portal"
urlpatterns = [
    *agreements.urlpatterns,
    *applications.urlpatterns,
    *customers.urlpatterns,
    *ending.urlpatterns,
    *changes.urlpatterns,
    *extensions.urlpatterns,
    *further.urlpatterns,
    *home.urlpatterns,
    *privacy.urlpatterns,
    *report.urlpatterns,
    *works.urlpatterns,
]
