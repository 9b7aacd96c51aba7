"""The empty table of a kind, to be filled in: a workbook that explains itself, and a CSV with the headings."""

import csv
import io

import xlsxwriter

from hoshu.imports.columns import Column
from hoshu.imports.kinds import Kind

EXPLANATION = "記入のしかた"
"""The second sheet of the workbook."""
_MENU_LENGTH = 255
"""Letters that the menu of a cell may have."""
_ROWS = 1_048_575


def workbook(kind: Kind) -> bytes:
    """XLSX: headings with their explanation, columns as text so that no serial becomes a number, menus of choices."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    text = book.add_format({"num_format": "@"})
    must = book.add_format({"bold": True, "bg_color": "#fbe7e6", "border": 1, "num_format": "@"})
    may = book.add_format({"bold": True, "bg_color": "#eceef2", "border": 1, "num_format": "@"})
    sheet = book.add_worksheet(kind.label[:31])
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(kind.columns):
        sheet.set_column(place, place, max(14, 2 * len(column.label)), text)
        sheet.write_string(0, place, column.label, must if column.required else may)
        sheet.write_comment(0, place, _explained(column), {"x_scale": 2})
        if column.form.choices and len(",".join(column.form.choices)) <= _MENU_LENGTH:
            menu = {"validate": "list", "source": list(column.form.choices), "error_type": "warning"}
            sheet.data_validation(1, place, _ROWS, place, menu)
    _explain(book, kind)
    book.close()
    return out.getvalue()


def _explain(book: xlsxwriter.Workbook, kind: Kind) -> None:
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(EXPLANATION)
    sheet.set_column(0, 1, 20, wrapped)
    sheet.set_column(2, 2, 60, wrapped)
    sheet.set_column(3, 3, 30, wrapped)
    sheet.write_string(0, 0, f"{kind.label}: {kind.about}")
    sheet.write_string(1, 0, "1枚目のシートの2行目から入力してください。このシートは読み取りません。")
    for place, heading in enumerate(("見出し", "必須・任意", "説明", "例")):
        sheet.write_string(3, place, heading, bold)
    for row, column in enumerate(kind.columns, start=4):
        cells = (column.label, "必須" if column.required else "任意", _meaning(column), column.example)
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell)


def _explained(column: Column) -> str:
    must = "必須" if column.required else "任意"
    return "\n".join(filter(None, (must, _meaning(column), f"例: {column.example}")))


def _meaning(column: Column) -> str:
    choices = f"次から選びます: {'、'.join(column.form.choices)}" if column.form.choices else ""
    return " ".join(filter(None, (column.hint, choices)))


def headings(kind: Kind) -> bytes:
    """CSV in UTF-8 with a byte order mark: the headings, and nothing else."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow([column.label for column in kind.columns])
    return out.getvalue().encode("utf-8-sig")
