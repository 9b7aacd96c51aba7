"""The mimamori edition of March 2020: what the specification states and the file must hold, table by table."""

import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hoshu.catalog import CatalogError, Note, edition, examples, load

MIMAMORI = edition("mimamori", "2020-03")
LISTINGS = {listing.id: listing for listing in MIMAMORI.listing}
SOURCE = Path(__file__).parents[2] / "src/hoshu/catalog/mimamori/2020-03.toml"
PARAMETERS: dict[str, Any] = tomllib.loads(SOURCE.read_text(encoding="utf-8").partition("\n[[example]]\n")[0])


def rows(listing: str) -> tuple[tuple[str, ...], ...]:
    return LISTINGS[listing].rows


def column(listing: str, number: int = 0) -> list[str]:
    return [row[number] for row in rows(listing)]


def texts(notes: Iterable[Note], rule: str) -> list[tuple[str, str]]:
    """The clause and text of every note of a requirement."""
    return [(note.clause, note.text) for note in notes if note.rule == rule]


class TestTheDocument:
    def test_is_named_and_dated(self) -> None:
        assert (MIMAMORI.service, MIMAMORI.edition) == ("mimamori", "2020-03")
        assert MIMAMORI.in_force == date(2020, 3, 1)
        assert "サービス仕様書" in MIMAMORI.title

    def test_names_no_company(self) -> None:
        written = SOURCE.read_text(encoding="utf-8")
        assert [name for name in ("NEC", "日本電気", "東京海上", "大阪商工", "ZA-SA") if name in written] == []

    @pytest.mark.req("MM-DSK-04")
    def test_holds_every_chapter_and_annex_in_order(self) -> None:
        chapters = """
            1.1 1.2 1.3 第2章 第2章_※1 第2章_※2 第2章_※3 第2章_※4 第2章_※5
            第3章 3.1 3.2 3.3.1 3.3.2 3.3.3 3.4 3.5.1 3.5.2 3.5.3
            第4章 4.1 4.2 4.3.1 4.3.2 4.3.3 4.4 4.4.1 4.4.2 4.4.3 4.5
            第5章 5.1 5.2 5.3 第6章
            第7章 7.1 7.2 7.3 7.4 7.5 7.6 7.7 7.8 7.9 7.10 7.11 7.11.1 7.11.2 7.11.3
            7.12 7.13 7.14 7.15 7.16 7.17 7.18 7.19 7.20 7.21 7.22
            8.1 8.1_① 8.1_② 8.1_③ 8.1_④ 8.1_⑤ 8.1_⑥ 8.2 8.2_① 8.2_② 8.2_③ 8.2_④ 8.2_⑤
            8.3 8.3_① 8.3_② 8.3_③ 8.3_④ 8.3_⑤ 8.3_⑥ 8.3_⑦ 8.3_⑧ 9.1 9.2 9.3 9.4 9.5 第10章
            別紙1_1. 別紙1_2. 別紙1_3. 別紙1_4. 別紙1_5. 別紙1_6. 別紙1_7. 別紙1_8.
            別紙2_概要 別紙2_引受保険会社 別紙2_保険責任期間 別紙2_発動条件 別紙2_補償する費用 別紙2_限度額
            別紙2_主な場合 別紙2_注意事項 別紙2_流れ 別紙2_相談窓口
        """
        expected = [name.replace("_", " ") for name in chapters.split()]
        assert [clause.id for clause in MIMAMORI.clause] == expected
        assert "5.から8." in MIMAMORI.clause_text("別紙1 4.")

    def test_every_clause_that_is_not_computed_says_why_in_a_sentence(self) -> None:
        for clause in MIMAMORI.clause:
            assert clause.text.endswith("。")
            if clause.not_computed is not None:
                assert clause.not_computed.endswith("。")
                assert "PENDING" not in clause.not_computed

    def test_has_worked_examples_of_each_of_its_questions(self) -> None:
        asked = {example["ask"] for example in examples("mimamori", "2020-03")}
        own = {"inquiry", "billing", "insurance", "failure_level", "slo", "maintenance", "desk_scope"}
        assert own <= asked


