"""The support check of a site that has an entailment model: a sentence-transformers CrossEncoder in a local folder."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.quantities import unheld

ENTAILMENT = "entailment"


class EntailmentSupport:
    """Every number of the claim is held, and a model finds entailment likelier than any other label.

    Which output is entailment is read from the model's configuration. What the premises hold beyond the model's length
    is cut. Nothing is fetched.
    """

    def __init__(self, folder: Path) -> None:
        """EvaluationError when the folder holds no model, or none that names entailment among its labels."""
        from sentence_transformers import CrossEncoder  # seconds to import: only where this judge is chosen

        if not (folder / "config.json").is_file():
            raise EvaluationError(f"{folder} holds no entailment model: there is no config.json in it")
        try:
            self._model = CrossEncoder(str(folder), device="cpu", local_files_only=True)
        except (OSError, ValueError) as error:
            raise EvaluationError(f"the entailment model in {folder} cannot be read: {error}") from error
        self._entailment = _entailment(folder, self._model.config.id2label)
        self.name = f"entailment {folder.name} {_digest(folder)}"

    def supports(self, claim: str, premises: Sequence[str]) -> bool:
        """Whether the premises, one after the other, entail the claim."""
        if not premises or unheld(claim, premises):
            return False
        scores = np.atleast_1d(self._model.predict((" ".join(premises), claim), show_progress_bar=False))
        return int(scores.argmax()) == self._entailment


def _entailment(folder: Path, labels: dict[int, str]) -> int:
    found = [number for number, label in labels.items() if label.casefold() == ENTAILMENT]
    if len(found) != 1 or len(labels) < 2:
        raise EvaluationError(
            f"the model in {folder} has the labels {', '.join(labels.values())}; exactly one has to be {ENTAILMENT}, "
            f"beside another: set id2label in its config.json"
        )
    return found[0]


def _digest(folder: Path) -> str:
    """Of the configuration and the weights, so that a run tells which model judged it."""
    digest = hashlib.sha256()
    for path in sorted((*folder.glob("*.json"), *folder.glob("*.safetensors"))):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]
