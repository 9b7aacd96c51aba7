from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "hoshu.imports"
    label = "imports"
    verbose_name = "取り込み"
