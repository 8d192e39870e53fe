"""Files that no one should upload: each is refused with one sentence, soon, and nothing of it is kept."""

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from nets.datasets.images import entries, zipped
from nets.datasets.images.entries import BadUpload
from nets.datasets.images.zipped import OwnPictures, read_zip
from tests.nets.datasets.tiny import animals, picture_file, saved
from tests.nets.datasets.tiny import zipped as pack

GOOD = {f"{name}/{n}.png": picture_file(seed=n) for name in ("cat", "dog") for n in range(3)}


def with_entry(name: str, content: bytes = b"x") -> bytes:
    """A good zip with one entry more, whatever Python would make of its name."""
    placeholder = "Q" * len(name.encode())
    return pack([*GOOD.items(), (placeholder, content)]).replace(placeholder.encode(), name.encode())


def link() -> bytes:
    entry = zipfile.ZipInfo("cat/link.png")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return pack([*GOOD.items(), (entry, b"/etc/passwd")])


def locked() -> bytes:
    """A good zip whose last entry says that it is encrypted."""
    content = bytearray(pack(GOOD))
    directory = content.rindex(entries.DIRECTORY_ENTRY)
    content[directory + 8] |= 1
    return bytes(content)


def packed_as(method: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in GOOD.items():
            archive.writestr(name, content)
    return file.getvalue()


def lying_about_size() -> bytes:
    """A zip whose directory says that a picture of 40 MB has ten bytes."""
    content = bytearray(pack({**GOOD, "cat/large.png": bytes(40_000_000)}))
    directory = content.rindex(entries.DIRECTORY_ENTRY)
    content[directory + 24 : directory + 28] = struct.pack("<I", 10)
    return bytes(content)


def huge_png(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it has so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def many_entries() -> bytes:
    return entries.DIRECTORY_ENTRY * (entries.MOST_ENTRIES + 1)


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return pack([*GOOD.items(), ("cat/0.png", picture_file())])


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "no zip file"),
    "text": (lambda: b"hello" * 100, "no zip file"),
    "picture": (lambda: picture_file(), "no zip file"),
    "half": (lambda: pack(GOOD)[:-200], "no zip file"),
    "empty": (lambda: pack({}), "holds no picture"),
    "only rubbish": (lambda: pack({"__MACOSX/._x": b"x", ".DS_Store": b"x"}), "holds no picture"),
    "encrypted": (locked, "locked with a password"),
    "up": (lambda: with_entry("../../evil.png"), "leads out of it"),
    "up inside": (lambda: with_entry("cat/../../evil.png"), "leads out of it"),
    "absolute": (lambda: with_entry("/etc/evil.png"), "leads out of it"),
    "drive": (lambda: with_entry("C:/evil.png"), "leads out of it"),
    "backslash": (lambda: with_entry("..\\evil.png"), "leads out of it"),
    "share": (lambda: with_entry("\\\\host\\evil.png"), "leads out of it"),
    "dot": (lambda: with_entry("cat/./evil.png"), "leads out of it"),
    "nameless folder": (lambda: with_entry("cat//evil.png"), "leads out of it"),
    "zero byte": (lambda: with_entry("cat/evil.png\x00.txt"), "invisible characters"),
    "line break": (lambda: with_entry("cat/ev\nil.png"), "invisible characters"),
    "turned around": (lambda: pack({**GOOD, "cat/\u202egnp.exe.png": b"x"}), "invisible characters"),
    "link": (link, "a link and no file"),
    "nested zip": (lambda: with_entry("cat/more.zip", pack(GOOD)), "another archive"),
    "nested tar": (lambda: with_entry("cat/more.tar.gz"), "another archive"),
    "program": (lambda: with_entry("cat/run.exe"), "is no picture"),
    "drawing": (lambda: with_entry("cat/x.svg", b"<svg/>"), "is no picture"),
    "page": (lambda: with_entry("index.html"), "is no picture"),
    "twice": (twice, "twice"),
    "lzma": (lambda: packed_as(zipfile.ZIP_LZMA), "packed in an unusual way"),
    "bzip2": (lambda: packed_as(zipfile.ZIP_BZIP2), "packed in an unusual way"),
    "bomb": (lambda: with_entry("cat/zeros.png", bytes(entries.MOST_FILE_BYTES + 1)), "more than 30 MB"),
    "lying about its size": (lying_about_size, "can't be read"),
    "many entries": (many_entries, "more than 25,000 entries"),
    "many pixels": (lambda: with_entry("cat/large.png", huge_png(6000, 6000)), "6,000 × 6,000 pixels"),
    "far too many pixels": (lambda: with_entry("cat/large.png", huge_png(10_000, 10_000)), "pixels"),
    "absurd pixels": (lambda: with_entry("cat/large.png", huge_png(60_000, 60_000)), "far too many pixels"),
    "no class": (
        lambda: pack({name.replace("/", "-"): content for name, content in GOOD.items()}),
        "lies in no folder",
    ),
    "one beside the folders": (lambda: with_entry("logo.png", picture_file()), "'logo.png' lies in no folder"),
    "one class": (lambda: pack({f"cat/{n}.png": picture_file(seed=n) for n in range(5)}), "one folder, 'cat'"),
    "single picture": (lambda: with_entry("owl/0.png", picture_file()), "'owl' has a single picture"),
    "many classes": (lambda: pack({f"c{n}/0.png": b"" for n in range(101)}), "101 folders"),
    "long class": (lambda: with_entry(f"{'x' * 61}/0.png"), "too long a name"),
    "no test": (
        lambda: pack({f"{path}/0.png": picture_file() for path in ("train/a", "train/b", "test/a")}),
        "for testing",
    ),
    "no training": (
        lambda: pack({f"{path}/0.png": picture_file() for path in ("train/a", "test/a", "test/b")}),
        "for training",
    ),
    "train without classes": (lambda: pack({"train/0.png": b"", "test/0.png": b""}), "lies in no folder"),
    "broken": (lambda: pack({**GOOD, "cat/a.png": b"x", "dog/b.png": picture_file()[:90]}), "2 of 8 pictures"),
    "tiff": (lambda: with_entry("cat/x.png", saved(Image.new("L", (9, 9)), "TIFF")), "1 of 7 pictures"),
    "postscript": (lambda: with_entry("cat/x.png", saved(Image.new("RGB", (9, 9)), "EPS")), "1 of 7 pictures"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_with_a_sentence(name, tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    make, says = HOSTILE[name]
    with pytest.raises(BadUpload) as caught:
        read_zip(make())
    said = str(caught.value)
    assert says in said
    assert said.isprintable()
    assert said.endswith(".")
    assert len(said) < 300
    assert not list(tmp_path.iterdir())


def test_a_good_one_is_not():
    assert len(read_zip(pack(GOOD)).pictures) == len(GOOD)
    assert len(read_zip(with_entry("cat/evil.png", picture_file())).pictures) == len(GOOD) + 1


@pytest.mark.parametrize(
    ("limit", "value", "says"),
    [
        ("MOST_ZIP_BYTES", 1000, "at most 0 MB"),
        ("MOST_PICTURES", 5, "holds 6 pictures; at most 5"),
        ("MOST_BYTES", 5000, "too large altogether"),
        ("MOST_PIXELS_TOGETHER", 2000, "too large altogether"),
    ],
)
def test_all_together_have_limits(limit, value, says, monkeypatch, tmp_path):
    monkeypatch.setattr(zipped, limit, value)
    with pytest.raises(BadUpload, match=says):
        read_zip(pack(GOOD))
    file = tmp_path / "upload.zip"
    file.write_bytes(pack(GOOD))
    with pytest.raises(BadUpload, match=says):
        read_zip(file)


def taken_or_refused(content: bytes) -> OwnPictures | str:
    """What is in a zip, or what is said against it."""
    try:
        return read_zip(content)
    except BadUpload as error:
        return str(error)


def test_entries_over_each_other_do_not_multiply(monkeypatch):
    """A zip whose directory names one entry many times: what comes out is counted, not what is in."""
    monkeypatch.setattr(zipped, "MOST_BYTES", 100_000)
    picture = saved(Image.fromarray(np.zeros((200, 200), dtype=np.uint8)), "BMP")
    content = pack([("a/0000.png", picture)])
    start = content.index(entries.DIRECTORY_ENTRY)
    directory = content[start : content.rindex(b"PK\x05\x06")]
    copies = b"".join(directory for _ in range(50))
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 50, 50, len(copies), start, 0)
    with pytest.raises(BadUpload):
        read_zip(content[:start] + copies + end)


@settings(max_examples=int(os.environ.get("PLAYGROUND_EXAMPLES", "300")), suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_zip_with_any_bytes_changed_is_read_or_refused(data):
    content = bytearray(animals())
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1) | st.integers(max(0, len(content) - 1500), len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.none() | st.integers(0, len(content)))
    own = taken_or_refused(bytes(content[:cut]))
    if isinstance(own, str):
        assert own.isprintable()
        return
    assert len(own.pictures) == len(own.labels) == len(own.is_test) >= 2 * len(own.class_names)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # of what is odd and yet can be read
@settings(max_examples=int(os.environ.get("PLAYGROUND_EXAMPLES", "300")), suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "WEBP"]))
def test_a_picture_with_any_bytes_changed_is_read_or_left_out(data, kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    content = bytearray(saved(Image.open(io.BytesIO(picture_file())), kind, exif=exif))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, min(len(content) - 1, 200)) | st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    good = {f"{name}/{n}.png": picture_file(side=8, seed=n) for name in ("cat", "dog") for n in range(6)}
    own = taken_or_refused(pack({**good, "cat/changed.png": bytes(content)}))
    if isinstance(own, str):
        assert "pixels" in own
        return
    assert own.skipped in ((), ("cat/changed.png",))
    assert len(own.pictures) == 13 - len(own.skipped)
