"""Times the notebook's training loop in PyTorch. Prints microseconds by workload, as JSON.

usage: python3 pytorch.py '[{"name": "W1", "n": 1000, "d": 2, "batch_size": 10, "lr": 0.03}, ...]'
A workload without batch_size is the closed form. A batch of all rows goes without a DataLoader.
"""
import json
import sys
import time

import torch
from torch import nn
from torch.utils import data


def epochs_of(work):
    """A function that trains for an epoch, and the weights that it trains."""
    n, d = work["n"], work["d"]
    features = torch.normal(0, 1, (n, d))
    labels = features.sum(1, keepdim=True) + torch.normal(0, 0.01, (n, 1))
    net = nn.Sequential(nn.Linear(d, 1))
    loss = nn.MSELoss()
    trainer = torch.optim.SGD(net.parameters(), lr=work["lr"])
    if work["batch_size"] >= n:
        batches = [(features, labels)]
    else:
        batches = data.DataLoader(data.TensorDataset(features, labels), work["batch_size"], shuffle=True)

    def epoch():
        for x, y in batches:
            value = loss(net(x), y)
            trainer.zero_grad()
            value.backward()
            trainer.step()

    return epoch, net[0].weight


def closed_form_of(work):
    features = torch.rand(work["n"], work["d"], dtype=torch.float64) * 2 - 1
    design = torch.cat([features, torch.ones(work["n"], 1, dtype=torch.float64)], 1)
    labels = design.sum(1, keepdim=True)

    def solve():
        return torch.linalg.lstsq(design, labels).solution  # by QR, as is the default on a CPU

    return solve, solve().T


def best(call, seconds=1.5):
    least, until = float("inf"), time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        call()
        now = time.perf_counter()
        least = min(least, now - start)
        if now > until:
            return least * 1e6


def main():
    torch.manual_seed(0)
    times = {}
    for work in json.loads(sys.argv[1]):
        call, weight = (epochs_of if "batch_size" in work else closed_form_of)(work)
        for _ in range(400 if work.get("batch_size") == work["n"] else 3):
            call()
        if not (weight - 1).abs().max() < 0.02:
            sys.exit(f"PyTorch's weights for {work['name']} are wrong: nothing is timed that is wrong")
        times[work["name"]] = best(call)
    print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads(), "times": times}))


main()
