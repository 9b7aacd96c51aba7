"""What a caller can say leads to the unit, and to nothing else."""

import re

import pytest
from django.db import connection

from hoshu.accounts.models import Organisation
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts import finding
from hoshu.contracts.models import Agreement, DeviceSerial, Licence, Shipment
from hoshu.japan.names import folded
from tests.cases.units import exchange, on_site, product, register
from tests.people import KATO, MORI, SATO


def serials(query):
    return [hit.serial for hit in finding.units(query=query).hits]


@pytest.mark.req("IX-FLT-02")
@pytest.mark.parametrize("said", ["N10001", "n10001", "ｎ１０００１", "N1-0001", " N1 0001 ", "N100"])
def test_width_case_spaces_and_hyphens_do_not_matter(router, acting, said):
    with acting(MORI):
        assert serials(said) == ["N10001"]


@pytest.mark.req("IX-FLT-02")
def test_several_hits_are_all_shown_the_exact_one_first(router, world, acting):
    register(tenant_id=world.tenant(KATO), by=world.users[MORI], serial="N100012")
    register(tenant_id=world.tenant(KATO), by=world.users[MORI], serial="N100011")
    with acting(MORI):
        assert serials("N10001") == ["N10001", "N100011", "N100012"]


@pytest.mark.req("IX-FLT-02")
@pytest.mark.parametrize("said", ["0001", "１０００１", "1-0001"])
def test_the_end_of_a_label_is_enough(router, world, acting, said):
    register(tenant_id=world.tenant(KATO), by=world.users[MORI], serial="N10002")
    with acting(MORI):
        (hit,) = finding.units(query=said).hits
        assert (hit.serial, hit.by, hit.is_whole(said)) == ("N10001", "製造番号の末尾", False)
        assert serials("001") == []  # three characters end too many numbers


@pytest.mark.req("IX-FLT-02")
def test_what_begins_with_the_number_stands_before_what_ends_with_it(router, world, acting):
    register(tenant_id=world.tenant(KATO), by=world.users[MORI], serial="A1N10001")
    with acting(MORI):
        assert serials("N10001") == ["N10001", "A1N10001"]


@pytest.mark.parametrize(
    ("said", "indexes"),
    [
        ("N1-0001", {"device_by_serial", "device_by_serial_end"}),
        ("0300001234", {"device_by_serial", "device_by_serial_end", "party_by_phone", "organisation_by_ending"}),
        ("青葉", {"organisation_by_ending"}),
    ],
)
def test_no_table_is_read_from_end_to_end_whatever_is_typed(router, acting, said, indexes):
    asked = []

    def keep(execute, statement, values, many, context):
        asked.append((statement, values))
        return execute(statement, values, many, context)

    with acting(MORI), connection.cursor() as cursor:
        with connection.execute_wrapper(keep):
            finding.units(query=said)
        [(statement, values)] = [(statement, values) for statement, values in asked if "best" in statement]
        for number, name in enumerate(values, start=1):
            statement = statement.replace(f"%({name})s", f"${number}")
        cursor.execute("SET LOCAL enable_seqscan = off")  # few rows; it shows whether an index may be used at all
        cursor.execute(f"EXPLAIN (GENERIC_PLAN) {statement}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("auto",)  # nobody else's statements are planned so
    assert not re.search(r"Seq Scan on (?:contracts|accounts)_(?!product)", plan), plan
    for index in indexes:
        assert re.search(rf"(?:using|Bitmap Index Scan on) {index}\b", plan), plan


def test_lists_look_a_number_up_in_its_index_too(world, acting):
    found = DeviceSerial.objects.filter(serial__begins="N1")
    with acting(MORI), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert re.search(r"(?:using|Bitmap Index Scan on) device_by_serial\b", found.explain())


@pytest.mark.req("IX-FLT-02", "IX-OWN-03")
def test_the_number_of_a_unit_that_was_swapped_out_leads_to_the_present_one(router, acting):
    with acting(MORI):
        exchange(on_site(router))
        (hit,) = finding.units(query="N10001").hits
        assert (hit.serial, hit.matched, hit.current) == ("S900", "N10001", False)


@pytest.mark.req("IX-GEN-03", "IX-FLT-02")
@pytest.mark.parametrize(("column", "kind"), [("number", "サービス手配番号"), ("licence__card_serial", "シリアル No.")])
def test_a_number_of_another_kind_helps_but_is_named_as_such(router, acting, column, kind):
    with acting(MORI):
        said = Agreement.objects.values_list(column, flat=True).get(device=router)
        found = finding.units(query=said)
        assert [hit.by for hit in found.hits] == [kind]
        assert "製造番号では見つかりません" in found.hint
        assert kind in found.hint


@pytest.mark.req("IX-GEN-03")
def test_the_card_of_a_licence_nobody_registered_is_recognised(world, acting):
    with act_as(SYSTEM):
        Licence.objects.create(service="ix", family="IX2000", plan="5d-3y", card_serial="C777")
    with acting(MORI):
        found = finding.units(query="c-777")
    assert not found.hits
    assert "シリアル No." in found.hint


def test_a_unit_that_left_the_factory_but_was_never_registered_is_recognised(world, acting):
    with act_as(SYSTEM):
        Shipment.objects.create(product=product(), serial="P5001", shipped_on="2025-05-01")
    with acting(MORI):
        assert "出荷記録" in finding.units(query="P5001").hint


@pytest.mark.parametrize("said", ["青葉商事", "㈱青葉商事", "青葉", "アオバ", "あおば"])
def test_a_company_is_found_by_its_name_however_it_is_written(router, acting, said):
    with act_as(SYSTEM):
        aoba = Organisation.objects.get(name="青葉商事株式会社")
        aoba.kana = "アオバショウジ"
        aoba.search_name = f"{folded(aoba.name)} {folded(aoba.kana)}"
        aoba.save()
    with acting(MORI):
        assert serials(said) == ["N10001"]


@pytest.mark.parametrize(
    "said", ["03-0000-1234", "０３００００１２３４", "(03) 0000 1234", "+81-3-0000-1234", "０３ー００００", "030000"]
)
def test_a_telephone_number_leads_to_the_unit(router, acting, said):
    with acting(MORI):
        assert serials(said) == ["N10001"]


@pytest.mark.parametrize("said", ["", "N", "1%", "_____", "該当なし"])
def test_what_fits_nothing_finds_nothing(router, acting, said):
    with acting(MORI):
        assert serials(said) == []


def test_more_hits_than_asked_for_are_announced(router, world, acting):
    register(tenant_id=world.tenant(SATO), by=world.users[MORI], serial="N10002")
    with acting(MORI):
        found = finding.units(query="N1000", limit=1)
    assert (len(found.hits), found.more) == (1, True)


def test_a_customer_finds_only_own_units(router, world, acting):
    register(tenant_id=world.tenant(KATO), by=world.users[MORI], serial="N10002")
    with acting(KATO):
        assert serials("N1000") == ["N10002"]
        assert serials("青葉") == []
        assert [hit.serial for hit in finding.in_sight(limit=5).hits] == ["N10002"]
        with pytest.raises(finding.NotFound):
            finding.unit(device_id=router)


def test_a_customer_reads_an_own_unit_although_the_stock_of_licences_is_closed(router, acting):
    with acting(SATO):
        unit = finding.unit(device_id=router)
    assert unit.covers[0].card_serial == ""
    assert unit.covers[0].site.address == "宮城県仙台市青葉区中央1-2-3"
