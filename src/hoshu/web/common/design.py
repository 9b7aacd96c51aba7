"""The page /design: every token and component in every state, with believable content. Look here before building."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hoshu.authoring import timeline
from hoshu.web.common.answer import OUTCOMES, AnswerView, Fact, Missing, Reason, Step
from hoshu.web.common.icons import ICONS
from hoshu.web.common.views import public

COLOURS = [
    ("page", "地"),
    ("surface", "面"),
    ("sunken", "くぼみ"),
    ("line", "罫線"),
    ("edge", "入力欄の枠"),
    ("ink", "文字"),
    ("muted", "補足の文字"),
    ("accent", "強調"),
    ("accent-soft", "強調(淡)"),
]


class CardForm(forms.Form):
    """An excerpt of the registration card, with every kind of input."""

    serial = forms.CharField(label="本体の製造番号", help_text="本体の底面または保証書に印字されています。")
    purchased = forms.CharField(label="ご購入日", help_text="納品書などで確かめられる日付です。")
    weekday = forms.ChoiceField(
        label="開始基準曜日",
        help_text="この曜日から5日間が対応日になります。",
        choices=[(day, day) for day in "月火水木金土日"],
        widget=forms.RadioSelect,
    )
    plan = forms.ChoiceField(
        label="プラン",
        required=False,
        choices=[("", "選んでください"), ("5d-3y", "週5日 半日 3年"), ("7d-5y", "週7日 終日 5年")],
    )
    email = forms.EmailField(label="ご連絡先のメール")
    proof = forms.FileField(
        label="購入日の証明", required=False, help_text="納品書や領収書の写し。PDF、JPEG、PNG、20 MBまで。"
    )
    symptom = forms.CharField(label="障害の状況", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    same_writer = forms.BooleanField(label="ご記入者はご連絡先と同じです", required=False)
    agreed = forms.BooleanField(label="約款の第1章、第3章、第4章を読み、同意しました")


@dataclass(frozen=True, kw_only=True)
class SampleCase:
    """A row of the sample list."""

    number: str
    outcome: str
    company: str
    serial: str
    symptom: str
    due_at: datetime
    fee_yen: int


@public
def show(request: HttpRequest) -> HttpResponse:
    """Everybody may look: the page holds no data."""
    now = request.now
    typed = {"serial": "A-12O45", "purchased": "2026/2/30", "email": "sato@", "symptom": "電源が入らない"}
    faulty = CardForm({f"faulty-{name}": value for name, value in typed.items()}, prefix="faulty")
    faulty.errors["serial"] = faulty.error_class(
        ["この番号は登録製品にありません。英字のO(オー)と数字の0(ゼロ)を確かめてください。例: A12045"]
    )
    faulty.errors["purchased"] = faulty.error_class(["2026年2月に30日はありません。例: 2026/2/28"])
    page = Paginator(range(1, 241), 50).page(2)
    return render(
        request,
        "entrance/design.html",
        {
            "colours": COLOURS,
            "icons": sorted(ICONS),
            "outcomes": list(OUTCOMES),
            "answers": _answers(now),
            "timelines": _timelines(now.date()),
            "form": CardForm(prefix="card"),
            "faulty": faulty,
            "cases": _cases(now),
            "page": page,
            "moments": [
                now + timedelta(days=2, hours=3, minutes=10),
                now + timedelta(minutes=45),
                now - timedelta(days=2),
            ],
            "days": [now.date() + timedelta(558), now.date() + timedelta(18), now.date(), now.date() - timedelta(2)],
            "saved_at": now,
        },
    )


def _answers(now: datetime) -> list[AnswerView]:
    tomorrow = (now + timedelta(days=1)).replace(hour=8, minute=30, second=0, microsecond=0)
    ends = now.date() + timedelta(558)
    hours = Reason(
        text="作業は、月曜から金曜の8時30分から21時までの間に行います。次に伺えるのは明日の8時30分からです。",
        clause="第1章 2.",
        clause_text="週5日のプランの作業時間は、開始基準曜日から続く5日間の8時30分から21時までです。",
        edition="2022年10月",
        url="#answer",
    )
    return [
        AnswerView(
            outcome="covered",
            sentence="無償で伺います。お客様のご負担はありません。",
            facts=[
                Fact(label="いつから", when=tomorrow, counts="from", note="対応時間 月〜金 8:30〜21:00"),
                Fact(label="いつまで", when=ends, counts="until", note="サポート満了日"),
                Fact(label="費用", text="お客様負担なし", note="ライセンスに含まれます"),
            ],
            reasons=[
                Reason(
                    text="この機器は登録済みで、サポート期間の中にあります。",
                    clause="第4章 2.",
                    clause_text="サポートは登録完了のお知らせの日に始まり、起点から年数を数えた日の属する月の末日に終わります。",
                    edition="2022年10月",
                    law="民法 143条2項",
                    url="#answer",
                ),
                hours,
            ],
            missing=[
                Missing(text="ソフトウェアの版(分かると復旧まで行えます)", field="id_card-serial"),
                Missing(text="設定ファイルの控え"),
            ],
            steps=[Step(label="受付して手配する", url="#answer"), Step(label="受付だけしておく", url="#answer")],
            derivation=[
                "購入日 2025/05/10(土) が手続期限の翌日 2025/07/01(火) より前なので、起点は購入日です。",
                "起点から3年を数えた日は 2028/05/10(水)、その月の末日は 2028/05/31(水) です。",
                "保守対応期限は公表されていないので、満了日は 2028/05/31(水) のままです。",
            ],
        ),
        AnswerView(
            outcome="on_hold",
            sentence="設置場所が登録と違います。確認が済むまで手配できません。",
            facts=[
                Fact(label="いつから", text="確認の後", note="登録の場所 札幌市中央区"),
                Fact(label="いつまで", when=ends, counts="until", note="サポート満了日"),
                Fact(label="費用", text="未定", note="確認の後に決まります"),
            ],
            reasons=[
                Reason(
                    text="設置場所の変更は、30日前までに届け出ていただくことになっています。",
                    clause="第3章 7.",
                    clause_text="登録した内容を変えるときは、変更の日の30日前までに届け出ます。",
                    edition="2022年10月",
                )
            ],
            missing=[Missing(text="担当者の判断と理由")],
            steps=[Step(label="変更の届け出を送る", url="#answer"), Step(label="保留のまま受け付ける", url="#answer")],
        ),
        AnswerView(
            outcome="not_covered",
            sentence="サポートは先月末に終わりました。",
            facts=[
                Fact(label="いつから", text="―"),
                Fact(label="いつまで", when=now.date() - timedelta(20), counts="until", note="サポート満了日"),
                Fact(label="費用", text="このサービスでは承れません"),
            ],
            reasons=[hours],
            steps=[Step(label="延長キットを案内する", url="#answer")],
        ),
    ]


def _timelines(today: date) -> list[tuple[str, str, timeline.Drawing]]:
    bought = today - timedelta(190)
    return [
        (
            "three-years",
            "購入から登録まで24日、3年",
            timeline.coverage(
                counted_from=bought,
                start=bought + timedelta(24),
                end=date(bought.year + 3, 6, 30),
                today=today,
            ),
        ),
        (
            "extended",
            "延長キット1年、保守対応期限で終わる",
            timeline.coverage(
                counted_from=date(today.year - 3, 3, 31),
                start=date(today.year - 3, 4, 18),
                end=date(today.year + 1, 2, 15),
                support_limit=date(today.year + 1, 2, 15),
                extended_from=date(today.year, 4, 1),
                today=today,
            ),
        ),
        (
            "nothing-left",
            "登録が遅れ、受けられる期間が残らなかった",
            timeline.coverage(counted_from=date(today.year - 4, 2, 1), start=None, end=None, today=today),
        ),
    ]


def _cases(now: datetime) -> list[SampleCase]:
    rows = [
        ("J-2026-0418", "covered", "あおば精密工業", "AX2045-1187", "電源が入らない", -26, 0),
        (
            "J-2026-0421",
            "on_hold",
            "北斗倉庫 札幌センター",
            "AX2107-0032",
            "リンクアップしない(設置場所が登録と違う)",
            2,
            0,
        ),
        ("J-2026-0422", "chargeable", "みどり会計事務所", "VS1001-7745", "液体をこぼした", 5, 48_500),
        ("J-2026-0423", "excluded", "さくら会クリニック", "AX3110-2260", "設定の変更を依頼", 28, 0),
        ("J-2026-0424", "not_covered", "𠮷田製作所", "AX2045-0009", "通信できない", 51, 0),
        ("J-2026-0425", "refused", "ひかり物流 川崎営業所", "AX2207-5518", "個人番号を含む控えが届いた", 75, 0),
    ]
    return [
        SampleCase(number=n, outcome=o, company=c, serial=s, symptom=y, due_at=now + timedelta(hours=h), fee_yen=f)
        for n, o, c, s, y, h, f in rows
    ]
