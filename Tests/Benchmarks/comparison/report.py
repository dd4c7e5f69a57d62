# SPDX-License-Identifier: Apache-2.0
"""Results as Markdown."""

import statistics

from .measure import Run
from .peers import BASES, PEERS_BY_GROUP, Shape


def spread(values: list[float]) -> str:
    """The median, and the least and the most."""
    if len(values) == 1:
        return f"{values[0]:.2f}"
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


class Row:
    """A peer in a shape."""

    def __init__(self, name: str, title: str, is_ours: bool, runs: list[Run]):
        self.name, self.title, self.is_ours = name, title, is_ours
        good = [(run.result, run.ratios) for run in runs if run.ratios]
        self.results = [result for result, _ in good]
        self.throughput = [ratios[0] for _, ratios in good]
        self.cpu = [ratios[1] for _, ratios in good]
        failures = [run.failure for run in runs if run.failure]
        self.failure = None if good else failures[0] if failures else "the base failed"

    def median(self, key: str) -> float:
        return statistics.median(result[key] for result in self.results)

    @property
    def mark(self) -> str:
        """An asterisk if something else had the core in half of the runs, and how many connections had no reply."""
        is_disturbed = 2 * sum(result["disturbed"] for result in self.results) >= len(self.results)
        starved = max(result["starved"] for result in self.results)
        return ("\\*" if is_disturbed else "") + (f" ({starved} without a reply)" if starved else "")


def rows(shape: Shape, runs: list[Run], skipped: dict[str, str]) -> list[Row]:
    """By throughput, the best first; then who failed, then who was skipped."""
    found = []
    for peer in PEERS_BY_GROUP[shape.group]:
        own = [run for run in runs if run.peer == peer.name]
        if own:
            found.append(Row(peer.name, peer.title, peer.is_ours, own))
        elif peer.build in skipped:
            missing = Run(peer.name, 0, None, f"skipped: {skipped[peer.build]}")
            found.append(Row(peer.name, peer.title, peer.is_ours, [missing]))
    return sorted(found, key=lambda row: -statistics.median(row.throughput) if row.throughput else 1)


def base_row(shape: Shape, bases: list[dict]) -> Row:
    """The base against the middle of itself: how far a ratio can be off."""
    middle = {
        key: statistics.median(base[key] for base in bases) for key in ("messages_per_second", "server_ns_per_message")
    }
    peer = BASES[shape.group]
    runs = [Run(peer.name, 0, base, None, middle, middle) for base in bases]
    return Row(peer.name, f"{peer.title} (base)", False, runs)


HEAD = """\
| server | k messages/s | throughput ÷ base | CPU per message ÷ base | p50 µs | p99 µs |
| --- | ---: | ---: | ---: | ---: | ---: |
"""


def line(row: Row) -> str:
    name = f"**{row.title}**" if row.is_ours else row.title
    if row.failure:
        return f"| {name} | {row.failure} | | | | |\n"
    rate = f"{row.median('messages_per_second') / 1000:,.0f}{row.mark}"
    latency = f"{row.median('p50_us'):,.0f} | {row.median('p99_us'):,.0f}"
    return f"| {name} | {rate} | {spread(row.throughput)} | {spread(row.cpu)} | {latency} |\n"


def table(shape: Shape, runs: list[Run], bases: list[dict], skipped: dict[str, str]) -> str:
    text = f"### {shape.title}\n\n{HEAD}"
    if bases:
        text += line(base_row(shape, bases))
    return text + "".join(line(row) for row in rows(shape, runs, skipped))


def summary(group: str, results: list[tuple[Shape, list[Run], list[dict]]], skipped: dict[str, str]) -> str:
    """One table for a group: a row for each peer, a column for each shape."""
    of_group = [(shape, rows(shape, runs, skipped)) for shape, runs, _ in results if shape.group == group]
    if not of_group:
        return ""
    heads = [f"{shape.title.split(', ', 1)[1]}" for shape, _ in of_group]
    text = f"| {of_group[0][0].title.split(',')[0]} | {' | '.join(heads)} |\n| --- |{' ---: |' * len(heads)}\n"
    for peer in PEERS_BY_GROUP[group]:
        cells = []
        for _, of_shape in of_group:
            row = next((row for row in of_shape if row.name == peer.name), None)
            is_there = row and not row.failure
            cells.append(
                f"{statistics.median(row.throughput):.2f} / {statistics.median(row.cpu):.2f}" if is_there else "–"
            )
        text += f"| {f'**{peer.title}**' if peer.is_ours else peer.title} | {' | '.join(cells)} |\n"
    return text


def was_disturbed(results: list[tuple[Shape, list[Run], list[dict]]]) -> bool:
    measured = [result for _, runs, bases in results for result in [*bases, *(run.result for run in runs)] if result]
    return any(result["disturbed"] for result in measured)


def document(
    results: list[tuple[Shape, list[Run], list[dict]]], skipped: dict[str, str], versions: dict[str, str], how: str
) -> str:
    groups = dict.fromkeys(shape.group for shape, _, _ in results)
    parts = [
        "# Peers, side by side\n",
        f"{how}\n",
        "Throughput ÷ base / time of processor per message ÷ base; the base is a C server on epoll without a "
        "framework. Medians; more throughput and less time are better.\n",
        *(summary(group, results, skipped) for group in groups),
        *(table(shape, runs, bases, skipped) for shape, runs, bases in results),
        "\\* Something else had a core in half of the runs.\n" if was_disturbed(results) else "",
        "Versions: " + "; ".join(f"{name} {version}" for name, version in versions.items()) + ".\n",
    ]
    return "\n".join(part for part in parts if part)
