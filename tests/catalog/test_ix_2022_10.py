"""The IX edition of October 2022: what the guide states and the file must hold, table by table."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from hoshu.catalog import Note, Period, Rule, Table, edition
from hoshu.dates import BusinessCalendar
from hoshu.terms import decide

IX = edition("ix", "2022-10")


def ask(topic: str, *, plan: str = "5d-3y", **facts: Any) -> dict[str, Any]:
    return decide({"id": 1, "ask": topic, "service": "ix", "plan": plan, "facts": facts})


def texts(notes: Iterable[Note], rule: str) -> list[tuple[str, str]]:
    """The clause and text of every note of a requirement."""
    return [(note.clause, note.text) for note in notes if note.rule == rule]


def within(value: object, kind: type) -> Iterable[Any]:
    """Every value of a kind anywhere inside an edition."""
    if isinstance(value, kind):
        yield value
    if isinstance(value, tuple):
        for item in value:
            yield from within(item, kind)
    elif isinstance(value, Table):
        for name in value.members:
            yield from within(getattr(value, name), kind)


class TestTheDocument:
    @pytest.mark.req("IX-GEN-01")
    def test_is_named_numbered_and_dated(self) -> None:
        assert IX.document_number == "NHL0263-122210"
        assert IX.contact_details_as_of == "2022年10月現在"
        assert "IXシリーズ" in IX.title
        assert IX.in_force == date(2022, 10, 1)

    @pytest.mark.req("IX-GEN-08", "IX-CND-01")
    def test_its_fourth_chapter_counts_for_three_families(self) -> None:
        names = ("ネットワーク保守ライセンス", "ネットワーク保守ライセンスＥＸ", "ネットワーク保守ライセンスＥＸ(Ｒ)")
        assert IX.families == names
        assert "三つのライセンス製品すべて" in IX.clause_text("第4章 前文")

    def test_three_chapters_are_read_before_registering(self) -> None:
        assert IX.read_before_registering == ("第1章", "第3章", "第4章")

    @pytest.mark.req("IX-CND-01")
    def test_holds_every_clause_of_the_fourth_chapter(self) -> None:
        sections = {clause.id.split()[1].split(".")[0] for clause in IX.clause if clause.id.startswith("第4章")}
        assert sections == {"前文", *map(str, range(1, 18))}


class TestPlansAndHours:
    @pytest.mark.req("IX-PLAN-01")
    def test_there_are_six_plans_and_no_other(self) -> None:
        found = {plan.id: (plan.name, plan.days_name, plan.hours_name, plan.years) for plan in IX.plan}
        assert found == {
            "5d-3y": ("５日半日３年保守", "週5日", "半日", 3),
            "5d-4y": ("５日半日４年保守", "週5日", "半日", 4),
            "5d-5y": ("５日半日５年保守", "週5日", "半日", 5),
            "7d-3y": ("７日終日３年保守", "週7日", "終日", 3),
            "7d-4y": ("７日終日４年保守", "週7日", "終日", 4),
            "7d-5y": ("７日終日５年保守", "週7日", "終日", 5),
        }

    @pytest.mark.req("IX-PLAN-01", "IX-WIN-01")
    @pytest.mark.parametrize("plan", IX.plan, ids=lambda plan: plan.id)
    def test_a_week_has_62_and_a_half_hours_of_work_or_all_and_intake_all(self, plan: Any) -> None:
        windows = {window.id: window for window in IX.window_hours}
        hardware = windows[plan.windows["hardware"]]
        week = hardware.week(hardware.days_from("tue") if hardware.run_of_days else None)
        open_minutes = sum(closes - opens for day in week.days for opens, closes in day)
        assert open_minutes == (62.5 * 60 if plan.id.startswith("5d") else 7 * 24 * 60)
        intake = windows[plan.windows["reception"]].week()
        assert sum(closes - opens for day in intake.days for opens, closes in day) == 7 * 24 * 60

    @pytest.mark.req("IX-PLAN-02", "IX-CARD-01")
    def test_plan_serial_and_deadline_are_printed_and_never_filled_in(self) -> None:
        printed = {field.name for field in IX.card_field if field.required == "printed"}
        assert printed == {"card_serial", "plan", "card_deadline"}

    @pytest.mark.req("IX-WIN-08")
    def test_no_time_of_arrival_is_promised(self) -> None:
        ((clause, text),) = texts(IX.notice, "IX-WIN-08")
        assert clause == "第1章 2."
        assert "お約束はありません" in text


class TestPeriods:
    @pytest.mark.req("IX-CAL-07")
    def test_no_last_day_is_moved_off_a_day_off(self) -> None:
        periods = list(within(IX, Period))
        assert len(periods) >= 6
        assert not any(period.move_off_day_off for period in periods)

    @pytest.mark.req("IX-CAL-07")
    def test_the_setting_would_move_it_to_the_next_business_day(self) -> None:
        stays = Period(clause="第4章 1.(1)", rule="IX-REG-08", days=30)
        moves = Period(clause="第4章 1.(1)", rule="IX-REG-08", days=30, move_off_day_off=True)
        bought, calendar = date(2025, 1, 31), BusinessCalendar()
        assert stays.last_day(bought, calendar) == date(2025, 3, 2)  # a Sunday
        assert moves.last_day(bought, calendar) == date(2025, 3, 3)

    @pytest.mark.req("IX-REG-05", "IX-REG-08", "IX-GUA-01", "IX-GUA-02", "IX-CONF-01", "IX-DMG-04", "IX-COV-05")
    def test_the_lengths_are_those_of_the_guide(self) -> None:
        assert IX.registration is not None
        assert IX.reperformance is not None
        assert IX.confidentiality is not None
        assert IX.damages is not None
        assert IX.coverage is not None
        assert IX.change is not None
        assert [deadline.text for deadline in IX.registration.deadline] == ["30日"]
        assert IX.registration.answer_within is not None
        assert IX.registration.answer_within.text == "30日"
        assert (IX.reperformance.recur.text, IX.reperformance.claim.text) == ("3か月", "1年")
        assert (IX.confidentiality.keep.text, IX.confidentiality.oral.text) == ("3年", "14日")
        assert IX.damages.claim.text == "1年"
        assert [cap.years for cap in IX.coverage.cap] == [5]
        assert IX.change.notice.days == 30


class TestClausesThatRepeatEachOther:
    @pytest.mark.req("IX-CND-02")
    def test_a_refusal_cites_both_chapters(self) -> None:
        result = ask(
            "registration",
            pack_purchased="2025-05-10",
            application_received="2025-06-01",
            refused_on="2025-07-02",
            ground="製造番号を確認できないため",
        )
        assert {"第2章 前文", "第4章 1.(3)"} <= {reason["clause"] for reason in result["reasons"]}
        assert {"第2章 1.(1)", "第4章 1.(1)"} <= {reason["clause"] for reason in result["reasons"]}

    @pytest.mark.req("IX-CND-03")
    @pytest.mark.parametrize("years", [3, 4, 5])
    def test_the_years_printed_on_the_card_make_the_end(self, years: int) -> None:
        result = ask("coverage", plan=f"7d-{years}y", purchased="2022-04-15", registered="2022-05-10")
        assert result["answer"]["end"] == f"{2022 + years}-04-30"
        assert "第4章 2." in {reason["clause"] for reason in result["reasons"]}


class TestExclusionsAndCosts:
    @pytest.mark.req(*(f"IX-EXC-{number:02}" for number in range(1, 25)))
    def test_twenty_four_kinds_of_work_each_with_its_clause(self) -> None:
        assert [(each.code, each.clause) for each in IX.exclusion] == [
            (f"IX-EXC-{number:02}", f"第3章 5.({number})") for number in range(1, 25)
        ]

    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (1, ["新設", "増設", "移設", "撤去", "立会い"]),
            (2, ["希望", "改造"]),
            (3, ["清掃", "点検", "運用"]),
            (4, ["電池", "ファン", "フィルター", "媒体"]),
            (5, ["天災", "落雷", "輸送", "液体", "ほこり", "振動", "衝撃", "落下"]),
            (6, ["設置環境の条件"]),
            (7, ["指定していない", "媒体", "保管"]),
            (8, ["第三者", "不適切な使用"]),
            (9, ["提供者が認めていない他社", "調査"]),
            (10, ["塗装", "仕上げ", "材料"]),
            (11, ["電気工事", "回線", "立会い"]),
            (12, ["データの保護", "バックアップ", "消去"]),
            (13, ["供給していない付属品"]),
            (14, ["技術支援", "教育"]),
            (15, ["個別に行った設定", "アプリケーション", "データの復元"]),
            (16, ["原因の報告"]),
            (17, ["予備品", "予備機"]),
            (18, ["計画停電", "立会い"]),
            (19, ["バージョンアップ", "リビジョンアップ", "立会い"]),
            (20, ["320cm以上", "取り外し", "取り付け", "立会い"]),
            (21, ["無線", "電波環境の変化", "電波の調査", "配置の見直し", "再設置"]),
            (22, ["対象製品でない", "立会い"]),
            (23, ["回線の障害の調査", "通信事業者"]),
            (24, ["データ通信カード"]),
        ],
    )
    @pytest.mark.req(*(f"IX-EXC-{number:02}" for number in range(1, 25)))
    def test_each_exclusion_says_what_its_clause_leaves_out(self, number: int, words: list[str]) -> None:
        exclusion = IX.exclusion[number - 1]
        assert [word for word in words if word not in exclusion.text] == []

    @pytest.mark.req("IX-EXC-25")
    def test_only_a_consumable_as_cause_is_left_to_a_person(self) -> None:
        assert [each.code for each in IX.exclusion if each.as_cause == "person_decides"] == ["IX-EXC-04"]

    @pytest.mark.req("IX-COST-01", "IX-COST-02", "IX-COST-03", "IX-COST-04", "IX-COST-05", "IX-COST-06")
    def test_six_costs_three_of_them_billed(self) -> None:
        assert [(item.code, item.clause, item.invoiced) for item in IX.cost_item] == [
            ("IX-COST-01", "第4章 5.(1)①", False),
            ("IX-COST-02", "第4章 5.(1)②", False),
            ("IX-COST-03", "第4章 5.(1)③", False),
            ("IX-COST-04", "第4章 5.(2)", True),
            ("IX-COST-05", "第4章 5.(2)", True),
            ("IX-COST-06", "第4章 5.(2)", True),
        ]

    @pytest.mark.req("IX-COST-07")
    def test_what_will_be_charged_is_announced(self) -> None:
        ((clause, text),) = texts(IX.notice, "IX-COST-07")
        assert clause == "第4章 5.(2)"
        for word in ("船舶", "航空機", "宿泊費", "日当", "実費"):
            assert word in text


class TestForms:
    @pytest.mark.req(
        "IX-CARD-00", "IX-CARD-01", "IX-CARD-02", "IX-CARD-03", "IX-CARD-04", "IX-CARD-05", "IX-CARD-06", "IX-CARD-07",
        "IX-CARD-08", "IX-CARD-08R", "IX-CARD-09",
    )  # fmt: skip
    def test_the_card_has_its_fields_in_order_with_their_clauses(self) -> None:
        of_the_card = [field for field in IX.card_field if field.id.startswith("IX-CARD-") and field.by == "applicant"]
        seen = dict.fromkeys((field.id, field.number, field.clause) for field in of_the_card)
        assert list(seen) == [
            ("IX-CARD-00", "", "第2章 1.(2)"),
            ("IX-CARD-01", "①", "第2章 1.(2)①"),
            ("IX-CARD-02", "②", "第2章 1.(2)②"),
            ("IX-CARD-03", "③", "第2章 1.(2)③"),
            ("IX-CARD-04", "④", "第2章 1.(2)④"),
            ("IX-CARD-05", "⑤", "第2章 1.(2)⑤"),
            ("IX-CARD-06", "⑥", "第2章 1.(2)⑥"),
            ("IX-CARD-07", "⑦", "第2章 1.(2)⑦"),
            ("IX-CARD-08", "⑧", "第2章 1.(2)⑧"),
            ("IX-CARD-08R", "⑧", "第2章 1.(2)⑧"),
            ("IX-CARD-09", "⑨", "第2章 1.(2)⑨"),
        ]

    @pytest.mark.req("IX-CARD-08")
    def test_the_contact_needs_a_mail_address(self) -> None:
        (email,) = [field for field in IX.card_field if field.name == "contact_email"]
        assert (email.required, email.spared_by) == ("always", "share_contact")

    @pytest.mark.req("IX-CHGF-00", "IX-CHGF-01", "IX-CHGF-02", "IX-CHGF-03", "IX-CHGF-04", "IX-CHGF-05")
    def test_the_change_card_prints_what_is_registered_and_asks_for_the_rest(self) -> None:
        found: dict[str, set[str]] = {}
        for field in IX.change_field:
            found.setdefault(field.id, set()).add(field.required)
        assert found == {
            "IX-CHGF-00": {"printed"},
            "IX-CHGF-01": {"always"},
            "IX-CHGF-02": {"if_changed"},
            "IX-CHGF-03": {"if_changed"},
            "IX-CHGF-04": {"always"},
            "IX-CHGF-05": {"printed"},
        }
        (printed,) = [field for field in IX.change_field if field.id == "IX-CHGF-00"]
        for word in ("サービス手配番号", "サポート満了日", "版数"):
            assert word in printed.label

    @pytest.mark.req("IX-GEN-03")
    def test_the_kinds_of_numbers_have_fields_and_names_of_their_own(self) -> None:
        labels = {field.name: field.label for field in (*IX.card_field, *IX.change_field)}
        assert labels["card_serial"] == "シリアル No."
        assert "製造番号" in labels["body_serial"]
        assert "サービス手配番号" in labels["service_number"]
        (hint,) = [field.hint for field in IX.card_field if field.name == "card_serial"]
        assert "製造番号ではありません" in hint

    @pytest.mark.req(
        "IX-FLT-03", "IX-FLT-03-1", "IX-FLT-03-2", "IX-FLT-03-3", "IX-FLT-03-4", "IX-FLT-03-5", "IX-FLT-03-6"
    )
    def test_a_fault_call_needs_six_pieces_of_which_the_last_two_never_block(self) -> None:
        found = [(each.id, each.number, each.clause, each.blocks_dispatch) for each in IX.fault_information]
        assert found == [
            (f"IX-FLT-03-{number}", mark, f"第3章 6.(6){mark}", number <= 4)
            for number, mark in enumerate("①②③④⑤⑥", start=1)
        ]

    @pytest.mark.req("IX-FLT-03-3", "IX-FLT-03-4")
    def test_symptoms_and_evidence_are_those_of_the_guide(self) -> None:
        choices = {each.id: each.choices for each in IX.fault_information}
        assert choices["IX-FLT-03-3"] == (
            "電源が入らない",
            "リブートする",
            "リンクアップしない",
            "通信できない",
            "エラーが頻発する",
            "pingが時々タイムアウトする",
            "その他",
        )
        assert choices["IX-FLT-03-4"] == (
            "局電源状況",
            "LED点灯状況",
            "ケーブル断の有無",
            "設定情報の誤りの有無",
            "ログ情報分析の有無",
            "その他",
        )

    @pytest.mark.req("IX-SN-01")
    def test_the_help_for_the_serial_number_says_where_it_stands(self) -> None:
        hints = [field.hint for field in IX.card_field if field.name == "body_serial"]
        hints += [each.hint for each in IX.fault_information if "シリアル番号" in each.label]
        assert len(hints) == 2
        assert all("保証書" in hint and "底面のラベル" in hint for hint in hints)

    @pytest.mark.req("IX-MYN-01")
    def test_no_form_has_a_field_for_a_personal_number(self) -> None:
        typed = [field for field in IX.card_field if field.kind not in ("choice", "choices")]
        for field in (*typed, *IX.change_field, *IX.fault_information):
            assert "個人番号" not in field.label
            assert "マイナンバー" not in field.label


class TestWhatPeopleAreTold:
    # The acts of -01, -07, -08 and -10 are proven with the case that records them.
    @pytest.mark.req(
        "IX-DUT-02", "IX-DUT-03", "IX-DUT-04", "IX-DUT-05", "IX-DUT-06", "IX-DUT-09", "IX-DUT-11", "IX-DUT-12"
    )
    @pytest.mark.parametrize(
        ("rule", "clause", "words"),
        [
            ("IX-DUT-01", "第3章 6.(1)", ["秘密", "個人情報", "消去"]),
            ("IX-DUT-02", "第3章 6.(2)", ["復旧まで", "一時的な対処"]),
            ("IX-DUT-03", "第3章 6.(3)", ["作業の前に", "作業のあと"]),
            ("IX-DUT-04", "第3章 6.(4)", ["パソコン", "コンソール", "キーボード"]),
            ("IX-DUT-05", "第3章 6.(5)", ["立ち入り", "あらかじめ"]),
            ("IX-DUT-06", "第3章 6.(5)", ["消耗品", "電気", "水", "無償"]),
            ("IX-DUT-07", "第3章 6.(7)", ["ほかの情報"]),
            ("IX-DUT-08", "第3章 6.(5)", ["安全や衛生", "あらかじめ"]),
            ("IX-DUT-09", "第4章 4.(1)", ["誠実"]),
            ("IX-DUT-10", "第4章 4.(2)", ["資料や情報", "通信環境", "停止"]),
            ("IX-DUT-11", "第4章 4.(3)", ["マニュアル"]),
            ("IX-DUT-12", "第4章 4.(4)", ["プログラムとデータ", "お客様の費用と責任"]),
        ],
    )
    def test_each_duty_stands_with_its_clause(self, rule: str, clause: str, words: list[str]) -> None:
        ((found, text),) = texts(IX.duty, rule)
        assert found == clause
        assert [word for word in words if word not in text] == []

    @pytest.mark.req(
        "IX-SVC-03", "IX-COV-09", "IX-GEN-09", "IX-REG-07", "IX-REG-14", "IX-PII-03", "IX-SN-02",
        "IX-EXP-01", "IX-DMG-03",
    )  # fmt: skip
    @pytest.mark.parametrize(
        ("rule", "clause", "words"),
        [
            ("IX-SVC-03", "第1章 1.", ["お客様が保管", "最新のバックアップ"]),
            ("IX-COV-09", "第1章 3.", ["プランの種類", "年数", "サポート満了日"]),
            ("IX-EXT-05", "第1章 3.", ["3か月前", "機種により延長できない"]),
            ("IX-GEN-09", "はじめに", ["オプション", "事前の申請", "本体は変更できません"]),
            ("IX-REG-07", "第2章 前文", ["障害受付窓口", "製造番号"]),
            ("IX-REG-14", "第2章 1.(6)", ["サービス手配番号", "サポート満了日", "変更や延長"]),
            ("IX-PII-03", "第2章 個人情報", ["委託先の担当者", "ご連絡する"]),
            ("IX-SN-02", "別紙-1", ["show hardware", "専門の知識", "再起動や設定の破損"]),
            ("IX-EXP-01", "第4章 15.", ["輸出", "外国為替及び外国貿易法", "米国"]),
            ("IX-DMG-03", "第4章 13.(3)", ["損害", "小さく"]),
        ],
    )
    def test_each_notice_stands_with_its_clause(self, rule: str, clause: str, words: list[str]) -> None:
        ((found, text),) = texts(IX.notice, rule)
        assert found == clause
        assert [word for word in words if word not in text] == []

    @pytest.mark.req("IX-DOC-01")
    def test_the_notes_on_the_guide_itself(self) -> None:
        found = dict(texts(IX.notice, "IX-DOC-01"))
        assert set(found) == {"ご注意 (1)", "ご注意 (2)", "ご注意 (4)"}
        assert "複製" in found["ご注意 (1)"]
        assert "予告なく変わる" in found["ご注意 (2)"]
        assert "2022年10月" in found["ご注意 (4)"]

    @pytest.mark.req("IX-FM-01")
    def test_force_majeure_excuses_delay_but_no_debt_and_moves_no_date(self) -> None:
        ((clause, text),) = texts(IX.notice, "IX-FM-01")
        assert clause == "第4章 14."
        assert "金銭のお支払いは除きます" in text
        full = IX.clause_text("第4章 14.")
        causes = ["地震", "台風", "洪水", "噴火", "津波", "戦争", "暴動", "感染症", "労働争議", "法令の変更", "政府"]
        assert [cause for cause in causes if cause not in full] == []
        moved = ask("coverage", purchased="2022-04-15", registered="2022-05-10", force_majeure=True)
        assert moved["error"]["field"] == "force_majeure"

    @pytest.mark.req("IX-MYN-01", "IX-MYN-02")
    def test_what_stands_about_personal_numbers(self) -> None:
        assert "取り扱いません" in IX.clause_text("第4章 9.(1)")
        ((clause, text),) = texts(IX.duty, "IX-MYN-02")
        assert clause == "第4章 9.(2)"
        assert "ログイン認証" in text
        assert "暗号化" in text


class TestDeclarationsAndRecords:
    @pytest.mark.req("IX-ASF-01")
    @pytest.mark.parametrize(
        ("item", "word"),
        [
            ("①", "暴力団"),
            ("②", "利用"),
            ("③", "資金や便宜"),
            ("④", "非難される関係"),
            ("⑤", "脅迫"),
            ("⑥", "不当な要求"),
        ],
    )
    def test_six_declarations_about_anti_social_forces(self, item: str, word: str) -> None:
        assert len(IX.declaration) == 6
        (text,) = [each.text for each in IX.declaration if each.clause == f"第4章 11.(1){item}"]
        assert word in text

    @pytest.mark.req("IX-PII-01")
    def test_personal_information_has_four_uses_and_advertising_is_none(self) -> None:
        assert len(IX.personal_information_uses) == 4
        for word, use in zip(("提供", "登録", "メールと郵便", "調査と分析"), IX.personal_information_uses, strict=True):
            assert word in use
            assert "広告" not in use

    @pytest.mark.req("IX-SUR-01")
    def test_the_clauses_that_survive_the_end(self) -> None:
        def section(clause: str) -> str:
            return clause.removeprefix("第4章 ").split(".")[0]

        surviving = IX.surviving_clauses
        assert all(clause.startswith("第4章 ") for clause in surviving)
        assert {section(clause) for clause in surviving} == {
            "5", "6", "8", "9", "10", "11", "12", "13", "15", "16", "17",
        }  # fmt: skip
        assert [clause for clause in surviving if section(clause) == "12"] == ["第4章 12.(3)"]

    @pytest.mark.req("IX-SUR-01")
    def test_what_survives_is_still_answered_after_the_end(self) -> None:
        ended = {"coverage_end": "2028-05-31"}
        again = ask(
            "reperformance", served="2028-05-20", failed="2028-06-10", same_cause=True, same_failure=True, **ended
        )
        assert again["answer"]["free"] is True
        cost = ask("costs", lines=[{"kind": "ship", "yen": 8400, "evidence": True}])
        assert cost["answer"]["total_yen"] == 8400

    @pytest.mark.req("IX-JUR-01")
    def test_the_two_courts_and_no_other(self) -> None:
        assert set(IX.courts) == {"東京簡易裁判所", "東京地方裁判所"}
        assert all(court in IX.clause_text("第4章 17.") for court in IX.courts)

    @pytest.mark.req("IX-SUB-01")
    def test_subcontracting_is_at_the_provider_s_cost(self) -> None:
        text = IX.clause_text("第4章 7.")
        assert "自らの費用と責任" in text
        assert "再委託" in text

    @pytest.mark.req("IX-CONF-03")
    def test_four_exceptions_from_secrecy(self) -> None:
        assert IX.confidentiality is not None
        assert [each.clause for each in IX.confidentiality.exception] == [f"第4章 8.(2){mark}" for mark in "①②③④"]


class TestEveryClause:
    def test_is_cited_or_says_why_not(self) -> None:
        cited: set[str] = set()
        for _, table in IX.cited():
            if isinstance(table, Rule):
                cited |= {table.clause, *table.also}
        for clause in IX.clause:
            assert (clause.id in cited) != (clause.not_computed is not None), clause.id

    def test_says_in_a_short_sentence_of_our_own_what_it_states(self) -> None:
        for clause in IX.clause:
            assert clause.text.endswith("。"), clause.id
            assert len(clause.text) <= 120, clause.id


@pytest.mark.req("IX-COV-02")
def test_every_day_of_a_leap_cycle_ends_with_a_month() -> None:
    """第4章 2.: whatever the day of purchase, the last day of coverage is the last of its month."""
    day = date(2023, 12, 31)
    while day < date(2024, 3, 3):
        end = date.fromisoformat(
            ask("coverage", purchased=day.isoformat(), registered=day.isoformat())["answer"]["end"]
        )
        assert (end + timedelta(days=1)).day == 1
        day += timedelta(days=1)
