"""Set up and start, with nothing but Python installed.

python3 run.py                 create .venv, install what is missing, open the app in the browser
python3 run.py check           install what the tests need and run them (--long: the slow ones too)
python3 run.py tour            the whole chain on drawn characters, without a screen
python3 run.py docs            check the documents' links, write docs/cli.md anew

Further arguments are passed on to streamlit, pytest or the tour. Options that come before the command:
--cpu installs PyTorch's smaller build without CUDA, --fresh rebuilds .venv, --without-sign-in lets the app listen where
others reach it although nobody has to sign in (docs/sign-in.md). WHOAMI_VENV names another place for .venv.
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
SECRETS = ROOT / ".streamlit" / "secrets.toml"
CPU_INDEX = ["--extra-index-url", "https://download.pytorch.org/whl/cpu"]
DEBIAN = ["chromium", "chromium-driver", "libgl1", "libglib2.0-0"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
SIDE_BY_SIDE = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
"""Two processes, each with a whole file of tests at a time, in the order of the files."""


def main(arguments: list[str]) -> int:
    """Do what the command line asks for and return the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 -- this script runs before anything else has checked the version
        version = ".".join(map(str, tuple(sys.version_info)[:3]))
        print(
            f"This needs Python 3.11 or newer; you started it with {version}. Get one at https://www.python.org/downloads/"
        )
        print("and start with that one, for example: python3.11 run.py")
        return 1
    options, rest = _own_options(arguments)
    if rest[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    command = rest[0] if rest[:1] in (["check"], ["tour"], ["docs"]) else "app"
    rest = rest[1:] if command != "app" else rest
    wanted = "requirements-signin.txt" if SECRETS.exists() else "requirements.txt"
    set_up("requirements-dev.txt" if command in ("check", "docs") else wanted, options)
    if command == "check":
        return check(rest)
    if command == "docs":
        return docs(rest)
    if not opencv_loads():
        print("OpenCV cannot be loaded. On Debian and Ubuntu: sudo apt-get install libgl1 libglib2.0-0")
        return 1
    if command == "tour":
        return run([PYTHON, "-m", "core", "tour", *rest])
    if "--without-sign-in" in options:
        os.environ["WHOAMI_WITHOUT_SIGN_IN"] = "true"
    if run([PYTHON, "-m", "core.sign_in", *rest]):
        return 1
    return run([PYTHON, "-m", "streamlit", "run", ROOT / "Home.py", *rest])


def set_up(requirements: str, options: set[str]) -> None:
    """Create the virtual environment and install the requirements; does nothing where that is done already."""
    if "--fresh" in options and VENV.exists():
        shutil.rmtree(VENV)
    if not PYTHON.exists():
        print(f"Creating the virtual environment {VENV} ...")
        if run([sys.executable, "-m", "venv", VENV]):
            sys.exit(
                "That failed. On Debian and Ubuntu, install the venv module first: sudo apt-get install python3-venv"
            )
    stamp = VENV / f"{requirements}.stamp"
    parts = (requirements, *sorted(path.name for path in ROOT.glob("requirements*.txt")))
    wanted = hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in parts)).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing. The first time this downloads about 2 GB (more with CUDA).")
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "-r", ROOT / requirements]
    if run([*pip, *(CPU_INDEX if "--cpu" in options else [])]):
        sys.exit("pip could not install everything; its message is above. Fix that and start again.")
    stamp.write_text(wanted)


def check(arguments: list[str]) -> int:
    """Run the tests; says so where some are skipped because there is no browser."""
    if sys.platform == "linux" and not (browser() and shutil.which("chromedriver") and opencv_loads()):
        debian_packages()
    if not browser():
        print("Chromium was not found: the browser tests are skipped.")
    options = SIDE_BY_SIDE
    if "--long" in arguments:  # some of these measure time: one after the other
        arguments = [a for a in arguments if a != "--long"]
        options = ["-m", "long or not long"]
    start = time.monotonic()
    code = run([PYTHON, "-m", "pytest", *options, *arguments])
    seconds = round(time.monotonic() - start)
    print(f"Tests {'passed' if code == 0 else 'failed'} after {seconds // 60} min {seconds % 60} s.")
    return code


def docs(arguments: list[str]) -> int:
    """Write docs/cli.md anew from the commands' declarations, then check the documents and their links."""
    done = subprocess.run([str(PYTHON), "-m", "core.reference"], cwd=ROOT, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        return done.returncode
    (ROOT / "docs" / "cli.md").write_bytes(done.stdout)
    return run([PYTHON, "-m", "pytest", "-q", "tests/test_docs.py", *arguments])


def debian_packages() -> None:
    """Install the browser and OpenCV's libraries with apt, where that works without asking for a password."""
    apt = shutil.which("apt-get")
    root = apt and os.geteuid() == 0
    if not apt or not (root or (shutil.which("sudo") and run(["sudo", "-n", "true"], quiet=True) == 0)):
        print(f"Not installed, because that needs an administrator: {' '.join(DEBIAN)}")
        return
    prefix = [] if root else ["sudo", "-n"]
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    run([*prefix, apt, "update", "-qq"])
    run([*prefix, *environment, apt, "install", "-y", "-qq", "--no-install-recommends", *DEBIAN], quiet=True)


def browser() -> str | None:
    """The path of Chromium, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def opencv_loads() -> bool:
    """Whether OpenCV finds the system libraries it needs."""
    return run([PYTHON, "-c", "import cv2"], quiet=True) == 0


def run(command: list, *, quiet: bool = False) -> int:
    """Run a command in the project's folder and return its exit code."""
    sink = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run([str(c) for c in command], cwd=ROOT, stdout=sink, stderr=sink, check=False).returncode
    except KeyboardInterrupt:
        return 130


def _own_options(arguments: list[str]) -> tuple[set[str], list[str]]:
    own = set()
    while arguments and arguments[0] in ("--cpu", "--fresh", "--without-sign-in"):
        own.add(arguments[0])
        arguments = arguments[1:]
    return own, arguments


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
