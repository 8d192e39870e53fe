/* Products of matrices, added to what is there: c (rows, columns) += a (rows, inner) · b (inner, columns).

A tile of c stays in registers while a and b pass by (Goto and van de Geijn, 2008): TALL rows of WIDE vectors. */
#if defined(__AVX512F__)
#define LANES 16
#define WIDE 4
#elif defined(__AVX__)
#define LANES 8
#define WIDE 2
#else
#define LANES 4
#define WIDE 2
#endif
#define TALL 6
#define DEEP 512 /* of b's rows at once: they stay in the nearest cache */
#define UNROLL _Pragma("GCC unroll 8")
typedef float vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

/* c (R, V·LANES) += a (R, inner) · b (inner, V·LANES); R and V are known where this is written out. */
static inline __attribute__((always_inline)) void tile(const int R, const int V, const float *a, long ai, long ak,
                                                       const float *b, long bk, float *c, long ci, long inner) {
    vector sum[TALL][WIDE], y[WIDE];
    UNROLL for (int r = 0; r < R; r++)
        UNROLL for (int v = 0; v < V; v++) sum[r][v] = *(const vector *)(c + r * ci + v * LANES);
    for (long k = 0; k < inner; k++) {
        UNROLL for (int v = 0; v < V; v++) y[v] = *(const vector *)(b + k * bk + v * LANES);
        UNROLL for (int r = 0; r < R; r++) {
            const float x = a[r * ai + k * ak];
            UNROLL for (int v = 0; v < V; v++) sum[r][v] += x * y[v];
        }
    }
    UNROLL for (int r = 0; r < R; r++)
        UNROLL for (int v = 0; v < V; v++) *(vector *)(c + r * ci + v * LANES) = sum[r][v];
}

/* The same for any number of rows. */
static inline __attribute__((always_inline)) void tiles(const int V, const float *a, long ai, long ak, const float *b,
                                                        long bk, float *c, long ci, long rows, long inner) {
    long i = 0;
    for (; i + TALL <= rows; i += TALL) tile(TALL, V, a + i * ai, ai, ak, b, bk, c + i * ci, ci, inner);
    for (; i + 2 <= rows; i += 2) tile(2, V, a + i * ai, ai, ak, b, bk, c + i * ci, ci, inner);
    for (; i < rows; i++) tile(1, V, a + i * ai, ai, ak, b, bk, c + i * ci, ci, inner);
}

/* The same for the last columns, fewer than a vector has: copies are filled up with zeros. */
static __attribute__((noinline)) void edge(const float *a, long ai, long ak, const float *b, long bk, float *c, long ci,
                                           long rows, long columns, long inner) {
    static float strip[DEEP * LANES] __attribute__((aligned(64)));
    for (long k = 0; k < inner; k++)
        for (long q = 0; q < LANES; q++) strip[k * LANES + q] = q < columns ? b[k * bk + q] : 0;
    for (long i = 0; i < rows; i += TALL) {
        const long tall = rows - i < TALL ? rows - i : TALL;
        float held[TALL * LANES];
        for (long r = 0; r < tall; r++)
            for (long q = 0; q < LANES; q++) held[r * LANES + q] = q < columns ? c[(i + r) * ci + q] : 0;
        tiles(1, a + i * ai, ai, ak, strip, LANES, held, LANES, tall, inner);
        for (long r = 0; r < tall; r++)
            for (long q = 0; q < columns; q++) c[(i + r) * ci + q] = held[r * LANES + q];
    }
}

/* b and c lie row by row. */
static __attribute__((noinline)) void product(const float *a, long ai, long ak, const float *b, long bk, float *c,
                                              long ci, long rows, long columns, long inner) {
    for (long start = 0; start < inner; start += DEEP, a += DEEP * ak, b += DEEP * bk) {
        const long deep = inner - start < DEEP ? inner - start : DEEP;
        long j = 0;
        for (; j + WIDE * LANES <= columns; j += WIDE * LANES) tiles(WIDE, a, ai, ak, b + j, bk, c + j, ci, rows, deep);
        for (; j + LANES <= columns; j += LANES) tiles(1, a, ai, ak, b + j, bk, c + j, ci, rows, deep);
        if (j < columns) edge(a, ai, ak, b + j, bk, c + j, ci, rows, columns - j, deep);
    }
}

/* c lies row by row, b in any way: it is copied, as wide as a tile at a time. */
static __attribute__((noinline)) void product_of_copy(const float *a, long ai, long ak, const float *b, long bk,
                                                      long bj, float *c, long ci, long rows, long columns, long inner) {
    static float panel[DEEP * WIDE * LANES] __attribute__((aligned(64)));
    for (long start = 0; start < inner; start += DEEP, a += DEEP * ak, b += DEEP * bk) {
        const long deep = inner - start < DEEP ? inner - start : DEEP;
        for (long j = 0; j < columns; j += WIDE * LANES) {
            const long width = columns - j < WIDE * LANES ? columns - j : WIDE * LANES;
            for (long k = 0; k < deep; k++)
                for (long q = 0; q < width; q++) panel[k * WIDE * LANES + q] = b[k * bk + (j + q) * bj];
            product(a, ai, ak, panel, WIDE * LANES, c + j, ci, rows, width, deep);
        }
    }
}
