"""What a file really is: judged by its content, never by its name or by what the sender says."""

import json
import subprocess
import sys
from dataclasses import dataclass

WALL_SECONDS = 30
DOCUMENTS = frozenset({"application/pdf", "image/jpeg", "image/png"})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES = frozenset({"text/plain", XLSX})
ENDINGS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "text/plain": ".txt",
    XLSX: ".xlsx",
}


class Unreadable(Exception):
    """The content can not be opened; the message is for the sender."""


@dataclass(frozen=True)
class Inspection:
    """`media_type` by content; `pages` of a document or picture; does its text hold a 個人番号?

    A scan is a picture: what is written in it is not read.
    """

    media_type: str
    pages: int | None
    personal_number: bool


def inspect(content: bytes) -> Inspection:
    """Open `content` in a limited process. Raises Unreadable where a PDF, JPEG or PNG does not open."""
    return Inspection(**json.loads(_decoder("inspect", content=content)))


def page(content: bytes, number: int) -> bytes:
    """Page `number` (from 1) of a PDF or picture as PNG. Raises Unreadable."""
    return _decoder("page", str(number), content=content)


def _decoder(*arguments: str, content: bytes) -> bytes:
    command = [sys.executable, "-I", "-m", "hoshu.files.decoder", *arguments]
    try:
        # The arguments are our own words; what came from outside goes in as bytes.
        done = subprocess.run(command, input=content, capture_output=True, timeout=WALL_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise Unreadable("ファイルを開くのに時間がかかりすぎます。保存し直すか、分けて送ってください。") from error
    if done.returncode == 0:
        return done.stdout
    raise unreadable(done.returncode, done.stderr)


def unreadable(status: int, said: bytes) -> Unreadable:
    """Why a confined process ended with `status`, as far as the sender should know.

    Its first line is ours (status 1 is also Python's for a crash); what a library adds at the end is not for people.
    """
    reason = said.decode(errors="replace").partition("\n")[0]
    if status == 1 and not reason.startswith("Traceback"):
        return Unreadable(reason)
    return Unreadable("ファイルを安全に開けませんでした。保存し直してから送ってください。")
