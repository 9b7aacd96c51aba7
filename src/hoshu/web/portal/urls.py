"""The addresses of the portal; each module of views lists its own."""

from hoshu.web.portal import report

app_name = "portal"
urlpatterns = [
    *report.urlpatterns,
]
