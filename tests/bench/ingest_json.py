"""ingest_json.py LINES PREFIX: the awards, parties and notices of OCDS lines as COPY text. The Python side of ingest."""

import json
import sys


def text(value):
    if value is None:
        return "\\N"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def line(*values):
    return "\t".join(map(text, values)) + "\n"


def main(path, prefix):
    with open(path, encoding="utf-8") as lines, open(prefix + ".awards", "w", encoding="utf-8") as awards, \
            open(prefix + ".parties", "w", encoding="utf-8") as parties, \
            open(prefix + ".notices", "w", encoding="utf-8") as notices:
        for raw in lines:
            release = json.loads(raw)
            tender = release.get("tender") or {}
            notices.write(line(f"{release['ocid']}/{release['id']}", tender.get("title"), release.get("date"),
                               (tender.get("value") or {}).get("amount")))
            for award in release.get("awards") or ():
                key = f"{release['ocid']}/{award['id']}"
                value = award.get("value") or {}
                awards.write(line(key, release["ocid"], (release.get("buyer") or {}).get("id"), award.get("title"),
                                  award.get("status"), award.get("date"), value.get("amount"), value.get("currency")))
                for seq, supplier in enumerate(award.get("suppliers") or (), 1):
                    parties.write(line(key, seq, supplier.get("id"), supplier.get("name")))


main(sys.argv[1], sys.argv[2])
