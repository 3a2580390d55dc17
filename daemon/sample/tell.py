#!/usr/bin/env python3
"""Says in Chinese and English what a trial found. tell.py FIGURES.json ARREARS.json

Reads what `setaside figures --format json` and `setaside arrears --format json` print; calculates nothing but the text.
"""
import json
import sys


def wan(fen):
    """万元 with two decimals, cut towards zero, and plain yuan for English readers."""
    return f"{fen // 1000000:,}.{fen // 10000 % 100:02d} 万元", f"CNY {fen // 100:,}.{fen % 100:02d}"


def share(part, whole):
    """Percent cut to two decimals: 39.999 % does not read as 40.00 %."""
    return f"{part * 10000 // whole // 100}.{part * 10000 // whole % 100:02d}%" if whole else "—"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        figures = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        arrears = json.load(file)
    plan = figures["quota"]["district"]["plan"]
    sme = share(plan["sme_fen"], plan["strict_base_fen"])
    small = share(plan["small_micro_fen"], plan["sme_fen"])
    gap, gap_en = wan(plan["sme_gap_fen"])
    small_gap, small_gap_en = wan(plan["small_micro_gap_fen"])
    total = arrears["arrears"]["district"]
    overdue, overdue_en = wan(total["overdue_fen"])
    print(f"""
== 测算结果（演示数据，{figures["as_of"]}） ==
  面向中小企业预留：{sme}（目标 40%），差额 {gap}
  其中小微企业：    {small}（目标 70%），差额 {small_gap}
  疑似逾期（待核实）：{total["overdue_obligations"]} 笔，合计 {overdue}，最长 {total["max_overdue_days"]} 天

== What was found (demonstration data, {figures["as_of"]}) ==
  Reserved for SMEs:           {sme} (target 40%), gap {gap_en}
  of it for small and micro:   {small} (target 70%), gap {small_gap_en}
  Suspected overdue payments:  {total["overdue_obligations"]}, in sum {overdue_en}, longest {total["max_overdue_days"]} days""")


main()
