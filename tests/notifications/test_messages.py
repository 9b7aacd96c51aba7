"""Every message of the registry: complete, in Japanese, the same as text and as HTML, with what the terms ask for."""

import re
from html import unescape

import pytest

from hoshu.notifications.messages import REGISTRY, Purpose, compose
from hoshu.notifications.notice import Action, Addressee, Sender
from tests.notifications.samples import COMPLETED, CONTEXTS, SENDER

MESSAGES = pytest.mark.parametrize("message", sorted(REGISTRY))


def words(html: str) -> str:
    """What one reads of a piece of HTML."""
    return unescape(re.sub(r"<[^>]*>", "", html))


def squeezed(text: str) -> str:
    """`text` without spaces and the signs that plain text draws lists, headings and tables with."""
    return re.sub(r"[\s:■・]|^\d+\. ", "", text, flags=re.MULTILINE)


def test_the_samples_cover_the_registry():
    assert set(CONTEXTS) == set(REGISTRY)


@MESSAGES
def test_subject_says_whether_something_must_be_done(message):
    notice = compose(message, CONTEXTS[message], SENDER)
    assert re.match(r"【(ご対応ください|ご確認ください|お手続き不要)】\S", notice.subject)
    assert (notice.action is Action.NONE) <= (not notice.steps)
    assert (notice.action is Action.ACT) <= bool(notice.steps or notice.link)


@MESSAGES
def test_the_order_is_point_facts_steps_contact_clauses(message):
    notice = compose(message, CONTEXTS[message], SENDER)
    text = notice.text()
    parts = [
        notice.point,
        notice.facts[0][1],
        *notice.steps[:1],
        *([notice.link[1]] if notice.link else []),
        notice.contact[0][1],
        *notice.clauses[:1],
    ]
    places = [text.index(part, text.index(notice.point)) for part in parts[:1]]
    for part in parts[1:]:
        places.append(text.index(part, places[-1]))
    assert text.startswith(notice.addressee.lines[0])
    assert places == sorted(places)


@MESSAGES
def test_text_and_html_say_the_same(message):
    notice = compose(message, CONTEXTS[message], SENDER)
    assert squeezed(words(notice.html())) == squeezed(notice.text())


@MESSAGES
def test_japanese_only_and_nothing_left_unfilled(message):
    notice = compose(message, CONTEXTS[message], SENDER)
    codes = r"https?://\S+|[\w.]+@[\w.]+|[A-Z]+-?[0-9]+|\b4K"
    text = re.sub(codes, "", notice.subject + notice.text(), flags=re.ASCII)
    assert set(re.findall(r"[A-Za-z]+", text)) <= {"No", "PDF", "ID"}
    assert "None" not in text
    assert "{" not in text
    assert "{%" not in notice.html()


@MESSAGES
@pytest.mark.req("IX-PII-01")
def test_each_has_one_of_the_four_purposes(message):
    assert REGISTRY[message].purpose in Purpose
    assert len(Purpose) == 4


@pytest.mark.req("IX-REG-03", "IX-REG-14", "IX-REG-07", "IX-COV-09", "IX-SVC-03", "IX-GEN-09")
def test_completion_notice_holds_everything_the_guide_asks_for():
    text = compose("registration.completed", COMPLETED, SENDER).text()
    for expected in (
        "サービス手配番号: S-000123",
        "サポート満了日: 2029/11/30(金)",
        "障害受付窓口: みなと障害受付窓口",
        "電話: 03-0000-1234",
        "製造番号: A1234567",
        "プラン: 週5日・8:30～21:00・3年",
        "開始基準曜日: 月曜日",
        "登録オプション: 増設回線カード×2",
        "版数: 1",
        "プラン、年数、サポート満了日に誤りがないか",
        "変更や延長のお手続きに必要です。このお知らせを保管してください",
        "障害受付窓口に製造番号をお伝えください",
        "お客様が保管する最新の設定のバックアップが必要です",
        "事前に変更を申請してください。本体の変更はできません",
        "第4章 1.(2)",
    ):
        assert expected in text


@pytest.mark.req("IX-COV-03", "IX-REG-14")
def test_the_shipment_date_is_told_only_where_it_was_used():
    shipped = compose("registration.completed", COMPLETED, SENDER).text()
    assert "ご購入日: 2026/11/10(火)（根拠: 出荷日）" in shipped
    assert "当方の出荷日を購入日としています" in shipped
    proven = compose("registration.completed", COMPLETED | {"purchase_basis": "納品書"}, SENDER).text()
    assert "（根拠: 納品書）" in proven
    assert "出荷日" not in proven


