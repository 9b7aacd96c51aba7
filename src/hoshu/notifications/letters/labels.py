"""機器管理ラベル: what stands on one, and the sheets it is printed on (VA-LBL-01)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from hoshu.notifications.letters import codes
from hoshu.notifications.notice import Rows

FACTS = {
    "desk_phone": "受付窓口",
    "type_number": "型名",
    "type_name": "型名（末尾の英字も）",
    "product": "品名",
    "serial": "製造番号",
    "starts_on": "提供開始日",
    "ends_on": "提供終了日",
    "number": "機器管理番号",
    "agreement": "サービス手配番号",
}
"""What a line of a label can show, by its code. No name of a customer: a label can be read by whoever walks by."""
LINES = ("desk_phone", "type_number", "serial", "ends_on", "number")
"""The lines of the booklet's picture, whose captions are lost; an operator may set others (VA-LBL-01)."""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A sheet of labels as it is sold, in millimetres."""

    name: str
    columns: int
    rows: int
    width: float
    height: float
    left: float = 0
    top: float = 0
    gap: float = 0
    """Between two columns; rows follow each other without one."""
    page: tuple[float, float] = (210, 297)

    @property
    def places(self) -> int:
        """How many labels one sheet holds."""
        return self.columns * self.rows


ROLL = "roll"
"""One label alone, for a printer of labels."""
GRIDS = {
    "10": Grid(name="A4 10面（86.4×50.8 mm）", columns=2, rows=5, width=86.4, height=50.8, left=18.6, top=21.5),
    "12": Grid(name="A4 12面（86.4×42.3 mm）", columns=2, rows=6, width=86.4, height=42.3, left=18.6, top=21.6),
    "21": Grid(
        name="A4 21面（63.5×38.1 mm）", columns=3, rows=7, width=63.5, height=38.1, left=7.25, top=15.15, gap=2.5
    ),
    "24": Grid(name="A4 24面（66.0×33.9 mm）", columns=3, rows=8, width=66.0, height=33.9, left=6, top=12.9),
    ROLL: Grid(name="ロール紙（62×38 mm）", columns=1, rows=1, width=62, height=38, page=(62, 38)),
}
"""Sheets of the shops, by a code that is kept with each letter."""


@dataclass(frozen=True, kw_only=True)
class Label:
    """One label."""

    lines: Rows
    """Caption and text, in order."""
    number: str
    """The management number, as bars."""
    link: str
    """Where its QR code leads."""


@dataclass(frozen=True, kw_only=True)
class Labels:
    """What letter `label_sheet` is made of. `first` is the first free place (from 1, row by row) of a sheet in use."""

    labels: Sequence[Mapping[str, Any] | Label]
    grid: str = ROLL
    first: int = 1

    def content(self) -> dict[str, Any]:
        """All that the template needs. Raises ValueError for a place that the sheet does not have."""
        grid = GRIDS[self.grid]
        if not 1 <= self.first <= grid.places:
            raise ValueError(f"the sheet has places 1 to {grid.places}")
        given = [label if isinstance(label, Label) else Label(**label) for label in self.labels]
        return {
            # What whoever prints the next sheet is offered.
            "sheet": self.grid,
            "count": len(given),
            "next": (self.first - 1 + len(given)) % grid.places + 1,
            "grid": {name: value for name, value in asdict(grid).items() if name != "name"},
            "first": self.first,
            "labels": [
                {
                    "lines": label.lines,
                    "number": label.number,
                    "bars": codes.code_128(label.number),
                    "qr": codes.qr(label.link),
                }
                for label in given
            ],
        }
