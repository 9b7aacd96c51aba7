"""The remote-care edition: the list of fields, purposes, answers and numbers that the terms state, table by table."""

from datetime import date
from typing import Any

import pytest

from hoshu.catalog import Edition, edition
from hoshu.terms import decide

CARE = edition("remote-care", "1")


def section(name: str) -> Any:
    found = getattr(CARE, name)
    assert found is not None
    return found


def notes(kind: str, rule: str) -> list[tuple[str, str]]:
    """The clause and text of every duty, notice or declaration of a requirement."""
    return [(note.clause, note.text) for note in getattr(CARE, kind) if note.rule == rule]


class TestTheDocument:
    def test_has_eleven_articles(self) -> None:
        articles = {clause.id.split()[0] for clause in CARE.clause}
        assert articles == {f"第{number}条" for number in range(1, 12)}

    def test_its_first_article_states_the_four_elements_of_the_service(self) -> None:
        text = CARE.clause_text("第1条")
        for element in (
            "インターネットにつないだプリンター",
            "使用状況や障害の情報",
            "管理センターを通じて",
            "個別サービス",
        ):
            assert element in text

    @pytest.mark.req("RC-SUR-01")
    def test_articles_4_to_6_and_8_to_11_go_on_after_the_end_and_1_to_3_and_7_do_not(self) -> None:
        goes_on = {
            clause.id for clause in CARE.clause if clause.id.split()[0] not in ("第1条", "第2条", "第3条", "第7条")
        }
        assert set(CARE.surviving_clauses) == goes_on

    def test_the_first_edition_answers_every_day(self) -> None:
        assert date(2020, 2, 29) == CARE.in_force
        facts = {"fields": ["serial"], "on": "2019-12-31", "services": ["fault"]}
        question = {"id": 1, "ask": "telemetry", "service": "remote-care", "plan": "basic", "facts": facts}
        assert decide(question)["edition"] == "1"


class TestTheListOfFields:
    @pytest.mark.req("RC-COL-02")
    def test_there_are_exactly_four_categories(self) -> None:
        found = {each.code: (each.name, each.clause) for each in section("telemetry").category}
        assert found == {
            "C1": ("消耗品", "第5条 (1)①"),
            "C2": ("印刷枚数・エラー履歴", "第5条 (1)②"),
            "C3": ("機械情報", "第5条 (1)③"),
            "C4": ("お客様登録情報の抽出分", "第5条 (1)④"),
        }

    @pytest.mark.req("RC-COL-02")
    def test_every_field_says_why_it_is_needed_and_what_it_may_hold(self) -> None:
        for field in section("telemetry").field:
            assert field.reason.endswith("。"), field.path
            assert field.name
            if field.type in ("integer", "text", "bytes"):
                assert field.most is not None, field.path
            if field.type == "integer":
                assert field.least is not None, field.path

    @pytest.mark.req("RC-COL-03")
    def test_consumables_are_told_without_the_name_of_who_replaced_them(self) -> None:
        found = {field.path: field for field in section("telemetry").field if field.category == "C1"}
        assert {path.removeprefix("consumables[].") for path in found} == {
            "type",
            "colour",
            "serial",
            "level",
            "replacedAt",
            "replenishedAt",
            "quantity",
        }
        level = found["consumables[].level"]
        assert (level.type, level.least, level.most, level.unit) == ("integer", 0, 100, "%")
        assert not any(field.personal for field in found.values())

    @pytest.mark.req("RC-COL-04")
    def test_pages_are_counted_and_errors_dated_and_no_job_is_told(self) -> None:
        found = {field.path: field for field in section("telemetry").field if field.category == "C2"}
        total = found["pageCountTotal"]
        assert (total.type, total.least, total.most, total.unit) == ("integer", 0, 4_294_967_295, "枚")
        assert {"errors[].code", "errors[].occurredAt", "errors[].clearedAt", "errors[].pageCount"} <= found.keys()
        assert not any(field.personal for field in found.values())

    @pytest.mark.req("RC-COL-05")
    def test_the_hardware_log_is_machine_information_of_a_failure_and_bounded(self) -> None:
        logs = [field for field in section("telemetry").field if field.path.startswith("hardwareLog")]
        assert {(field.category, field.only_on) for field in logs} == {("C3", "failure")}
        assert [field.most for field in logs if field.type == "bytes"] == [10 * 1024 * 1024]
        assert [(each.code, each.clause) for each in section("telemetry").occasion] == [("failure", "第7条 (4)")]

    @pytest.mark.req("RC-COL-06")
    def test_of_what_the_customer_registered_only_name_and_place_and_both_may_name_somebody(self) -> None:
        fields = section("telemetry").field
        assert {field.path for field in fields if field.category == "C4"} == {"deviceName", "place"}
        assert {field.path for field in fields if field.personal} == {"deviceName", "place"}

    @pytest.mark.req("RC-COL-11")
    def test_each_service_declares_what_it_needs_and_every_field_has_a_service_that_does(self) -> None:
        services = {each.id: set(each.fields) for each in section("telemetry").service}
        assert services.keys() == {"consumables", "fault"}
        assert {"model", "serial", "place", "consumables[].level"} <= services["consumables"]
        assert not any(path.startswith("errors") for path in services["consumables"])
        assert set.union(*services.values()) == {field.path for field in section("telemetry").field}

    @pytest.mark.parametrize(
        "field",
        [
            "documentName",
            "documentTitle",
            "documentContent",
            "jobs[0].name",
            "userId",
            "userName",
            "pcName",
            "faxNumber",
            "phoneNumber",
            "addressBook[0].name",
            "adminMail",
            "scan[0].data",
            "password",
            "privateKey",
            "ipAddress",
            "traffic[0].destination",
        ],
    )
    def test_nothing_of_what_must_never_be_there_is_listed(self, field: str) -> None:
        facts = {"fields": [field], "on": "2025-06-10", "services": ["fault", "consumables"]}
        found = decide({"id": 1, "ask": "telemetry", "service": "remote-care", "plan": "basic", "facts": facts})
        assert found["answer"]["dropped"] == [field]


