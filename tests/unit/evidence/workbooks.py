"""Small .ods and .xlsx files, written by hand so that a test can make a broken one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Rows = Sequence[Sequence[object]]

OPEN = "urn:oasis:names:tc:opendocument:xmlns"
OOXML = "http://schemas.openxmlformats.org"


def zipped(parts: Mapping[str, str]) -> bytes:
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return to.getvalue()


def ods_cell(value: object) -> str:
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    if value == "":
        return "<table:table-cell/>"
    text = escape(str(value))
    return (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )


def ods_row(row: Sequence[object], repeated: int = 1) -> str:
    cells = "".join(ods_cell(value) for value in row)
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def ods(sheets: Mapping[str, Rows], more: str = "") -> bytes:
    """`more` is XML put behind the rows of the last sheet."""
    tables = [
        f'<table:table table:name="{name}">' + "".join(ods_row(row) for row in rows)
        for name, rows in sheets.items()
    ]
    body = "</table:table>".join(tables) + more + "</table:table>"
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": '<?xml version="1.0"?><manifest:manifest '
            f'xmlns:manifest="{OPEN}:manifest:1.0"/>',
            "content.xml": '<?xml version="1.0"?><office:document-content '
            f'xmlns:office="{OPEN}:office:1.0" xmlns:table="{OPEN}:table:1.0" '
            f'xmlns:text="{OPEN}:text:1.0"><office:body><office:spreadsheet>'
            f"{body}</office:spreadsheet></office:body></office:document-content>",
        }
    )


def xlsx_cell(reference: str, value: object) -> str:
    if isinstance(value, bool):
        return f'<c r="{reference}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{reference}"><v>{value}</v></c>'
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def xlsx(rows: Rows, more: str = "") -> bytes:
    """One sheet named Data. `more` is XML put behind its rows."""
    body = "".join(
        f'<row r="{n}">'
        + "".join(xlsx_cell(f"{chr(65 + i)}{n}", value) for i, value in enumerate(row))
        + "</row>"
        for n, row in enumerate(rows, 1)
    )
    main = f"{OOXML}/spreadsheetml/2006/main"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    links = f"{OOXML}/officeDocument/2006/relationships"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{OOXML}/package/2006/content-types">'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{OOXML}/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{links}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>",
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets>'
            '<sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{OOXML}/package/2006/'
            f'relationships"><Relationship Id="rId1" Type="{links}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{body}{more}'
            "</sheetData></worksheet>",
        }
    )
