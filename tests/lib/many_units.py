"""The golden district with any number of schools more, each with one contract and one debt of its own.

Nobody owes anything at first: every debt falls due in two months. Making one overdue is one finding and one message to
its unit, whatever else happens that day, so what is to be told is known beforehand.
"""
import csv
import datetime
import os
import shutil

SUPPLIER = "91992104MAWNDYMK3P"  # a small enterprise of the golden district
AMOUNT = "128000.00"


class ManyUnits:
    def __init__(self, source, root, count):
        self.root, self.count, self.made = root, count, 0
        self.today = datetime.date.today()
        self.golden = os.path.join(source, "tests/golden/district")
        self.fields = {name: self._header(name) for name in ("unit", "contract", "obligation")}

    def _header(self, name):
        with open(os.path.join(self.golden, name + ".csv"), newline="", encoding="utf-8") as file:
            return next(csv.reader(file))

    def _write(self, folder, name, rows, mode="w"):
        with open(os.path.join(folder, name + ".csv"), mode, newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, self.fields[name], restval="")
            if mode == "w":
                writer.writeheader()
            writer.writerows(rows)

    def _days_ago(self, days):
        return (self.today - datetime.timedelta(days)).isoformat()

    def unit(self, i):
        return "K%06d" % i

    def _obligation(self, i, accepted_days_ago):
        return {"obligation_no": "KC-%06d-01" % i, "contract_no": "KC-%06d" % i, "kind": "delivery",
                "amount_yuan": AMOUNT, "delivered_on": self._days_ago(accepted_days_ago),
                "accepted_on": self._days_ago(accepted_days_ago)}

    def base(self, more_obligations=0):
        """A folder with everything; more_obligations: fen-sized copies of golden ones, for the size of the ledger."""
        folder = os.path.join(self.root, "district")
        shutil.copytree(self.golden, folder, ignore=shutil.ignore_patterns("*.json"))
        every = range(self.count)
        self._write(folder, "unit", ({"unit_code": self.unit(i), "uscc": "", "name": "示例学校%06d" % i,
                                      "parent_code": "001001", "kind": "institution", "valid_from": "2018-01-01"}
                                     for i in every), "a")
        self._write(folder, "contract", ({"contract_no": "KC-%06d" % i, "unit_code": self.unit(i),
                                          "supplier_uscc": SUPPLIER, "signed_on": self._days_ago(300),
                                          "amount_yuan": AMOUNT, "declared_size": "S", "agreed_term": "60",
                                          "term_unit": "day", "clock_basis": "acceptance", "day_base": "365",
                                          "status": "active"} for i in every), "a")
        self._write(folder, "obligation", (self._obligation(i, 0) for i in every), "a")
        if more_obligations > 0:
            self._copies(folder, more_obligations)
        return folder

    def _copies(self, folder, count):
        with open(os.path.join(self.golden, "obligation.csv"), newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self._write(folder, "obligation", (dict(rows[i % len(rows)], amount_yuan="0.01",
                                                obligation_no="%s-C%d" % (rows[i % len(rows)]["obligation_no"], i))
                                           for i in range(count)), "a")

    def next(self, units):
        """A folder in which so many more units owe for months; None when all do."""
        numbers = range(self.made, min(self.made + units, self.count))
        if not numbers:
            return None
        folder = os.path.join(self.root, "change-%d" % self.made)
        os.mkdir(folder)
        self._write(folder, "obligation", [self._obligation(i, 200) for i in numbers])
        self.made = numbers.stop
        return folder

    def all_made(self, folder):
        """One folder with all that next() has given so far."""
        os.mkdir(folder)
        self._write(folder, "obligation", [self._obligation(i, 200) for i in range(self.made)])
