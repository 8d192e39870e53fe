"""The user's own pictures: what a zip may look like, what becomes of it, and what is said when it is not there."""

import numpy as np
import pytest
from PIL import Image

from nets.datasets.images import zipped
from nets.datasets.images.downloading import Progress, downloads_reported_to
from nets.datasets.images.own import SHELF, Own, keep_pictures, kept_pictures, split_of
from nets.datasets.images.pixels import STORED, grey, smaller
from nets.datasets.images.zipped import places, read_zip
from nets.export import CannotExport, Source, export
from nets.problems import InvalidExperiment
from tests.nets.datasets.tiny import ANIMALS, animals, picture_file, saved
from tests.nets.datasets.tiny import zipped as pack
from tests.nets.experiments import problems_of, small

NAMES = [f"{name}/{n}.png" for name in ANIMALS for n in range(4)]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """An empty PLAYGROUND_HOME."""
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    return tmp_path


def layout(names, **more):
    """A zip with a picture at each path, and other files."""
    pictures = {name: picture_file(seed=number) for number, name in enumerate(names)}
    return pack({**pictures, **more})


def only(picture, kind="PNG", **options):
    """What a picture looks like once it is read."""
    others = {f"{name}/{n}.png": picture_file(seed=n) for name in ("b", "c") for n in range(2)}
    content = saved(picture, kind, **options)
    return read_zip(pack({"a/0.png": content, "a/1.png": content, **others})).pictures[0]


@pytest.mark.parametrize(
    "names",
    [
        NAMES,
        [f"pets/{name}" for name in NAMES],
        [f"my data/pets/{name}" for name in NAMES],
        [name.replace("/", "/deeper/") for name in NAMES],
    ],
    ids=["plain", "wrapped", "wrapped twice", "folders inside"],
)
def test_folders_are_classes_also_inside_a_single_folder(names):
    own = read_zip(layout(names))
    assert own.class_names == ANIMALS
    assert own.labels.tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert own.pictures.shape == (12, 3, STORED, STORED)
    assert own.pictures.dtype == np.uint8
    assert not own.is_test.any()
    assert not own.skipped


@pytest.mark.parametrize("top", ["", "pets/"])
@pytest.mark.parametrize(("train", "test"), [("train", "test"), ("Train", "Test"), ("training", "val")])
def test_folders_for_training_and_testing_are_the_split(top, train, test):
    split = [f"{top}{test if name.endswith('3.png') else train}/{name}" for name in NAMES]
    own = read_zip(layout(split))
    keep_pictures(own)
    assert own.class_names == ANIMALS
    assert own.is_test.sum() == 3
    loaded = Own(upload=own.digest, class_names=ANIMALS, size=64, train_share=0.1).load(seed=0)
    assert sorted(loaded.test_y) == [0, 1, 2]
    of_dog = own.pictures[own.is_test & (own.labels == 1)][0]
    assert np.array_equal(loaded.test_x[loaded.test_y == 1][0], of_dog)
    assert len(loaded.train_y) == 9


def test_what_systems_leave_behind_is_passed_over():
    left = {"__MACOSX/cat/._0.png": b"x", ".DS_Store": b"x", "cat/.DS_Store": b"x", "dog/Thumbs.db": b"x"}
    left |= {"owl/desktop.ini": b"x", "cat/": b"", "empty/": b"", "cat/._0.png": b"x"}
    plain, other = read_zip(layout(NAMES)), read_zip(layout(NAMES, **left))
    assert np.array_equal(plain.pictures, other.pictures)
    assert plain.class_names == other.class_names
    assert plain.digest != other.digest


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L", "P", "1"])
def test_every_format_shows_the_same_picture(kind, mode):
    ramp = np.tile(np.repeat([0, 255], 40).astype(np.uint8), (80, 1))
    picture = Image.fromarray(ramp).convert("L" if (kind, mode) == ("JPEG", "P") else mode)
    read = only(picture, kind)
    assert np.abs(read[:, :, 4:28].astype(int)).max() < 10
    assert np.abs(read[:, :, 36:60].astype(int) - 255).max() < 10


def test_sixteen_bits_become_eight():
    deep = np.tile(np.repeat([0, 30000, 65535], 27).astype(np.uint16), (81, 1))
    row = only(Image.fromarray(deep))[0, 32]
    assert (row[5], row[32], row[59]) == (0, 30000 // 256, 255)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_white(mode):
    picture = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (0, 0, 32, 64))
    read = only(picture.convert(mode))
    assert (read[:, :, :30] == 0).all()
    assert (read[:, :, 34:] == 255).all()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photographs_stand_upright(kind):
    lying = np.zeros((80, 80, 3), dtype=np.uint8)
    lying[:, :40] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    read = only(Image.fromarray(lying), kind, exif=exif)
    assert read[:, :28].min() > 240
    assert read[:, 36:].max() < 15


def test_the_first_frame_of_a_film_counts():
    frames = [Image.new("L", (30, 30), shade) for shade in (255, 0)]
    assert only(frames[0], "GIF", save_all=True, append_images=frames[1:]).min() == 255


def test_the_middle_of_a_wide_picture_is_taken():
    wide = np.zeros((60, 180), dtype=np.uint8)
    wide[:, 60:120] = 255
    assert only(Image.fromarray(wide))[:, :, 1:-1].min() == 255


