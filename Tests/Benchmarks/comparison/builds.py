# SPDX-License-Identifier: Apache-2.0
"""Builds peers. What is not installed is skipped with a line that says which Debian package brings it."""

import glob
import os
import re
import shutil
import subprocess
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
    with open(log, "w") as file:
        result = subprocess.run(
            command, cwd=PEERS / name if name != "linnetctl" else ROOT, stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
    if result.returncode:
        raise Missing(f"does not build: see {log}")


SWIFT = {"swift": "Swift 6.3, from swift.org"}
GCC = ["gcc", "-O3", "-march=native", "-Wall", "-Wextra"]
# By name: what has to be there, with where it comes from, and the command, which runs in the folder of that name.
BUILDS: dict[str, tuple[dict[str, str], list[str]]] = {
    "c": (
        {"gcc": "gcc", "sh": "dash"},
        ["sh", "-c", f"{' '.join(GCC)} -o ../.build/c/echo echo.c && {' '.join(GCC)} -o ../.build/c/loadgen loadgen.c"],
    ),
    "linnetctl": (SWIFT, ["swift", "build", "-c", "release", "--product", "linnetctl"]),
    "linnet": (SWIFT, ["swift", "build", "-c", "release", "--scratch-path", "../.build/linnet"]),
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
}


def versions(names: set[str]) -> dict[str, str]:
    """What the peers were built with, for the report."""
    found = {"processor": processor_name(), "kernel": os.uname().release, "gcc": version(["gcc", "-dumpfullversion"])}
    if names & {"linnetctl", "linnet", "nio"}:
        found["Swift"] = version(["swift", "--version"])
    if "nio" in names:
        manifest = (PEERS / "nio/Package.swift").read_text()
        found["SwiftNIO"] = re.search(r'exact: "([^"]+)"', manifest).group(1)
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
