"""Word lists and regulations that every office begins with: for the demo and for a first office."""

from pathlib import Path
from typing import Any

import yaml

from districts.services.vocabularies import load_regulations, load_vocabulary

FOLDER = Path(__file__).parent
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_reference(name: str) -> Any:
    """The parsed list of this name: `vocabularies` or `regulations`."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=LOADER)[name]  # noqa: S506 – it is the safe one


def load_reference() -> None:
    """Load both; what stands already is brought up to date."""
    for entry in read_reference("vocabularies"):
        load_vocabulary(
            code=entry["code"],
            version=str(entry["version"]),
            name=entry["label_id"],
            source=entry.get("source") or "",
            terms=entry["terms"],
        )
    load_regulations(read_reference("regulations"))
