"""Files from the network: whole or not at all, one process at a time, and everybody can see how far it is."""

import hashlib
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from nets.home import home

TIMEOUT_SECONDS = 8.0
"""How long a server may be silent."""
MOST_BYTES = 2_000_000_000
"""Nothing that is downloaded is larger; a server that sends more is not the one that was meant."""
CHUNK_BYTES = 1 << 18
LOCK_POLL_SECONDS = 0.25

Phase = Literal["waiting", "downloading", "unpacking", "reading"]


@dataclass(frozen=True)
class Progress:
    """How far the loading of some data is.

    Args:
        phase: waiting for another run that downloads the same, downloading, unpacking, or reading pictures.
        what: the file or the data, as people call them.
        done: bytes, or pictures when reading.
        total: of the same; None where nobody knows.
    """

    phase: Phase
    what: str
    done: int = 0
    total: int | None = None

    @property
    def share(self) -> float | None:
        """Return the share that is done, 0 … 1; None where nobody knows."""
        return min(1.0, self.done / self.total) if self.total else None


Listener = Callable[[Progress], None]
_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def downloads_reported_to(listener: Listener) -> Iterator[None]:
    """Call ``listener`` with every ``Progress`` of what loads inside, in the same thread; what it raises ends that."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


def report(progress: Progress) -> None:
    """Tell whoever listens how far it is."""
    if (listener := _LISTENER.get()) is not None:
        listener(progress)


class CannotDownload(OSError):
    """A file could not be had; the message says from where and why."""


@dataclass(frozen=True)
class Remote:
    """A file in the network: its name, the addresses it may be had from, and its MD5 sum in hexadecimal."""

    name: str
    urls: tuple[str, ...]
    md5: str


def datasets_folder() -> Path:
    """Return the folder of torchvision's data sets, laid out as torchvision does."""
    return home() / "datasets"


def fetch(remote: Remote, folder: Path) -> Path:
    """Download a file into ``folder`` unless it is there whole, and return its path.

    What arrives lies under another name until its MD5 sum is right: half a file is never taken for a whole one.

    Raises:
        CannotDownload: if no address gives it.
        OSError: if it can't be written.
    """
    target = folder / remote.name
    if target.is_file() and md5_of(target) == remote.md5:
        return target
    folder.mkdir(parents=True, exist_ok=True)
    failures = []
    for url in remote.urls:
        try:
            with replacing(target) as file:
                _receive(url, remote, file)
            return target
        except CannotDownload as error:
            failures.append(f"{url} ({error})")
    raise CannotDownload(f"tried {' and '.join(failures)}")


def _receive(url: str, remote: Remote, file: IO[bytes]) -> None:
    """Write what ``url`` sends into ``file``.

    Raises:
        CannotDownload: if it is not reached, breaks off, or sends something else.
        OSError: if it can't be written.
    """
    md5, done, total = hashlib.md5(usedforsecurity=False), 0, None
    with closing(_chunks(url)) as chunks:
        for chunk, total in chunks:
            done += len(chunk)
            if done > MOST_BYTES:
                raise CannotDownload("it sends more than such a file has")
            md5.update(chunk)
            file.write(chunk)
            report(Progress("downloading", remote.name, done, total))
    if md5.hexdigest() != remote.md5:
        raise CannotDownload("it broke off" if total and done < total else "it sends something else")


def _chunks(url: str) -> Generator[tuple[bytes, int | None], None, None]:
    """Yield what ``url`` sends, piece by piece, each with the number of bytes that were announced.

    Raises:
        CannotDownload: if it is not reached or breaks off.
    """
    from http.client import HTTPException

    try:
        with _open(url) as response:
            length = response.headers.get("Content-Length", "")
            total = int(length) if length.isdecimal() else None
            while chunk := response.read1(CHUNK_BYTES):
                yield chunk, total
    except CannotDownload:
        raise
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        words = getattr(reason, "strerror", None) or str(reason) or type(error).__name__
        raise CannotDownload(words) from None


def _open(url: str) -> Any:
    """Return the open answer of a server.

    It is asked in a thread of its own: looking up a name and trying one address after the other have no common limit.

    Raises:
        CannotDownload: if nothing is answered in time.
        OSError, HTTPException, ValueError: if it can't be reached.
    """
    import urllib.request
    from http.client import HTTPException
    from urllib.error import HTTPError

    request = urllib.request.Request(url, headers={"User-Agent": "pytorch/vision"})
    answer: Future[Any] = Future()

    def ask() -> None:
        """Open the address and hand the answer over, or close it where nobody waits any more."""
        try:
            response = urllib.request.build_opener().open(request, timeout=TIMEOUT_SECONDS)
        except (OSError, HTTPException, ValueError) as error:
            if isinstance(error, HTTPError):
                error.close()
            if answer.set_running_or_notify_cancel():
                answer.set_exception(error)
            return
        if answer.set_running_or_notify_cancel():
            answer.set_result(response)
        else:
            response.close()

    threading.Thread(target=ask, daemon=True).start()
    try:
        return answer.result(timeout=TIMEOUT_SECONDS)
    except TimeoutError:
        if answer.cancel():
            raise CannotDownload(f"no answer in {TIMEOUT_SECONDS:g} seconds") from None
        return answer.result()


def md5_of(path: Path) -> str:
    """Return a file's MD5 sum in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


@contextmanager
def replacing(target: Path) -> Iterator[IO[bytes]]:
    """Yield a file to write that takes the place of ``target`` in one go when all went well, and leaves nothing else.

    Only for who is ``alone``: what a crash left behind is written over the next time.

    Raises:
        OSError: if it can't be written.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def alone(folder: Path, what: str) -> Iterator[None]:
    """Wait until no other process is at the same files, and hold the others off.

    Args:
        folder: where the files are; made if it is not there.
        what: the data, as people call them.

    Raises:
        OSError: if the folder can't be written to.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f".{what}.lock")
    while True:
        with suppress(Timeout):
            lock.acquire(timeout=LOCK_POLL_SECONDS)
            break
        report(Progress("waiting", what))
    try:
        yield
    finally:
        lock.release()
