"""Cases for history.py: what several who act on one case at once may see.

A shared case is changed by If-Match alone, as shared profiles are, and judged as they are: a version is a number of acts. In a
race several answer one enquiry, and turn keys, without having seen each other: one answer wins, and no office turns both keys.
"""
import threading
import time

import crash_cases
from serving import Client

SHARED_CASES = 3
ASKING, ANSWERING = crash_cases.OFFICES["dakar"][2], crash_cases.OFFICES["riyadh"][2]


def put_sides(client, name):
    for side, office in (("from", "dakar"), ("to", "riyadh")):
        status, _, told = client.call("PUT", f"/v1/profiles/{name}-{side}", {
            "kind": "company", "title": f"{side} {name}", "country": "KE", "offers": "pumps", "office": office, "capacity": 10})
        assert status in (200, 201), told


def ask(client, name):
    status, _, told = client.call("POST", "/v1/interests?desk=awa", {"from": name + "-from", "to": name + "-to",
                                                                    "answers": {"cooperation": "equity"}})
    assert status == 201, told
    return told["id"]


def prepare(client):
    assert client.call("PUT", "/v1/offices", crash_cases.directory())[0] < 300
    for number in range(SHARED_CASES):
        put_sides(client, f"shared-case-{number}")
    return [ask(client, f"shared-case-{number}") for number in range(SHARED_CASES)]


def version_of(headers):
    return int(headers["etag"].strip('W/"'))


def last_note(case):
    return case["timeline"][-1].get("note", "")


def read(person, id):
    began = time.monotonic()
    status, headers, told = person.client.call("GET", "/v1/interests/" + id)
    person.history.count()
    if status != 200 or len(told["timeline"]) != version_of(headers):
        person.history.anomaly(f"{id}: {status}, {headers.get('etag')} of {len(told.get('timeline', []))} acts")
        return None
    person.note(person.history.reads[id], began, headers, last_note(told))
    return headers["etag"]


def change(person, id):
    seen = read(person, id)
    note = f"noted by {person.number}: {person.draw.randrange(10**9)}"
    desk = person.draw.choice(ASKING + ANSWERING)
    began = time.monotonic()
    status, headers, told = person.client.call("POST", f"/v1/interests/{id}:note?desk={desk}", {"note": note}, {"If-Match": seen})
    person.history.count()
    if status == 412:
        if told["theirs"]["version"] <= int(seen.strip('W/"')):
            person.history.anomaly(f"{id}: an act is refused at version {seen}, and now is {told['theirs']['version']}")
        with person.history.lock:
            person.history.refusals += 1
    elif status != 200 or version_of(headers) != int(seen.strip('W/"')) + 1:
        person.history.anomaly(f"{id}: a note with If-Match {seen}: {status} {headers.get('etag')}")
    else:
        person.note(person.history.wins[id], began, headers, note)


def at_once(clients, calls):
    """All of `calls`, (target, body), one a client; the statuses in their order."""
    ready, ends = threading.Barrier(len(calls)), [None] * len(calls)

    def one(number):
        ready.wait()
        ends[number] = clients[number].call("POST", *calls[number])[0]

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def race(port, history, stop, make_client=Client):
    clients, number = [make_client(port) for _ in range(6)], 0
    while not stop.is_set():
        number += 1
        name = f"race-{number}"
        put_sides(clients[0], name)
        id = ask(clients[0], name)
        ends = at_once(clients, [(f"/v1/interests/{id}:{verb}?desk={desk}", said) for verb, desk, said in (
            ("accept", "omar", {}), ("decline", "salem", {"reason": "too_small"}), ("withdraw", "awa", {}),
            ("accept", "noura", {}), ("decline", "omar", {"reason": "too_early"}), ("accept", "salem", {}))])
        case = clients[0].call("GET", "/v1/interests/" + id)[2]
        won = [act["verb"] for act in case["timeline"]][1:]
        if ends.count(200) != 1 or len(won) != 1:
            history.anomaly(f"{id}: of six answers at once {ends} were taken, and its acts are {won}")
        opened = [one["id"] for one in clients[0].call("GET", f"/v1/introductions?profile={name}-from")[2]["cases"]]
        if len(opened) != (won == ["accept"]):
            history.anomaly(f"{id}: {won} opened {opened}")
        history.count(8)
        for introduction in opened:
            turn_keys(clients, history, introduction)
    for client in clients:
        client.close()
    history.races = number


def turn_keys(clients, history, id):
    desks = ["awa", "omar", "sow", "salem", "mbaye", "noura"]
    ends = at_once(clients, [(f"/v1/introductions/{id}:release?desk={desk}", {}) for desk in desks])
    case = clients[0].call("GET", "/v1/introductions/" + id)[2]
    keys = [act["office"] for act in case["timeline"] if act["verb"] == "release"]
    if sorted(keys) != ["dakar", "riyadh"] or ends.count(200) != 2 or not case["released"]:
        history.anomaly(f"{id}: keys at once {ends}, turned by {keys}, released: {case['released']}")
    history.count(7)
