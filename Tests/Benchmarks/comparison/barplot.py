# SPDX-License-Identifier: Apache-2.0
"""The plot of `compare`: for each shape a panel of bars, throughput as a part of the base's."""

import statistics

from .drawing import Drawing
from .report import Row

WIDTH, MARGIN, GUTTER, TOP = 980, 24, 36, 92
LABEL, VALUE, BAR, HEAD, GAP = 180, 78, 19, 46, 22


def bars(panels: list[tuple[str, list[Row]]], subtitle: str) -> str:
    drawing = Drawing(WIDTH, "Throughput, as a part of a C server's on epoll", subtitle)
    drawing.rectangle(MARGIN, 66, 11, 11, "ours")
    drawing.text(MARGIN + 17, 76, "Linnet")
    drawing.rectangle(MARGIN + 76, 66, 11, 11, "theirs")
    drawing.text(MARGIN + 93, 76, "others; whiskers: the least and the most; right: throughput · CPU per message")
    width = (WIDTH - 2 * MARGIN - GUTTER) / 2
    bottoms = [float(TOP), float(TOP)]
    panels = [(title, [row for row in rows if not row.failure]) for title, rows in panels]
    most = max([1.05, *(max(row.throughput) for _, rows in panels for row in rows)])
    for title, rows in panels:
        side = 0 if bottoms[0] <= bottoms[1] else 1
        x = MARGIN + side * (width + GUTTER)
        bottoms[side] = panel(drawing, title, rows, most, (x, bottoms[side]), width)
    drawing.height = int(max(bottoms)) + 8
    return drawing.svg()


def panel(
    drawing: Drawing, title: str, rows: list[Row], most: float, place: tuple[float, float], width: float
) -> float:
    """Draws one whose axis ends at `most`, and returns where the next one may begin."""
    x, y = place
    left, right = x + LABEL, x + width - VALUE
    top, bottom = y + HEAD - 14, y + HEAD + BAR * len(rows)
    scale = (right - left) / most
    drawing.text(x, y + 22, title, "head")
    for tick in (0, 0.25, 0.5, 0.75):
        drawing.line(left + tick * scale, top + 10, left + tick * scale, bottom, "grid")
        if tick in (0, 0.5):
            drawing.text(left + tick * scale, bottom + 14, f"{tick:g}", "soft", "middle")
    for index, row in enumerate(rows):
        middle = y + HEAD + BAR * index + BAR / 2
        value = statistics.median(row.throughput)
        drawing.text(left - 8, middle + 4, row.title, "head" if row.is_ours else "", "end")
        drawing.rectangle(left, middle - 6, value * scale, 12, "ours" if row.is_ours else "theirs")
        drawing.line(left + min(row.throughput) * scale, middle, left + max(row.throughput) * scale, middle, "whisker")
        text = f"{value:.2f} · {statistics.median(row.cpu):.2f}"
        drawing.text(x + width, middle + 4, text, "head" if row.is_ours else "", "end")
    drawing.line(left + scale, top + 8, left + scale, bottom + 2, "base")
    drawing.text(left + scale, bottom + 14, "1", "soft", "middle")
    return bottom + GAP + 6
