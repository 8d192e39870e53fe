"""The user's own texts with labels, out of a CSV or TSV file."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import DataInfo, Split, dataset, split_indices
from nets.datasets.lines import BadText
from nets.datasets.text.base import TextParts, TextsConfig
from nets.datasets.text.keeping import keep_texts, kept_arrays, texts_of
from nets.datasets.text.own_reading import MOST_CLASSES, read_texts
from nets.datasets.uploads import Digest, say, why_not
from nets.problems import InvalidExperiment, Problem
from nets.seeds import derive

TEXTS = "texts.safetensors"
"""What an exported script calls the texts: a copy of datasets/own_text/….safetensors in PLAYGROUND_HOME."""


@dataset
class OwnText(TextsConfig):
    """Texts of a table that was uploaded; a second file is for testing, or a share of the first is."""

    help = "Your own texts: a CSV or TSV file with a column of texts and one of labels"
    from_file: ClassVar[tuple[str, ...]] = ("path", "test_path", "text_column", "label_column")
    """What the command line takes in place of an upload."""

    name: Literal["own_text"] = "own_text"
    upload: Digest = ""
    """Which upload: its SHA-256 sum."""
    class_names: Annotated[tuple[str, ...], Field(min_length=2, max_length=MOST_CLASSES)] = ("a", "b")
    """The labels, sorted."""
    multilabel: bool = False
    """Has a text any number of labels?"""
    num_words: Annotated[int, Field(ge=1, le=100_000_000)] = 1000
    """Different words of the upload."""
    num_characters: Annotated[int, Field(ge=1, le=1_200_000)] = 100
    """Different characters of the upload."""
    max_length: Annotated[int, Field(ge=1, le=2000)] = 64
    """Tokens of a text, at most; what is longer is cut, what is shorter is filled up at its end."""
    train_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.8
    """Share of the texts used for training; the rest test. A file for testing makes its own split."""

    @classmethod
    def taken(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings that stand for files on this computer, whose texts are kept.

        Args:
            given: ``path``, and if there are any ``test_path``, ``text_column`` and ``label_column``.

        Raises:
            InvalidExperiment: if a file can't be taken.
        """
        path, test_path, text, label = (str(given.get(name, "")) for name in cls.from_file)
        try:
            with ExitStack() as files:
                file = files.enter_context(Path(path).open("rb"))
                test = files.enter_context(Path(test_path).open("rb")) if test_path else None
                own = read_texts(file, path, test, text_column=text, label_column=label)
            keep_texts(own)
        except (BadText, OSError) as error:
            raise InvalidExperiment([Problem("data.path", why_not(error))]) from None
        say(own.notes)
        return own.settings()

    def labels(self) -> tuple[str, ...]:
        """Return the labels of the upload."""
        return self.class_names

    def most_tokens(self) -> int:
        """Return how many different words or characters the upload has."""
        return self.num_words if self.level == "word" else self.num_characters

    def info(self) -> DataInfo:
        """Return the classes, or the labels of which a text has any number."""
        if not self.multilabel:
            return super().info()
        count, size = len(self.class_names), self.vocab_size()
        return DataInfo("multilabel", (self.max_length,), count, self.class_names, vocab_size=size)

    def texts(self, seed: int) -> TextParts:
        """Return the texts as they were kept.

        Raises:
            InvalidExperiment: if nothing was uploaded, or not here.
        """
        return self.parted(seed, kept_arrays(self.upload, "a CSV or TSV file with texts and labels"))

    def parted(self, seed: int, arrays: dict[str, np.ndarray]) -> TextParts:
        """Return the kept texts and labels in both parts, in random order."""
        texts, y, is_test = texts_of(arrays["texts"], arrays["ends"]), arrays["labels"], arrays["is_test"]
        if is_test.any():
            order = np.random.default_rng(derive(seed, "split", self.sample)).permutation(len(texts))
            train, test = order[~is_test[order]], order[is_test[order]]
        else:
            train, test = split_indices(len(texts), self.train_share, seed, self.sample)
        return [texts[place] for place in train], y[train], [texts[place] for place in test], y[test]

    def load_in_script(self, seed: int) -> Split:
        """Return the same as ``load``, out of the file that was kept."""
        from safetensors.numpy import load_file

        train, train_y, test, test_y = self.parted(seed, load_file(TEXTS))
        return self.rows(train, train_y, test, test_y)

    def fitted_in_script(self, seed: int) -> tuple[str, ...]:
        """Return the same as ``fitted``, out of the file that was kept."""
        from safetensors.numpy import load_file

        return self.tokens_in(self.parted(seed, load_file(TEXTS))[0])