class TestNumbers:
    """Each number that the specification states, where the questions read it."""

    @pytest.mark.req("MM-INQ-02", "MM-INQ-03", "MM-INQ-06")
    def test_of_inquiries(self) -> None:
        terms = MIMAMORI.inquiry
        assert terms is not None
        assert (terms.answer.business_days, terms.answer.until) == (4, "18:00")
        assert (terms.close.days, terms.remind.days) == (14, 11)

    @pytest.mark.req("MM-DOC-10")
    @pytest.mark.parametrize("table", ["inquiry", "failure_level", "insurance"])
    def test_of_the_closed_days_of_every_year(self, table: str) -> None:
        calendar = getattr(MIMAMORI, table).days.calendar()
        around = [date(2025, 12, day) for day in range(26, 32)] + [date(2026, 1, day) for day in range(1, 6)]
        # 27 and 28 December and 4 January are a weekend.
        assert [day for day in around if calendar.is_business_day(day)] == [date(2025, 12, 26), date(2026, 1, 5)]

    @pytest.mark.req("MM-BIL-02", "MM-SLO-01", "MM-SLO-02")
    def test_of_fees_and_availability(self) -> None:
        assert MIMAMORI.billing is not None
        assert MIMAMORI.slo is not None
        assert MIMAMORI.billing.first_month.months_after == 1
        assert MIMAMORI.slo.target.percent == "99"
        assert [work.code for work in MIMAMORI.slo.excluded] == ["X1", "X2", "X3", "X4"]
        assert [work.code for work in MIMAMORI.slo.excluded if work.needs_approver] == ["X4"]

    @pytest.mark.req("MM-MNT-01", "MM-MNT-05", "MM-FLT-04")
    def test_of_stops_and_failures(self) -> None:
        assert MIMAMORI.maintenance is not None
        assert MIMAMORI.failure_level is not None
        planned, _, _ = MIMAMORI.maintenance.kind
        assert planned.remind is not None
        assert (planned.months, planned.channels, planned.remind.days) == (1, "all", 3)
        a, b, z = MIMAMORI.failure_level.level
        assert b.by is not None
        assert (a.within_minutes, b.by.business_days, b.by.until, z.contact) == (60, 1, "17:00", False)

    @pytest.mark.req("MM-INS-06", "MM-INS-07", "MM-INS-12")
    def test_of_the_insurance(self) -> None:
        terms = MIMAMORI.insurance
        assert terms is not None
        assert (terms.limits.calls, terms.limits.yen_per_call, terms.limits.yen) == (2, 150_000, 300_000)
        assert (terms.period.months_after_start, terms.period.months, terms.visit.days) == (1, 12, 30)

    def test_stand_in_the_edition_and_in_no_topic(self) -> None:
        topics = Path(__file__).parents[2] / "src/hoshu/terms"
        for name in ("inquiry", "billing", "insurance", "failure_level", "slo", "maintenance", "desk_scope"):
            source = (topics / f"{name}.py").read_text(encoding="utf-8")
            assert [word for word in ("mimamori", "150_000", "18:00", '"N01"', '"OUT-', '"X1"') if word in source] == []


class TestTheDesk:
    @pytest.mark.req("MM-DSK-07", "MM-DSK-08")
    def test_its_two_lists_are_complete(self) -> None:
        scope = MIMAMORI.desk_scope
        assert scope is not None
        inside = [subject.code for subject in scope.subject if subject.in_scope]
        outside = [subject.code for subject in scope.subject if not subject.in_scope]
        assert inside == ["IN-01", "IN-02", "IN-03", "IN-04", "IN-X1", "IN-X2", "IN-X3", "IN-X4", "IN-X5"]
        assert outside == [*(f"OUT-{number:02}" for number in range(1, 36)), "OUT-X1", "OUT-X2", "OUT-X3"]

    @pytest.mark.req("MM-DSK-08")
    @pytest.mark.parametrize(
        ("code", "words"),
        [
            each.split("=")
            for each in [
                "OUT-01=他社",
                "OUT-02=回線",
                "OUT-05=デュアルブート",
                "OUT-09=ベータ版",
                "OUT-12=マクロ",
                "OUT-14=ファイル交換",
                "OUT-17=フリーウェア",
                "OUT-20=日本語版",
                "OUT-23=違法",
                "OUT-24=バックアップ",
                "OUT-25=駆除",
                "OUT-27=固定IP",
                "OUT-30=TCP/IP",
                "OUT-31=ドメイン",
                "OUT-32=海外",
                "OUT-34=代行",
                "OUT-35=範囲外",
            ]
        ],
    )
    def test_each_number_stands_for_its_subject(self, code: str, words: str) -> None:
        assert MIMAMORI.desk_scope is not None
        labels = {subject.code: subject.label for subject in MIMAMORI.desk_scope.subject}
        assert words in labels[code]


