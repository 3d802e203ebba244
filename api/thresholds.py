"""The threshold of refusing that was calibrated for an installation, kept in its home."""

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import msgspec

from api.errors import BadSetting
from assistant.evaluation.calibrating import Rates
from indexer.encoder import EncoderIdentity


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From which probability on a question is answered, on what that was chosen, and the rates it had there.

    `basis` names the encoder and the model whose probabilities these are; with others the threshold means nothing.
    """

    enough: Annotated[float, msgspec.Meta(ge=0, le=1)]
    rates: Rates
    suite: str
    suite_digest: str
    corpus: str
    basis: str
    created: str


def basis_of(encoder: EncoderIdentity) -> str:
    """What gives the probabilities: the encoder's weights and the shipped model of sufficiency."""
    model = files("assistant").joinpath("sufficiency_model.json").read_bytes()
    return f"{encoder.name}@{encoder.revision[:12]} {hashlib.sha256(model).hexdigest()[:12]}"


def thresholds_path(home: Path) -> Path:
    """Where `sequitur evaluate calibrate` writes them."""
    return home / "thresholds.json"


def calibrated(home: Path, encoder: EncoderIdentity) -> float | None:
    """The calibrated threshold of an installation, None without one; BadSetting when it is not for this program."""
    path = thresholds_path(home)
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Thresholds)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path} cannot be read ({error}); calibrate again or remove it") from error
    if found.basis != basis_of(encoder):
        raise BadSetting(
            f"{path} was calibrated with {found.basis}, this is {basis_of(encoder)}; "
            "calibrate again (sequitur evaluate calibrate SUITE) or remove it"
        )
    return found.enough