class TestPurposesAndNumbers:
    @pytest.mark.req("RC-PUR-01")
    def test_there_are_exactly_six_purposes_each_with_its_item_of_article_4(self) -> None:
        found = {each.code: (each.name, each.clause) for each in section("use").purpose}
        assert found == {
            "P1": ("サービス提供", "第4条 (1)"),
            "P2": ("運営上の連絡", "第4条 (2)"),
            "P3": ("資料等の送付", "第4条 (3)"),
            "P4": ("対象機器の特定・情報提供", "第4条 (4)"),
            "P5": ("品質向上", "第4条 (5)"),
            "P6": ("新商品・新サービスの案内", "第4条 (6)"),
        }

    @pytest.mark.req("RC-SEC-08")
    def test_an_answer_to_a_unit_has_eight_keys_and_no_command(self) -> None:
        assert set(section("contact").answer.keys) == {
            "result",
            "receivedAt",
            "refusedFields",
            "errorCode",
            "errorText",
            "nextReportAfterSeconds",
            "allowListVersion",
            "certificateRenewal",
        }

    def test_the_numbers_that_the_operator_may_set_stand_at_their_defaults(self) -> None:
        admission = section("admission")
        assert admission.encryption.version == "1.2"
        assert (admission.clock.minutes, admission.backlog.hours, admission.late.minutes) == (5, 168, 60)
        assert section("use").group.customers == 5
        assert section("heartbeat").silence.minutes == 180

    def test_every_code_that_a_unit_is_answered_says_one_thing(self) -> None:
        admission = section("admission")
        names = ("encryption", "certificate", "identity", "in_force", "sequence", "replay", "clock", "backlog")
        assert len({getattr(admission, name).code for name in names}) == len(names)
        assert admission.before_acceptance.code == admission.in_force.code == "RC-E-TERMS"


class TestWhatCustomersAreShown:
    @pytest.mark.req("RC-SEC-10")
    def test_four_facts_about_the_safety_of_the_connection(self) -> None:
        found = notes("notice", "RC-SEC-10")
        assert [clause for clause, _ in found] == ["第6条 (1)", "第6条 (2)", "第6条 (3)", "第6条 (4)"]
        for (_, text), word in zip(
            found, ("クライアント認証", "SSL通信", "接続することはありません", "利用目的"), strict=True
        ):
            assert word in text

    @pytest.mark.req("RC-NET-08")
    def test_metered_lines_are_warned_and_asked_about(self) -> None:
        ((clause, text),) = notes("notice", "RC-NET-08")
        assert clause == "第7条 (4)"
        assert "従量制" in text
        assert len(notes("declaration", "RC-NET-08")) == 1

    def test_the_customer_prepares_three_things_and_bears_two_costs(self) -> None:
        assert [clause for clause, _ in notes("duty", "RC-NET-02")] == ["第7条 (1)"] * 3
        for rule in ("RC-NET-03", "RC-NET-06"):
            assert len(notes("duty", rule)) == len(notes("declaration", rule)) == 1

    @pytest.mark.req("RC-LIA-01")
    def test_the_limit_of_liability_is_shown(self) -> None:
        ((clause, text),) = notes("notice", "RC-LIA-01")
        assert clause == "第8条"
        for word in ("天災地変", "故意", "重過失"):
            assert word in text


def test_every_reading_that_names_a_setting_names_one_that_exists() -> None:
    for reading in CARE.reading:
        assert reading.question.endswith("か")
        if reading.setting is not None:
            assert_holds(CARE, reading.setting)


def assert_holds(edition_: Edition, setting: str) -> None:
    found: Any = edition_
    for name in setting.split("."):
        found = getattr(found[0] if isinstance(found, tuple) else found, name)
    assert found is not None
