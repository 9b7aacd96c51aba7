from django.urls import include, path
from ninja import NinjaAPI

from hoshu.web.api import decisions, guide
from hoshu.web.common.views import public

app_name = "api"

# Ninja's own pages load scripts from elsewhere, which our content policy forbids: `guide` stands in their place.
v1 = NinjaAPI(
    title="保守 API",
    version="1",
    description="約款にもとづく判定を、画面と同じ答えで返します。",
    urls_namespace="api:v1",
    docs_url=None,
    docs_decorator=public,
    openapi_extra={"components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}}},
)
v1.post("/decisions", url_name="decisions", summary="約款に質問する", openapi_extra=decisions.OPENAPI)(decisions.ask)


def _routes():
    """Ninja's routes with what the isolation test asks of every view: who may use it."""
    for route in v1.urls[0]:
        if route.name == "api-root":
            yield path("", guide.show, name="api-root")
            continue
        if route.name == "decisions":
            route.callback.permission = decisions.PERMISSION
            route.callback.login_required = False  # its key says who calls, not a session
        yield route


urlpatterns = [path("v1/", include((list(_routes()), "ninja"), namespace="v1"))]
