"""The machine's C compiler: sources become libraries in the background, and are kept for the next time."""

import contextlib
import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
import time
import weakref
from functools import cache
from pathlib import Path

from nets.home import home
from nets.tiers.tape import Untakeable

FOLDER = "compiled"
FLAGS = (
    "-O2",
    "-ftree-vectorize",
    "-fvect-cost-model=dynamic",
    "-march=native",
    "-ffp-contract=fast",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-fopenmp-simd",
    "-shared",
    "-fPIC",
)
"""Fast, but with infinities and NaN as they are, and sums in the order written down."""
MAX_KEPT = 200
"""Libraries kept; the oldest go first."""
MAX_SECONDS = 30
"""After which a compiler is stopped."""


def find_compiler() -> str | None:
    """Return the path of the C compiler: ``CC``, or what the machine calls ``cc``, ``gcc`` or ``clang``; None if none.

    Windows has no such compiler by default, and none is looked for there.
    """
    if platform.system() == "Windows":
        return None
    for name in (os.environ.get("CC", ""), "cc", "gcc", "clang"):
        if name and (path := shutil.which(name)):
            return path
    return None


@cache
def _machine(compiler: str) -> str:
    """Return what a library depends on besides its source: processor, compiler, flags."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        processor = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    except OSError:
        processor = platform.processor()
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout
    return "\n".join((platform.machine(), processor, version, *FLAGS))


class Building:
    """A library that is being compiled, or is there already.

    Args:
        source: C.

    Raises:
        Untakeable: if there is no compiler, or nothing can be written.
    """

    def __init__(self, source: str) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        compiler = find_compiler()
        if compiler is None:
            raise Untakeable("there is no C compiler on this machine")
        try:
            folder = home() / FOLDER
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            key = hashlib.sha256(f"{_machine(compiler)}\n{source}".encode()).hexdigest()[:32]
            self.path = folder / f"{key}.so"
            if self.path.exists():
                os.utime(self.path)
                return
            _tidy(folder)
            self._scratch = Path(tempfile.mkdtemp(prefix=f"{key[:8]}-", dir=folder))
            (self._scratch / "network.c").write_text(source)
            command = [compiler, *FLAGS, "-o", "network.so", "network.c", "-lm"]
            nothing = subprocess.DEVNULL
            self._began = time.monotonic()
            self._process = subprocess.Popen(command, cwd=self._scratch, stdin=nothing, stdout=nothing, stderr=nothing)
            self._stop = weakref.finalize(self, _stop, self._process, self._scratch)
        except (OSError, subprocess.SubprocessError) as error:
            raise Untakeable(f"the compiler can't be used: {error}") from None

    def library(self, *, wait: bool = False) -> ctypes.CDLL | None:
        """Return the library once it is there; None while it is on its way.

        Raises:
            Untakeable: if compiling it failed, or it can't be loaded.
        """
        if self._process is not None:
            if wait:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(MAX_SECONDS)
            if self._process.poll() is None:
                if time.monotonic() - self._began < MAX_SECONDS:
                    return None
                self.drop()
                raise Untakeable("the compiler took too long")
            failed, self._process = self._process.returncode, None
            with contextlib.suppress(OSError):  # loading it says what is wrong
                (self._scratch / "network.so").replace(self.path)
            self._stop()
            if failed:
                raise Untakeable("the compiler failed")
        try:
            return ctypes.CDLL(str(self.path))
        except OSError as error:
            self.path.unlink(missing_ok=True)  # the next time makes it anew
            raise Untakeable(f"the library can't be loaded: {error}") from None

    def drop(self) -> None:
        """Stop the compiler, if it is at work; that also happens when nobody holds this any more."""
        if self._process is not None:
            self._stop()
            self._process = None


def _stop(process: "subprocess.Popen[bytes]", scratch: Path) -> None:
    """End a compiler and delete what it left."""
    process.kill()
    process.wait()
    shutil.rmtree(scratch, ignore_errors=True)


def _tidy(folder: Path) -> None:
    """Delete the libraries that have not been used for longest, down to the number that is kept."""
    libraries = sorted(folder.glob("*.so"), key=lambda path: path.stat().st_mtime)
    for path in libraries[: max(0, len(libraries) - MAX_KEPT + 1)]:
        path.unlink(missing_ok=True)
