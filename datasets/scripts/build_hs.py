"""hs2022.tsv from ref_hs_codes: chapters, headings and subheadings."""

from common import one_line, read_csv, source_dir, write_tsv


def main():
    rows = []
    for row in read_csv(source_dir("ref_hs_codes") / "harmonized-system.csv"):
        parent = "" if row["parent"] == "TOTAL" else row["parent"]
        rows.append([row["hscode"], parent, one_line(row["description"])])
    codes = {row[0] for row in rows}
    lost = [row for row in rows if row[1] and row[1] not in codes]
    if lost:
        raise SystemExit(f"hs2022.tsv: no such parent: {lost[:5]}")
    write_tsv("hs2022.tsv", ["code", "parent", "en"], rows)


if __name__ == "__main__":
    main()
