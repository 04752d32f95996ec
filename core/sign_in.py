"""Who may see the app: whether a sign-in is configured, whose address is allowed, and where the app may listen without.

`python -m core.sign_in [STREAMLIT'S OPTIONS]` ends with 1 and a sentence where the app must not be started like that.
"""

from __future__ import annotations

import ipaddress
import os
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from core.errors import DataError
from core.settings import ROOT, Settings

DEFAULT = "default"
"""What Streamlit calls the provider that stands in [auth] itself."""

FOLDERS = (Path.home() / ".streamlit", ROOT / ".streamlit")
"""Where Streamlit looks for config.toml and secrets.toml; the later one holds."""


def is_loopback(host: str) -> bool:
    """Whether only programs on this machine reach an address.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0"), is_loopback("")
    (True, True, True, False, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def providers(secrets: Iterable[Path]) -> tuple[str, ...]:
    """The names of the providers that these secrets files configure; none: nobody has to sign in.

    Raises DataError where a file cannot be read: what it would have asked for is not known, so nobody is let in.
    """
    found: dict[str, None] = {}
    for path in secrets:
        auth = _toml(path).get("auth")
        if auth is None:
            continue
        if not isinstance(auth, dict):
            raise DataError(f"auth in {path} must be a table: [auth], then its settings (docs/sign-in.md).")
        named = [name for name, value in auth.items() if isinstance(value, dict) and name != "client_kwargs"]
        found |= dict.fromkeys(named or [DEFAULT])
    return tuple(found)


def is_allowed(user: Mapping[str, object], allowed: str) -> bool:
    """Whether somebody who signed in may enter: by the e-mail address of the claims, which the provider must not call
    unverified, and the list (Settings.sign_in_allowed).

    >>> is_allowed({"email": "Ann@Example.org"}, "ann@example.org, *@my.club")
    True
    >>> is_allowed({"email": "ann@example.org", "email_verified": False}, "*")
    False
    """
    email = str(user.get("email") or "").strip().lower()
    if "email_verified" in user and str(user["email_verified"]).lower() != "true":
        return False
    patterns = [one.strip().lower() for one in allowed.split(",") if one.strip()]
    return any(one == "*" or ("@" in email and _fits(email, one)) for one in patterns)


def may_listen(address: str, *, signs_in: bool, settings: Settings) -> str:
    """Why the app must not listen on an address, or "" where it may."""
    if is_loopback(address) or signs_in or settings.without_sign_in:
        return ""
    where = f"on {address}" if address else "on every address of this machine"
    return (
        f"The app would listen {where}, and whoever reaches it could read and delete everything. Configure a sign-in "
        "(docs/sign-in.md), or say that it is meant: python3 run.py --without-sign-in --server.address ADDRESS."
    )


def listening_address(arguments: Sequence[str], environ: Mapping[str, str], configs: Iterable[Path]) -> str:
    """Where Streamlit will listen, by its options, its environment and its configuration files; "": everywhere."""
    address = ""
    for path in configs:
        address = str(_toml(path).get("server", {}).get("address", address))
    address = environ.get("STREAMLIT_SERVER_ADDRESS", address)
    return [address, *_values(arguments, "--server.address")][-1]


def main(arguments: Sequence[str]) -> int:
    """Say why the app must not be started with these options of Streamlit's, and end with 1; 0 where it may."""
    try:
        address = listening_address(arguments, os.environ, [folder / "config.toml" for folder in FOLDERS])
        named = [Path(value) for value in _values(arguments, "--secrets.files")]
        secrets = named or [folder / "secrets.toml" for folder in FOLDERS]
        reason = may_listen(address, signs_in=bool(providers(secrets)), settings=Settings())
    except (DataError, ValueError) as error:
        reason = str(error)
    if reason:
        sys.stderr.write(reason + "\n")
    return int(bool(reason))


def _fits(email: str, pattern: str) -> bool:
    """Only a whole domain has a star: `ann*` would let in ann@anywhere."""
    if pattern.startswith("*@"):
        return email.rpartition("@")[2] == pattern[2:]
    return email == pattern


def _values(arguments: Sequence[str], option: str) -> list[str]:
    """What an option is given, as `--option value` or `--option=value`, each time it stands there."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=False)
    both = [(*one.partition("="), following) for one, following in pairs]
    return [value if is_one else following for name, is_one, value, following in both if name == option]


def _toml(path: Path) -> dict[str, dict[str, object]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}). Mend it, or take it away.") from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
