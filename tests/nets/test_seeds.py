"""One seed, many streams."""

from nets.seeds import derive


def test_a_stream_is_always_the_same():
    assert derive(7, "weights") == derive(7, "weights")
    assert derive(7, "weights", 0) == derive(7, "weights")
    assert derive(0, "data") == 7541626262678432639


def test_streams_differ_by_seed_purpose_and_index():
    streams = {
        derive(seed, purpose, index)
        for seed in range(20)
        for purpose in ("data", "split", "weights", "batches", "dropout")
        for index in range(20)
    }
    assert len(streams) == 20 * 5 * 20
    assert all(0 <= stream < 2**63 for stream in streams)
