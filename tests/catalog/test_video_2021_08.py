"""The video edition of August 2021: what the booklet states and the file must hold, table by table."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pytest

from hoshu.catalog import Exclusion, FormField, Note, Period, Rule, Table, edition
from hoshu.catalog.desk import Listing
from hoshu.dates import days_before, elapsed, within_days, within_months, within_years

VIDEO = edition("video", "2021-08")


def within(value: object, kind: type) -> Iterator[Any]:
    """Every value of a kind anywhere inside an edition."""
    if isinstance(value, kind):
        yield value
    if isinstance(value, tuple):
        for item in value:
            yield from within(item, kind)
    elif isinstance(value, Table):
        for name in value.members:
            yield from within(getattr(value, name), kind)


def exclusions(prefix: str) -> list[Exclusion]:
    return [each for each in VIDEO.exclusion if each.code.startswith(prefix)]


def listing(name: str) -> Listing:
    return next(each for each in VIDEO.listing if each.id == name)


def fields(screen: str) -> dict[str, str]:
    """When each field of a screen must be filled: always, never, or with the fields named."""
    shown = [field for field in VIDEO.card_field if field.screen == screen]
    return {
        field.name: " ".join(("with", *field.wanted_with)) if field.wanted_with else field.required for field in shown
    }


def texts(notes: Iterable[Note], rule: str) -> list[tuple[str, str]]:
    return [(note.clause, note.text) for note in notes if note.rule == rule]


class TestTheDocument:
    @pytest.mark.req("VA-INT-07")
    def test_is_named_and_dated(self) -> None:
        assert (VIDEO.service, VIDEO.edition, VIDEO.in_force) == ("video", "2021-08", date(2021, 8, 1))
        assert VIDEO.read_before_registering == ("第1章", "第3章")

    @pytest.mark.req("VA-LAW-01")
    def test_two_courts_and_no_other(self) -> None:
        assert set(VIDEO.courts) == {"東京簡易裁判所", "東京地方裁判所"}
        assert all(court in VIDEO.clause_text("第3章 1.12") for court in VIDEO.courts)

    def test_every_section_of_the_three_chapters_has_its_clauses(self) -> None:
        def sections(chapter: str) -> set[str]:
            found = (clause.id.split(maxsplit=1)[1] for clause in VIDEO.clause if clause.id.startswith(chapter))
            return {each.split("(")[0].split()[0] for each in found}

        assert sections("第1章") == {"前文", "1.", "2.1", "2.2", "3.", "4."}
        assert sections("第2章") == {"前文", "前文①", "前文②", "前文③", "前文④", "個人情報", "1.", "1.1", "2."}
        assert sections("第3章") == {
            "前文",
            *(f"1.{number}" for number in range(1, 14)),
            *(f"2.{number}" for number in range(1, 10)),
            *(f"3.{number}" for number in range(1, 6)),
            *(f"4.{number}" for number in range(1, 6)),
        }

    @pytest.mark.parametrize(
        ("clause", "count"),
        [("第3章 1.1", 13), ("第3章 1.8", 8), ("第3章 1.13", 6), ("第3章 2.2", 19), ("第3章 2.4", 4), ("別表－１", 4)],
    )
    def test_every_numbered_item_stands(self, clause: str, count: int) -> None:
        digits = str.maketrans("0123456789", "０１２３４５６７８９") if clause == "別表－１" else {}
        wanted = [f"{clause}({str(number).translate(digits)})" for number in range(1, count + 1)]
        found = [each.id for each in VIDEO.clause if each.id.startswith(f"{clause}(") and each.id.endswith(")")]
        assert found == wanted

    def test_every_clause_is_cited_or_says_why_not(self) -> None:
        cited: set[str] = set()
        for _, table in VIDEO.cited():
            if isinstance(table, Rule):
                cited |= {table.clause, *table.also}
        for clause in VIDEO.clause:
            assert (clause.id in cited) != (clause.not_computed is not None), clause.id
            assert "PENDING" not in (clause.not_computed or "")

    def test_says_in_a_short_sentence_of_our_own_what_it_states(self) -> None:
        for clause in VIDEO.clause:
            assert clause.text.endswith("。"), clause.id
            assert len(clause.text) <= 120, clause.id

    @pytest.mark.req("VA-SUR-01")
    def test_the_clauses_that_survive_the_end(self) -> None:
        sections = {clause.removeprefix("第3章 ").split("(")[0] for clause in VIDEO.surviving_clauses}
        assert sections == {"1.5", "1.7", "1.8", "1.10", "1.12"}
        assert [clause for clause in VIDEO.surviving_clauses if clause.startswith("第3章 1.8")] == ["第3章 1.8(8)"]
        assert all(section in VIDEO.clause_text("第3章 1.4") for section in sections - {"1.8"})

    def test_every_setting_that_a_reading_names_exists(self) -> None:
        for reading in VIDEO.reading:
            found: Any = VIDEO
            for name in (reading.setting or "plan").split("."):
                found = found[0] if isinstance(found, tuple) else found
                found = getattr(found, name)


class TestPlansAndHours:
    @pytest.mark.req("VA-WIN-01")
    def test_two_plans_of_one_to_seven_years(self) -> None:
        assert {plan.id: plan.years for plan in VIDEO.plan} == {
            f"{hours}-{years}y": years for hours in ("9x5", "24x7") for years in (1, 3, 5, 6, 7)
        }

    @pytest.mark.req("VA-WIN-01")
    @pytest.mark.parametrize("plan", VIDEO.plan, ids=lambda plan: plan.id)
    def test_a_week_has_45_hours_of_work_or_all_and_intake_all(self, plan: Any) -> None:
        windows = {window.id: window for window in VIDEO.window_hours}

        def week(part: str) -> int:
            days = windows[plan.windows[part]].week().days
            return sum(closes - opens for day in days for opens, closes in day)

        served = 45 * 60 if plan.id.startswith("9x5") else 7 * 24 * 60
        assert week("hardware") == week("software") == week("alarm_call") == served
        assert week("reception") == 7 * 24 * 60

    @pytest.mark.req("VA-WIN-01", "VA-WIN-03", "VA-WIN-04")
    def test_only_the_software_of_the_shorter_plan_knows_holidays(self) -> None:
        windows = {window.id: window for window in VIDEO.window_hours}
        closing = {
            (plan.id[:4], part)
            for plan in VIDEO.plan
            for part, window in plan.windows.items()
            if windows[window].closed_on_holidays
        }
        assert closing == {("9x5-", "software")}


class TestDates:
    """The annex: every vector by the arithmetic that the periods of the edition use."""

    @pytest.mark.req("VA-CAL-07")
    def test_no_last_day_is_moved_off_a_day_off(self) -> None:
        periods = list(within(VIDEO, Period))
        assert len(periods) >= 6
        assert not any(period.move_off_day_off for period in periods)

    @pytest.mark.req("VA-CAL-02")
    @pytest.mark.parametrize(
        ("event", "days", "last"),
        [
            ("2025-04-01", 30, "2025-05-01"),
            ("2025-12-15", 30, "2026-01-14"),
            ("2025-01-31", 30, "2025-03-02"),
            ("2024-01-31", 30, "2024-03-01"),
            ("2025-02-28", 30, "2025-03-30"),
            ("2024-02-28", 30, "2024-03-29"),
            ("2026-01-30", 30, "2026-03-01"),
            ("2025-04-01", 14, "2025-04-15"),
            ("2025-12-24", 14, "2026-01-07"),
            ("2024-02-15", 14, "2024-02-29"),
            ("2024-02-16", 14, "2024-03-01"),
            ("2025-02-14", 14, "2025-02-28"),
            ("2025-10-20", 14, "2025-11-03"),
        ],
    )
    def test_within_days(self, event: str, days: int, last: str) -> None:
        assert within_days(date.fromisoformat(event), days) == date.fromisoformat(last)

    @pytest.mark.req("VA-CAL-03")
    @pytest.mark.parametrize(
        ("event", "last"),
        [
            ("2026-03-10", "2026-02-24"),
            ("2024-03-14", "2024-02-29"),
            ("2026-03-14", "2026-02-28"),
            ("2026-01-10", "2025-12-27"),
        ],
    )
    def test_days_before(self, event: str, last: str) -> None:
        assert days_before(date.fromisoformat(event), 14) == date.fromisoformat(last)

    @pytest.mark.req("VA-CAL-04")
    @pytest.mark.parametrize(
        ("event", "last"),
        [
            ("2025-08-10", "2025-11-10"),
            ("2025-08-31", "2025-11-30"),
            ("2025-11-29", "2026-02-28"),
            ("2025-11-30", "2026-02-28"),
            ("2025-12-01", "2026-03-01"),
            ("2025-04-30", "2025-07-31"),
            ("2026-02-28", "2026-05-31"),
        ],
    )
    def test_within_three_months(self, event: str, last: str) -> None:
        assert within_months(date.fromisoformat(event), 3) == date.fromisoformat(last)

    @pytest.mark.req("VA-CAL-04")
    @pytest.mark.parametrize(
        ("event", "years", "last"),
        [
            ("2025-03-15", 1, "2026-03-15"),
            ("2024-02-29", 1, "2025-02-28"),
            ("2027-02-28", 1, "2028-02-29"),
            ("2028-02-29", 1, "2029-02-28"),
            ("2025-06-30", 1, "2026-06-30"),
            ("2025-06-30", 3, "2028-06-30"),
            ("2024-02-29", 3, "2027-02-28"),
            ("2025-02-28", 3, "2028-02-29"),
            ("2020-09-30", 5, "2025-09-30"),
            ("2020-02-29", 5, "2025-02-28"),
            ("2023-02-28", 5, "2028-02-29"),
        ],
    )
    def test_within_years(self, event: str, years: int, last: str) -> None:
        assert within_years(date.fromisoformat(event), years) == date.fromisoformat(last)

    @pytest.mark.req("VA-CAL-05")
    @pytest.mark.parametrize(
        ("bought", "ends"),
        [
            ("2025-04-01", {1: "2026-04-01", 3: "2028-04-01", 5: "2030-04-01", 6: "2031-04-01", 7: "2032-04-01"}),
            ("2024-02-29", {1: "2025-03-01", 3: "2027-03-01", 5: "2029-03-01", 6: "2030-03-01", 7: "2031-03-01"}),
            ("2023-02-28", {1: "2024-02-28", 3: "2026-02-28", 5: "2028-02-28", 6: "2029-02-28", 7: "2030-02-28"}),
            ("2021-12-31", {1: "2022-12-31", 3: "2024-12-31", 5: "2026-12-31", 6: "2027-12-31", 7: "2028-12-31"}),
            ("2025-03-31", {1: "2026-03-31", 3: "2028-03-31", 5: "2030-03-31", 6: "2031-03-31", 7: "2032-03-31"}),
        ],
    )
    def test_elapsed(self, bought: str, ends: dict[int, str]) -> None:
        for years, end in ends.items():
            assert elapsed(date.fromisoformat(bought), years) == date.fromisoformat(end)


class TestExclusions:
    @pytest.mark.req(*(f"VA-EXC-{number:02}" for number in range(1, 20)))
    def test_nineteen_kinds_of_work_each_with_its_clause(self) -> None:
        found = exclusions("EX-")
        assert [(each.code, each.clause, each.rule, each.of) for each in found] == [
            (f"EX-{number:02}", f"第3章 2.2({number})", f"VA-EXC-{number:02}", "work") for number in range(1, 20)
        ]

    @pytest.mark.req("VA-EXC-20")
    def test_three_are_priced_by_the_table_and_the_others_by_agreement(self) -> None:
        assert {each.code: each.price for each in exclusions("EX-")} == {
            f"EX-{number:02}": "fee" if number in (1, 4, 7) else "agreed" for number in range(1, 20)
        }

    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (1, ["火災", "塩害", "ガス", "地震", "落雷", "風水害", "異常な電圧"]),
            (2, ["有寿命部品", "使用の基準", "画素"]),
            (3, ["バッテリー", "テープ", "乾電池", "供給"]),
            (4, ["輸送", "移動", "落下", "衝撃"]),
            (5, ["使い方の誤り", "改造", "修理"]),
            (6, ["パスワード", "鍵"]),
            (7, ["指定でない", "消耗品"]),
            (8, ["認めた者", "プログラム", "ハードウェア"]),
            (9, ["BIOS", "ドライバ"]),
            (10, ["OS", "アプリケーション"]),
            (11, ["部品の交換", "ライセンス認証"]),
            (12, ["求めによる改造"]),
            (13, ["データの保護"]),
            (14, ["清掃", "点検", "運転"]),
            (15, ["移設", "撤去", "立会い"]),
            (16, ["塗装", "仕上げ", "材料"]),
            (17, ["電気工事", "回線の接続", "立会い"]),
            (18, ["解析の報告書"]),
            (19, ["ネットワーク", "切り分け", "特定"]),
        ],
    )
    def test_each_names_what_it_excludes(self, number: int, words: list[str]) -> None:
        text = exclusions("EX-")[number - 1].text
        assert [word for word in words if word not in text] == []

    @pytest.mark.req("VA-PRO-04")
    def test_twelve_kinds_of_devices(self) -> None:
        assert {each.code: each.short for each in exclusions("OX-")} == {
            "OX-01": "ディスクアレイ装置",
            "OX-02": "シンクライアント端末",
            "OX-03": "外付けバックアップ装置(集合型)",
            "OX-04": "ディスク増設筐体",
            "OX-05": "ボックス型スイッチ",
            "OX-06": "大容量UPS",
            "OX-07": "プリンタ",
            "OX-08": "OS以外のソフトウェア",
            "OX-09": "スイッチブレード",
            "OX-10": "オプションブレード",
            "OX-11": "エンクロージャ",
            "OX-12": "PCIe SSDアダプタ",
        }
        assert {(each.of, each.clause) for each in exclusions("OX-")} == {("item", "第1章 1.")}

    @pytest.mark.req("VA-PPS-14")
    def test_six_kinds_of_questions(self) -> None:
        assert [(each.code, each.clause, each.of, each.price) for each in exclusions("PX-")] == [
            (f"PX-0{number}", f"第3章 3.4(3){mark}", "inquiry", "none") for number, mark in enumerate("①②③④⑤⑥", 1)
        ]


class TestMoney:
    @pytest.mark.req("VA-FEE-01", "VA-FEE-02")
    def test_the_fee_table(self) -> None:
        assert VIDEO.fee is not None
        assert [(b.code, b.opens, b.closes, b.base_yen, b.unit_yen) for b in VIDEO.fee.band] == [
            ("day", "08:30", "17:30", 10_000, 2_500),
            ("evening", "17:30", "21:00", 12_000, 3_000),
            ("night", "21:00", "08:30", 14_000, 3_500),
        ]
        assert (VIDEO.fee.base.minutes, VIDEO.fee.unit.minutes, VIDEO.fee.tax.percent) == (60, 15, 0)

    @pytest.mark.req("VA-CST-01", "VA-CST-02", "VA-CST-03", "VA-CST-04")
    def test_what_the_customer_bears(self) -> None:
        assert {each.code: (each.kinds, each.invoiced, each.clause) for each in VIDEO.cost_item} == {
            "VA-CST-01": (("utilities",), False, "第3章 2.4(1)"),
            "VA-CST-02": (("communication",), False, "第3章 2.4(2)"),
            "VA-CST-03": (("media",), False, "第3章 2.4(3)"),
            "VA-CST-04": (("ship", "air", "lodging", "allowance"), True, "第3章 2.4(4)"),
        }


class TestTheRegistration:
    @pytest.mark.req("VA-REG-19")
    def test_the_login_screen(self) -> None:
        found = fields("login")
        assert [name for name, required in found.items() if required == "always"] == ["user_id", "password"]
        assert [name for name, required in found.items() if required == "with first_time"] == [
            "registrant_organisation",
            "registrant_name",
            "registrant_phone",
            "secret_question",
            "secret_answer",
        ]

    @pytest.mark.req("VA-REG-20", "VA-REG-06")
    def test_the_customer_screen(self) -> None:
        found = fields("customer")
        assert {name for name, required in found.items() if required == "always"} == {
            "quantity",
            "administrator_organisation",
            "administrator_address",
            "administrator_name",
            "administrator_phone",
            "administrator_email",
        }
        assert {name for name, required in found.items() if required == "optional"} == {
            "administrator_department",
            "administrator_postal_code",
            "administrator_fax",
            "support_id",
            "deputy_name",
            "deputy_email",
        }

    @pytest.mark.req("VA-REG-22", "VA-REG-23")
    def test_the_device_screen(self) -> None:
        assert fields("device") == {
            "pack_serial": "always",
            "model_name": "optional",
            "machine_type": "always",
            "serial": "always",
            "purchased": "always",
            "pack_purchased": "always",
            "owner": "online",
            "owner_name": "optional",
            "owner_confirmed": "optional",
        }
        assert fields("site") == {
            "site_organisation": "always",
            "site_postal_code": "optional",
            "site_address": "always",
            "site_department": "optional",
            "site_name": "always",
            "site_phone": "always",
        }

    @pytest.mark.req("VA-REG-24", "VA-REG-26")
    def test_options_and_the_alarm_application(self) -> None:
        assert fields("options") == {"option_type": "with option_quantity", "option_quantity": "with option_type"}
        assert fields("alarm") == {
            "alarm_applied": "optional",
            "alarm_contact_differs": "optional",
            "os_name": "with alarm_applied",
            "report_method": "with alarm_applied",
            "seller": "with alarm_applied",
            "alarm_organisation": "optional",
            "alarm_name": "with alarm_contact_differs",
            "alarm_phone": "with alarm_contact_differs",
            "alarm_hours": "optional",
            "alarm_wished": "optional",
        }

    def test_every_field_has_a_label_a_screen_and_a_name_of_its_own(self) -> None:
        found: tuple[FormField, ...] = VIDEO.card_field
        assert all(field.label and field.screen for field in found)
        assert len({field.name for field in found}) == len(found) == 46

    @pytest.mark.req("VA-REG-18")
    def test_the_screens_begin_with_the_consent(self) -> None:
        order = [row[0] for row in listing("screens").rows]
        assert order == ["consent", "login", "login_data", "menu", "customer", "device", "confirmation", "accepted"]

    @pytest.mark.req("VA-WAR-02")
    def test_two_starred_fields_of_the_warranty_card(self) -> None:
        assert [row[0] for row in listing("warranty_card").rows if row[1] == "★"] == ["販売店", "ご購入日"]

    @pytest.mark.req("VA-LBL-01")
    def test_five_lines_of_the_label(self) -> None:
        rows = listing("device_label").rows
        assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
        assert [rows[0][2], rows[3][2], rows[4][2]] == ["XXXX-XXX-XXX", "YYYY/MM/DD", "DKXXXXXX"]


class TestListings:
    @pytest.mark.parametrize(
        ("name", "codes"),
        [
            pytest.param(
                "services",
                ["HW-REPAIR", "HW-SETTINGS", "HW-ALARM", "PP-INQUIRY", "PP-INFO", "PP-LICENCE"],
                marks=pytest.mark.req("VA-PRO-01"),
            ),
            ("delay_reasons", ["DR-TRAFFIC", "DR-WEATHER", "DR-AREA", "DR-PARTS", "DR-OTHER", "FM"]),
            ("early_ends", ["EE-AGREED", "EE-IP", "EE-CUSTOMER-CANNOT-USE", "EE-PROVIDER-CANNOT-SERVE"]),
            ("isolation", ["HW", "NETWORK", "SOFTWARE-SUSPECTED", "NOT-REPRODUCED"]),
            pytest.param("table_1", [f"T1-{n}" for n in range(1, 6)], marks=pytest.mark.req("VA-REC-02")),
            ("table_2", ["T2-AUTO", "T2-DATA", "T2-INTERVIEW"]),
            pytest.param("table_3", [f"T3-{n}" for n in range(1, 7)], marks=pytest.mark.req("VA-REC-04")),
            pytest.param("table_4", [f"CI-{n}" for n in range(1, 6)], marks=pytest.mark.req("VA-REC-05")),
            ("releases", ["REV", "VER"]),
            ("out_of_spec", ["OS-1", "OS-2"]),
        ],
    )
    def test_each_holds_its_codes_in_order(self, name: str, codes: list[str]) -> None:
        assert [row[0] for row in listing(name).rows] == codes

    @pytest.mark.req("VA-REC-02")
    def test_only_the_dedicated_option_knows_no_software_of_table_3(self) -> None:
        assert [row[0] for row in listing("table_1").rows if not row[4]] == ["T1-5"]

    @pytest.mark.req("VA-REC-04")
    def test_three_programs_belong_to_the_system_disk(self) -> None:
        devices = {row[0]: row[2] for row in listing("table_3").rows}
        assert [code for code, device in devices.items() if "システムディスク" in device] == ["T3-1", "T3-2", "T3-3"]
        assert (devices["T3-4"], devices["T3-5"], devices["T3-6"]) == ("テープ装置", "UPS装置", "UPS装置")


class TestWhatPeopleAreTold:
    @pytest.mark.parametrize("number", range(1, 14))
    def test_thirteen_duties_of_the_first_section(self, number: int) -> None:
        assert [clause for clause, _ in texts(VIDEO.duty, f"VA-COP-{number:02}")] == [f"第3章 1.1({number})"]

    def test_five_points_before_registering(self) -> None:
        foreword = [note.text for note in VIDEO.notice if note.clause == "はじめに"]
        for words in (
            "購入日から数え",
            "製造の終了から5年",
            "お返ししません",
            "ソフトウェアの組み込み",
            "機器1台",
            "14日以内",
        ):
            assert sum(words in text for text in foreword) == 1, words

    @pytest.mark.req("VA-MSC-02")
    def test_no_rights_but_those_that_are_written(self) -> None:
        ((clause, text),) = texts(VIDEO.notice, "VA-MSC-02")
        assert clause == "第3章 1.13(2)"
        assert "明記された権利のほか" in text

    @pytest.mark.parametrize(
        ("item", "word"),
        [("①", "暴力団"), ("②", "維持や運営"), ("③", "非難"), ("④", "脅迫"), ("⑤", "責任を超えた要求")],
    )
    def test_five_declarations_about_anti_social_forces(self, item: str, word: str) -> None:
        assert len(VIDEO.declaration) == 5
        (text,) = [each.text for each in VIDEO.declaration if each.clause == f"第3章 1.9(1){item}"]
        assert word in text

    def test_three_uses_of_personal_information_and_no_advertising(self) -> None:
        assert len(VIDEO.personal_information_uses) == 3
        assert not any("広告" in use for use in VIDEO.personal_information_uses)

    def test_nothing_names_the_vendor_or_its_desk(self) -> None:
        everything = "".join(within(VIDEO, str))
        for word in ("NEC", "ＮＥＣ", "Express", "エクスプレス", "supportpack", "nec.co.jp", "@support"):
            assert word not in everything, word
