"""Products of matrices in C come to what NumPy says, whatever their sizes and however the matrices lie in memory."""

import ctypes
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nets.tiers import compiler
from nets.tiers.writer import PRODUCTS

OPEN = """
void rows(const float *a, const long *s, const float *b, float *c, long n, long m, long k)
{ product(a, s[0], s[1], b, s[2], c, s[4], n, m, k); }
void copies(const float *a, const long *s, const float *b, float *c, long n, long m, long k)
{ product_of_copy(a, s[0], s[1], b, s[2], s[3], c, s[4], n, m, k); }
"""
ALL_FLAGS = ((), ("-mno-avx512f",), ("-mno-avx",))


@pytest.fixture(scope="module", params=ALL_FLAGS, ids=("native", "no AVX-512", "no AVX"))
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """Both functions of products.c, for this processor and for what older ones know."""
    found = compiler.find_compiler()
    if found is None:
        pytest.skip("no C compiler")
    folder = tmp_path_factory.mktemp("products")
    source, target = folder / "products.c", folder / "products.so"
    source.write_text(PRODUCTS.read_text() + OPEN)
    done = subprocess.run([found, *compiler.FLAGS, *request.param, "-o", target, source], check=False)
    if done.returncode and request.param:
        pytest.skip("a compiler for another kind of processor")
    assert done.returncode == 0
    return ctypes.CDLL(str(Path(target)))


@given(
    sizes=st.tuples(st.integers(1, 21), st.integers(1, 150), st.sampled_from((1, 2, 7, 100, 511, 512, 513, 1100))),
    turned=st.tuples(st.booleans(), st.booleans()),
    extra=st.integers(0, 3),
    seed=st.integers(0, 99),
)
def test_a_product_is_added_to_what_is_there(
    library: ctypes.CDLL, sizes: tuple[int, int, int], turned: tuple[bool, bool], extra: int, seed: int
) -> None:
    rows, columns, inner = sizes
    rng = np.random.default_rng(seed)

    def matrix(height: int, width: int, is_turned: bool) -> np.ndarray:
        """A matrix within a larger one, row by row or column by column."""
        if is_turned:
            return matrix(width, height, False).T
        return rng.normal(size=(height + extra, width + extra)).astype(np.float32)[:height, :width]

    a, b = matrix(rows, inner, turned[0]), matrix(inner, columns, turned[1])
    around = rng.normal(size=(rows, columns + extra)).astype(np.float32)
    c, expected = around[:, :columns], around.copy()
    expected[:, :columns] += a.astype(float) @ b.astype(float)
    strides = [stride // 4 for one in (a, b, c) for stride in one.strides]
    function = library.copies if turned[1] or extra == 1 else library.rows
    places = [ctypes.c_void_p(one.ctypes.data) for one in (a, b, c)]
    function(places[0], (ctypes.c_long * 6)(*strides), places[1], places[2], *(ctypes.c_long(size) for size in sizes))
    np.testing.assert_allclose(around, expected, rtol=1e-4, atol=1e-3)
