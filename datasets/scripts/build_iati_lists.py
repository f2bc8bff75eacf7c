"""organisation_types.tsv from ref_iati_codelists; codelist() reads any of its files."""

import xml.etree.ElementTree as ET

from common import one_line, source_dir, write_tsv

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def codelist(folder, name):
    """The items of one IATI code list: code, category, en, fr, status."""
    items = []
    for item in ET.parse(folder / "nonembedded" / f"{name}.xml").iter("codelist-item"):
        names = {narrative.get(LANG, "en"): one_line(narrative.text) for narrative in item.find("name")}
        items.append({"code": item.findtext("code").strip(), "category": (item.findtext("category") or "").strip(),
                      "en": names.get("en", ""), "fr": names.get("fr", ""), "status": item.get("status", "active")})
    return items


def main():
    items = codelist(source_dir("ref_iati_codelists"), "OrganisationType")
    write_tsv("organisation_types.tsv", ["code", "en", "fr"], [[item["code"], item["en"], item["fr"]] for item in items])


if __name__ == "__main__":
    main()
