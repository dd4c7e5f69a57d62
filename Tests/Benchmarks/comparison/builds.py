# SPDX-License-Identifier: Apache-2.0
"""Builds peers. What is not installed is skipped with a line that says which Debian package brings it."""

import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent
ROOT = BENCHMARKS.parent.parent
PEERS = BENCHMARKS / "peers"
OUTPUT = PEERS / ".build"
CRATES = "/usr/share/cargo/registry"
JARS = [f"/usr/share/java/netty-{part}.jar" for part in ("buffer", "common", "resolver", "transport")]


class Missing(Exception):
    """What cannot be built, and why."""


def build(name: str) -> None:
    """Builds one of BUILDS. Raises `Missing` if it cannot be built here."""
    needs, command = BUILDS[name]
    for need, package in needs.items():
        if not (glob.glob(need) if need.startswith("/") else shutil.which(need)):
            raise Missing(f"not installed: {package}")
    if not command:
        return
    OUTPUT.joinpath(name).mkdir(parents=True, exist_ok=True)
    log = OUTPUT / f"{name}.log"
    folder = FOLDERS.get(name, PEERS / name)
    with open(log, "w") as file:
        if run_to_end(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=file, stderr=file):
            raise Missing(f"does not build: see {log}")


def run_to_end(command: list[str | Path], **streams) -> int:
    """The exit code. If we are told to end, all that the command has started ends too."""
    process = subprocess.Popen(command, start_new_session=True, **streams)
    try:
        return process.wait()
    except BaseException:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        raise


SWIFT = {"swift": "Swift 6.3, from swift.org"}
GCC = ["gcc", "-O3", "-march=native", "-Wall", "-Wextra"]
# By name: what has to be there, with where it comes from, and the command, which runs in the
# folder of that name, but for ours.
FOLDERS = {
    **{"linnetctl": ROOT, "burn": BENCHMARKS, "schemas": BENCHMARKS},
    "costs": ROOT / "Tests/CTestSupport",
}
BUILDS: dict[str, tuple[dict[str, str], list[str | Path]]] = {
    "c": (
        {"gcc": "gcc", "sh": "dash"},
        ["sh", "-c", f"{' '.join(GCC)} -o ../.build/c/echo echo.c && {' '.join(GCC)} -o ../.build/c/loadgen loadgen.c"],
    ),
    "linnetctl": (SWIFT, ["swift", "build", "-c", "release", "--product", "linnetctl"]),
    "burn": (SWIFT, ["swift", "build", "-c", "release", "--product", "burn"]),
    "nio": (SWIFT, ["swift", "build", "-c", "release", "--scratch-path", "../.build/nio"]),
    "rust": (
        {"cargo": "cargo", f"{CRATES}/tokio-*": "librust-tokio-dev", f"{CRATES}/mio-*": "librust-mio-dev"},
        [
            *("cargo", "build", "--release", "--offline", "--target-dir", "../.build/rust"),
            *("--config", 'source.crates-io.replace-with="debian"'),
            *("--config", f'source.debian.directory="{CRATES}"'),
        ],
    ),
    "go": ({"go": "golang-go"}, ["go", "build", "-o", "../.build/go/go-peers", "."]),
    "netty": (
        {"javac": "default-jdk-headless", "java": "default-jre-headless", JARS[0]: "libnetty-java"},
        ["javac", "-d", "../.build/netty", "-cp", ":".join(JARS), "NettyEcho.java"],
    ),
    "nginx": ({"nginx": "nginx-light"}, []),
    "schemas": (SWIFT, ["swift", "build", "-c", "release", "--product", "schemas"]),
    "protobuf": (SWIFT, ["swift", "build", "-c", "release", "--scratch-path", "../.build/protobuf"]),
    "costs": ({"gcc": "gcc"}, [*GCC, "-shared", "-fPIC", "-I", "include", "-o", OUTPUT / "costs/costs.so", "costs.c"]),
    "schema": (
        {
            **{"gcc": "gcc", "g++": "g++", "bash": "bash", "flatc": "flatbuffers-compiler", "capnp": "capnproto"},
            **{"/usr/include/flatbuffers": "libflatbuffers-dev", "/usr/include/capnp": "libcapnp-dev"},
        },
        ["./build", "../.build/schema"],
    ),
}


def build_all(names: list[str]) -> dict[str, str]:
    """Builds each; returns why some are missing. Ends the process without the load generator."""
    missing = {}
    for name in names:
        begin = time.monotonic()
        print(f"build {name} ...", end=" ", flush=True, file=sys.stderr)
        try:
            build(name)
            print(f"{time.monotonic() - begin:.0f} s", file=sys.stderr)
        except Missing as reason:
            missing[name] = str(reason)
            print(f"skipped: {reason}", file=sys.stderr)
    if "c" in missing:
        sys.exit(f"the load generator is needed: {missing['c']}")
    return missing


def versions(names: set[str]) -> dict[str, str]:
    """What the peers were built with, for the report."""
    found = {"processor": processor_name(), "kernel": os.uname().release, "gcc": version(["gcc", "-dumpfullversion"])}
    if names & {"linnetctl", "burn", "nio", "schemas", "protobuf"}:
        found["Swift"] = version(["swift", "--version"])
    for name, package in {"nio": "SwiftNIO", "protobuf": "swift-protobuf"}.items():
        if name in names:
            manifest = (PEERS / name / "Package.swift").read_text()
            found[package] = re.search(r'exact: "([^"]+)"', manifest).group(1)
    if "schema" in names:
        found["FlatBuffers"] = version(["flatc", "--version"])
        found["Cap'n Proto"] = version(["capnp", "--version"])
    if "rust" in names:
        found["rustc"] = version(["rustc", "--version"])
        lock = (PEERS / "rust/Cargo.lock").read_text()
        for crate in ("mio", "tokio"):
            found[crate] = re.search(rf'name = "{crate}"\nversion = "([^"]+)"', lock).group(1)
    if "go" in names:
        found["Go"] = version(["go", "version"])
    if "netty" in names:
        found["Java"] = version(["java", "-version"])
        names_of_jar = sorted(glob.glob("/usr/share/java/netty-transport-[0-9]*.jar"))
        found["Netty"] = Path(names_of_jar[-1]).stem.rsplit("-", 1)[1] if names_of_jar else "unknown"
    if "nginx" in names:
        found["nginx"] = version(["nginx", "-v"])
    return found


def version(command: list[str]) -> str:
    """The first number with a point that a program says of itself."""
    try:
        output = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    except OSError:
        output = ""
    number = re.search(r"\d+\.[\d.]*\d", output)
    return number.group() if number else "unknown"


def processor_name() -> str:
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else os.uname().machine
