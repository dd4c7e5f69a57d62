# SPDX-License-Identifier: Apache-2.0
"""Who is compared, and in which shapes of load."""

import dataclasses
import tempfile
from pathlib import Path

from .builds import JARS, OUTPUT, PEERS, ROOT

LINNETCTL = str(ROOT / ".build/release/linnetctl")
NIO = str(OUTPUT / "nio/release/nio-peers")
LOADGEN = str(OUTPUT / "c/loadgen")


@dataclasses.dataclass(frozen=True)
class Shape:
    group: str
    size: int
    connections: int
    depth: int

    @property
    def name(self) -> str:
        return f"{self.group}-{self.size}x{self.connections}x{self.depth}"

    @property
    def title(self) -> str:
        if self.group == "http":
            return f"HTTP, {self.connections:,} connections"
        what = "raw echo" if self.group == "raw" else "packets"
        return f"{what}, {size_text(self.size)}, {self.connections:,} connections, depth {self.depth}"

    @property
    def load_arguments(self) -> list[str]:
        return [
            *("--mode", self.group, "--size", str(self.size)),
            *("--connections", str(self.connections), "--depth", str(self.depth)),
        ]


def size_text(size: int) -> str:
    return f"{size // 1024} KiB" if size >= 1024 and size % 1024 == 0 else f"{size} B"


SHAPES = [
    Shape("raw", 64, 64, 1),
    Shape("raw", 64, 64, 16),
    Shape("raw", 64, 1000, 1),
    Shape("raw", 64, 1000, 16),
    Shape("raw", 16384, 64, 1),
    Shape("packet", 40, 64, 1),
    Shape("packet", 40, 64, 16),
    Shape("http", 0, 128, 1),
]


@dataclasses.dataclass(frozen=True)
class Peer:
    """A server of one group. `{port}` and `{folder}`, a temporary one, are filled in in its command."""

    name: str
    title: str
    group: str
    build: str
    command: tuple[str, ...]
    is_ours: bool = False
    environment: tuple[tuple[str, str], ...] = ()
    extra_warmup: float = 0  # seconds that its compiler needs while it runs
    works_in_child: bool = False
    template: Path | None = None  # a file to fill in in the folder

    def prepare(self, port: int, folder: str) -> list[str]:
        if self.template:
            text = self.template.read_text().replace("@PORT@", str(port)).replace("@FOLDER@", folder)
            Path(folder, self.template.name).write_text(text)
        return [word.format(port=port, folder=folder) for word in self.command]


def c_epoll(group: str) -> Peer:
    return Peer("c-epoll", "C, epoll", group, "c", (str(OUTPUT / "c/echo"), "{port}", group))


def linnet(name: str, title: str, group: str, *options: str) -> Peer:
    command = (LINNETCTL, "serve", "--tcp", "127.0.0.1:{port}", "--drain-seconds", "1", *options)
    return Peer(name, title, group, "linnetctl", command, is_ours=True)


def nio(name: str, title: str, group: str, mode: str) -> Peer:
    return Peer(name, title, group, "nio", (NIO, "{port}", mode))


def go(name: str, title: str, group: str) -> Peer:
    command = (str(OUTPUT / "go/go-peers"), "{port}", group)
    return Peer(name, title, group, "go", command, environment=(("GOMAXPROCS", "1"),))


def rust(name: str, title: str, program: str) -> Peer:
    return Peer(name, title, "raw", "rust", (str(OUTPUT / "rust/release" / program), "{port}"))


BYTES = ("--framing", "bytes", "--handler", "echo")
MAGIC = ("--magic", "0x31504B43")
JAVA = ("java", "-XX:+UseSerialGC", "-cp", ":".join([*JARS, str(OUTPUT / "netty")]), "NettyEcho", "{port}")
NGINX = ("nginx", "-p", "{folder}", "-e", "{folder}/error.log", "-c", "{folder}/nginx.conf")

BASES = {group: c_epoll(group) for group in ("raw", "packet", "http")}
PEERS_BY_GROUP = {
    "raw": [
        linnet("linnet", "Linnet, BytesFraming", "raw", *BYTES, "--execution", "inline"),
        rust("mio", "mio", "mio-echo"),
        rust("tokio", "tokio", "tokio-echo"),
        Peer("netty", "Netty", "raw", "netty", JAVA, extra_warmup=2),
        go("go", "Go net", "raw"),
        nio("nio", "SwiftNIO, handlers", "raw", "raw"),
        nio("nio-async", "SwiftNIO, NIOAsyncChannel", "raw", "async"),
    ],
    "packet": [
        linnet("linnet", "Linnet, inline", "packet", *MAGIC, "--execution", "inline"),
        linnet("linnet-workers", "Linnet, a worker", "packet", *MAGIC, "--execution", "workers", "--workers", "1"),
        nio("nio-batched", "SwiftNIO, written by hand", "packet", "packet-batched"),
        nio("nio-codec", "SwiftNIO, its codec", "packet", "packet"),
    ],
    "http": [
        linnet("linnet", "Linnet, HTTP1Framing", "http", "--handler", "http", "--execution", "inline"),
        Peer("nginx", "nginx", "http", "nginx", NGINX, works_in_child=True, template=PEERS / "nginx/nginx.conf"),
        nio("nio", "SwiftNIO, NIOHTTP1", "http", "http"),
        go("go", "Go net/http", "http"),
    ],
}


def temporary_folder() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="linnet-compare-", ignore_cleanup_errors=True)
