"""Which language is this name written in? Names of countries, languages and currencies, out of Babel's CLDR data."""

from collections import Counter
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset, split_indices
from nets.datasets.text.base import TextParts, TextsConfig
from nets.datasets.text.tokens import Level
from nets.seeds import derive

LANGUAGES = {
    "cs": "Czech",
    "nl": "Dutch",
    "en": "English",
    "fi": "Finnish",
    "fr": "French",
    "de": "German",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "es": "Spanish",
    "sv": "Swedish",
    "tr": "Turkish",
}
"""Languages in Latin letters, by the code that CLDR has for them."""
MOST_CHARACTERS = 150
"""Different characters of all names together, with room for those of later CLDR versions."""


@dataset
class Names(TextsConfig):
    """Names that one of 15 languages alone writes like this; from the Unicode Common Locale Data Repository."""

    help = "In which of 15 languages is the name of a country, language or currency written? By characters"
    name: Literal["names"] = "names"
    level: Level = "character"
    """What a token is: a word or sign, or a character."""
    max_length: Annotated[int, Field(ge=1, le=2000)] = 30
    """Tokens of a text, at most; what is longer is cut, what is shorter is filled up at its end."""
    per_language: Annotated[int, Field(ge=10, le=5000)] = 60
    """Names of each language, at most; no language has more than about 900."""
    train_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.8
    """Share of the names used for training; the rest test."""

    def labels(self) -> tuple[str, ...]:
        """Return the languages."""
        return tuple(LANGUAGES.values())

    def most_tokens(self) -> int:
        """Return the characters that names may have, or all the words there can be."""
        return MOST_CHARACTERS if self.level == "character" else self.max_vocabulary

    def texts(self, seed: int) -> TextParts:
        """Return names in random order, every language in both parts."""
        found = names_by_language()
        texts, labels = [], []
        for label, names in enumerate(found):
            order = np.random.default_rng(derive(seed, f"names {label}", self.sample)).permutation(len(names))
            texts += [names[place] for place in order[: self.per_language]]
            labels += [label] * min(len(names), self.per_language)
        train, test = split_indices(len(texts), self.train_share, seed, self.sample)
        y = np.array(labels, dtype=np.int64)
        return [texts[place] for place in train], y[train], [texts[place] for place in test], y[test]


def names_by_language() -> list[list[str]]:
    """Return the names of countries, languages and currencies that only one of the languages has, sorted."""
    from babel import Locale

    found = []
    for code in LANGUAGES:
        locale = Locale(code)
        names = {*locale.territories.values(), *locale.languages.values(), *locale.currencies.values()}
        found.append({name for name in names if 3 <= len(name) <= 30 and name.replace(" ", "").isalpha()})
    counts = Counter(name.lower() for names in found for name in names)
    shared = {name for name, count in counts.items() if count > 1}
    return [sorted(name for name in names if name.lower() not in shared) for names in found]
