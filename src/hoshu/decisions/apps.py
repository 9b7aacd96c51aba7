from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "hoshu.decisions"
    label = "decisions"
    verbose_name = "判定"
