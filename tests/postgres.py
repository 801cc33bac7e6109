"""Run a command with a PostgreSQL of its own: python tests/postgres.py -- pytest -n 2

The cluster lives in a temporary directory, listens on a free port of 127.0.0.1, forgets durability for
speed, belongs to an unprivileged user (PostgreSQL refuses root) and is gone when the command ends.
Standard library only. DATABASE_URL tells the command where it is.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100"}


class NotInstalledError(RuntimeError):
    """The PostgreSQL server programs are not on this machine."""


def programs() -> Path:
    """The directory of initdb and postgres: Debian's newest version, or wherever PATH finds them."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]), reverse=True
    )
    if versions:
        return versions[0].parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    raise NotInstalledError(
        "PostgreSQL's server programs (initdb, postgres) are neither in /usr/lib/postgresql nor on PATH"
    )


def _unprivileged() -> dict:
    """Popen arguments that step down from root, and nothing for everybody else."""
    if os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise NotInstalledError("no unprivileged user (postgres, nobody) to run PostgreSQL as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def cluster():
    """Yield the DATABASE_URL of a running, empty cluster."""
    where, who = programs(), _unprivileged()
    home = Path(tempfile.mkdtemp(prefix="canvass-postgres-"))
    if who:
        os.chown(home, who["user"], who["group"])
    try:
        data, log = home / "data", home / "log"
        subprocess.run(
            [where / "initdb", "-D", data, "-U", "canvass", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"],
            check=True, stdout=subprocess.DEVNULL, cwd=home, **who,
        )  # fmt: skip
        port = _free_port()
        options = {**FAST, "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": ""}
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [where / "postgres", "-D", data, *arguments],
                stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd=home,
                start_new_session=True, **who,
            )  # fmt: skip
        try:
            _wait(server, where / "pg_isready", port, log)
            yield f"postgresql://canvass@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)  # "fast" shutdown: end the connections, then stop
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _wait(server, pg_isready, port, log):
    for _ in range(300):
        if server.poll() is not None:
            break
        ready = subprocess.run([pg_isready, "-q", "-h", "127.0.0.1", "-p", str(port), "-d", "postgres"])
        if ready.returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def _stop(*_):
    raise SystemExit(143)


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--"]:
        arguments = arguments[1:]
    if not arguments or arguments[0] in {"-h", "--help"}:
        print(__doc__)
        return 0 if arguments else 2
    signal.signal(signal.SIGTERM, _stop)
    try:
        with cluster() as url:
            return subprocess.run(arguments, env=os.environ | {"DATABASE_URL": url}).returncode
    except NotInstalledError as error:
        print(error, file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
