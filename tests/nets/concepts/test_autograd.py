"""Expressions: what they come to, their gradients, and what is refused, always in a sentence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nets.concepts.autograd import compute, nudged
from nets.concepts.expressions import FUNCTIONS, NAMES, ExpressionError, names_in, parse, value

VALUES = {"x": "[[1], [2], [3]]", "y": "[[1, 2, 3, 4]]", "z": "2", "w": "[[1, 0, -1], [2, 1, 0]]"}


def result(text: str, **values: str):
    parsed = parse(text)
    return compute(parsed, {name: value(name, (VALUES | values)[name]) for name in names_in(parsed)})


def test_the_gradient_of_a_square_at_2_is_4():
    found = result("x**2", x="2")
    assert (found.value, found.gradient("x"), found.is_summed) == (4, 4, False)


def test_broadcasting_says_which_axes_were_stretched_and_sums_gradients_back():
    found = result("x + y")
    assert found.value.tolist() == [[2, 3, 4, 5], [3, 4, 5, 6], [4, 5, 6, 7]]
    assert found.steps[-1].stretched == ((1,), (0,))
    assert found.is_summed
    assert (found.gradient("x").tolist(), found.gradient("y").tolist()) == ([[4]] * 3, [[3] * 4])


def test_a_name_used_twice_is_one_step_and_gets_both_gradients():
    found = result("z * z + z")
    assert [step.label for step in found.steps] == ["z", "×", "+"]
    assert found.gradient("z") == 5


def test_every_step_has_its_gradient_and_a_number_has_none():
    found = result("sum(relu(w @ x)) / 2")
    assert {step.label: step.gradient is None for step in found.steps} == {
        **dict.fromkeys(("w", "x", "@", "relu", "sum", "÷"), False),
        "2": True,
    }
    assert found.gradient("w").tolist() == [[0, 0, 0], [0.5, 1, 1.5]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-z**2", -4),
        ("2*z - 3/2 + .5", 3),
        ("sigmoid(0*z)", 0.5),
        ("max(w)", 2),
        ("sum(w, 0)", [3, 1, -1]),
        ("mean(w, -1)", [0, 1]),
        ("max(w, 1)", [1, 2]),
        ("reshape(w, 3, -1)", [[1, 0], [-1, 2], [1, 0]]),
        ("matmul(w, x)", [[-2], [4]]),
        ("2 + 3", 5),
        ("abs(-3) + exp(0) + log(1) + tanh(0) + sin(0) + cos(0) + sqrt(4)", 7),
    ],
)
def test_values(text, expected):
    assert result(text).value == pytest.approx(np.array(expected))


def test_a_nudge_is_what_the_gradient_promises_where_it_is_small():
    parsed, values = parse("sum(x**2)"), {"x": np.array([1.0, 2.0])}
    happens, promised = nudged(parsed, values, "x", 0.1)
    assert promised == pytest.approx(0.6)
    assert happens == pytest.approx(0.62)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no expression yet"),
        ("x" * 200, "200 characters"),
        ("+".join("x" * 60), "60 parts|parts; it may have up to 40"),
        ("-" * 30 + "x", "nested more than 12"),
        ("(" * 150 + "x", "can't be read"),
        ("10**10**10", "exponent is as large as 1e\\+10"),
        ("x**1000000", "exponent"),
        ("10000000", "beyond 1,000,000"),
        ("9" * 150, "beyond"),
        ("__import__(1)", "There is no '__import__'"),
        ("x.__class__", "'.' can't stand here"),
        ("lambda: x", "There is no 'lambda'"),
        ("x[0]", "'\\[' can't stand"),
        ("'a'", "can't stand"),
        ("2x", "'2x' is no number; write products as 2\\*x"),
        ("0x10", "'0x'"),
        ("1j", "'1j'"),
        ("x, y", "is a tuple"),
        ("sum", "needs brackets: sum\\(x\\)"),
        ("sum(*x)", "starred"),
        ("sum(**x)", "is a call"),
        ("z(x)", "is a call"),
        ("sum(x, y)", "must be a whole number"),
        ("sum(x, 5)", "axis 5 of a tensor of shape \\(3, 1\\); it may be from 0 to 1"),
        ("sum(z, 0)", "no axes"),
        ("exp()", "0 arguments; write exp\\(x\\)"),
        ("reshape(x, 2)", "can't make \\(2,\\) of shape \\(3, 1\\)"),
        ("x + w", "can't be; from the right"),
        ("w @ y", "\\(2, 3\\) @ \\(1, 4\\) can't be"),
        ("z @ z", "can't be"),
        ("log(0*z)", "no finite number"),
        ("exp(1000*z)", "no finite number"),
        ("ｘ", "can't stand"),
        ("x\0", "can't stand"),
    ],
)
def test_what_is_refused_is_refused_in_a_sentence(text, words):
    with pytest.raises(ExpressionError, match=words) as refusal:
        result(text)
    assert str(refusal.value).endswith(".")


def test_a_step_may_not_grow_without_bound():
    many = str([[1]] * 64)
    with pytest.raises(ExpressionError, match="makes 4096 numbers"):
        result("x + y", x=many, y=many.replace("], [", ", "))


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "[]", "[[]]", "[1, [2]]", "[[1], [1, 2]]", "1, 2", "(1)", "1-2", "[[[[1]]]]", str([1] * 65)),
        *("[" * 300, "9" * 400, "1e999", "nan", "2000000", "1" * 600, "-[1]", "e"),
    ],
)
def test_values_that_are_no_numbers_are_refused_in_a_sentence(text):
    with pytest.raises(ExpressionError, match=r"^x (is|has|goes)") as refusal:
        value("x", text)
    assert str(refusal.value).endswith(".")


def refusal_or_none(call):
    try:
        call()
    except ExpressionError as refusal:
        return str(refusal)
    return None


SENSIBLE = st.recursive(
    st.sampled_from([*NAMES, "2", "0.5", "3", "0"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**", "@"]), inner).map("({0[0]}{0[1]}{0[2]})".format),
        st.tuples(st.sampled_from(FUNCTIONS), inner).map("{0[0]}({0[1]})".format),
        inner.map("reshape({}, -1, 1)".format),
        inner.map("sum({}, 1)".format),
        inner.map("-{}".format),
    ),
    max_leaves=8,
)
CHAOTIC = st.lists(st.sampled_from([*NAMES, *FUNCTIONS, *"+-*/@(),1 29", "**", "1e5", "_", "lambda "]), max_size=14)


@settings(max_examples=200, deadline=None, database=None)
@given(text=st.one_of(st.text(max_size=60), SENSIBLE, CHAOTIC.map("".join)))
def test_any_text_comes_to_something_or_is_refused_in_a_sentence(text):
    found = []
    refusal = refusal_or_none(lambda: found.append(result(text)))
    if refusal is None:
        assert np.isfinite(found[0].value).all()
    else:
        assert refusal.endswith(".")
        assert len(refusal) < 400


@settings(max_examples=150, deadline=None, database=None)
@given(text=st.one_of(st.text(max_size=40), st.text("0123456789[],. eE+-\n", max_size=24)))
def test_any_value_is_numbers_or_refused_in_a_sentence(text):
    found = []
    refusal = refusal_or_none(lambda: found.append(value("x", text)))
    assert refusal.endswith(".") if refusal else 0 < found[0].size <= 64
