"""The operator's profile as a form: at the set-up and later in the settings."""

import re
import unicodedata
from collections.abc import Collection
from typing import Any

from django import forms

from hoshu import catalog
from hoshu.accounts import Refused, operators
from hoshu.japan import addresses, phones
from hoshu.web.common.inputs import ReadField

MOST_DAYS = 365
"""A reminder further ahead reminds of nothing."""


def services() -> list[tuple[str, str]]:
    """The services of the catalogue with the name their newest edition gives them."""
    return [(service, catalog.editions(service)[-1].name) for service in catalog.services()]


def provided() -> list[tuple[str, str]]:
    """Those of them that the operator provides; all before it has said which."""
    operator = operators.profile()
    return [(service, name) for service, name in services() if not operator or service in operator.services]


def offered(among: Collection[str]) -> list[tuple[str, str]]:
    """Of the services in `among`, those the operator provides; all of them where it provides none."""
    return [one for one in provided() if one[0] in among] or [one for one in services() if one[0] in among]


class DaysField(forms.CharField):
    """Numbers of days, however they are separated: 「90、60、30」. Cleans to a list, the most first."""

    def prepare_value(self, value: Any) -> Any:
        return "、".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[int]:  # type: ignore[override]
        text = unicodedata.normalize("NFKC", super().to_python(value) or "")
        days = [part for part in re.split(r"[、,，\s]+", text) if part]
        if any(not part.isdecimal() or not 0 < int(part) <= MOST_DAYS for part in days):
            raise forms.ValidationError(f"1から{MOST_DAYS}までの日数を並べてください。例: 90、60、30")
        return sorted({int(part) for part in days}, reverse=True)


class OperatorForm(forms.Form):
    """Name, address, registration number, desks, services. Only the name is required: nothing is guessed."""

    name = forms.CharField(label="名称", max_length=120)
    department = forms.CharField(label="部署", max_length=120, required=False)
    postal_code = ReadField(label="郵便番号", read=addresses.postal_code, required=False)
    address = forms.CharField(label="住所", max_length=200, required=False)
    registration_number = forms.CharField(label="登録番号（T番号）", max_length=30, required=False)
    sole_trader = forms.BooleanField(label="個人事業主です（法人番号ではありません）", required=False)
    registration_centre = forms.CharField(label="登録受付の窓口名", max_length=120, required=False)
    registration_email = forms.EmailField(label="登録受付のメール", required=False)
    fault_desk = forms.CharField(label="障害受付窓口の名称", max_length=120, required=False)
    fault_desk_phone = ReadField(label="障害受付窓口の電話", read=phones.read, max_length=40, required=False)
    privacy_officer = forms.CharField(
        label="個人情報の管理責任者",
        max_length=120,
        required=False,
        help_text="空欄の間は、同封の案内「はじめにお読みください」をご覧いただくよう表示します。",
    )
    reminder_days = DaysField(
        label="満了のお知らせ（満了日の何日前か）",
        required=False,
        initial=operators.usual_reminder_days,
        help_text="間を空けて並べます。空欄にすると送りません。",
    )
    services = forms.MultipleChoiceField(
        label="取り扱うサービス", choices=services, widget=forms.CheckboxSelectMultiple, required=False
    )

    def clean(self) -> dict[str, Any]:
        entries = super().clean()
        if number := entries.get("registration_number"):
            try:
                entries["registration_number"] = operators.registration_number(
                    number, sole_trader=entries.get("sole_trader", False)
                )
            except Refused as refused:
                self.add_error(refused.field, refused.message)
        return entries

    @property
    def profile(self) -> dict[str, Any]:
        """What `operators.save` takes."""
        sent = _STORED if "reminder_days" in self.data else _STORED - {"reminder_days"}
        return {name: value for name, value in self.cleaned_data.items() if name in sent}


_STORED = set(OperatorForm.base_fields) - {"sole_trader"}
