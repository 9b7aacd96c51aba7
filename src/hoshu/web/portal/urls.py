"""The addresses of the portal; each module of views lists its own."""

from hoshu.web.portal import agreements, applications, changes, extensions, home, report

app_name = "portal"
urlpatterns = [
    *agreements.urlpatterns,
    *applications.urlpatterns,
    *changes.urlpatterns,
    *extensions.urlpatterns,
    *home.urlpatterns,
    *report.urlpatterns,
]
