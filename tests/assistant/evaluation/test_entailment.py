"""An entailment model in a folder: a real one, tiny, whose last layer is set to always say the same."""

import json
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

from assistant.evaluation.entailment import EntailmentSupport
from assistant.evaluation.errors import EvaluationError

LABELS = {0: "contradiction", 1: "ENTAILMENT", 2: "neutral"}
CLAIM = "Give 5 mg of it."


def model_in(folder: Path, says: int, labels: dict[int, str] = LABELS) -> Path:
    """A model that finds one label likeliest, whatever it reads."""
    folder.mkdir(exist_ok=True)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "give", "it", "mg"]
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8,
        max_position_embeddings=32, id2label=labels, label2id={label: number for number, label in labels.items()},
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.weight.zero_()
        model.classifier.bias.copy_(torch.eye(len(labels))[says])
    model.save_pretrained(folder)
    BertTokenizer(vocab={word: number for number, word in enumerate(vocabulary)}).save_pretrained(folder)
    return folder


@pytest.mark.parametrize(("says", "supports"), [(0, False), (1, True), (2, False)])
def test_the_label_is_read_from_the_configuration(tmp_path: Path, says: int, supports: bool) -> None:
    check = EntailmentSupport(model_in(tmp_path, says))
    assert check.supports(CLAIM, ["Give 5 mg.", "Of it."]) == supports
    assert check.supports(CLAIM, ["5 mg. " * 500]) == supports  # longer than it can read


def test_labels_in_another_order(tmp_path: Path) -> None:
    labels = {0: "entailment", 1: "not_entailment"}
    assert EntailmentSupport(model_in(tmp_path, 0, labels)).supports(CLAIM, [CLAIM])
    assert not EntailmentSupport(model_in(tmp_path, 1, labels)).supports(CLAIM, [CLAIM])


def test_numbers_are_not_left_to_the_model(tmp_path: Path) -> None:
    check = EntailmentSupport(model_in(tmp_path, 1))
    assert not check.supports(CLAIM, ["Give 50 mg of it."])
    assert not check.supports(CLAIM, [])


def test_the_name_tells_models_apart(tmp_path: Path) -> None:
    one, same, other = (EntailmentSupport(model_in(tmp_path / name, 1)).name for name in ("a", "a", "b"))
    assert one.startswith("entailment a ")
    assert one != other
    assert len(one) == len(same)


@pytest.mark.parametrize("labels", [{0: "LABEL_0", 1: "LABEL_1"}, {0: "entailment", 1: "Entailment"}])
def test_a_model_that_does_not_say_which_output_is_entailment_is_refused(
    tmp_path: Path, labels: dict[int, str]
) -> None:
    with pytest.raises(EvaluationError, match="exactly one has to be entailment"):
        EntailmentSupport(model_in(tmp_path, 0, labels))


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"there is no config\.json"):
        EntailmentSupport(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert", "id2label": LABELS}))
    with pytest.raises(EvaluationError, match="cannot be read"):
        EntailmentSupport(tmp_path)
