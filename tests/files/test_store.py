"""Files are taken in, refused, locked and decided about; what is locked is unreadable in the database itself."""

from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import connection

from hoshu.accounts import tenancy
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.dates import JST
from hoshu.files import media, queries, store
from hoshu.files.models import FileContent, StoredFile
from tests.files import samples
from tests.people import AOBA, HAYASHI, KATO, KONDO, SATO, settle

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=JST)


@pytest.fixture
def aoba(world) -> int:
    return world.organisations[AOBA].pk


@pytest.fixture
def clerk(acting):
    with acting(HAYASHI) as actor:
        yield actor


def keep(tenant_id: int | None, **changed) -> StoredFile:
    facts = {
        "tenant_id": tenant_id,
        "name": "設定.txt",
        "content": b"hostname r1\n",
        "purpose": "backup",
        "declared_personal_number": False,
        "actor": tenancy.current(),
        "now": NOW,
    }
    return store.keep(**facts | changed)


def stored_rows() -> int:
    """Rows of content that the runtime login gets to see."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM files_filecontent")
        return cursor.fetchone()[0]


@pytest.mark.req("IX-FLT-04", "IX-REG-13")
def test_a_file_is_kept_with_its_facts_and_given_back_as_it_came(clerk, aoba):
    content = samples.pdf("納品書")
    file = keep(aoba, name="../納品書.pdf", content=content, purpose="proof")
    assert (file.state, file.media_type, file.pages, file.size) == ("available", "application/pdf", 1, len(content))
    assert (file.original_name, file.name, file.arrived_at, file.arrived_by) == (
        "../納品書.pdf",
        "納品書.pdf",
        NOW,
        clerk.label,
    )
    download = queries.download(file_id=file.pk)
    assert download.content == content
    assert download.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E7%B4%8D%E5%93%81%E6%9B%B8.pdf"
    assert download.headers["X-Content-Type-Options"] == "nosniff"
    assert download.headers["Cache-Control"] == "private, no-store"
    assert queries.preview(file_id=file.pk).startswith(b"\x89PNG")


def test_a_list_of_files_does_not_load_their_content(clerk, aoba, django_assert_num_queries):
    keep(aoba)
    with django_assert_num_queries(1) as queried:
        assert [file.tenant.name for file in queries.files()] == [AOBA]
    assert "files_filecontent" not in queried[0]["sql"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"content": b""}, "中身がありません"),
        ({"content": b"%PDF-1.7 no", "purpose": "card"}, "PDFとして開けません"),
        ({"content": b"plain text", "name": "card.pdf", "purpose": "card"}, "PDF・JPEG・PNGのどれか"),
        ({"content": samples.picture("GIF"), "purpose": "proof"}, "PDF・JPEG・PNGのどれか"),
        ({"content": b"x" * 2000}, r"大きすぎます（0MB）。1つ0MBまで"),
    ],
)
def test_refused_with_what_to_do_and_nothing_stored(clerk, aoba, settings, changed, says):
    settings.FILE_LIMIT_BYTES = 1999
    with pytest.raises(store.Refused, match=says):
        keep(aoba, **changed)
    assert not StoredFile.objects.exists()


def test_a_name_that_lies_gets_the_ending_of_the_content(clerk, aoba):
    assert keep(aoba, name="card.jpg", content=samples.pdf("x"), purpose="card").name == "card.jpg.pdf"
    assert keep(aoba, name="scan.JPEG", content=samples.picture("JPEG"), purpose="card").name == "scan.JPEG"
    assert keep(aoba, name="show run").name == "show run"


@pytest.mark.req("IX-MYN-04", "IX-FLT-04")
@pytest.mark.parametrize(
    ("changed", "held_for", "waits_for"),
    [
        ({"declared_personal_number": True}, "declared", "返却か破棄の判断"),
        ({"announced": True}, "declared", "返却か破棄の判断"),  # example (3): the earlier notice prevails over "no"
        ({"content": "個人番号 123456789018".encode()}, "found", "返却か破棄の判断"),
        ({"declared_personal_number": None}, "unanswered", "お客様の回答"),
    ],
)
def test_what_may_contain_a_number_is_held_and_nobody_can_read_it(clerk, aoba, changed, held_for, waits_for):
    file = keep(aoba, **changed)
    assert (file.state, file.held_for, file.waits_for) == ("held", held_for, waits_for)
    assert [held.pk for held in queries.held()] == [file.pk]
    assert stored_rows() == 0
    with act_as(SYSTEM):
        assert stored_rows() == 0
    for read in (queries.download, queries.preview):
        with pytest.raises((queries.Sealed, media.Unreadable)):
            read(file_id=file.pk)


@pytest.mark.req("IX-MYN-01")
def test_a_memory_dump_is_never_opened(clerk, aoba, monkeypatch):
    monkeypatch.setattr(media, "_decoder", lambda *arguments, content: pytest.fail("the dump was opened"))
    file = keep(aoba, purpose="dump", name="core.txt", content=b"plain text in a dump")
    assert (file.media_type, file.pages, file.state) == ("application/octet-stream", None, "available")
    with pytest.raises(media.Unreadable, match="表示できません"):
        queries.preview(file_id=file.pk)


@pytest.mark.req("IX-MYN-04")
def test_found_later_it_is_locked_at_once(clerk, aoba):
    file = keep(aoba)
    assert stored_rows() == 1
    file = store.hold(file_id=file.pk, note="ログに番号があると連絡を受けた", actor=clerk, now=NOW + timedelta(days=7))
    assert (file.state, file.held_for, file.decided_by) == ("held", "reported", clerk.label)
    assert file.decided_at == NOW + timedelta(days=7)
    assert stored_rows() == 0


@pytest.mark.req("IX-MYN-04")
@pytest.mark.parametrize(("end", "state"), [(store.give_back, "returned"), (store.destroy, "destroyed")])
def test_returned_or_destroyed_the_content_is_erased_and_the_record_stays(transactional_db, postgres, end, state):
    """The runtime login can not even count what is held, so the owner of the tables looks."""
    with act_as(SYSTEM) as actor:
        aoba = settle().organisations[AOBA].pk
        file = keep(aoba, declared_personal_number=True)
    with psycopg.connect(postgres.owner_url(connection.settings_dict["NAME"]), autocommit=True) as owner:
        counted = "SELECT count(*) FROM files_filecontent"
        assert owner.execute(counted).fetchone() == (1,)
        with act_as(SYSTEM) as actor:
            file = end(file_id=file.pk, note="お客様へ書留で返した", actor=actor, now=NOW)
        assert owner.execute(counted).fetchone() == (0,)
    assert (file.state, file.note, file.waits_for) == (state, "お客様へ書留で返した", "")
    assert len(file.sha256) == 64
    with act_as(SYSTEM), pytest.raises(queries.Sealed, match=file.get_state_display()):
        queries.download(file_id=file.pk)


def test_the_answer_no_opens_what_only_waited_for_it(clerk, aoba):
    waiting = keep(aoba, declared_personal_number=None)
    assert store.declare(file_id=waiting.pk, contains=False, actor=clerk, now=NOW).state == "available"
    found = keep(aoba, declared_personal_number=None, content=b"1234-5678-9018")
    answered = store.declare(file_id=found.pk, contains=False, actor=clerk, now=NOW)
    assert (answered.state, answered.held_for) == ("held", "found")
    yes = keep(aoba, declared_personal_number=None)
    assert store.declare(file_id=yes.pk, contains=True, actor=clerk, now=NOW).held_for == "declared"


def test_a_held_file_opens_only_with_a_note_and_from_the_right_state(clerk, aoba):
    file = keep(aoba, declared_personal_number=True)
    with pytest.raises(store.Refused, match="処置の内容を入力"):
        store.release(file_id=file.pk, note="  ", actor=clerk, now=NOW)
    assert store.release(file_id=file.pk, note="電話で確認した", actor=clerk, now=NOW).state == "available"
    for act in (store.release, store.give_back, store.destroy):
        with pytest.raises(store.Refused, match="「利用可」です"):
            act(file_id=file.pk, note="二度目", actor=clerk, now=NOW)


def test_content_is_never_changed(clerk, aoba):
    file = keep(aoba)
    assert FileContent.objects.filter(file=file).update(content=b"other") == 0
    assert queries.download(file_id=file.pk).content == b"hostname r1\n"


def test_another_customer_sees_neither_file_nor_content(acting, aoba):
    with acting(HAYASHI):
        file = keep(aoba)
        unclaimed = keep(None)
    with acting(KATO):
        assert not queries.files().exists()
        assert stored_rows() == 0
        with pytest.raises(StoredFile.DoesNotExist) as foreign:
            queries.download(file_id=file.pk)
        with pytest.raises(StoredFile.DoesNotExist) as missing:
            queries.download(file_id=0)
        assert str(foreign.value) == str(missing.value)
        with pytest.raises(StoredFile.DoesNotExist):
            store.hold(file_id=file.pk, note="他社の資料", actor=tenancy.current(), now=NOW)
    for person in (SATO, KONDO):
        with acting(person):
            assert [seen.pk for seen in queries.files()] == [file.pk]
            assert queries.download(file_id=file.pk).content
    with acting(HAYASHI):
        store.assign(file_id=unclaimed.pk, tenant_id=aoba)
        with pytest.raises(store.Refused, match="すでに決まって"):
            store.assign(file_id=unclaimed.pk, tenant_id=aoba)
    with acting(SATO):
        assert queries.download(file_id=unclaimed.pk).content


@pytest.mark.req("IX-MYN-01")
def test_no_column_is_for_the_number_itself():
    columns = {field.name for model in (StoredFile, FileContent) for field in model._meta.get_fields()}
    assert {name for name in columns if "number" in name} == {"declared_personal_number"}
