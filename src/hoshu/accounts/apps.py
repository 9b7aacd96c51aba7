from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hoshu.accounts"
    label = "accounts"
    verbose_name = "利用者と組織"

    def ready(self) -> None:
        import hoshu.accounts.leakproof  # noqa: F401  registers its lookup
