"""The only reader of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from indexer.encoder import Encoder, SentenceTransformerEncoder


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation chooses.

    SEQUITUR_HOME: where snapshots live (default: the user's data folder).
    SEQUITUR_ENCODER: a sentence-transformers model folder (default: the installed all-MiniLM-L6-v2).
    SEQUITUR_APPROVED_ONLY: 1 lets only approved sources support a statement.
    """

    home: Path
    encoder_folder: Path | None = None
    approved_only: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        values = os.environ if environment is None else environment
        folder = values.get("SEQUITUR_ENCODER")
        return cls(
            home=Path(values.get("SEQUITUR_HOME") or user_data_path("sequitur", appauthor=False)),
            encoder_folder=Path(folder) if folder else None,
            approved_only=values.get("SEQUITUR_APPROVED_ONLY", "").lower() in ("1", "true", "yes"),
        )

    def encoder(self) -> Encoder:
        """The configured encoder; NoEncoder or EncoderMismatch say what is wrong with it."""
        if self.encoder_folder is None:
            return SentenceTransformerEncoder.default()
        return SentenceTransformerEncoder(self.encoder_folder)
