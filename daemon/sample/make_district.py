#!/usr/bin/env python3
"""Makes the demonstration district: an invented district as a canonical CSV directory, and an OCDS feed of a few of
its awards. Everything in it is made up and marked 演示数据. Dates lie relative to the day that is given, so that a trial
shows the same picture on any day: a district below 40 % whose one department pulls it down, and some overdue debts.

    make_district.py OUT_DIRECTORY YYYY-MM-DD FEED_BASE_URL
"""
import csv
import datetime
import json
import pathlib
import sys

MARK = "（演示数据）"
CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

# Code, name, share of the budget that is reserved in percent, small and micro part of that.
DEPARTMENTS = [
    ("901001", "教育局", 46, 76),
    ("902001", "卫生健康局", 44, 72),
    ("903001", "住房和城乡建设局", 12, 55),
    ("904001", "城市管理局", 48, 78),
    ("905001", "文化和旅游局", 55, 82),
    ("906001", "科技局", 41, 71),
]
PROJECTS = [
    ("物业管理服务", "C21040000", "services"), ("办公家具", "A05010000", "goods"), ("计算机设备", "A02010000", "goods"),
    ("信息系统运维", "C16070000", "services"), ("绿化养护", "C13050000", "services"), ("印刷服务", "C23090000", "services"),
    ("房屋修缮工程", "B08000000", "works"),
]
SUPPLIERS = ["晨光", "远望", "合力", "启明", "同舟", "嘉禾", "北辰", "安泰", "博雅", "金桥", "广厦", "恒信", "汇通", "立新", "明德",
             "宏图", "和顺", "东篱", "青禾", "云帆"]


def credit_code(prefix, number):
    """A unified social credit code that holds its two check characters; region 990000 is nobody's."""
    body = f"{number:08d}"
    rest = 11 - sum(int(c) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2))) % 11
    inner = {10: "X", 11: "0"}.get(rest, str(rest))
    head = prefix + "990000" + body + inner
    weights = [pow(3, i, 31) for i in range(17)]
    outer = (31 - sum(CODE_ALPHABET.index(c) * w for c, w in zip(head, weights)) % 31) % 31
    return head + CODE_ALPHABET[outer]


def yuan(fen):
    return f"{fen // 100}.{fen % 100:02d}"


