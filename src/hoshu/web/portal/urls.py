"""The addresses of the portal; each module of views lists its own."""

from hoshu.web.portal import agreements, applications, ending, home, report

app_name = "portal"
urlpatterns = [
    *agreements.urlpatterns,
    *applications.urlpatterns,
    *ending.urlpatterns,
    *home.urlpatterns,
    *report.urlpatterns,
]
