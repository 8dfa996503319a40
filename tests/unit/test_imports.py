"""What import-linter keeps, it keeps of every module there is."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
MODULES = {
    f"bot.{path.stem}" for path in (ROOT / "bot").iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
} - {"bot.__init__"}


@pytest.fixture
def contracts() -> Mapping[str, Any]:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return {contract["name"]: contract for contract in linter["contracts"]}


def test_layers__have_every_module(contracts: Mapping[str, Any]) -> None:
    layers = contracts["Imports go one way"]["layers"]
    assert sorted(module.strip() for layer in layers for module in layer.split(":")) == sorted(MODULES)


@pytest.mark.parametrize(
    ("name", "side", "exempt"),
    [
        ("Adapters know only the contract", "forbidden_modules", {"bot.contract", "bot.errors", "bot.models"}),
        (
            "Only platforms, playground and cli import adapters",
            "source_modules",
            {"bot.cli", "bot.platforms", "bot.playground"},
        ),
        ("SQL stays in the store", "source_modules", {"bot.store"}),
    ],
)
def test_contract__binds_every_module_but_those_it_is_for(
    contracts: Mapping[str, Any], name: str, side: str, exempt: set[str]
) -> None:
    assert sorted(contracts[name][side]) == sorted(MODULES - exempt)
