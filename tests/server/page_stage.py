"""A small world for the page: offices and desks, profiles in several languages and scripts, enquiries, a match run; and texts
that a page must never take for markup or for a direction. Standard library alone."""
import json

import page_stage_programmes as programmes

SCRIPT = "<script>document.title='taken over'</script><img src=x onerror=\"document.title='taken over'\">"
BIDI = "\u202egnp.exe\u202c \u2066hidden"
PLANTED = f"{SCRIPT} & {BIDI}"

OFFICES = [("dakar", "SN", "Africa/Dakar", "fr", ["awa", "mbaye"]), ("bonn", "DE", "Europe/Berlin", "en", ["huber", "maier"]),
           ("riyadh", "SA", "Asia/Riyadh", "ar", ["noura", "salem"])]
COLD = {
    "en": "Solar-powered cold rooms of 5 to 40 tonnes for fish landing sites, with training of the operators",
    "fr": "Chambres froides solaires de 5 à 20 tonnes pour les débarcadères, formation des coopératives comprise",
    "es": "Cámaras frigoríficas solares para mercados de pescado, con capacitación de los operadores",
    "ru": "Солнечные холодильные камеры для рыбных причалов и обучение операторов",
    "ar": "غرف تبريد تعمل بالطاقة الشمسية لمواقع إنزال الأسماك مع تدريب المشغلين",
    "zh": "用于鱼类上岸点的太阳能冷库，并培训操作人员",
}
SUPPLIERS = [("nordfrost", "Nordfrost Kältetechnik", "DE", "en"), ("freddo", "Freddo Mare Impianti", "IT", "en"),
             ("hikari", "光冷蔵", "JP", "zh"), ("soleil", "Soleil Froid", "FR", "fr"), ("frio", "Frío del Mar", "ES", "es"),
             ("holod", "Северный холод", "RU", "ru"), ("noor", "شركة النور للتبريد", "SA", "ar"), ("planted", PLANTED, "DE", "en")]
SEEKERS = [("casamance", "Chambres froides solaires, Casamance", "SN", "fr"), ("joal", "Coopérative de Joal", "SN", "fr"),
           ("tema", "Tema Fish Hub", "GH", "en"), ("praia", "Praia Frio", "CV", "en"), ("planted-project", PLANTED, "SN", "en")]


def profiles():
    for i, (name, title, country, lang) in enumerate(SUPPLIERS):
        text = PLANTED + " " + COLD["en"] if title == PLANTED else COLD[lang]
        yield {"id": f"s:{name}", "kind": "company", "title": title, "country": country, "lang": lang, "office": "bonn",
               "roles": ["technology_supplier"], "offers": text, "summary": text, "capacity": 3, "sectors": ["C2819"],
               "seeks": "Partners in West Africa with secured sites", "themes": ["sustainable_energy"], "sdgs": ["7", "9"],
               "cooperation": ["joint_venture"], "organisation": {"women_led": i % 2 == 0, "languages": sorted({lang, "en"})}}
    for name, title, country, lang in SEEKERS:
        text = PLANTED + " " + COLD["en"] if title == PLANTED else COLD[lang]
        yield {"id": f"p:{name}", "kind": "project", "title": title, "country": country, "lang": lang, "office": "dakar",
               "roles": ["project_sponsor"], "seeks": text, "offers": "Four sites with an operating licence", "capacity": 3,
               "contact": {"person": "Awa Ndiaye", "email": f"{name}@example.org"}}
    for i in range(24):  # enough for a second page, and for a chance that is not nothing
        yield {"id": f"o:{i:02}", "kind": "company", "title": f"Tools and Mills {i + 1}", "country": ["IN", "KE", "BR", "VN"][i % 4],
               "lang": "en", "office": "bonn", "roles": ["technology_supplier"],
               "offers": ["Grain mills and oil presses", "Sewing machines", "Bakery ovens", "Brick presses"][i % 4] + f", line {i + 1}",
               "seeks": "Distributors"}


def directory():
    offices = [{"id": name, "name": name.title(), "languages": [lang], "head": desks[0], "deputies": [desks[1]],
                "working_time": {"country": country, "time_zone": zone}, "duty": name == "bonn"}
               for name, country, zone, lang, desks in OFFICES]
    desks = [{"id": desk, "name": desk.title(), "language": lang, "office": name} for name, _, _, lang, names in OFFICES for desk in names]
    more_offices, more_desks = programmes.directory()
    return {"offices": offices + more_offices, "desks": desks + more_desks}


def build(program, folder):
    """A data directory under `folder`, ready to be served. `program`: serving.Program."""
    data = folder / "data"

    def run(*words):
        done = program.run(data, *words)
        assert done.returncode == 0, f"{words}: {done.returncode} {done.stderr[-2000:]}"
        return done.stdout

    (folder / "profiles.jsonl").write_text("".join(json.dumps(one) + "\n" for one in [*profiles(), *programmes.profiles()]), encoding="utf-8")
    (folder / "offices.json").write_text(json.dumps(directory()), encoding="utf-8")
    run("import", str(folder / "profiles.jsonl"))
    run("office", "import", str(folder / "offices.json"))
    send = lambda one, other, desk: run("interest", "send", one, other, "--cooperation", "joint_venture", "--desk", desk)
    send("p:casamance", "s:nordfrost", "awa")
    send("s:noor", "p:planted-project", "huber")
    send("s:planted", "p:joal", "huber")
    # One that came to an introduction with its contacts released, and one that was declined.
    send("p:praia", "s:frio", "awa")
    run("interest", "accept", "i-000004", "--desk", "huber")
    run("introduction", "release", "i-000005", "--desk", "huber")
    run("introduction", "release", "i-000005", "--desk", "mbaye")
    send("p:tema", "s:holod", "awa")
    run("interest", "decline", "i-000006", "--reason", "too_early", "--note", PLANTED, "--desk", "maier")
    run("case", "open", "membership", "p:tema", "--programme", "global-alliance", "--desk", "awa")
    run("rematch", "--programme", "open")
    programmes.add(folder, run)
    add_versions(folder, run)
    return data


def add_versions(folder, run):
    """Three versions of o:00, and two texts that wait for their review: of a new profile, and of one that is published."""
    mill = next(one for one in profiles() if one["id"] == "o:00")
    second = {**mill, "offers": "Grain mills and oil presses with spare parts", "cooperation": ["distribution"]}
    third = {**second, "offers": "Grain mills with spare parts for ten years", "cooperation": ["distribution", "licence"]}
    ice = {"id": "p:ice", "kind": "project", "title": "Ice for Joal", "country": "SN", "lang": "en", "office": "dakar", "roles": ["project_sponsor"],
           "seeks": PLANTED + " Compressors of 40 kW for ice", "offers": "A quay and a licence of 15 years"}
    presses = next(one for one in profiles() if one["id"] == "o:03")
    for name, row, words in [("second", second, []), ("third", third, []), ("ice", ice, ["--as", "review", "--desk", "awa"]),
                             ("presses", {**presses, "seeks": PLANTED}, ["--as", "review", "--desk", "huber"])]:
        (folder / f"{name}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
        run("import", str(folder / f"{name}.jsonl"), *words)
