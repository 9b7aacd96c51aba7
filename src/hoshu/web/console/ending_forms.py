"""What may be done about the end of an agreement, as small forms: one act each."""

from collections.abc import Iterable
from typing import Any

from django import forms

from hoshu.contracts.queries import ENDING_SIDES, INVESTIGATION_OUTCOMES
from hoshu.web.common.inputs import DateField, MomentField

Choices = Iterable[tuple[str, str]]
METHODS = [("erased", "消去した"), ("returned", "返却した"), ("destroyed", "廃棄した")]


def _prose(label: str, *, required: bool = True, rows: int = 2, hint: str = "") -> forms.CharField:
    return forms.CharField(label=label, required=required, help_text=hint, widget=forms.Textarea(attrs={"rows": rows}))


def _side(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=ENDING_SIDES, widget=forms.RadioSelect, initial="provider")


class ActForm(forms.Form):
    """A form whose fields are marked in our own way; `row` says which row it is about, where there are several."""

    row = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)


class RowForm(ActForm):
    """An act about a row that is there already."""

    row = forms.IntegerField(widget=forms.HiddenInput)


class StopForm(ActForm):
    on = DateField(label="中止する日", help_text="この日まで利用できます。月末まで利用できるサービスもあります。")


class ProposeForm(ActForm):
    by = _side("終える側")
    ground = forms.ChoiceField(label="理由")
    measure = forms.ChoiceField(
        label="措置",
        choices=[("end", "終了する"), ("suspend", "利用を停止する")],
        widget=forms.RadioSelect,
        initial="end",
    )
    part = forms.ChoiceField(label="範囲", required=False)
    scope_note = forms.CharField(label="範囲の補足", max_length=200, required=False, help_text="例: 3台のうち2台")
    at = MomentField(label="終える日時")
    evidence = _prose("証拠と事実", required=False, hint="催告を経た終了では、空欄のままで構いません。")
    ground_on = DateField(label="理由が生じた日", required=False)
    demand = forms.ChoiceField(label="催告", required=False)
    investigation = forms.ChoiceField(label="調査", required=False)
    breach = forms.ChoiceField(label="違反の記録", required=False)
    lock_accounts = forms.BooleanField(label="お客様のアカウントをすぐに止める", required=False)

    def __init__(
        self,
        *args: Any,
        grounds: Choices,
        parts: Choices,
        demands: Choices,
        investigations: Choices,
        breaches: Choices,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [("", "選んでください"), *grounds]
        self.fields["part"].choices = [("", "契約の全体"), *parts]
        for name, rows in (("demand", demands), ("investigation", investigations), ("breach", breaches)):
            self.fields[name].choices = [("", "なし"), *rows]


class ReasonForm(RowForm):
    reason = _prose("理由")


class RefundForm(RowForm):
    refund = forms.ChoiceField(
        label="返金", choices=[("yes", "返金する"), ("no", "返金しない")], widget=forms.RadioSelect
    )
    reason = _prose("理由")


class DebtForm(RowForm):
    what = forms.CharField(label="債務の内容", max_length=200)
    amount_yen = forms.IntegerField(label="金額（円）", min_value=0, max_value=2_000_000_000)
    due_on = DateField(label="もとの支払期日")
    paid = forms.BooleanField(label="支払い済み", required=False)


class DemandForm(ActForm):
    by = _side("催告する側")
    duty = forms.CharField(label="果たされない義務", max_length=400)
    clause = forms.CharField(label="義務の条項", max_length=40, required=False)
    facts = _prose("事実")
    sent_on = DateField(label="催告した日")
    period_days = forms.IntegerField(label="期間（日数）", min_value=1, max_value=3650)
    period_reason = forms.CharField(label="期間の理由", max_length=400)


class FollowForm(RowForm):
    arrived_on = DateField(label="着いた日", required=False)
    performed_on = DateField(label="果たされた日", required=False)
    minor = forms.ChoiceField(
        label="軽微な違反か", choices=[("", "未判断"), ("no", "軽微でない"), ("yes", "軽微")], required=False
    )
    minor_reason = forms.CharField(label="その理由", max_length=400, required=False)


class InvestigateForm(ActForm):
    by = _side("調査する側")
    suspicion = _prose("疑いの根拠")
    questions = _prose("相手への質問", required=False)


class AnswerForm(RowForm):
    text = _prose("相手の回答")
    on = DateField(label="回答の日")


class CloseForm(RowForm):
    outcome = forms.ChoiceField(label="結果", choices=INVESTIGATION_OUTCOMES, widget=forms.RadioSelect)
    finding = _prose("結果の理由")


class WornOutForm(ActForm):
    on = DateField(label="判断した日")
    judgement = _prose("正常に動かせないと判断した根拠")


class SettleForm(RowForm):
    talks = _prose("お客様との協議の内容")
    result = _prose("協議の結果")
    on = DateField(label="決まった日")


class BreachForm(ActForm):
    code = forms.ChoiceField(label="違反の番号")
    found_on = DateField(label="見つかった日")
    finding = _prose("事実")
    unit_serial = forms.CharField(label="貸出機の製造番号", max_length=40, required=False)
    support_code = forms.CharField(label="使われたサポートID", max_length=40, required=False)
    used_from = MomentField(label="使用の開始", required=False)
    used_until = MomentField(label="使用の終わり", required=False)
    effect = forms.CharField(label="影響", max_length=400, required=False)
    damaged_party = forms.CharField(label="損害を受けた側", max_length=120, required=False)
    damage = forms.CharField(label="損害の内容", max_length=400, required=False)
    amount_yen = forms.IntegerField(label="損害額（円）", min_value=0, max_value=2_000_000_000, required=False)

    def __init__(self, *args: Any, codes: Choices, misuse: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [("", "選んでください"), *codes]
        for name in ("unit_serial",) if misuse else ("support_code", "used_from", "used_until", "effect"):
            del self.fields[name]
        if misuse:
            # SP-SID-02: the provider's own damage alone can be claimed.
            text = "サポートIDの使用の誤りでは、提供者の損害だけを請求できます。そのときは「提供者」と入力します。"
            self.fields["damaged_party"].help_text = text


class CheckForm(RowForm):
    pass


class DecideForm(RowForm):
    confirmed = forms.ChoiceField(
        label="判断", choices=[("yes", "該当する"), ("no", "該当しない")], widget=forms.RadioSelect
    )
    reason = _prose("判断の理由")
    amount_yen = forms.IntegerField(label="損害額（円）", min_value=0, max_value=2_000_000_000, required=False)


class MeasureForm(RowForm):
    text = _prose("行った措置")


class HoldForm(ActForm):
    code = forms.ChoiceField(label="種類")
    reason = _prose("残す理由")
    since = DateField(label="理由が生じた日")
    until = DateField(label="最後の日", required=False)

    def __init__(self, *args: Any, codes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [("", "選んでください"), *codes, ("その他", "その他")]


class ReleaseForm(RowForm):
    last_day = DateField(label="残した最後の日")


class DestroyForm(ActForm):
    sure = forms.BooleanField(label="元に戻せないことを確かめました")


class ByHandForm(ActForm):
    method = forms.ChoiceField(label="方法", choices=METHODS, widget=forms.RadioSelect)
    how = forms.CharField(label="何をどうしたか", max_length=200)
    on = DateField(label="行った日")
