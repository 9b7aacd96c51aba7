"""What is missing or damaged in a parcel, as the customer or the desk ticks it (MM-FLW-04)."""

from typing import Any

from django import forms

PARTS = ("UTM装置", "スタンド", "LANケーブル", "電源", "クイックスタートガイド", "取扱説明書")
"""What is packed with a lent machine; the terms name a part of it only, so others can be written in."""


class MissingForm(forms.Form):
    """Nothing ticked: everything was there. Cleans `found` to a list of {part, state}."""

    missing = forms.MultipleChoiceField(
        label="足りないもの",
        choices=[(part, part) for part in PARTS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    damaged = forms.MultipleChoiceField(
        label="壊れているもの",
        choices=[(part, part) for part in PARTS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    other = forms.CharField(label="ほかに足りないもの", max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        found = [{"part": part, "state": "不足"} for part in [*said.get("missing", []), said.get("other", "")] if part]
        found += [{"part": part, "state": "破損"} for part in said.get("damaged", [])]
        return {**said, "found": found}
