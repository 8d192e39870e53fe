"""Files that somebody may upload: each is taken, with a note where something was mended, or refused in a sentence."""

import io

import numpy as np
import pytest

from nets.datasets.lines import BadText
from nets.datasets.text.keeping import keep_texts
from nets.datasets.text.own_reading import Bounds, OwnTexts, read_texts
from nets.datasets.text.own_text import OwnText
from nets.datasets.text.uploaded_corpus import take_corpus
from nets.datasets.text.vectors import read_vectors
from nets.home import VARIABLE

ROWS = [("a fine film", "good"), ("a dull film", "bad"), ("so fine", "good"), ("so dull", "bad")] * 5


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder of its own for what is kept."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))


def table(rows=ROWS, separator="\t", header=""):
    lines = [header] if header else []
    return ("\n".join([*lines, *(separator.join(row) for row in rows)]) + "\n").encode()


def taken(content: bytes, name: str = "", test: bytes | None = None, **more) -> OwnTexts:
    return read_texts(io.BytesIO(content), name, io.BytesIO(test) if test is not None else None, **more)


def refused(content: bytes, name: str = "", test: bytes | None = None, **more) -> str:
    with pytest.raises(BadText) as caught:
        taken(content, name, test, **more)
    return str(caught.value)


@pytest.mark.parametrize("separator", ["\t", ",", ";", "|"])
def test_every_separator_is_found(separator):
    found = taken(table(separator=separator))
    assert found.class_names == ("bad", "good")
    assert found.texts[0] == "a fine film"
    assert found.labels[:2].tolist() == [1, 0]


def test_a_sentence_and_0_or_1_is_what_people_have():
    rows = [(f'he said "go, {n}', str(n % 2)) for n in range(40)]
    found = taken(table(rows), "train.tsv")
    assert found.class_names == ("0", "1")
    assert found.texts[3] == 'he said "go, 3'


def test_quotes_hold_separators_and_line_ends_in_a_csv():
    content = b'review,stars\n"fine, really\nfine",5\n"he said ""no""",1\nbad,1\nok,5\n'
    found = taken(content)
    assert found.layout.names == ("review", "stars")
    assert found.texts[:2] == ("fine, really\nfine", 'he said "no"')


def test_columns_are_found_by_name_or_by_what_they_hold_and_can_be_chosen():
    rows = [(str(n), text, label, "x") for n, (text, label) in enumerate(ROWS)]
    content = table(rows, ",", "id,text,sentiment,source")
    assert (taken(content).layout.text, taken(content).layout.label) == (1, 2)
    chosen = taken(content, text_column="source", label_column="3")
    assert (chosen.texts[0], chosen.class_names) == ("x", ("bad", "good"))
    assert "choose from id, text, sentiment, source" in refused(content, label_column="stars")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_of_encodings_are_read(encoding):
    content = table([("größer", "ja"), ("klein", "nein")] * 4).decode().encode(encoding)
    assert taken(content).texts[0] == "größer"


def test_mixed_encodings_are_mended_and_counted():
    content = table() + "schön\tgood\n".encode("cp1252") + "schöner\tgood\n".encode()
    found = taken(content)
    assert found.texts[-2:] == ("schön", "schöner")
    assert found.notes == ("Read as Windows-1252, for it is no UTF-8: 1 line.",)


def test_empty_rows_and_cells_are_left_out_and_counted():
    found = taken(table() + b"\n\n\tgood\nno label\t\n")
    assert len(found.texts) == len(ROWS)
    assert found.notes == ("Left out: 2 rows without text or label.",)


def test_uneven_rows_are_left_out_and_counted():
    assert taken(table() + b"one\ttoo\tmany\n").notes == ("Left out: 1 row with another number of columns.",)


def test_labels_that_training_does_not_know_are_left_out_and_named():
    found = taken(table(), "", b"oh\tgood\nhm\tweird\n")
    assert found.is_test.sum() == 1
    assert "weird" in found.notes[-1]
    assert "No test row has a label" in refused(table(), "", b"hm\tweird\nhm\tweird\n")


def test_several_labels_in_a_cell_make_any_number_of_labels():
    rows = [("a text of both", "x|y"), ("a text", "x"), ("another text", "y|z"), ("the last text", "z")] * 4
    found = taken(table(rows))
    assert found.class_names == ("x", "y", "z")
    assert found.labels[:3].tolist() == [[1, 1, 0], [1, 0, 0], [0, 1, 1]]
    assert found.settings()["multilabel"] is True


