"""From probabilities to the answer that every stack gives."""

from pathlib import Path

import numpy as np

TOP = 5


def read_labels(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").rstrip("\n").splitlines()


def answer(probabilities: np.ndarray, labels: list[str]) -> dict:
    """The five most probable classes of one image, from float32 [1000]."""
    best = np.argpartition(probabilities, -TOP)[-TOP:]
    # Falling probability; of equal ones the smaller class number.
    best = best[np.lexsort((best, -probabilities[best]))]
    predictions = [
        {"class_id": int(i), "class_name": labels[i], "confidence": float(probabilities[i])}
        for i in best
    ]
    return {
        "predictions": predictions,
        "top_prediction": predictions[0]["class_name"],
        "confidence": predictions[0]["confidence"],
    }