class TestTables:
    @pytest.mark.req("MM-ENV-17")
    def test_seven_outbound_rows(self) -> None:
        assert rows("outbound") == (
            ("80/TCP", "インターネット", "-"),
            ("443/TCP", "インターネット", "機器とクラウドのサーバの間で使います"),
            ("8443/TCP", "インターネット", "機器とクラウドのサーバの間で使います"),
            ("53/UDP", "DNSサーバ", "-"),
            ("67/UDP", "DHCPサーバ", "-"),
            ("123/UDP", "インターネット", "-"),
            ("ICMP", "ゲートウェイ", "-"),
        )
        assert LISTINGS["outbound"].clause == "3.3.1"

    @pytest.mark.req("MM-ENV-21")
    def test_the_place_of_the_unit_its_radio_and_the_browsers(self) -> None:
        assert column("topology") == ["WIRED", "WIRELESS"]
        assert column("radio", 1) == ["IEEE802.11n、IEEE802.11g、IEEE802.11b", "2.4GHz（5GHzは使えません）"]
        assert len(rows("browser")) == 5
        assert "2020年3月" in LISTINGS["browser"].name

    @pytest.mark.req("MM-DOCS-01")
    def test_five_documents(self) -> None:
        assert column("document") == ["1", "2", "3", "4", "5"]
        assert ["UTM" in how or "同梱" in how for how in column("document", 3)] == [False, False, False, True, True]

    def test_ten_terms_each_in_one_sentence_or_two(self) -> None:
        assert len(rows("glossary")) == 10
        assert all(text.endswith("。") for text in column("glossary", 1))

    @pytest.mark.req("MM-CND-16")
    def test_twelve_prohibited_acts(self) -> None:
        assert column("prohibited") == [f"F{number}" for number in range(1, 13)]
        assert "国外" in column("prohibited", 1)[-1]

    @pytest.mark.req("MM-CND-25", "MM-CND-26")
    def test_what_is_promised_about_antisocial_forces_in_two_parts(self) -> None:
        codes = [*(f"G{n}" for n in range(1, 9)), *(f"R{n}" for n in range(1, 6)), *(f"H{n}" for n in range(1, 6))]
        assert column("antisocial") == codes
        assert "5年" in column("antisocial", 1)[2]
        assert [(each.rule, each.clause) for each in MIMAMORI.declaration] == [
            ("MM-CND-25", "7.21"),
            ("MM-CND-26", "7.21"),
        ]

    @pytest.mark.req("MM-CND-15")
    def test_nine_items_are_held_each_with_who_uses_it_and_how_long(self) -> None:
        assert len(column("held_item", 1)) == 9
        assert all(all(row) for row in rows("held_item"))

    @pytest.mark.req("MM-SUP-01")
    def test_three_kinds_of_support_and_four_of_damage(self) -> None:
        assert column("support") == ["問合せ対応", "サービス申請", "メンテナンス通知"]
        assert len(column("damage")) == 4

    def test_steps_run_in_their_order(self) -> None:
        assert column("start_step") == ["①", "②", "②'", "③", "④", "⑤", "⑥"]
        assert column("replacement_step") == list("①②③④⑤⑥⑦⑧")
        assert column("claim_step") == list("①②③④⑤⑥⑦⑧⑨")

    @pytest.mark.req("MM-INS-15")
    def test_two_mandates_go_to_two_parties(self) -> None:
        assert rows("mandate") == (
            ("M1", "保険金を請求する権利", "相談窓口"),
            ("M2", "保険金を受け取る権利", "駆け付け業者"),
        )

    def test_every_value_that_is_ours_is_listed(self) -> None:
        assert column("default") == [f"P-MM-{number}" for number in range(1, 24)]

    def test_each_table_has_a_name_of_its_own(self) -> None:
        assert len(LISTINGS) == len(MIMAMORI.listing)


