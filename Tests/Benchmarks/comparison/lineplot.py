# SPDX-License-Identifier: Apache-2.0
"""The plot of `http-growth`: panels over the number of connections, on a logarithmic axis."""

import math

from .drawing import Drawing

WIDTH, MARGIN, TOP, HEIGHT, LEFT, GUTTER = 980, 24, 128, 270, 46, 26
Series = list[tuple[float, float]]


def lines(title: str, subtitle: str, names: list[str], panels: list[tuple[str, bool, list[Series]]]) -> str:
    """A panel is its title, whether its axis is logarithmic, and a series for each name."""
    drawing = Drawing(WIDTH, title, subtitle)
    x = MARGIN
    for index, name in enumerate(names):
        drawing.line(x, 72, x + 18, 72, f"line s{index}")
        drawing.text(x + 24, 76, name)
        x += 44 + 7 * len(name)
    width = (WIDTH - 2 * MARGIN - GUTTER * (len(panels) - 1)) / len(panels)
    for index, (head, is_logarithmic, series) in enumerate(panels):
        x = MARGIN + index * (width + GUTTER)
        drawing.text(x, TOP - 22, head, "head")
        panel(drawing, is_logarithmic, series, (x + LEFT, x + width), (TOP, TOP + HEIGHT))
        drawing.text((x + LEFT + x + width) / 2, TOP + HEIGHT + 38, "connections", "soft", "middle")
    drawing.height = TOP + HEIGHT + 54
    return drawing.svg()


def panel(drawing: Drawing, is_logarithmic: bool, series: list[Series], xs: tuple, ys: tuple) -> None:
    points = [point for one in series for point in one]
    if not points:
        return
    least_x, most_x = min(x for x, _ in points), max(x for x, _ in points)
    ticks = decades(points) if is_logarithmic else linear(max(y for _, y in points))

    def place_x(value: float) -> float:
        span = math.log(most_x / least_x) or 1
        return xs[0] + 6 + (xs[1] - xs[0] - 12) * math.log(value / least_x) / span

    def place_y(value: float) -> float:
        if is_logarithmic:
            part = math.log(value / ticks[0]) / math.log(ticks[-1] / ticks[0])
        else:
            part = value / ticks[-1]
        return ys[1] - (ys[1] - ys[0]) * part

    for tick in ticks:
        drawing.line(xs[0], place_y(tick), xs[1], place_y(tick), "grid")
        drawing.text(xs[0] - 6, place_y(tick) + 4, f"{tick:,g}", "soft", "end")
    last = -math.inf
    for value in sorted({x for x, _ in points}, reverse=True):
        drawing.line(place_x(value), ys[1], place_x(value), ys[1] + 4, "grid")
        if abs(place_x(value) - last) > 44:
            last = place_x(value)
            drawing.text(last, ys[1] + 18, f"{value:,g}", "soft", "middle")
    for index, one in enumerate(series):
        if one:
            drawing.curve([(place_x(x), place_y(y)) for x, y in one], index)


def linear(most: float) -> list[float]:
    """From 0 to above `most` in five steps at most, each 1, 2 or 5 of its decade."""
    for step in (factor * 10.0**exponent for exponent in range(-3, 7) for factor in (1, 2, 5)):
        if step * 5 >= most:
            return [step * index for index in range(math.ceil(most / step) + 1)]
    return [0, most]


def decades(points: Series) -> list[float]:
    values = [y for _, y in points if y > 0]
    first, last = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return [10.0**exponent for exponent in range(first, max(last, first + 1) + 1)]
