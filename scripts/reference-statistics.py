"""Reference values for packages/core/src/stats, from SciPy and NumPy (scipy 1.17.1, numpy 2.4.6).

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install scipy
    /tmp/venv/bin/python scripts/reference-statistics.py > packages/core/src/stats/reference-values.json

The tests read the recorded values only; Python is not needed to run them.
"""

import json
import math

import numpy as np
from scipy import stats

SAMPLES = [12.1, 3.4, 7.7, 45.0, 8.2, 8.2, 19.9, 5.5, 30.25, 6.0, 11.3]
REPEATS = [112.4, 109.8, 114.1, 111.0, 113.3]
PAIRS_A = [41.2, 39.8, 44.0, 40.7, 42.9]
PAIRS_B = [47.9, 45.1, 52.3, 44.8, 49.0]


def log_interval(values):
    logs = np.log(values)
    low, high = stats.t.interval(0.95, len(logs) - 1, loc=logs.mean(), scale=stats.sem(logs))
    return [math.exp(low), math.exp(high)]


def paired():
    logs = np.log(PAIRS_A) - np.log(PAIRS_B)
    low, high = stats.t.interval(0.95, len(logs) - 1, loc=logs.mean(), scale=stats.sem(logs))
    return {
        "a": PAIRS_A,
        "b": PAIRS_B,
        "pct": 100 * math.expm1(logs.mean()),
        "ci95": [100 * math.expm1(low), 100 * math.expm1(high)],
        "p": stats.ttest_1samp(logs, 0).pvalue,
    }


def unpaired():
    a, b = np.log(PAIRS_A), np.log(PAIRS_B[:4])
    found = stats.ttest_ind(a, b, equal_var=False)
    low, high = found.confidence_interval(0.95)
    return {
        "a": PAIRS_A,
        "b": PAIRS_B[:4],
        "pct": 100 * math.expm1(a.mean() - b.mean()),
        "ci95": [100 * math.expm1(low), 100 * math.expm1(high)],
        "p": found.pvalue,
    }


print(
    json.dumps(
        {
            "percentiles": {
                "samples": SAMPLES,
                "type7": [[p, float(np.percentile(SAMPLES, 100 * p))] for p in (0, 0.1, 0.5, 0.9, 0.95, 0.99, 1)],
            },
            "tQuantiles": [
                [p, df, float(stats.t.ppf(p, df))]
                for p in (0.005, 0.6, 0.95, 0.975, 0.99, 0.999)
                for df in (1, 2, 4, 9, 30, 200)
            ],
            "tTwoSidedP": [[t, df, float(2 * stats.t.sf(t, df))] for t in (0.1, 1, 2.776, 8, 40) for df in (1, 4, 29)],
            "repeats": {"values": REPEATS, "mean": float(np.mean(REPEATS)), "ci95": log_interval(REPEATS)},
            "paired": paired(),
            "unpaired": unpaired(),
        },
        indent=2,
    )
)