def test_a_seven_day_plan_has_no_weekday_and_no_option_is_said():
    text = compose("registration.completed", COMPLETED | {"start_weekday": "", "options": []}, SENDER).text()
    assert "開始基準曜日" not in text
    assert "登録オプション: なし" in text


@pytest.mark.req("IX-COV-05")
def test_a_cut_expiry_says_why():
    facts = COMPLETED | {"shortened_by": "保守対応期限による"}
    assert (
        "サポート満了日: 2029/11/30(金)（保守対応期限による）"
        in compose("registration.completed", facts, SENDER).text()
    )


@pytest.mark.req("IX-REG-05", "IX-REG-06", "IX-GEN-05")
def test_a_refusal_names_reason_clause_and_the_way_to_the_refund():
    text = compose("registration.refused", CONTEXTS["registration.refused"], SENDER).text()
    for expected in (
        "このライセンスの対象ではないため",
        "この通知を印刷",
        "領収書など",
        "若葉電器にお渡し",
        "第4章 1.(3)",
    ):
        assert expected in text
    for lacking in ({"reason": " "}, {"clauses": []}):
        with pytest.raises(ValueError, match="reason and its clause"):
            compose("registration.refused", CONTEXTS["registration.refused"] | lacking, SENDER)


@pytest.mark.req("IX-WIN-08")
def test_a_case_promises_no_time():
    text = compose("case.opened", CONTEXTS["case.opened"], SENDER).text()
    assert "次の対応時間: 2026/11/23(月) 08:30 から" in text
    assert "伺う時刻や復旧の時刻は、お約束しておりません" in text
    assert "J-000418" in text
    received = CONTEXTS["case.opened"]["received_at"]
    within = compose("case.opened", CONTEXTS["case.opened"] | {"next_window": received}, SENDER).text()
    assert "ただいま対応時間内です" in within
    nobody = compose("case.opened", CONTEXTS["case.opened"] | {"next_window": None}, SENDER).text()
    assert "対応時間" not in nobody


@pytest.mark.req("IX-PRE-06")
def test_a_work_report_has_no_place_for_the_cause():
    kind = REGISTRY["case.completed"]
    assert not {name for name in kind.__dataclass_fields__ if "cause" in name}
    with pytest.raises(TypeError):
        compose("case.completed", CONTEXTS["case.completed"] | {"cause": "電源部の故障"}, SENDER)


@pytest.mark.req("IX-OWN-03")
def test_an_exchange_tells_the_new_number_and_what_stays():
    text = compose("device.exchanged", CONTEXTS["device.exchanged"], SENDER).text()
    for expected in (
        "新しい製造番号: B7654321",
        "これまでの製造番号: A1234567",
        "2029/11/30(金)（変わりません）",
        "版数",
    ):
        assert expected in text


@pytest.mark.parametrize(
    ("addressee", "lines"),
    [
        (Addressee(organisation="青葉商事", person="佐藤 花子"), ("青葉商事", "佐藤 花子 様")),
        (Addressee(organisation="青葉商事", department="総務部"), ("青葉商事", "総務部 御中")),
        (Addressee(organisation="青葉商事 御中", person="佐藤 花子様"), ("青葉商事", "佐藤 花子 様")),
        (Addressee(), ("ご担当者 様",)),
    ],
)
def test_onchu_for_organisations_and_sama_for_persons(addressee, lines):
    assert addressee.lines == lines


@pytest.mark.req("IX-PII-05")
def test_what_the_operator_has_not_filled_in_is_left_out():
    text = compose("registration.completed", COMPLETED, Sender(name="みなと保守")).text()
    assert "電話:" not in text
    assert "メール:" not in text
    assert "〒" not in text


def test_wrong_facts_are_told_where_the_message_is_put():
    with pytest.raises(TypeError, match="plan"):
        compose("registration.completed", {k: v for k, v in COMPLETED.items() if k != "plan"}, SENDER)
    with pytest.raises(TypeError, match="planl"):
        compose("registration.completed", COMPLETED | {"planl": "x"}, SENDER)
    with pytest.raises(KeyError):
        compose("registration.complete", COMPLETED, SENDER)


def test_facts_can_not_break_subject_text_or_html():
    evil = "A1\r\nBcc: x@example.jp\x00<script>alert(1)</script>{{ notice }}"
    notice = compose("registration.completed", COMPLETED | {"service_number": evil, "serial": evil}, SENDER)
    assert not re.search(r"[\r\n\x00]", notice.subject)
    assert len(notice.subject) <= 200
    assert "<script>" not in notice.html()
    assert "{{ notice }}" in notice.text()
    assert "\x00" not in notice.text() + notice.html()
