"""The addresses of the console."""

from hoshu.web.console import (
    agreements,
    case_actions,
    cases,
    customers,
    decisions,
    files,
    history,
    intake,
    licences,
    messages,
    operator,
    people,
    registration,
    registration_decide,
    terms,
    terms_tools,
    terms_try,
    today,
)

app_name = "console"
urlpatterns = [
    *agreements.urlpatterns,
    *case_actions.urlpatterns,
    *cases.urlpatterns,
    *customers.urlpatterns,
    *decisions.urlpatterns,
    *files.urlpatterns,
    *history.urlpatterns,
    *intake.urlpatterns,
    *licences.urlpatterns,
    *messages.urlpatterns,
    *operator.urlpatterns,
    *people.urlpatterns,
    *registration.urlpatterns,
    *registration_decide.urlpatterns,
    *terms.urlpatterns,
    *terms_tools.urlpatterns,
    *terms_try.urlpatterns,
    *today.urlpatterns,
]
