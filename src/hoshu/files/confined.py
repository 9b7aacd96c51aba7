"""What the processes share that open other people's files: little memory, little time, and one sentence on failure."""

import resource
import sys
from collections.abc import Callable, Iterable


class Broken(Exception):
    """The content is not what it says, or too large to open. The message is for the sender."""


def run(work: Callable[[bytes], Iterable[bytes]], *, memory_bytes: int, cpu_seconds: int) -> int:
    """Give standard input to `work` and write what it yields; the exit status.

    A file that is built to crash, to fill the memory or to run for ever ends this process and nothing else. Status 1
    means that the content is broken; what was wrong stands as one Japanese sentence on standard error.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        for piece in work(sys.stdin.buffer.read()):
            sys.stdout.buffer.write(piece)
    except Broken as error:
        sys.stderr.buffer.write(f"{error}\n".encode())
        return 1
    return 0