REFUSED = {
    "nothing": (b"", "The file is empty."),
    "spaces": (b"  \n \n", "The file is empty."),
    "zip": (b"PK\x03\x04" + b"\0" * 50, "a zip or an Excel file"),
    "gzip": (b"\x1f\x8b" + b"\0" * 50, "a gzip file"),
    "binary": (bytes(range(256)) * 20, "no text file"),
    "zeros": (table() * 300 + b"\0\0\tgood\n", "zero bytes"),
    "one-column": (b"just\nsome\nwords\n", "one column"),
    "one-class": (table([("a", "x"), ("b", "x")] * 5), "All 10 rows have the label x"),
    "header-alone": (b"text,label\n", "no row below it"),
    "as-many-labels-as-rows": (table([(f"text {n}", f"label {n}") for n in range(30)]), "too few of each"),
    "open-quote": (b"text,label\n" + b'"never closed,1\n' + b"fine,0\n" * 1200, "A quote that opens in line 2"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_not_be_taken_is_refused_in_a_sentence(name):
    content, words = REFUSED[name]
    said = refused(content)
    assert words in said
    assert said.endswith(".")


def test_ten_thousand_classes_are_refused():
    rows = [(f"some text {n}", f"class {n % 10_000}") for n in range(20_000)]
    assert "10,000 different labels; at most 1,000" in refused(table(rows), "many.tsv")


class Endless(io.RawIOBase):
    """One line without an end, of which only as much is made as is read."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        self.given += size
        return b"x" * size


def test_a_line_without_an_end_is_refused_before_much_of_it_is_read():
    file = Endless()
    with pytest.raises(BadText, match="Line 1 has more than 1,000,000 bytes"):
        read_texts(file)  # type: ignore[arg-type]
    assert file.given < 2_000_000


def test_files_and_rows_have_bounds():
    assert "more than 10 rows" in refused(table(), bounds=Bounds(rows=10))
    many = table([("word " * 20, "x"), ("word " * 20, "y")] * 2000)
    assert "at most so much is read" in refused(many, bounds=Bounds(file_bytes=100_000))


@pytest.mark.usefixtures("home")
def test_what_was_kept_comes_back_split_as_it_was_given():
    own = taken(table(), "", b"oh\tgood\nwell\tbad\nhm\tbad\n")
    keep_texts(own)
    config = OwnText.model_validate(own.settings())
    train, train_y, test, test_y = config.texts(0)
    assert sorted(test) == ["hm", "oh", "well"]
    assert len(train) == len(train_y) == len(ROWS)
    assert dict(zip(test, test_y, strict=True)) == {"oh": 1, "well": 0, "hm": 0}
    assert np.array_equal(config.load(0).train_x, config.load(0).train_x)


@pytest.mark.usefixtures("home")
def test_a_long_text_is_taken_and_a_short_or_large_one_refused():
    assert take_corpus(io.BytesIO(b"Some line of text.\n" * 40))["num_words"] == 5
    with pytest.raises(BadText, match="at least 200 are needed"):
        take_corpus(io.BytesIO(b"short"))
    with pytest.raises(BadText, match="at most"):
        take_corpus(io.BytesIO(b"line\n" * 100_000), most_bytes=100_000)


VECTORS = b"the 0.1 0.2 0.3\ngood 1 2 3\nnew york 4 5 6\n"


def test_word_vectors_are_read_line_by_line():
    found = read_vectors(io.BytesIO(b"3 3\n" + VECTORS))
    assert found.words == ("the", "good", "new york")
    assert found.vectors[2].tolist() == [4, 5, 6]
    assert read_vectors(io.BytesIO(VECTORS), most_words=2).words == ("the", "good")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"bad 1 2\n", "has 2 numbers; the lines before have 3"),
        (b"bad 1 2 x\n", "no number"),
        (b"bad 1 2 nan\n", "finite"),
    ],
)
def test_word_vectors_of_another_width_or_no_numbers_are_refused(line, words):
    with pytest.raises(BadText, match=words):
        read_vectors(io.BytesIO(VECTORS + line))
