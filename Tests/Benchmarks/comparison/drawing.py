# SPDX-License-Identifier: Apache-2.0
"""Plots as SVG: bars with a base line, and lines over a logarithmic axis. Colours follow a light or a dark page."""

from html import escape

STYLE = """\
  <style>
    .page { fill: #ffffff } .grid { stroke: #d8dde3 } .base { stroke: #57606a; stroke-dasharray: 4 3 }
    text { fill: #1f2328; font: 12px -apple-system, "Segoe UI", "DejaVu Sans", Helvetica, Arial, sans-serif }
    .title { font-size: 17px; font-weight: 600 } .head { font-weight: 600 } .soft { fill: #57606a }
    .ours { fill: #d9480f } .theirs { fill: #8c959f } .whisker { stroke: #1f2328 }
    .s0 { stroke: #d9480f } .s1 { stroke: #f59f00 } .s2 { stroke: #1c7ed6 } .s3 { stroke: #2f9e44 }
    .f0 { fill: #d9480f } .f1 { fill: #f59f00 } .f2 { fill: #1c7ed6 } .f3 { fill: #2f9e44 }
    .line { fill: none; stroke-width: 2.2 }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117 } .grid { stroke: #30363d } .base { stroke: #9198a1 }
      text { fill: #e6edf3 } .soft { fill: #9198a1 }
      .ours { fill: #ff7a3d } .theirs { fill: #6e7681 } .whisker { stroke: #e6edf3 }
      .s0 { stroke: #ff7a3d } .s1 { stroke: #fcc419 } .s2 { stroke: #4dabf7 } .s3 { stroke: #51cf66 }
      .f0 { fill: #ff7a3d } .f1 { fill: #fcc419 } .f2 { fill: #4dabf7 } .f3 { fill: #51cf66 }
    }
  </style>
"""


class Drawing:
    def __init__(self, width: int, title: str, subtitle: str):
        self.width, self.height, self.parts = width, 0, []
        self.title = title
        self.text(24, 32, title, "title")
        self.text(24, 52, subtitle, "soft")

    def text(self, x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> None:
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(text)}</text>')

    def line(self, x0: float, y0: float, x1: float, y1: float, kind: str) -> None:
        self.parts.append(f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" class="{kind}"/>')

    def rectangle(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2" class="{kind}"/>'
        )

    def curve(self, points: list[tuple[float, float]], series: int) -> None:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{path}" class="line s{series}"/>')
        self.parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" class="f{series}"/>' for x, y in points]

    def svg(self) -> str:
        lines = "\n".join(f"  {part}" for part in self.parts)
        return (
            '<!-- SPDX-License-Identifier: Apache-2.0 -->\n'
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}" role="img" aria-label="{escape(self.title)}">\n'
            f'{STYLE}  <rect width="100%" height="100%" rx="8" class="page"/>\n{lines}\n</svg>\n'
        )
