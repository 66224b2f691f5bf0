"""From probabilities to the answer that every stack gives."""

from pathlib import Path

import numpy as np

TOP = 5


def read_labels(path: Path) -> list[str]:
    """One label a line."""
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")


def answer(probabilities: np.ndarray, labels: list[str]) -> dict:
    """The five most probable classes of one image, from float32 [1000]."""
    # Falling probability; the sort is stable, so of equal ones the smaller class number.
    best = np.argsort(-probabilities, kind="stable")[:TOP]
    predictions = [
        {"class_id": int(i), "class_name": labels[i], "confidence": float(probabilities[i])}
        for i in best
    ]
    return {
        "predictions": predictions,
        "top_prediction": predictions[0]["class_name"],
        "confidence": predictions[0]["confidence"],
    }
