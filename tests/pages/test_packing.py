"""Payloads: what Python packs is what the browser reads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.components.packing import DTYPES, pack
from tests.pages.fakes import unpack

TEXTS = st.text(max_size=20)
ARRAYS = st.tuples(st.sampled_from(sorted(DTYPES)), st.lists(st.integers(0, 5), min_size=1, max_size=3))


@given(st.dictionaries(TEXTS, TEXTS, max_size=4), st.dictionaries(TEXTS, ARRAYS, max_size=4))
def test_a_payload_comes_back_as_it_went(meta, plan):
    random = np.random.default_rng(0)
    arrays = {name: random.integers(0, 200, shape).astype(dtype) for name, (dtype, shape) in plan.items()}
    meta_back, arrays_back = unpack(pack(meta, arrays))
    assert meta_back == meta
    assert list(arrays_back) == list(arrays)
    for name, array in arrays.items():
        assert arrays_back[name].dtype == array.dtype
        np.testing.assert_array_equal(arrays_back[name], array)


@pytest.mark.parametrize("length", range(9))
def test_every_array_starts_where_a_typed_array_may(length):
    arrays = {"bytes": np.arange(length, dtype=np.uint8), "floats": np.array([1.5, -2.5], dtype=np.float32)}
    _, back = unpack(pack({"umlaut": "ü" * length}, arrays))
    np.testing.assert_array_equal(back["floats"], arrays["floats"])


def test_an_array_that_is_not_contiguous_is_packed_in_its_own_order():
    turned = np.arange(6, dtype=np.int32).reshape(2, 3).T
    np.testing.assert_array_equal(unpack(pack({}, {"turned": turned}))[1]["turned"], turned)


def test_values_that_json_has_not_become_null():
    meta, arrays = unpack(pack({"loss": float("nan")}, {"loss": np.array([np.nan, np.inf], dtype=np.float32)}))
    assert meta["loss"] is None
    assert np.isnan(arrays["loss"][0])
    assert np.isinf(arrays["loss"][1])


@pytest.mark.parametrize("dtype", ["float64", "int64", "bool"])
def test_an_array_the_browser_would_have_to_convert_is_refused(dtype):
    with pytest.raises(TypeError, match=f"array 'map' is {dtype}"):
        pack({}, {"map": np.zeros(3, dtype=dtype)})
