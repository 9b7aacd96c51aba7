"""The layer list of pyproject.toml, the one place that says what stands above what."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def level(module: str) -> int:
    """How high a module of hoshu stands: what is equal or higher may not be imported or pointed at."""
    package = module.split(".")[1]
    for height, line in enumerate(reversed(_layers())):
        if package in [name.strip() for name in line.split("|")]:
            return height
    raise LookupError(f"{module} does not stand in the layer list of pyproject.toml")


def _layers() -> list[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    return next(contract["layers"] for contract in contracts if contract["type"] == "layers")
