"""Sets that are downloaded: whole or not at all, once, from here as well as from there, and with a word when not."""

import gzip
import os
import pickle
import re
import socket
import threading
from pathlib import Path

import numpy as np
import pytest

from nets.datasets import DATASETS
from nets.datasets.images import downloading
from nets.datasets.images.downloading import Progress, downloads_reported_to
from nets.datasets.images.emnist import Emnist
from nets.datasets.images.gtsrb import SIGNS, Gtsrb
from nets.datasets.images.mnist import Mnist
from nets.problems import InvalidExperiment
from tests.nets.datasets.serving import another, half, point_all, serving
from tests.nets.datasets.tiny import (
    DOWNLOADED,
    cifar_files,
    cifar_sums,
    emnist_files,
    grey_pictures,
    gtsrb_files,
    idx,
    mnist_files,
    write,
)
from tests.nets.experiments import small, trained


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """An empty PLAYGROUND_HOME."""
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def server(monkeypatch):
    """A server that has all sets, and is where they are downloaded from."""
    with serving() as running, pytest.MonkeyPatch.context() as patch:
        point_all(patch, running)
        yield running


@pytest.fixture
def no_network(monkeypatch):
    """Whoever asks the network for something fails the test."""

    def refuse(*arguments, **options):
        raise AssertionError("somebody asked the network")

    monkeypatch.setattr("urllib.request.OpenerDirector.open", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)


def arrays(config):
    split = config.load(seed=0)
    return split.train_x, split.train_y, split.test_x, split.test_y


