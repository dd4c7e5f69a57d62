# SPDX-License-Identifier: Apache-2.0
"""Runs peers and their base in turns, so that what slows the machine for a while slows both."""

import dataclasses
import time

from . import peers, processes
from .peers import Peer, Shape

PEERS_BETWEEN_BASES = 2
# A closed loop that is full keeps the server or the load at its core. Where neither was, something else had the core.
BUSY = 0.9


@dataclasses.dataclass
class Settings:
    seconds: float
    rounds: int
    extra_rounds: int  # with our servers only
    warmup: float
    repeats: int  # disturbed runs that may be repeated, of all together


@dataclasses.dataclass
class Run:
    """One run of a peer between two of the base; `result` is what the load generator said."""

    peer: str
    round: int
    result: dict | None
    failure: str | None
    base_before: dict | None = None
    base_after: dict | None = None

    @property
    def ratios(self) -> tuple[float, float] | None:
        """Throughput and time of processor per message, each as a part of the base's."""
        bases = [base for base in (self.base_before, self.base_after) if base]
        if not self.result or not bases:
            return None

        def ratio(key: str) -> float:
            return self.result[key] / (sum(base[key] for base in bases) / len(bases))

        return ratio("messages_per_second"), ratio("server_ns_per_message")


def is_disturbed(result: dict, shape: Shape) -> bool:
    return shape.connections * shape.depth >= 16 and max(result["server_cpu"], result["load_cpu"]) < BUSY


class Measurement:
    def __init__(self, settings: Settings, plan: list[tuple[Shape, list[Peer]]], progress):
        self.settings = settings
        self.plan = plan
        self.progress = progress
        self.server_core, self.load_core = processes.pick_cores()
        self.done = 0
        self.repeats = settings.repeats
        self.total = sum(self._count(members) for _, members in plan)

    def _rounds(self, members: list[Peer]) -> list[list[Peer]]:
        """The peers of each round; their order turns, so that nobody always comes first."""
        own = [peer for peer in members if peer.is_ours]
        full = [members[turn % len(members):] + members[:turn % len(members)] for turn in range(self.settings.rounds)]
        return full + [own] * (self.settings.extra_rounds if own else 0)

    def _count(self, members: list[Peer]) -> int:
        step = PEERS_BETWEEN_BASES
        return sum(len(some) + 1 + (len(some) + step - 1) // step for some in self._rounds(members))

    def run(self, shape: Shape, members: list[Peer]) -> tuple[list[Run], list[dict]]:
        """All rounds of a shape: the runs of peers, and the results of the base."""
        runs: list[Run] = []
        bases: list[dict] = []
        for turn, some in enumerate(self._rounds(members)):
            before = self._base(shape, turn, bases)
            for start in range(0, len(some), PEERS_BETWEEN_BASES):
                group = [self._peer(peer, shape, turn) for peer in some[start : start + PEERS_BETWEEN_BASES]]
                after = self._base(shape, turn, bases)
                for run in group:
                    run.base_before, run.base_after = before, after
                runs += group
                before = after
        return runs, bases

    def _base(self, shape: Shape, turn: int, bases: list[dict]) -> dict | None:
        run = self._peer(peers.BASES[shape.group], shape, turn)
        if run.result:
            bases.append(run.result)
        return run.result

    def _peer(self, peer: Peer, shape: Shape, turn: int) -> Run:
        """A run; a disturbed one is repeated once, and the one in which the server had more of its core counts."""
        self.done += 1
        try:
            result = self.run_once(peer, shape)
            if is_disturbed(result, shape) and self.repeats > 0:
                self.repeats -= 1
                again = self.run_once(peer, shape)
                result = result if result["server_cpu"] > again["server_cpu"] else again
        except processes.Failure as failure:
            self.progress(self, shape, peer, turn, str(failure))
            return Run(peer.name, turn, None, str(failure))
        text = f"{result['messages_per_second'] / 1000:8.1f} k/s {result['server_ns_per_message']:8.0f} ns each"
        self.progress(self, shape, peer, turn, text)
        return Run(peer.name, turn, result, None)

    def run_once(self, peer: Peer, shape: Shape) -> dict:
        warmup = self.settings.warmup + peer.extra_warmup
        result = run_server(
            peer,
            [*shape.load_arguments, "--warmup", str(warmup), "--duration", str(self.settings.seconds)],
            (self.server_core, self.load_core),
            timeout=warmup + self.settings.seconds + 30,
        )
        result["disturbed"] = is_disturbed(result, shape)
        return result


def run_server(peer: Peer, load_arguments: list[str], cores: tuple[int, int], timeout: float) -> dict:
    """Starts a server, loads it, ends it: what the load generator has measured."""
    port = processes.free_port()
    with peers.temporary_folder() as folder:
        log = f"{folder}/output"
        with open(log, "wb") as output:
            try:
                command = peer.prepare(port, folder)
                server = processes.running(command, cores[0], dict(peer.environment), stdout=output, stderr=output)
                with server as process:
                    processes.wait_until_listening(process, port, log)
                    pid = process.pid
                    if peer.works_in_child:
                        pid = worker_of(pid)
                    arguments = ["--port", str(port), "--server-pid", str(pid), *load_arguments]
                    return processes.load(peers.LOADGEN, arguments, cores[1], timeout)
            except OSError as error:
                raise processes.Failure(f"cannot run: {error}") from None


def worker_of(pid: int) -> int:
    deadline = time.monotonic() + processes.START_SECONDS
    while time.monotonic() < deadline:
        found = processes.children(pid)
        if found:
            return found[0]
        time.sleep(0.02)
    raise processes.Failure("has started no worker")
