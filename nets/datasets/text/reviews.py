"""Reviews that a grammar writes: whether they praise is decided by negation, contrast and intensity."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset, split_indices
from nets.datasets.text.base import TextParts, TextsConfig

THINGS = (
    *("the acting", "the plot", "the music", "the ending", "the dialogue", "the food", "the service", "the room"),
    *("the battery", "the screen", "the price", "the story", "the cast", "the staff", "the sound", "the design"),
)
PRAISE = (
    *("good", "great", "wonderful", "charming", "brilliant", "lovely", "superb", "pleasant", "excellent", "clever"),
    *("delightful", "impressive", "fresh", "solid", "enjoyable", "fine"),
)
BLAME = (
    *("bad", "terrible", "awful", "boring", "dreadful", "clumsy", "poor", "annoying", "horrible", "stupid"),
    *("tedious", "disappointing", "stale", "weak", "unbearable", "mediocre"),
)
DEGREES = ((0, ("slightly", "somewhat", "a bit")), (1, ("", "", "quite")), (2, ("extremely", "truly", "incredibly")))
"""How strong an adjective becomes, and the words that say so."""
STRENGTHS = (1.0, 2.0, 4.0)
OPENINGS = ("", "", "honestly ,", "to be fair ,", "in my opinion ,", "well ,", "last week :", "all in all ,")
CLOSINGS = ("", "", "that is all .", "make of it what you will .", "i went with a friend .", "so it goes .")
BUTS = ("but", "yet", "however ,")
ALTHOUGHS = ("although", "while", "even though")


@dataset
class Reviews(TextsConfig):
    """Reviews of one or two clauses. "Not" turns an adjective round, what follows "but" decides, more strength wins."""

    help = "Reviews written by a grammar: not, but and very decide, so the order of words matters"
    name: Literal["reviews"] = "reviews"
    num_examples: Annotated[int, Field(ge=20, le=50_000)] = 800
    """Reviews in all, training and test together."""
    train_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.8
    """Share of the reviews used for training; the rest test."""
    label_noise: Annotated[float, Field(ge=0, le=0.5)] = 0.0
    """Share of all labels that are wrong."""

    def labels(self) -> tuple[str, ...]:
        """Return what a review can be."""
        return "negative", "positive"

    def most_tokens(self) -> int:
        """Return how many words or letters the grammar has."""
        clauses = [*THINGS, *PRAISE, *BLAME, *OPENINGS, *CLOSINGS, *BUTS, *ALTHOUGHS, "and . , was not never hardly"]
        text = " ".join([*clauses, *(word for _, words in DEGREES for word in words)])
        return len(set(text.split())) if self.level == "word" else len(set(text))

    def texts(self, seed: int) -> TextParts:
        """Return reviews, about half of them positive."""
        rng = self.generator(seed)
        written = [review(rng) for _ in range(self.num_examples)]
        y = np.array([label for _, label in written], dtype=np.int64)
        wrong = rng.random(len(y)) < self.label_noise
        y = np.where(wrong, 1 - y, y)
        train, test = split_indices(len(y), self.train_share, seed, self.sample)
        return [written[place][0] for place in train], y[train], [written[place][0] for place in test], y[test]


def review(rng: np.random.Generator) -> tuple[str, int]:
    """Return a review, and 1 if it praises."""
    first, second = (int(place) for place in rng.choice(len(THINGS), 2, replace=False))
    before, opinion = clause(rng, THINGS[first])
    after, other = clause(rng, THINGS[second])
    form = int(rng.integers(0, 5))
    if form == 0:
        text, score = before, opinion
    elif form == 1:
        while opinion == -other:  # neither would win
            after, other = clause(rng, THINGS[second])
        text, score = f"{before} and {after}", opinion + other
    elif form in (2, 3):
        text, score = f"{before} {pick(rng, BUTS)} {after}", other
    else:
        text, score = f"{pick(rng, ALTHOUGHS)} {before} , {after}", other
    whole = f"{pick(rng, OPENINGS)} {text} . {pick(rng, CLOSINGS)}"
    return " ".join(whole.split()), int(score > 0)


def clause(rng: np.random.Generator, thing: str) -> tuple[str, float]:
    """Return what is said of a thing, and how much praise it is: negative for blame."""
    praises = bool(rng.integers(0, 2))
    adjective = pick(rng, PRAISE if praises else BLAME)
    verb, opinion = "was", 1.0 if praises else -1.0
    if rng.random() < 0.4:
        verb, opinion = pick(rng, ("was not", "was never", "was hardly")), -opinion
    degree, words = DEGREES[int(rng.integers(0, 3))]
    return " ".join(f"{thing} {verb} {pick(rng, words)} {adjective}".split()), opinion * STRENGTHS[degree]


def pick(rng: np.random.Generator, words: tuple[str, ...]) -> str:
    """Return one of the words, each as likely as any other."""
    return words[int(rng.integers(0, len(words)))]
