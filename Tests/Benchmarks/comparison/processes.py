# SPDX-License-Identifier: Apache-2.0
"""Processes that end with us, on cores of their own."""

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import time

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)
START_SECONDS = 15
STOP_SECONDS = 3


class Failure(Exception):
    """Why a peer has no result, in a sentence."""


def pick_cores() -> tuple[int, int]:
    """A core for the server and one for the load: the first two that we may use."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[0], cores[min(1, len(cores) - 1)]


def end_on_signals() -> None:
    """Lets SIGTERM and SIGHUP unwind as Ctrl-C does, so that children are ended."""

    def leave(number, _frame):
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def running(command: list[str], core: int, environment=None, **streams):
    """A process that may use one core. It is ended by its id when the block ends, in whatever way."""

    def prepare():
        os.sched_setaffinity(0, {core})
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})}, preexec_fn=prepare, **streams
    )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        for child in children(process.pid):
            os.kill(child, signal.SIGKILL)
        process.kill()
        process.wait()


def children(pid: int) -> list[int]:
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def wait_until_listening(server: subprocess.Popen, port: int, log: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Failure(f"ended with {server.returncode} at its start: {complaint(log)}")
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        time.sleep(0.02)
    raise Failure(f"did not listen within {START_SECONDS} s: {complaint(log)}")


def complaint(path: str) -> str:
    """The line of a log that names an error, else the last one."""
    with open(path, errors="replace") as file:
        lines = [line.strip() for line in file if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors[:1] or lines[-1:] or ["it said nothing"])[0][:160]


def load(generator: str, arguments: list[str], core: int, timeout: float) -> dict:
    """Runs the load generator; what it has measured."""
    with running([generator, *arguments], core, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            output, errors = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            raise Failure(f"the load did not end within {timeout:.0f} s") from None
    try:
        result = json.loads(output)
    except ValueError:
        raise Failure(f"no load: {errors.decode(errors='replace').strip()[:160] or process.returncode}") from None
    if result["errors"]:
        raise Failure(f"{result['errors']} connections broke or brought a wrong reply")
    return result
