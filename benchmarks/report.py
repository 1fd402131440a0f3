"""docs/benchmarks.md and its picture."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import django
import psycopg

from .database import SETTINGS
from .measuring import ROUNDS, Line, Times

DOCS = Path(__file__).resolve().parent.parent / "docs"
COLOURS = ("#1f6feb", "#2da44e", "#bf8700", "#cf222e")


def machine() -> str:
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())  # fmt: skip
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB"


def table(lines: Iterable[Line]) -> list[str]:
    rows = ["| line | figure | target | met | measured | statements |", "|---|---|---|---|---|---|"]
    for line in lines:
        sign = "≤" if line.aim == "most" else "≥"
        target = "" if line.target is None else f"{sign} {line.target:g}"
        met = {True: "yes", False: "**no**", None: ""}[line.is_met]
        figure = (
            f"{line.figure:.0f} {line.unit}".rstrip()
            if line.unit or line.figure == int(line.figure)
            else f"{line.figure:.2f}"
        )
        rows.append(f"| {line.name} | {figure} | {target} | {met} | {line.detail} | {line.statements} |")
    return rows


def write(path: Path, lines: Sequence[Line], facts: dict[str, Any], sqlite: Sequence[Line]) -> None:
    kernel, _, _ = platform.release().partition("-")
    settings = ", ".join(f"`{name} = {value}`" for name, value in SETTINGS.items())
    text = [
        "# Benchmarks",
        "",
        "Made by `make bench`, which writes this page. Every ratio is of one run: each line and its floor (a view of",
        "the benchmark with the same authentication that sends one hand-written statement and returns the database's",
        f"JSON text) take turns, {ROUNDS} rounds, and the figure is the ratio of the medians of the rounds' medians.",
        "The answers of both sides are compared first; if they differ, there is no figure. What is compared with what:",
        "`benchmarks/`.",
        "",
        f"- {date.today():%Y-%m-%d}, {machine()}, Linux {kernel}",
        f"- Python {platform.python_version()}, Django {django.__version__}, psycopg {psycopg.__version__}, "
        f"PostgreSQL {facts['postgresql']} ({settings})",
        f"- {facts['candidates']:,} candidates in {facts['organizations']:,} organizations, the largest with "
        f"{facts['largest']:,}; one gunicorn worker, client and server on the same machine",
        "",
        *table(lines),
        "",
        "![cost against size](pictures/benchmarks.svg)",
    ]
    if sqlite:
        text += [
            "",
            "## SQLite",
            "",
            "The same questions to SQLite, against PostgreSQL with as many candidates.",
            "",
            *table(sqlite),
        ]
    path.write_text("\n".join(text) + "\n")


def picture(path: Path, growth: dict[str, list[tuple[int, Times]]]) -> None:
    """Milliseconds of a question against the size of the organization, which grows tenfold from mark to mark."""
    width, height, left, bottom = 720, 320, 60, 50
    largest = max(size for points in growth.values() for size, _ in points)
    most = max(times.median for points in growth.values() for _, times in points) * 1e3 * 1.15

    def x(size: float) -> float:
        return left + (math.log10(size) - 2.9) / (math.log10(largest) - 2.9) * (width - left - 170)

    def y(taken: float) -> float:
        return height - bottom - taken / most * (height - bottom - 20)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        "<title>Milliseconds of a list against the size of the organization</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for mark in range(5):
        value = most * mark / 4
        parts.append(f'<line x1="{left}" x2="{width - 160}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="#d0d7de"/>')
        parts.append(f'<text x="{left - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value:.1f} ms</text>')
    for size, _ in next(iter(growth.values())):
        parts.append(f'<text x="{x(size):.1f}" y="{height - bottom + 20}" text-anchor="middle">{size:,}</text>')
    parts.append(f'<text x="{left}" y="{height - 8}">candidates in the organization</text>')
    for number, (name, points) in enumerate(growth.items()):
        colour = COLOURS[number % len(COLOURS)]
        line = " ".join(f"{x(size):.1f},{y(times.median * 1e3):.1f}" for size, times in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(s):.1f}" cy="{y(t.median * 1e3):.1f}" r="3.5" fill="{colour}"/>' for s, t in points]
        parts.append(f'<text x="{width - 150}" y="{40 + number * 20}" fill="{colour}">{name}</text>')
    path.write_text("\n".join([*parts, "</svg>"]) + "\n")
