"""What was handed over to be taken in, tried and run. Written by this package's own modules only."""

from django.conf import settings
from django.db import models

from hoshu.files.models import StoredFile


class Import(models.Model):
    """One table: read and tried first, run when somebody says so."""

    class State(models.TextChoices):
        """Who acts next stands behind each state."""

        READING = "reading", "読み取り中"  # the worker
        WAITING = "waiting", "確認待ち"  # a person looks at what would happen, and starts it
        RUNNING = "running", "実行中"  # the worker
        DONE = "done", "完了"  # nobody
        STOPPED = "stopped", "中止"  # a person, who may go on with it
        FAILED = "failed", "失敗"  # a person: `trouble` says what to do

    kind = models.CharField("種類", max_length=60)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="ファイル")
    state = models.CharField("状態", max_length=10, choices=State.choices, default=State.READING)
    trouble = models.TextField("できなかった理由", blank=True)
    about = models.JSONField("表について", default=dict)
    """Format, encoding and sheet, and what of the file was not read (`files.tables.About`)."""
    headings = models.JSONField("見出し", default=list)
    """As they stand in the file, column by column."""
    places = models.JSONField(default=dict)
    """Name of each column of the kind → its place in the file, from 0."""
    heading_line = models.PositiveIntegerField(default=0)
    told = models.JSONField("お知らせ", default=list)
    """Sentences about the file as a whole."""
    faults = models.JSONField("誤りと注意", default=list)
    """[level, column, title, rows, first row] of everything that is told of cells, the most frequent first."""
    beyond_cp932 = models.JSONField("cp932にない文字", default=dict)
    """Character → [rows, first row]."""
    rows = models.PositiveIntegerField("行数", default=0)
    height = models.PositiveIntegerField(default=0)
    """Rows of the file at a guess, until all are read."""
    done = models.PositiveIntegerField("実行した行数", default=0)
    counts = models.JSONField("判定ごとの行数", default=dict)
    turn = models.PositiveIntegerField(default=0)
    """Raised whenever a worker begins to read: one that was taken for dead finds out that another took over."""
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="受け付けた人"
    )
    created_at = models.DateTimeField("受付日時")
    tried_at = models.DateTimeField("確認した日時", null=True)
    """When all rows had been read and tried."""
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="実行した人"
    )
    started_at = models.DateTimeField("実行日時", null=True)
    ended_at = models.DateTimeField("終了日時", null=True)

    def __str__(self) -> str:
        return f"{self.file}"

    @property
    def is_working(self) -> bool:
        """Is a worker at it, or about to be?"""
        return self.state in (self.State.READING, self.State.RUNNING)


class Chunk(models.Model):
    """Rows that follow each other and are taken in together, in one transaction: all of them or none.

    Kept by the hundred, not one by one: a hundred thousand rows are written in a fifth of the time, and which of them
    a page shows follows from the counts. (A row is no thing of its own: what it became is.)
    """

    imported = models.ForeignKey(Import, models.PROTECT, related_name="chunks")
    number = models.PositiveIntegerField()
    first = models.PositiveIntegerField()
    """The row of the file, from 1, in which `cells` begin."""
    cells = models.BinaryField()
    """The rows as they were read, column by column (`files.tables.unpacked`), empty ones too: each has its place."""
    remarks = models.JSONField(default=dict)
    """Row of the file → [verdict, [[level, column, title, text], …], reference], where there is anything to say."""
    made = models.JSONField(default=dict)
    """Row of the file → what it became, once it was run."""
    counts = models.JSONField(default=dict)
    """Verdict → rows."""
    done = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["imported", "number"], name="chunk_once")]

    def __str__(self) -> str:
        return f"{self.imported} {self.first}"
