"""Listen: on this machine, or elsewhere with a token file."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

from core.errors import DataError
from core.server.limits import ServerLimits
from core.server.tokens import Tokens
from core.sign_in import is_loopback
from core.workspace.project import Project


def serve(
    project: Project,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    token_file: Path | None = None,
    limits: ServerLimits | None = None,
) -> None:
    """Answer requests until stopped; what was begun is finished first.

    Raises DataError for a host other than this machine without a token file, where nobody can listen there, or where
    uvicorn is not installed.
    """
    if token_file is None and not is_loopback(host):
        raise DataError(f"To listen on {host}, which others reach, give a token file with --token-file.")
    tokens = Tokens.read(token_file) if token_file else None
    try:
        import uvicorn

        from core.server.app import create_app
        from core.server.service import Service
    except ImportError as error:
        raise DataError(f"The server needs more packages: pip install -r requirements.txt ({error}).") from error
    check_free(host, port)
    limits = limits or ServerLimits()
    service = Service(project, limits)
    app = create_app(service, tokens, limits)
    uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=30, server_header=False)


def check_free(host: str, port: int) -> None:
    """Raises DataError where nobody can listen: uvicorn would end the process, with words for its log."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":  # as uvicorn does: a port whose last connections are closing is free
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            words = f"Port {port} of {host} is in use, perhaps by a server that runs already."
            raise DataError(f"{words} Choose another with --port.") from error
        words = f"Nobody can listen on {host}, port {port}: {error.strerror or error}."
        raise DataError(f"{words} Choose others with --host and --port.") from error
