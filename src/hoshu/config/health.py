"""What a supervisor or a load balancer asks."""

from django.db import connection
from django.http import HttpRequest, HttpResponse

from hoshu.web.common.views import public


@public
def health(request: HttpRequest) -> HttpResponse:
    """204 while pages can be served: the process answers and its database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse(status=204)
