"""What keeps hoshu from starting, in words for the operator."""

import errno

_CAUSES = {
    errno.EACCES: "許可されていません",
    errno.EPERM: "許可されていません",
    errno.EROFS: "読み取り専用です",
    errno.ENOSPC: "空き容量がありません",
    errno.EDQUOT: "割り当てられた容量を使い切っています",
    errno.ENOTDIR: "途中にフォルダーでないものがあります",
    errno.EEXIST: "同じ名前のファイルがあります",
    errno.ENOENT: "見つかりません",
}


class Trouble(Exception):
    """A reason not to start or go on: what happened and what to do. Shown without a traceback, exit status 1."""


def cause(error: OSError) -> str:
    """Why the operating system refused, in Japanese where we know the case."""
    return _CAUSES.get(error.errno or 0, error.strerror or str(error))
