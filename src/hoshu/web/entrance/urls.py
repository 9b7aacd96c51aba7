from django.urls import path

from hoshu.web.entrance import apply, code, confirm, first, register, service, setup, terms

app_name = "entrance"
urlpatterns = [
    *register.urlpatterns,
    path("", first.first, name="first"),
    path("apply/<slug:code>/", apply.apply, name="apply"),
    path("c/<slug:code>/", code.show, name="code"),
    path("confirm/<str:key>/", confirm.show, name="confirm"),
    path("demo/login", first.demo_login, name="demo_login"),
    path("setup/<str:token>", setup.set_up, name="setup"),
    path("terms/", terms.index, name="terms"),
    path("terms/<slug:service>/", service.page, name="service"),
    path("terms/<slug:service>/<slug:edition>/", terms.edition, name="edition"),
    path("terms/<slug:service>/<slug:edition>/clause", terms.clause, name="clause"),
]
