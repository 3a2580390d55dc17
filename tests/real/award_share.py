#!/usr/bin/env python3
"""The independent calculation behind award_share.csv: what went to SMEs per buyer, from the published files alone.

    tests/real/award_share.py REAL_DATA > tests/real/award_share.csv

Exact decimals, nothing shared with the product. An award counts once, whatever the number of its suppliers; of an award
that stands in several releases the newest one counts. Lower: every supplier is an SME by the source's own word; upper:
at least one may be. A supplier without a word, or none, widens the band. Buyers of the EU file have no code and long
names, so both files name a buyer by the MD5 of its code or name.
"""
import csv
import hashlib
import json
import sys
from decimal import Decimal
from pathlib import Path

SIZES = {"sme": True, "large": False, "micro": True, "small": True, "medium": True}


def band(sizes):
    surely = bool(sizes) and all(size is True for size in sizes)
    maybe = not sizes or any(size is not False for size in sizes)
    return surely, maybe


def uk_awards(real):
    page = json.loads((real / "ocds/uk-contracts-finder-page.json").read_text(), parse_float=Decimal)
    awards = {}
    for release in sorted(page["releases"], key=lambda release: release["date"]):
        scale = {party["id"]: party.get("details", {}).get("scale") for party in release["parties"]}
        for award in release.get("awards", []):
            sizes = [SIZES.get(scale.get(supplier["id"])) for supplier in award["suppliers"]]
            value = award["value"]
            awards[release["ocid"], award["id"]] = (
                release["buyer"]["id"], value["currency"], Decimal(value["amount"]), band(sizes))
    return awards.values()


def eu_awards(real):
    text = (real / "procurement/eu-ted-lot-awards-sme-flag.json").read_text()
    for lot in json.loads(text, parse_float=Decimal, parse_constant=lambda word: None):
        value = lot["lot_value_eur"]
        yield lot["buyer_name"], "EUR", None if value is None else Decimal(value), band([lot["sme_flag"]])


def shares(awards):
    buyers = {}
    for buyer, currency, amount, (surely, maybe) in awards:
        key = currency, hashlib.md5(buyer.encode()).hexdigest()
        row = buyers.setdefault(key, [0, 0, 0, 0, 0])
        row[0] += 1
        if amount is None:
            row[1] += 1
            continue
        cents = int(amount * 100)
        assert cents == amount * 100, amount
        row[2] += cents
        row[3] += cents if surely else 0
        row[4] += cents if maybe else 0
    return buyers


def main():
    real = Path(sys.argv[1])
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["currency", "buyer_md5", "awards", "without_amount", "amount", "sme_lower", "sme_upper"])
    for awards in uk_awards(real), eu_awards(real):
        for key, row in sorted(shares(awards).items()):
            out.writerow([*key, *row])


main()
