"""The addresses of the portal; each module of views lists its own."""

from hoshu.web.portal import agreements, applications, customers, ending, home, privacy, report

app_name = "portal"
urlpatterns = [
    *agreements.urlpatterns,
    *applications.urlpatterns,
    *customers.urlpatterns,
    *ending.urlpatterns,
    *home.urlpatterns,
    *privacy.urlpatterns,
    *report.urlpatterns,
]