class District:
    def __init__(self, today):
        self.today = today
        self.year = today.year
        self.rows = {name: [] for name in ("unit", "supplier", "budget_item", "contract", "obligation", "payment")}

    def day(self, ago):
        return (self.today - datetime.timedelta(days=ago)).isoformat()

    def add(self, table, **row):
        self.rows[table].append(row)

    def units(self):
        for i, (code, name, _, _) in enumerate(DEPARTMENTS):
            self.add("unit", unit_code=code, uscc=credit_code("11", 90000001 + i), name=f"示例区{name}{MARK}", parent_code="",
                     kind="organ", valid_from="2018-01-01", valid_to="")
            self.add("unit", unit_code=code[:3] + "002", uscc=credit_code("12", 90000101 + i), name=f"示例区{name}服务中心{MARK}",
                     parent_code=code, kind="institution", valid_from="2018-01-01", valid_to="")

    def suppliers(self):
        for i, name in enumerate(SUPPLIERS):
            size = "SSMXLSMSXSMLSSXMSMSX"[i]
            self.add("supplier", uscc=credit_code("91", 90001001 + i * 7), name=f"{name}示例有限公司{MARK}", size_class=size,
                     industry_code="other", employees={"X": 6, "S": 48, "M": 220, "L": 900}[size], size_year=self.year - 1,
                     size_source="declared", deemed="none", large_controlled=0)

    def budgets(self):
        """Seven items for each department. Whole items are reserved until the department's share is reached."""
        approved = min(datetime.date(self.year, 1, 15), self.today).isoformat()
        for d, (code, _, share, small) in enumerate(DEPARTMENTS):
            amounts = [(60 + 37 * ((d * 5 + p * 3) % 11)) * 1000000 for p in range(len(PROJECTS))]
            if share < 20:
                amounts = [amount * 3 for amount in amounts]
            wanted = sum(amounts) * share // 100
            for p, (title, catalogue, kind) in enumerate(PROJECTS):
                reserved = min(amounts[p], wanted)
                percent = reserved * 100 // amounts[p]
                wanted -= amounts[p] * percent // 100
                self.add("budget_item", fiscal_year=self.year, unit_code=code if p % 2 else code[:3] + "002",
                         project_code=f"YS{self.year}-{code}-{p + 1:02d}", package_no="01", snapshot="initial",
                         approved_on=approved, name=f"{title}{MARK}", catalogue_code=catalogue, **{"class": kind},
                         budget_yuan=yuan(amounts[p]), reserve_form="unstated" if percent else "none",
                         reserved_yuan=yuan(amounts[p] * percent // 100) if percent else "",
                         reserved_small_micro_yuan=yuan(amounts[p] * percent // 100 * small // 100) if percent else "")

    def contracts(self):
        """Two for most items; every third unit pays late."""
        number = 0
        items = list(self.rows["budget_item"])
        for i, item in enumerate(items):
            for part in range(2 if i % 3 else 1):
                number += 1
                supplier = self.rows["supplier"][(i * 3 + part * 7) % len(SUPPLIERS)]
                amount = int(item["budget_yuan"].replace(".", "")) * (55 if part else 38) // 100
                signed = 60 + (number * 23) % 240
                no = f"HT{self.year}-{item['unit_code']}-{number:03d}"
                self.add("contract", contract_no=no, project_code=item["project_code"], package_no="01",
                         unit_code=item["unit_code"], supplier_uscc=supplier["uscc"], signed_on=self.day(signed),
                         amount_yuan=yuan(amount), reserve_form="none", declared_size=supplier["size_class"],
                         agreed_term=30, term_unit="day", clock_basis="acceptance", status="active")
                self.debts(no, item["unit_code"], supplier["uscc"], amount, signed, number)

    def debts(self, contract, unit, uscc, amount, signed, number):
        delivered = signed - 25
        progress, rest = amount * 6 // 10, amount - amount * 6 // 10
        self.add("obligation", obligation_no=f"{contract}-1", contract_no=contract, kind="delivery",
                 amount_yuan=yuan(progress), delivered_on=self.day(delivered), accepted_on=self.day(delivered - 3))
        self.add("obligation", obligation_no=f"{contract}-2", contract_no=contract, kind="progress", amount_yuan=yuan(rest),
                 delivered_on=self.day(20), accepted_on=self.day(18))
        late = number % 4 == 0 or unit.startswith("903") and number % 2 == 0
        if late:
            paid = progress // 3 if number % 8 == 0 else 0
        else:
            paid = progress
        if paid:
            day = max(delivered - 15, 1)
            self.add("payment", voucher_no=f"ZF{self.year}{number:05d}", contract_no=contract, obligation_no=f"{contract}-1",
                     unit_code=unit, payee_uscc=uscc, amount_yuan=yuan(paid), voucher_on=self.day(day),
                     cleared_on=self.day(day - 1), instrument="cash")

    def write(self, out):
        for kind, rows in self.rows.items():
            columns = list(dict.fromkeys(key for row in rows for key in row))
            with open(out / f"{kind}.csv", "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="")
                writer.writeheader()
                writer.writerows(rows)

    def write_feed(self, out, base):
        """Two pages of releases: awards of a neighbouring platform, with the suppliers' sizes as it states them."""
        releases = []
        for i in range(8):
            # Its suppliers are its own: what two sources say of one supplier would replace each other.
            small = i % 5 != 3
            supplier = {"uscc": credit_code("91", 90002001 + i % 5 * 3), "name": f"平台供应商{i % 5 + 1}有限公司{MARK}"}
            buyer = self.rows["unit"][(i * 2) % len(self.rows["unit"])]
            value = {"amount": 180000 + 36500 * i, "currency": "CNY"}
            releases.append({
                "ocid": f"ocds-demo99-{i + 1:04d}", "id": f"{i + 1:04d}-1", "date": f"{self.day(40 - i)}T09:00:00+08:00",
                "tag": ["award"], "initiationType": "tender", "language": "zh",
                "parties": [
                    {"id": buyer["uscc"], "name": buyer["name"], "roles": ["buyer"],
                     "identifier": {"scheme": "CN-USCC", "id": buyer["uscc"], "legalName": buyer["name"]}},
                    {"id": supplier["uscc"], "name": supplier["name"], "roles": ["supplier"],
                     "identifier": {"scheme": "CN-USCC", "id": supplier["uscc"], "legalName": supplier["name"]},
                     "details": {"scale": "sme" if small else "large"}}],
                "buyer": {"id": buyer["uscc"], "name": buyer["name"]},
                "tender": {"id": f"{i + 1:04d}", "title": f"零星采购第{i + 1}号{MARK}", "status": "complete"},
                "awards": [{"id": "1", "status": "active", "date": f"{self.day(41 - i)}T00:00:00+08:00", "value": value,
                            "suppliers": [{"id": supplier["uscc"], "name": supplier["name"]}]}]})
        head = {"version": "1.1", "publisher": {"name": f"示例平台{MARK}"}, "publishedDate": f"{self.day(0)}T00:00:00+08:00"}
        pages = [("releases.json", releases[:5], {"next": f"{base}/releases-2.json"}), ("releases-2.json", releases[5:], {})]
        for name, part, links in pages:
            document = {"uri": f"{base}/{name}", **head, "releases": part, "links": links}
            (out / name).write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    out = pathlib.Path(sys.argv[1])
    district = District(datetime.date.fromisoformat(sys.argv[2]))
    (out / "district").mkdir(parents=True, exist_ok=True)
    (out / "feed").mkdir(parents=True, exist_ok=True)
    district.units()
    district.suppliers()
    district.budgets()
    district.contracts()
    district.write(out / "district")
    district.write_feed(out / "feed", sys.argv[3])


main()
