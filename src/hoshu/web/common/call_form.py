"""The fault call as a form: the six pieces of information of 第3章 6.(6), in their order."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from hoshu import catalog
from hoshu.cases.call import Call
from hoshu.cases.words import Backup, Channel, Evidence, Symptom
from hoshu.contracts.finding import Cover, Unit
from hoshu.contracts.serials import normalise
from hoshu.flows.service_call import Exclusion
from hoshu.web.common.inputs import DateField

SITE_CHOICES = [("same", "登録の設置場所と同じ"), ("other", "登録と違う場所")]
BACKUP_CHOICES = [("", "まだ伺っていない"), *[choice for choice in Backup.choices if choice[0] != Backup.UNREADABLE]]
SHOWN_CHOICES = [("", "伺っていない"), ("yes", "提示された"), ("no", "提示されない")]
WARRANTY = ("warranty_card_shown", "warranty_numbers", "warranty_until", "warranty_dealer")
EVIDENCE_EXAMPLES = {
    Evidence.POWER: "他の機器は動いている",
    Evidence.LED: "PWRが消灯",
    Evidence.CABLE: "なし(交換して確認)",
    Evidence.SETTINGS: "なし(変更していない)",
    Evidence.LOG: "あり(電圧の異常)",
    Evidence.OTHER: "",
}


class CallForm(forms.Form):
    """Everything may stay empty: a call is taken whatever is missing, and the missing is shown with its effect."""

    channel = forms.ChoiceField(label="受付経路", choices=Channel.choices, initial=Channel.PHONE)
    caller_name = forms.CharField(label="お電話の方のお名前", max_length=80, required=False)
    caller_company = forms.CharField(label="会社名", max_length=120, required=False)
    caller_phone = forms.CharField(label="折り返しの電話番号", max_length=40, required=False)
    caller_email = forms.EmailField(label="受付の通知を送るメール", required=False)
    told = forms.CharField(label="お申し出の内容", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    reported_as = forms.CharField(label="お申し出の製造番号", max_length=80, required=False)
    serial_confirmed = forms.BooleanField(label="品名と製造番号を読み上げて確かめた", required=False)
    not_identified = forms.BooleanField(label="どの機器の故障か、まだ切り分けできていない", required=False)
    site = forms.ChoiceField(label="設置場所", choices=SITE_CHOICES, required=False, widget=forms.RadioSelect)
    site_address = forms.CharField(label="設置場所の住所", max_length=200, required=False)
    site_contact = forms.CharField(label="ご担当者のお名前", max_length=80, required=False)
    site_phone = forms.CharField(label="ご担当者の電話番号", max_length=40, required=False)
    abroad = forms.BooleanField(label="機器は日本国外にある", required=False)
    symptoms = forms.MultipleChoiceField(
        label="障害状況", choices=Symptom.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    symptom_note = forms.CharField(label="障害状況の補足", required=False)
    occurred_on = DateField(label="障害の発生日", required=False)
    software_version = forms.CharField(label="ソフトウェアのバージョン", max_length=40, required=False)
    backup = forms.ChoiceField(
        label="最新のコンフィグのバックアップ", choices=BACKUP_CHOICES, required=False, widget=forms.RadioSelect
    )
    backup_date = DateField(label="バックアップの日付", required=False)
    mounted_cm = forms.IntegerField(label="床からの高さ(cm)", min_value=0, max_value=9999, required=False)
    conditions_breached = forms.BooleanField(label="設置環境などの使用条件を外れている", required=False)
    warranty_card_shown = forms.ChoiceField(
        label="保証書", choices=SHOWN_CHOICES, required=False, widget=forms.RadioSelect
    )
    warranty_numbers = forms.CharField(label="保証書の番号", max_length=200, required=False)
    warranty_until = DateField(label="保証の期限", required=False)
    warranty_dealer = forms.CharField(label="取り次いだ販売店", max_length=120, required=False)
    exclusion = forms.ChoiceField(label="除外作業に当たる原因", required=False)
    exclusion_finding = forms.CharField(label="確認したこと", required=False)

    def __init__(self, *args: Any, unit: Unit | None, on: date, codes: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.registered_site = unit.cover_on(on).site if unit else None
        self.fields["exclusion"].choices = [("", "なし"), *codes.items()]
        for kind in Evidence:
            self.fields[f"evidence_{kind}"] = forms.CharField(label=kind.label, max_length=200, required=False)
            self.fields[f"evidence_{kind}"].widget.attrs["placeholder"] = EVIDENCE_EXAMPLES[kind]
        if unit is not None and not _knows_warranty(unit.cover_on(on)):
            for name in WARRANTY:
                del self.fields[name]
        if unit is None:
            del self.fields["site"]
        elif unit.software_versions:
            self.fields["software_version"].widget.attrs["list"] = "versions"

    @property
    def evidence_fields(self) -> list[forms.BoundField]:
        return [self[f"evidence_{kind}"] for kind in Evidence]

    def clean_reported_as(self) -> str:
        said = self.cleaned_data["reported_as"].strip()
        if said and self.unit and normalise(said) not in {self.unit.serial, *self.unit.former_serials}:
            raise forms.ValidationError(
                f"この機器の製造番号は {self.unit.serial} です。機器を選び直すか、番号を確かめてください。"
            )
        return said

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("exclusion") and not said.get("exclusion_finding", "").strip():
            self.add_error("exclusion_finding", "確認したことを入力してください。例: 吸気口に水の跡がある。")
        return said

    def call(self) -> Call:
        """What was said so far, from whatever is valid already: a preview never waits for a whole form."""
        said = self.cleaned_data
        site = self._site(said)
        return Call(
            **{name: said[name] for name in _TAKEN_AS_TYPED if said.get(name) is not None},
            **site,
            reported_as=self._number(said),
            identified=not said.get("not_identified"),
            symptoms=said.get("symptoms") or [],
            evidence={kind.value: text for kind in Evidence if (text := (said.get(f"evidence_{kind}") or "").strip())},
            in_japan=not said.get("abroad"),
            warranty_card_shown={"yes": True, "no": False}.get(said.get("warranty_card_shown") or ""),
            conditions_breached=True if said.get("conditions_breached") else None,
        )

    def initial_call(self) -> Call:
        """What is known before anything was typed."""
        return Call(reported_as=self.initial.get("reported_as", ""), mounted_cm=self.initial.get("mounted_cm"))

    def excluded(self) -> Exclusion | None:
        """The exclusion named as the cause, once both code and finding stand there."""
        code, finding = self.cleaned_data.get("exclusion"), self.cleaned_data.get("exclusion_finding")
        return Exclusion(code=code, finding=finding) if code and finding else None

    def _number(self, said: Mapping[str, Any]) -> str:
        """① as said; who confirms the number that was read out has said it."""
        typed = said.get("reported_as") or ""
        return self.unit.serial if self.unit and not typed and said.get("serial_confirmed") else typed

    def _site(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """② as said; where it is the registered site, what is not said differently is taken from the registration."""
        names = ("site_address", "site_contact", "site_phone")
        typed = {name: (said.get(name) or "").strip() for name in names}
        where = said.get("site")
        registered = self.registered_site
        if where == "same" and registered:
            known = dict(zip(names, (registered.address, registered.name, registered.phone), strict=True))
            typed = {name: typed[name] or known[name] for name in names}
        return {**typed, "site_matches": {"same": True, "other": False}.get(where or "")}


_TAKEN_AS_TYPED = (
    "channel",
    "caller_name",
    "caller_company",
    "caller_phone",
    "caller_email",
    "told",
    "serial_confirmed",
    "symptom_note",
    "occurred_on",
    "software_version",
    "backup",
    "backup_date",
    "mounted_cm",
    "warranty_numbers",
    "warranty_until",
    "warranty_dealer",
)


def _knows_warranty(cover: Cover) -> bool:
    """Do the terms know a free warranty beside the service (VA-WAR-03)?"""
    terms = catalog.edition(cover.service, cover.edition).entitlement
    return terms is not None and terms.warranty is not None
