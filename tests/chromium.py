"""Find a Chromium for the browser tests, or install one: ``python -m tests.chromium``.

Searched in this order: the path in ``PLAYGROUND_CHROMIUM``, a Chromium or Chrome on ``PATH``, Playwright's own.
"""

import os
import shutil
import subprocess
import sys

VARIABLE = "PLAYGROUND_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-liberation", "fonts-noto-color-emoji")


class ChromiumMissingError(RuntimeError):
    """There is no Chromium that starts, and none could be installed."""


def find() -> str | None:
    """Return the path of a Chromium that starts, or None.

    Raises:
        ChromiumMissingError: ``PLAYGROUND_CHROMIUM`` names something that does not start.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        if not _starts(chosen):
            raise ChromiumMissingError(f"{VARIABLE} is {chosen!r}, and that does not start as a Chromium.")
        return chosen
    on_path = (found for name in NAMES if (found := shutil.which(name)))
    return next((path for path in (*on_path, _playwrights_own()) if _starts(path)), None)


def find_or_install() -> str:
    """Return the path of a Chromium that starts; install one if there is none.

    Raises:
        ChromiumMissingError: Nothing was found and no way to install it worked.
    """
    present = find()
    if present:
        return present
    for install in (_install_with_apt, _install_with_playwright):
        if install() and (installed := find()):
            return installed
    raise ChromiumMissingError(
        "The browser tests need Chromium, and it could neither be found nor installed. Install it with your system's "
        f"package manager, or set {VARIABLE} to the path of a Chromium or Chrome."
    )


def _starts(path: str) -> bool:
    # Asking for the version also finds missing shared libraries, and the stub that Ubuntu ships in place of Chromium.
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _playwrights_own() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _may_use_apt() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install_with_apt() -> bool:
    if not _may_use_apt():
        return False
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return all(
        _run(["apt-get", *arguments], environment)
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES])
    )


def _install_with_playwright() -> bool:
    libraries = ["--with-deps"] if _may_use_apt() else []
    return _run([sys.executable, "-m", "playwright", "install", *libraries, "chromium"], dict(os.environ))


def _run(command: list[str], environment: dict[str, str]) -> bool:
    print("Installing Chromium:", " ".join(command), file=sys.stderr, flush=True)
    return subprocess.run(command, env=environment, check=False).returncode == 0


def main() -> int:
    """Print the path of the Chromium in use; return the exit code."""
    try:
        path = find_or_install()
    except ChromiumMissingError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Chromium: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
