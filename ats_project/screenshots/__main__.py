"""`python -m ats_project.screenshots`: make demo data, serve them, and take the pictures of README and docs/tour.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ats_project.chromium import chromium

from .camera import Camera
from .demo_server import demo_server
from .shots import SHOTS, take
from .walk import holds_one, walk


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ats_project.screenshots", description=__doc__)
    parser.add_argument("--only", default="", help="pictures whose name holds one of these, with commas")
    parser.add_argument(
        "--all", type=Path, metavar="FOLDER", help="instead: every page, wide and narrow, light and dark"
    )
    parser.add_argument("--as", dest="colleague", default="admin@northwind.test", help="whose pages --all takes")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    parts = options.only.split(",")
    try:
        with chromium() as browser, demo_server() as address:
            camera = Camera(browser, address)
            if options.all:
                options.all.mkdir(parents=True, exist_ok=True)
                taken = walk(camera, options.colleague, options.all, parts)
            else:
                taken = (take(camera, shot) for shot in SHOTS if holds_one(shot.name, parts))
            for path in taken:
                print(path, flush=True)
    except (FileNotFoundError, RuntimeError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
