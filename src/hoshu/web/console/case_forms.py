"""What may be done with a case, as small forms: one act each."""

from collections.abc import Mapping
from typing import Any

from django import forms

from hoshu.cases.queries import FILE_PURPOSES
from hoshu.cases.words import (
    CauseCode,
    CooperationKind,
    Erasure,
    ExchangedPart,
    RulingAbout,
    StatementKind,
    SuspendedPart,
)
from hoshu.web.common.inputs import DateField, MomentField


def _prose(label: str, *, required: bool = True, rows: int = 2) -> forms.CharField:
    return forms.CharField(label=label, required=required, widget=forms.Textarea(attrs={"rows": rows}))


class MatchForm(forms.Form):
    device = forms.IntegerField(widget=forms.HiddenInput)


class DispatchForm(forms.Form):
    send = forms.ChoiceField(
        label="判断", choices=[("yes", "派遣する"), ("no", "派遣せずに終了する")], widget=forms.RadioSelect
    )
    reason = _prose("理由")


class ReasonForm(forms.Form):
    reason = _prose("理由")


class VisitForm(forms.Form):
    start = MomentField(label="訪問の予定")
    override_reason = forms.CharField(label="対応時間の外にする理由", max_length=200, required=False)


class RulingForm(forms.Form):
    about = forms.ChoiceField(label="判断すること", choices=RulingAbout.choices)
    serve = forms.ChoiceField(
        label="判断", choices=[("yes", "対応する"), ("no", "対応しない")], widget=forms.RadioSelect
    )
    finding = _prose("確認したこと")
    evidence = forms.CharField(label="根拠(写真、届出など)", required=False)


class ExclusionForm(forms.Form):
    code = forms.ChoiceField(label="除外作業")
    as_cause = forms.ChoiceField(
        label="どちらですか",
        choices=[("yes", "障害の原因がこれに当たる"), ("no", "依頼された作業の一部がこれに当たる")],
        widget=forms.RadioSelect,
    )
    finding = _prose("確認したこと")
    failed_part = forms.CharField(label="故障した部位", max_length=80, required=False)
    evidence = forms.CharField(label="根拠(写真など)", required=False)

    def __init__(self, *args: Any, codes: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [("", "選んでください"), *codes.items()]


class WithdrawForm(forms.Form):
    tag = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label="取り消す理由")


class RequestForm(forms.Form):
    kind = forms.ChoiceField(label="お願いの種類", choices=CooperationKind.choices, initial=CooperationKind.INFORMATION)
    content = _prose("内容")
    wished_by = MomentField(label="希望の期限", required=False)


class ReplyForm(forms.Form):
    request = forms.IntegerField(widget=forms.HiddenInput)
    answer = _prose("回答")
    complied = forms.ChoiceField(
        label="協力", choices=[("yes", "応じていただいた"), ("no", "応じていただけなかった")], widget=forms.RadioSelect
    )


class StatementForm(forms.Form):
    kind = forms.ChoiceField(label="種類", choices=StatementKind.choices)
    text = _prose("内容")
    person = forms.CharField(label="お客様のお名前", max_length=80, required=False)
    agreed = forms.ChoiceField(
        label="お客様の了承", choices=[("", "伺っていない"), ("yes", "了承"), ("no", "辞退")], required=False
    )


class NoteForm(forms.Form):
    text = _prose("内容")
    internal = forms.BooleanField(label="社内のみ(お客様には見せない)", required=False)


class FileForm(forms.Form):
    upload = forms.FileField(label="ファイル")
    purpose = forms.ChoiceField(
        label="種類",
        choices=FILE_PURPOSES,
    )
    personal_number = forms.ChoiceField(
        label="個人番号(マイナンバー)を含みますか",
        choices=[("no", "含まない"), ("yes", "含む"), ("unknown", "わからない")],
        required=False,
        widget=forms.RadioSelect,
        help_text="含むもの、わからないものは、中を開かずに隔離します(第4章 9.(3))。",
    )
    file_date = DateField(label="ファイルの日付", required=False)
    latest_declared_by = forms.CharField(
        label="最新と申告された方", max_length=80, required=False, help_text="設定のバックアップのとき"
    )


