"""restoration: which work is done after an exchange."""

from hoshu.catalog import Edition, Plan

from .facts import BOOL, COUNT, TEXT, Fact, Facts, list_of
from .topic import Answer, Decider, Reason, Topic, Trace, reasons
from .vocabulary import shared


def compile_restoration(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.restoration
    assert terms is not None
    levels = {(level.version, level.backup): level for level in terms.level}

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        # IX-SVC-03: what is not said to be there is planned as not provided.
        version = facts.get("software_version_known") is True
        given = facts.get("config_backup_available") is True
        readable = facts.get("config_backup_readable") is not False
        level = levels[version, given and readable]
        found = reasons(level, level.says)
        for step in terms.step:
            found += reasons(step, step.done if step.code in level.steps else step.left)
        if given and not readable:
            text = "渡されたバックアップは読み取れないため、渡されなかったものとして扱います。"
            found = [*reasons(terms.unreadable, text), *found]
        if trace is not None:
            for other in terms.level:
                if other is not level:
                    trace.lost(other, other.says)
        answer = {"steps": list(level.steps), "left_to_customer": list(level.left), "level": level.level}
        return answer, found

    return decide


TOPIC = Topic(
    "restoration",
    shared(
        software_version_known=Fact("ソフトウェアのバージョンがわかるか", BOOL),
        config_backup_available=Fact("最新のコンフィグのバックアップがあるか", BOOL),
        config_backup_readable=Fact("バックアップを読み取れるか", BOOL),
    ),
    compile_restoration,
    by_plan=False,
    elsewhere={
        "part": Fact("交換する部品", TEXT),
        "raid": Fact("RAID の構成か", BOOL),
        "failed_disks": Fact("故障したディスクの数", COUNT),
        "soft_mirror_lost": Fact("ソフトウェアのミラーが失われたか", BOOL),
        "array_running": Fact("ディスクアレイが動いているか", BOOL),
        "settings_collected": Fact("設定情報を採取してあるか", BOOL),
        "settings_kinds": Fact("採取してある設定情報の種類", list_of(TEXT)),
        "hardware_fault": Fact("ハードウェアの故障か", BOOL),
        "pp_supported": Fact("ソフトウェアの保守の対象か", BOOL),
        "licence_keys": Fact("ライセンスキーがそろっているか", BOOL),
        "software": Fact("ソフトウェアの種類", TEXT),
    },
    by_service=True,
)
