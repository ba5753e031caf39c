"""Purchase models at a million customers: fitting and scoring, beside `lifetimes` on the same histories in one run.

    python bench/purchase_models.py [CUSTOMERS]

`lifetimes` is no dependency: install it in an environment apart and name its packages in LIFETIMES (a folder of
site-packages). Prints one JSON document: seconds by the clock and of the processor (medians of three), the most memory,
the parameters of both, and ratios. Without LIFETIMES the peer is left out, and said so.

`pymc-marketing` is not run here, for it needs 578 MB of packages. Measured apart on CDNOW's sample, 0.19.2 on Python
3.11 and a busy machine: 22.5 s to import, 90.7 s for the MAP of BG/NBD at first and 9.4 s again, with a = .706 and
b = 2.092 where .793 and 2.426 are published (its default priors draw them down).
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from vafa.lab.purchase_models import build_histories, fit_purchase_model, summarise_days
from vafa.lab.spend_model import fit_spend_model

T = TypeVar("T")

DAYS = 730
UNTIL = 800_000
SEED = 11
PEER_CUSTOMERS = 100_000
PEER = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
import numpy as np
from lifetimes import BetaGeoFitter
told = np.load(sys.argv[2])
times = []
for _ in range(3):
    started = time.perf_counter()
    fitter = BetaGeoFitter().fit(told["x"], told["t"], told["age"])
    times.append(time.perf_counter() - started)
print(json.dumps({"seconds": times, "parameters": [float(fitter.params_[name]) for name in ("r", "alpha", "a", "b")]}))
"""


def draw(customers: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Customers' numbers and days of purchase, heavy-tailed: log-normal rates, some leave; and means of spend."""
    random = np.random.default_rng(SEED)
    joined = random.integers(0, DAYS, customers)
    rate = random.lognormal(-4.2, 1.0, customers)
    stay = random.exponential(400, customers)
    orders = 1 + random.poisson(rate * np.minimum(stay, DAYS - joined))
    numbers = np.repeat(np.arange(customers), orders)
    span = np.repeat(np.minimum(stay, DAYS - 1 - joined), orders)
    offset = random.random(len(numbers)) * span
    offset[np.concatenate(([0], np.cumsum(orders)[:-1]))] = 0
    days = UNTIL - DAYS + np.repeat(joined, orders) + offset.astype(np.int64)
    keys = np.unique(numbers * 1_000_000_000 + days)
    return keys // 1_000_000_000, keys % 1_000_000_000, random.gamma(4, 10, customers)


def measure(do: Callable[[], T], times: int = 3) -> tuple[T, dict[str, float]]:
    """What it gives, and the medians of seconds by the clock and of the processor."""
    clock, processor = [], []
    for _ in range(times):
        started, worked = time.perf_counter(), time.process_time()
        given = do()
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - worked)
    return given, {
        "clock": round(statistics.median(clock), 3),
        "processor": round(statistics.median(processor), 3),
    }


def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    numbers, days, means = draw(customers)
    (x, t, age), summary = measure(lambda: summarise_days(numbers, days, UNTIL, customers))
    document = {"customers": customers, "purchase_days": len(numbers), "seconds": {"histories": summary}}
    seconds = document["seconds"]
    kept, seconds["grouping"] = measure(lambda: build_histories(x, t, age))
    document["unique_histories"] = len(kept.orders)
    for kind in ("mbg", "bg"):
        model, seconds[f"fit_{kind}"] = measure(
            lambda kind=kind: fit_purchase_model(build_histories(x, t, age), kind)
        )
        document[kind] = model.to_document()
    model = fit_purchase_model(kept)
    _, seconds["score_no_order"] = measure(lambda: model.no_order_chances(x, t, age, 90))
    _, seconds["score_expected_orders"] = measure(lambda: model.expected_orders(x, t, age, 90))
    repeated = x > 0
    _, seconds["fit_spend"] = measure(lambda: fit_spend_model(x[repeated], means[repeated]))
    document["most_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    document["lifetimes"] = compare(x, t, age)
    print(json.dumps(document, indent=1))


def compare(x: np.ndarray, t: np.ndarray, age: np.ndarray) -> dict | str:
    """The peer's BG/NBD on the first customers, and Vafa's on the same."""
    packages = os.environ.get("LIFETIMES")
    if not packages:
        return "left out: LIFETIMES names no folder of packages"
    few = slice(0, PEER_CUSTOMERS)
    path = f"/tmp/purchase-models-{os.getpid()}.npz"
    np.savez(path, x=x[few], t=t[few], age=age[few])
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", PEER, packages, path], capture_output=True, text=True, check=False, env=clean
    )
    Path(path).unlink()
    if done.returncode:
        return f"failed: {done.stderr[-300:]}"
    peer = json.loads(done.stdout.splitlines()[-1])
    own, seconds = measure(lambda: fit_purchase_model(build_histories(x[few], t[few], age[few]), "bg"))
    theirs = statistics.median(peer["seconds"])
    return {
        "customers": len(x[few]),
        "seconds": {"lifetimes": round(theirs, 3), "vafa": seconds["clock"]},
        "times_faster": round(theirs / seconds["clock"], 1),
        "parameters": {"lifetimes": peer["parameters"], "vafa": [own.r, own.alpha, own.a, own.b]},
    }


if __name__ == "__main__":
    main()
