"""Set up and start, with nothing but Python.

python3 run.py                 make .venv, install what is missing, open the app in the browser
python3 run.py check           the tests, with what they need installed as well (--long: those that take long, too)
python3 run.py tour            the whole chain on drawn characters, without a screen

Whatever stands behind is handed on: to streamlit, to pytest, to the tour. Options of its own, in front of a command:
--cpu takes PyTorch's smaller build without CUDA, --fresh makes .venv anew. WHOAMI_VENV names another place for .venv.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("WHOAMI_VENV", ROOT / ".venv"))
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
CPU_INDEX = ["--extra-index-url", "https://download.pytorch.org/whl/cpu"]
DEBIAN = ["chromium", "chromium-driver", "libgl1", "libglib2.0-0"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def main(arguments: list[str]) -> int:
    """Do what the command line asks for; the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 -- it is run before anything checks the version
        version = ".".join(map(str, tuple(sys.version_info)[:3]))
        print(f"Python 3.11 or newer is needed, this is {version}. Install one from https://www.python.org/downloads/")
        print("and start with it: python3.11 run.py")
        return 1
    options, rest = _own_options(arguments)
    if rest[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    command = rest[0] if rest[:1] in (["check"], ["tour"]) else "app"
    rest = rest[1:] if command != "app" else rest
    set_up("requirements-dev.txt" if command == "check" else "requirements.txt", options)
    if command == "check":
        return check(rest)
    if not opencv_loads():
        print("OpenCV does not load here. On Debian and Ubuntu: sudo apt-get install libgl1 libglib2.0-0")
        return 1
    if command == "tour":
        return run([PYTHON, "-m", "core", "tour", *rest])
    return run([PYTHON, "-m", "streamlit", "run", ROOT / "Home.py", *rest])


def set_up(requirements: str, options: set[str]) -> None:
    """The virtual environment with the requirements in it. Does nothing where they are in it already."""
    if "--fresh" in options and VENV.exists():
        shutil.rmtree(VENV)
    if not PYTHON.exists():
        print(f"Making the virtual environment {VENV} ...")
        if run([sys.executable, "-m", "venv", VENV]):
            sys.exit("It could not be made. On Debian and Ubuntu: sudo apt-get install python3-venv")
    stamp = VENV / f"{requirements}.stamp"
    wanted = hashlib.sha256(b"".join((ROOT / f).read_bytes() for f in ("requirements.txt", requirements))).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing. The first time this fetches about 2 GB without CUDA, more with it.")
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "-r", ROOT / requirements]
    if run([*pip, *(CPU_INDEX if "--cpu" in options else [])]):
        sys.exit("pip could not install everything; its own words stand above. Start again when that is mended.")
    stamp.write_text(wanted)


def check(arguments: list[str]) -> int:
    """The tests; what is left out for want of a browser is said."""
    if sys.platform == "linux" and not (browser() and shutil.which("chromedriver") and opencv_loads()):
        debian_packages()
    if not browser():
        print("No Chromium was found: the tests in a browser are skipped.")
    markers = []
    if "--long" in arguments:
        arguments = [a for a in arguments if a != "--long"]
        markers = ["-m", "long or not long"]
    start = time.monotonic()
    code = run([PYTHON, "-m", "pytest", *markers, *arguments])
    seconds = round(time.monotonic() - start)
    print(f"Tests {'passed' if code == 0 else 'failed'} after {seconds // 60} min {seconds % 60} s.")
    return code


def debian_packages() -> None:
    """Install the browser and the libraries of OpenCV where that is Debian's way and nobody has to be asked."""
    apt = shutil.which("apt-get")
    root = apt and os.geteuid() == 0
    if not apt or not (root or (shutil.which("sudo") and run(["sudo", "-n", "true"], quiet=True) == 0)):
        print(f"Not installed, for it needs an administrator: {' '.join(DEBIAN)}")
        return
    prefix = [] if root else ["sudo", "-n"]
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    run([*prefix, apt, "update", "-qq"])
    run([*prefix, *environment, apt, "install", "-y", "-qq", "--no-install-recommends", *DEBIAN], quiet=True)


def browser() -> str | None:
    """Where Chromium is, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def opencv_loads() -> bool:
    """Whether OpenCV finds the libraries it needs."""
    return run([PYTHON, "-c", "import cv2"], quiet=True) == 0


def run(command: list, *, quiet: bool = False) -> int:
    """Run a command in the project's folder; its exit code."""
    sink = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run([str(c) for c in command], cwd=ROOT, stdout=sink, stderr=sink, check=False).returncode
    except KeyboardInterrupt:
        return 130


def _own_options(arguments: list[str]) -> tuple[set[str], list[str]]:
    own = set()
    while arguments and arguments[0] in ("--cpu", "--fresh"):
        own.add(arguments[0])
        arguments = arguments[1:]
    return own, arguments


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
