"""What a visitor has chosen to look at on the Text screen, and what its panels say past the page."""

import json
from dataclasses import dataclass

from nets.experiment import Experiment
from nets.views.reading import MOST_TYPED
from nets.views.token_attribution import TokenAttributionView
from nets.views.writing import WritingView

EXAMPLES = {
    "reviews": "the food was not good but the service was truly wonderful .",
    "names": "Königreich",
    "dna": "ACGTTGACGTCATTGCAAGCTAGGATCCTTAGACCGATTACAGGCATTGCA",
    "topics": "The class ",
}
"""What stands in the box at first, by data set."""


@dataclass
class Choice:
    """It lasts as long as the browser session.

    ``text`` is what is typed, ``index`` a test text, ``cell`` one of the confusion matrix, ``word`` what is looked for
    on the map, ``draw`` which random numbers a language model writes with.
    """

    text: str = ""
    index: int = 0
    cell: dict[str, int] | None = None
    word: str = ""
    draw: int = 0
    data: object = None

    def belong_to(self, experiment: Experiment) -> None:
        """Start anew where the data are others than those that were chosen from."""
        kinds = (experiment.data.name, experiment.data.info().class_names)
        if kinds != self.data:
            self.data, self.index, self.cell, self.word = kinds, 0, None, ""
            self.text = EXAMPLES.get(experiment.data.name, "")

    def typed(self) -> TokenAttributionView:
        """Return the view of what is typed."""
        return TokenAttributionView(text=self.text)

    def examples(self, order: str) -> TokenAttributionView:
        """Return the view of test texts in an order; of the chosen cell alone where there is one."""
        return TokenAttributionView.model_validate({"order": order})

    def of_cell(self) -> TokenAttributionView | None:
        """Return the view of the texts of the chosen cell; None where none is chosen."""
        if self.cell is None:
            return None
        return TokenAttributionView(actual=self.cell["actual"], predicted=self.cell["predicted"])

    def writing(self, temperature: float, top_k: int) -> WritingView:
        """Return the view of what a language model writes."""
        return WritingView(prompt=self.text, temperature=temperature, top_k=top_k, draw=self.draw)


def hear(choice: Choice, message: bytes) -> None:
    """Take up what somebody types: ``{"say": "text", "text": …}``.

    Raises:
        ValueError: if it is no such message: the sender may be anybody.
    """
    words = json.loads(message)
    if not isinstance(words, dict) or words.get("say") != "text" or not isinstance(words.get("text"), str):
        raise ValueError("a box says the text that stands in it")
    text = words["text"]
    if len(text) > MOST_TYPED:
        raise ValueError(f"a text has at most {MOST_TYPED:,} characters")
    choice.text = text.encode(errors="replace").decode()
