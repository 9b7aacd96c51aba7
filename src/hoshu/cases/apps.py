from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "hoshu.cases"
    label = "cases"
    verbose_name = "事案"