def files_in(folder: Path) -> set[str]:
    """Every file below a folder that is not a lock."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"}


def refusal(config) -> str:
    """What is said instead of loading, which must name the field."""
    with pytest.raises(InvalidExperiment) as caught:
        config.load(seed=0)
    (problem,) = caught.value.problems
    assert problem.path == "data.name"
    assert config.name in problem.message
    return problem.message


@pytest.mark.parametrize("name", DOWNLOADED)
def test_it_is_downloaded_once_and_lies_here_from_then_on(name, home, server):
    config, seen = DATASETS.get(name)(), list[Progress]()
    with downloads_reported_to(seen.append):
        first = arrays(config)
    assert server.asked
    assert len(server.asked) == len(set(server.asked))
    downloads = [progress for progress in seen if progress.phase == "downloading"]
    assert [progress.what for progress in downloads if progress.share == 1] == server.asked
    assert all(progress.total == len(server.files[progress.what]) for progress in downloads)
    server.asked.clear()
    seen.clear()
    with downloads_reported_to(seen.append):
        again = arrays(config)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not server.asked
    assert seen == [Progress("reading", name)]
    assert not [file for file in files_in(home) if file.endswith((".part", ".zip", ".tar.gz")) or ".unpacked" in file]


@pytest.mark.parametrize("name", DOWNLOADED)
@pytest.mark.parametrize("answer", [half, another])
def test_half_a_file_or_another_one_is_never_taken_for_the_set(name, answer, home, server):
    server.answer = answer
    said = refusal(DATASETS.get(name)())
    assert ("it broke off" if answer is half else "it sends something else") in said
    assert not files_in(home)
    server.answer = lambda content: (len(content), content)
    assert len(DATASETS.get(name)().load(seed=0).train_x)


@pytest.mark.parametrize("name", DOWNLOADED)
def test_without_a_network_it_says_what_was_tried_and_what_works_instead(name, home, server):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # nobody listens
        with pytest.MonkeyPatch.context() as patch:
            server.url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
            point_all(patch, server)
            said = refusal(DATASETS.get(name)())
    assert server.url in said
    assert "Connection refused" in said
    assert "digits and shapes need no download" in said
    assert "\n" not in said
    assert not files_in(home)


def test_a_server_that_keeps_silent_is_not_waited_for(home, server, monkeypatch):
    monkeypatch.setattr(downloading, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr("torchvision.datasets.MNIST.mirrors", [f"http://127.0.0.1:{silent.getsockname()[1]}/"])
        assert re.search(r"no answer in 0\.2 seconds|timed out", refusal(Mnist()))


def test_a_proxy_that_is_dead_is_not_waited_for(home, server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setattr("torchvision.datasets.MNIST.mirrors", ["http://data.example/"])
    assert "http://data.example/train-images-idx3-ubyte.gz (Connection refused)" in refusal(Mnist())


def test_the_next_mirror_is_tried(home, server, monkeypatch):
    monkeypatch.setattr("torchvision.datasets.MNIST.mirrors", [f"{server.url}nowhere/", server.url])
    assert len(Mnist().load(seed=0).train_x) == 40
    assert server.asked[:2] == ["nowhere/train-images-idx3-ubyte.gz", "train-images-idx3-ubyte.gz"]


def test_two_at_once_download_it_once(home, server):
    waits, seen, loaded = threading.Event(), [], []
    server.before = lambda: waits.wait(30)

    def listen(progress: Progress) -> None:
        seen.append(progress)
        if progress.phase == "waiting":
            waits.set()

    def load() -> None:
        with downloads_reported_to(listen):
            loaded.append(arrays(Mnist()))

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert waits.is_set()
    assert sorted(server.asked) == sorted(name for name in server.files if name.endswith(".gz") and "ubyte" in name)
    assert all(np.array_equal(a, b) for a, b in zip(*loaded, strict=True))


def test_who_listens_can_call_it_off(home, server):
    class Enough(Exception):
        pass

    def stop(progress: Progress) -> None:
        raise Enough

    with pytest.raises(Enough), downloads_reported_to(stop):
        Mnist().load(seed=0)
    assert not files_in(home)
    assert len(Mnist().load(seed=0).train_x) == 40


def test_a_home_that_cannot_be_written_to_is_named(home, server, monkeypatch):
    (home / "file").write_text("")
    monkeypatch.setenv("PLAYGROUND_HOME", str(home / "file"))
    assert f"can't be kept in {home / 'file' / 'datasets'}" in refusal(Mnist())


def pack(files):
    return {f"{name}.gz": gzip.compress(content, mtime=0) for name, content in files.items()}


BY_HAND = {
    "mnist": ("MNIST/raw", mnist_files()),
    "fashion_mnist": ("FashionMNIST/raw", pack(mnist_files())),
    "kmnist": ("KMNIST/raw", mnist_files()),
    "emnist": ("EMNIST/raw", pack(emnist_files())),
    "gtsrb": ("gtsrb", gtsrb_files()),
    "cifar10": ("cifar-10-batches-py", cifar_files()),
}


@pytest.mark.parametrize("name", DOWNLOADED)
def test_files_that_were_put_there_by_hand_train_without_a_network(name, home, no_network, monkeypatch):
    folder, files = BY_HAND[name]
    write(home / "datasets" / folder, files)
    for attribute, value in cifar_sums(cifar_files()).items():
        monkeypatch.setattr(f"torchvision.datasets.CIFAR10.{attribute}", value)
    training = trained(small({"data.name": name, "train.max_epochs": 1}))
    assert training.step > 0


@pytest.mark.parametrize("folder", ["MNIST/raw"])
@pytest.mark.parametrize("damage", ["short", "long", "other", "unpacked", "labels", "count"])
def test_damaged_files_are_downloaded_anew(folder, damage, home, server):
    good = mnist_files()
    name = "train-labels-idx1-ubyte"
    bad = {
        "short": {name: good[name][:-1]},
        "long": {name: good[name] + b"x"},
        "other": {name: b"<html>not found</html>"},
        "unpacked": {f"{name}.gz": gzip.compress(good[name], mtime=0)[:-9]},
        "count": {name: idx(np.zeros(7, dtype=np.uint8))},
        "labels": {name: idx(np.full(40, 200, dtype=np.uint8))},
    }[damage]
    files = {key: content for key, content in good.items() if key != name}
    write(home / "datasets" / folder, files | bad)
    if damage in ("count", "labels"):
        assert "is damaged" in refusal(Mnist())
        return
    assert len(Mnist().load(seed=0).train_y) == 40
    assert server.asked == [f"{name}.gz"]


def test_a_pickle_that_is_not_cifars_own_is_never_opened(home, server, monkeypatch):
    class Harm:
        def __reduce__(self):
            return (os.mkdir, (str(home / "harm"),))

    write(home / "datasets" / "cifar-10-batches-py", {**cifar_files(), "data_batch_1": pickle.dumps(Harm())})
    server.files.clear()
    refusal(DATASETS.get("cifar10")())
    assert not (home / "harm").exists()


def test_letters_stand_upright_and_count_from_a(home, no_network):
    picture = np.zeros((28, 28), dtype=np.uint8)
    picture[4:24, 8] = picture[23, 8:20] = 255  # an L
    files = emnist_files()
    files["emnist-letters-test-images-idx3-ubyte"] = idx(np.stack([picture.T] * 2))
    files["emnist-letters-test-labels-idx1-ubyte"] = idx(np.array([12, 12]))
    write(home / "datasets" / "EMNIST" / "raw", files)
    split = Emnist().load(seed=0)
    assert np.array_equal(split.test_x[0, 0], picture)
    assert [Emnist().info().class_names[label] for label in split.test_y] == ["L", "L"]


def test_signs_are_resized_once(home, no_network):
    write(home / "datasets" / "gtsrb", gtsrb_files())
    first = arrays(Gtsrb())
    assert set(first[1]) == set(range(len(SIGNS)))
    kept = home / "datasets" / "gtsrb" / "resized-32.safetensors"
    for file in (home / "datasets" / "gtsrb").rglob("*.ppm"):
        file.unlink()
    assert all(np.array_equal(a, b) for a, b in zip(first, arrays(Gtsrb()), strict=True))
    kept.write_bytes(kept.read_bytes()[:1000])
    write(home / "datasets" / "gtsrb", gtsrb_files())
    assert all(np.array_equal(a, b) for a, b in zip(first, arrays(Gtsrb()), strict=True))


def test_bytes_come_as_they_are(home, no_network):
    write(home / "datasets" / "MNIST" / "raw", mnist_files())
    split = Mnist().load(seed=0)
    assert np.array_equal(split.train_x[:, 0], grey_pictures(40))
    assert np.array_equal(split.test_x[:, 0], grey_pictures(20))