def test_smaller_ones_are_means_and_grey_ones_as_bright():
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (3, 3, STORED, STORED), dtype=np.uint8)
    for size in (16, 32, 64):
        small = smaller(pictures, size)
        assert small.shape == (3, 3, size, size)
        means = pictures.reshape(3, 3, size, STORED // size, size, STORED // size).mean(axis=(3, 5))
        assert np.abs(small - means).max() <= 0.5
    by_pillow = np.asarray(Image.fromarray(pictures[0].transpose(1, 2, 0)).convert("L"))
    assert np.array_equal(grey(pictures)[0, 0], by_pillow)


def test_a_few_broken_pictures_are_left_out_and_named():
    names = [f"{name}/{n}.png" for name in ANIMALS for n in range(8)]
    whole = picture_file("JPEG", side=80)
    broken = {"dog/x.jpg": whole[: len(whole) // 2], "owl/y.png": b"no picture"}
    own = read_zip(layout(names, **broken))
    assert own.skipped == ("dog/x.jpg", "owl/y.png")
    assert len(own.pictures) == len(own.labels) == 24


def test_how_far_it_is_can_be_heard():
    seen: list[Progress] = []
    with downloads_reported_to(seen.append):
        read_zip(layout(NAMES))
    assert [progress.done for progress in seen] == list(range(12))
    assert {(progress.phase, progress.total) for progress in seen} == {("reading", 12)}


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("counts", [(2, 2), (2, 3, 40), (10, 10, 10)])
def test_every_class_is_learnt_and_tested(share, counts):
    labels = np.repeat(np.arange(len(counts)), counts)
    order = np.random.default_rng(0).permutation(len(labels))
    train, test = split_of(order, labels, np.zeros(len(labels), dtype=bool), share)
    assert sorted([*train, *test]) == list(range(len(labels)))
    assert set(labels[train]) == set(labels[test]) == set(labels)
    wanted = round(len(labels) * share)
    assert len(train) == min(max(wanted, len(counts)), len(labels) - len(counts))


def test_pixels_alone_are_kept():
    own = read_zip(animals())
    keep_pictures(own)
    keep_pictures(own)
    (file,) = [file for file in SHELF.folder().iterdir() if not file.name.startswith(".")]
    assert file.stem == own.digest
    assert b"PNG" not in file.read_bytes()
    kept = kept_pictures(own.digest)
    assert np.array_equal(kept.pictures, own.pictures)
    assert kept.class_names == own.class_names


def refusal(config):
    with pytest.raises(InvalidExperiment) as caught:
        config.load(seed=0)
    (problem,) = caught.value.problems
    return problem


def test_what_was_not_uploaded_here_is_named():
    problem = refusal(Own())
    assert (problem.path, "upload a zip" in problem.message) == ("data.upload", True)
    problem = refusal(Own(upload="ab" * 32, class_names=ANIMALS))
    assert problem.path == "data.upload"
    assert "abababababab… is not on this machine" in problem.message


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "a" * 63])
def test_a_digest_leads_nowhere_else(digest):
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        SHELF.file(digest)


def test_an_export_of_what_is_not_here_says_so():
    experiment = small({"data.name": "own", "data.upload": "ab" * 32})
    with pytest.raises(CannotExport, match=r"data\.upload: the upload abababababab… is not on this machine"):
        export(Source("run", experiment), "script")


def test_what_was_kept_and_is_damaged_is_named():
    own = read_zip(animals())
    keep_pictures(own)
    other = refusal(Own(upload=own.digest, class_names=("cat", "dog")))
    assert (other.path, "cat, dog, owl" in other.message) == ("data.class_names", True)
    file = SHELF.file(own.digest)
    file.write_bytes(file.read_bytes()[:-5])
    problem = refusal(Own(upload=own.digest, class_names=ANIMALS))
    assert problem.path == "data.upload"
    assert "upload a zip with a folder for each class again" in problem.message


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("upload", "../../etc/passwd", "names no upload"),
        ("upload", "A" * 64, "names no upload"),
        ("upload", f"{'a' * 64}\n", "names no upload"),
        ("class_names", ["cat"], "at least 2"),
        ("class_names", ["cat", "cat"], "names a class twice"),
        ("class_names", ["cat", ""], "1 to 60 visible letters"),
        ("class_names", ["cat", "d\x00g"], "1 to 60 visible letters"),
        ("class_names", ["cat", "x" * 61], "1 to 60 visible letters"),
        ("class_names", [str(n) for n in range(101)], "at most 100"),
        ("size", 20, "16, 32 or 64"),
        ("classes", ["cat", "emu"], "classes names emu"),
    ],
)
def test_settings_that_cannot_be_are_refused(field, value, says):
    data = {"kind": "images", "name": "own", "class_names": list(ANIMALS), field: value}
    found = problems_of({"data": data, "model": {"kind": "mlp"}})
    assert [says in message for path, message in found.items() if path in (f"data.{field}", "data")] == [True]


def test_paths_say_what_pictures_are():
    assert places([]) == []
    assert places(["a/x.png", "b/y.png"]) == [("a/x.png", "a", False), ("b/y.png", "b", False)]
    assert places(["x.png", "b/y.png"])[1] == ("x.png", "", False)
    assert places(["train/x.png", "test/a/y.png"]) == [("test/a/y.png", "a", True), ("train/x.png", "", False)]
    assert [label for _, label, _ in places(["train/a/x.png", "train/b/x.png"])] == ["a", "b"]
    assert zipped.MOST_CLASSES == 100