class TestWhatPeopleAreTold:
    @pytest.mark.parametrize(
        ("rule", "clause", "words"),
        [
            pytest.param(rule, clause, words, marks=pytest.mark.req(rule))
            for rule, clause, words in (
                ("MM-DOC-03", "1.2", ["予告なく", "最新の版"]),
                ("MM-OVR-11", "第2章 ※4", ["予告なく", "保証されません"]),
                ("MM-OVR-12", "第2章 ※5", ["サイバー保険"]),
                ("MM-ENV-02", "第3章", ["インターネットが使えません"]),
                ("MM-ENV-07", "3.1", ["約2m"]),
                ("MM-ENV-09", "3.1", ["174", "195", "40"]),
                ("MM-ENV-13", "3.1", ["元の配線"]),
                ("MM-ENV-19", "3.3.2", ["SSID"]),
                ("MM-ENV-20", "3.3.2", ["ケーブル"]),
                ("MM-DET-03", "4.1", ["保証されません"]),
                ("MM-POR-01", "4.4", ["予告なく"]),
                ("MM-INS-01", "4.5", ["フルスキャン", "保険"]),
                ("MM-CND-18", "7.16", ["なくすものではありません"]),
            )
        ],
    )
    def test_each_notice_stands_with_its_clause(self, rule: str, clause: str, words: list[str]) -> None:
        ((found, text),) = texts(MIMAMORI.notice, rule)
        assert found == clause
        assert [word for word in words if word not in text] == []

    def test_each_duty_is_a_request_in_one_sentence(self) -> None:
        for duty in MIMAMORI.duty:
            assert duty.text.endswith("。")
            assert "ください" in duty.text

    def test_no_status_is_called_safe(self) -> None:
        shown = [note.text for note in (*MIMAMORI.notice, *MIMAMORI.duty)] + [each.text for each in MIMAMORI.clause]
        assert [text for text in shown if "安全です" in text] == []


class TestReadings:
    @pytest.mark.parametrize("reading", MIMAMORI.reading, ids=lambda reading: reading.id)
    def test_each_names_a_key_that_exists(self, reading: Any) -> None:
        if reading.setting is None or reading.setting.endswith("move_off_day_off"):  # left at its default
            return
        found: Any = PARAMETERS
        for name in reading.setting.split("."):
            if isinstance(found, list):
                found = next(each for each in found if name in each)
            found = found[name]

    def test_none_stands_twice(self) -> None:
        ids = [reading.id for reading in MIMAMORI.reading]
        assert len(ids) == len(set(ids))


class TestWrongParameters:
    """What the tables of the desk refuse when a file is loaded."""

    @pytest.mark.parametrize(
        ("right", "wrong", "message"),
        [
            ('until = "18:00"', 'until = "18.00"', "時刻ではありません"),
            ('at = "09:00"', 'at = "9"', "時刻ではありません"),
            ("business_days = 4", "business_days = 0", "1営業日より短く"),
            ('closed_annually = ["12-29"', 'closed_annually = ["13-29"', "「13-29」は暦にある月日ではありません"),
            ('percent = "99"', 'percent = "101"', "100以下の数ではありません"),
            ('percent = "99"', 'percent = "all"', "100以下の数ではありません"),
            ("within_minutes = 60\n", "", "within_minutes か by のどちらか"),
            ('["ICMP", "ゲートウェイ", "-"]', '["ICMP", "ゲートウェイ"]', "3列のうち2列"),
        ],
    )
    def test_a_value_that_cannot_be_is_refused_with_its_line(
        self, tmp_path: Path, right: str, wrong: str, message: str
    ) -> None:
        folder = tmp_path / "mimamori"
        folder.mkdir()
        source = SOURCE.read_text(encoding="utf-8")
        assert right in source
        path = folder / SOURCE.name
        path.write_text(source.replace(right, wrong, 1), encoding="utf-8")
        with pytest.raises(CatalogError, match=rf"2020-03\.toml:\d+: .*{message}"):
            load(path)
