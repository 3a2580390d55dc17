"""make.py WRITER FILE 1900|1904: the sample ledger, as one writer makes it.

A title, a header of two lines with merged cells, Chinese headings, a number stored as text, text with leading zeros,
dates as serial numbers and as text, a formula with its value, a subtotal and a total, an empty row; beside it a hidden
sheet with other figures, in front.
"""
import datetime
import sys

writer, path, epoch = sys.argv[1], sys.argv[2], int(sys.argv[3])
DAY = datetime.date
TITLE = "拖欠中小企业账款台账（2026年3月）"
TOP = ["台账编号", "单位", "", "欠款金额（万元）", "应付日期", "备注"]
BOTTOM = ["", "编码", "名称", "", "", ""]
MERGED = [(1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 2, 3), (1, 4, 2, 4), (1, 5, 2, 5)]  # row, column, row, column, from 0
ROWS = [
    ["TZ-001", "026001", "示例中学", 12.5, DAY(2026, 3, 1), "第一批"],
    ["TZ-002", "026002", "示例小学", "1,234.56", DAY(2026, 2, 28), "金额为文本\n两行"],
    ["小计", "", "", 1247.06, None, ""],
    ["TZ-003", "000003", "示例医院", 0.07, "2026年3月5日", ""],
    ["", "", "", None, None, ""],
    ["TZ-004", "026004", "示例街道办", ("=2*50", 100), DAY(2024, 2, 29), "公式"],
    ["合计", "", "", 1347.13, None, ""],
]
HIDDEN = [["台账编号", "欠款金额（万元）"], ["隐藏-001", 9999]]


def with_openpyxl():
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904
    book = openpyxl.Workbook()
    if epoch == 1904:
        book.epoch = CALENDAR_MAC_1904
    hidden = book.active
    hidden.title = "参考"
    for row in HIDDEN:
        hidden.append(row)
    hidden.sheet_state = "hidden"
    sheet = book.create_sheet("台账")
    book.active = 1
    sheet.append([TITLE])
    sheet.append(TOP)
    sheet.append(BOTTOM)
    for a, b, c, d in MERGED:
        sheet.merge_cells(start_row=a + 1, start_column=b + 1, end_row=c + 1, end_column=d + 1)
    for row in ROWS:
        # openpyxl writes a formula without the value it has; the figure itself is stored here.
        sheet.append([cell[1] if isinstance(cell, tuple) else (cell if cell != "" else None) for cell in row])
        sheet.cell(sheet.max_row, 5).number_format = "yyyy-mm-dd"
    book.save(path)


def with_xlsxwriter():
    import xlsxwriter
    book = xlsxwriter.Workbook(path, {"date_1904": epoch == 1904})
    hidden = book.add_worksheet("参考")
    for at, row in enumerate(HIDDEN):
        hidden.write_row(at, 0, row)
    sheet = book.add_worksheet("台账")
    sheet.activate()
    sheet.set_first_sheet()
    hidden.hide()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_string(0, 0, TITLE)
    for column, (top, bottom) in enumerate(zip(TOP, BOTTOM)):
        sheet.write_string(1, column, top)
        sheet.write_string(2, column, bottom)
    for a, b, c, d in MERGED:
        sheet.merge_range(a, b, c, d, TOP[b])
    for at, row in enumerate(ROWS):
        for column, cell in enumerate(row):
            if isinstance(cell, tuple):
                sheet.write_formula(3 + at, column, cell[0], None, cell[1])
            elif isinstance(cell, DAY):
                sheet.write_datetime(3 + at, column, datetime.datetime(cell.year, cell.month, cell.day), day)
            elif isinstance(cell, str) and cell:
                sheet.write_string(3 + at, column, cell)
            elif isinstance(cell, float):
                sheet.write_number(3 + at, column, cell)
    book.close()


{"openpyxl": with_openpyxl, "xlsxwriter": with_xlsxwriter}[writer]()
