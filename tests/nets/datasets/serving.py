"""A server on this machine that stands in for those of data sets, and archives as theirs are."""

import gzip
import hashlib
import io
import tarfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import torchvision

from nets.datasets.images import gtsrb
from tests.nets.datasets.tiny import cifar_files, cifar_sums, emnist_files, gtsrb_files, mnist_files, zipped

Answer = Callable[[bytes], tuple[int, bytes]]
"""What is sent instead of a file: the length that is announced, and the bytes."""


def honest(content: bytes) -> tuple[int, bytes]:
    return len(content), content


def half(content: bytes) -> tuple[int, bytes]:
    return len(content), content[: len(content) // 2]


def another(content: bytes) -> tuple[int, bytes]:
    return len(content), bytes(len(content))


@dataclass
class Server:
    """Files by their paths, how they are sent, and what was asked for."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    answer: Answer = honest
    asked: list[str] = field(default_factory=list)
    before: Callable[[], object] = lambda: None


@contextmanager
def serving() -> Iterator[Server]:
    """A server for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/")
            server.asked.append(name)
            server.before()
            if name not in server.files:
                self.send_error(404)
                return
            length, content = server.answer(server.files[name])
            self.send_response(200)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        server = Server(f"http://127.0.0.1:{listening.server_port}/")
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        listening.shutdown()
        thread.join()


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


def tarred(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def point_mnist(patch: pytest.MonkeyPatch, server: Server, source: str) -> None:
    kind = getattr(torchvision.datasets, source)
    files = {f"{name}.gz": gzip.compress(content, mtime=0) for name, content in mnist_files().items()}
    server.files |= files
    patch.setattr(kind, "mirrors", [server.url])
    patch.setattr(kind, "resources", [(name, md5(content)) for name, content in files.items()])


def point_emnist(patch: pytest.MonkeyPatch, server: Server) -> None:
    archive = zipped({f"gzip/{name}.gz": gzip.compress(content, mtime=0) for name, content in emnist_files().items()})
    server.files["gzip.zip"] = archive
    patch.setattr(torchvision.datasets.EMNIST, "url", f"{server.url}gzip.zip")
    patch.setattr(torchvision.datasets.EMNIST, "md5", md5(archive))


def point_cifar(patch: pytest.MonkeyPatch, server: Server) -> None:
    kind, files = torchvision.datasets.CIFAR10, cifar_files()
    archive = tarred({f"{kind.base_folder}/{name}": content for name, content in files.items()})
    server.files[kind.filename] = archive
    for attribute, value in {**cifar_sums(files), "tgz_md5": md5(archive), "url": server.url + kind.filename}.items():
        patch.setattr(kind, attribute, value)


def point_gtsrb(patch: pytest.MonkeyPatch, server: Server) -> None:
    files = gtsrb_files()
    starts = ("GTSRB/Training", "GTSRB/Final_Test", "GT-")
    archives = []
    for (name, _), start in zip(gtsrb.ARCHIVES, starts, strict=True):
        archive = zipped({path: content for path, content in files.items() if path.startswith(start)})
        server.files[name] = archive
        archives.append((name, md5(archive)))
    patch.setattr(gtsrb, "ADDRESS", server.url)
    patch.setattr(gtsrb, "ARCHIVES", tuple(archives))


def point_all(patch: pytest.MonkeyPatch, server: Server) -> None:
    """Let every set be downloaded from ``server``."""
    point_emnist(patch, server)
    point_cifar(patch, server)
    point_gtsrb(patch, server)
    for source in ("MNIST", "FashionMNIST", "KMNIST"):
        point_mnist(patch, server, source)
