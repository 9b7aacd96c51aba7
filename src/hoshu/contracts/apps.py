from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "hoshu.contracts"
    label = "contracts"
    verbose_name = "契約"