class LatestForm(forms.Form):
    file = forms.IntegerField(widget=forms.HiddenInput)
    person = forms.CharField(label="最新と申告された方", max_length=80)
    readable = forms.ChoiceField(
        label="読み込み",
        choices=[("", "まだ確かめていない"), ("yes", "読み込める"), ("no", "読み込めない")],
        required=False,
    )


class StepForm(forms.Form):
    kind = forms.CharField(widget=forms.HiddenInput)
    at = MomentField(label="実施日時")
    result = forms.CharField(label="結果", max_length=200, required=False)
    rules = forms.BooleanField(label="お客様の安全衛生の規則を確認した", required=False)


class SkipForm(forms.Form):
    kind = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label="行わない理由", max_length=200)


class InterruptForm(forms.Form):
    at = MomentField(label="中断した日時")
    reason = forms.CharField(label="理由", max_length=200)


class ResumeForm(forms.Form):
    at = MomentField(label="再開した日時")


class ExchangeForm(forms.Form):
    part = forms.ChoiceField(label="交換したもの", choices=ExchangedPart.choices)
    unit = forms.CharField(label="交換単位", max_length=80)
    removed = forms.CharField(label="故障品の製造番号", max_length=40)
    substitute = forms.CharField(label="代替品の製造番号", max_length=40)
    received_at = MomentField(label="受領された日時")
    received_by = forms.CharField(label="受領された方", max_length=80)

    def __init__(self, *args: Any, units: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if units:
            self.fields["unit"] = forms.ChoiceField(label="交換単位", choices=[(unit, unit) for unit in units])


class ErasureForm(forms.Form):
    exchange = forms.IntegerField(widget=forms.HiddenInput)
    erasure = forms.ChoiceField(label="データの消去", choices=Erasure.choices, widget=forms.RadioSelect)
    person = forms.CharField(label="申告された方", max_length=80)
    consent = forms.BooleanField(label="消去できないまま引き渡すことに同意をいただいた", required=False)


class CollectionForm(forms.Form):
    exchange = forms.IntegerField(widget=forms.HiddenInput)
    at = MomentField(label="回収した日時", required=False)
    kept_reason = forms.CharField(label="回収できない理由", max_length=200, required=False)


class CompleteForm(forms.Form):
    report = _prose("作業内容(お客様へお渡しします。原因は書きません)", rows=3)
    at = MomentField(label="完了した日時")


class CauseForm(forms.Form):
    code = forms.ChoiceField(label="原因", choices=CauseCode.choices)
    remark = _prose("所見", required=False)


class RecurrenceForm(forms.Form):
    earlier = forms.ChoiceField(label="前回の受付")
    same_fault = forms.ChoiceField(
        label="障害", choices=[("yes", "前回と同じ"), ("no", "違う")], widget=forms.RadioSelect
    )
    same_cause = forms.ChoiceField(
        label="原因",
        choices=[("yes", "前回と同じ"), ("no", "違う"), ("", "まだ判断できない")],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, earlier: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["earlier"].choices = earlier


class SuspendForm(forms.Form):
    finding = _prose("確認したこと")
    parts = forms.MultipleChoiceField(
        label="中断する範囲", choices=SuspendedPart.choices, widget=forms.CheckboxSelectMultiple
    )
    at = MomentField(label="中断の日時")
    notified_at = MomentField(label="お客様へ知らせた日時", required=False)


class ForceMajeureForm(forms.Form):
    cause = forms.CharField(label="原因", max_length=120)
    started_at = MomentField(label="開始の日時")
    ended_at = MomentField(label="終了の日時", required=False)


class EndSuspensionForm(forms.Form):
    suspension = forms.IntegerField(widget=forms.HiddenInput)
    measure = _prose("確認した対策")
    at = MomentField(label="再開の日時")
