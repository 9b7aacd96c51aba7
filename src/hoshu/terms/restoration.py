"""restoration: which work is done after an exchange."""

from hoshu.catalog import Edition, Plan

from .facts import BOOL, Fact, Facts
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
)
