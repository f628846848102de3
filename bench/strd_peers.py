#!/usr/bin/env python3
"""Prints, as a Markdown table, how many digits of NIST's reference sets R's lm and NumPy's lstsq get right.

The design matrices, powers and all, are the float64 numbers that ours is given; digits are counted as in strd_digits.cpp: the least
over a set's coefficients of -log10 of the relative error, at most 15. Where a coefficient is left out (NA), none is right.

    apt-get install --no-install-recommends r-base-core python3-numpy
    /usr/bin/python3 bench/strd_peers.py
"""

import json
import math
import pathlib
import subprocess

import numpy

FIXTURES = pathlib.Path(__file__).parent.parent / "tests/fixtures/strd"
SETS = "Norris Pontius NoInt1 NoInt2 Filip Longley Wampler1 Wampler2 Wampler3 Wampler4 Wampler5".split()

# Reads n, p and the numbers of labels and design, in hexadecimal, so that not a bit is lost.
LM = r"""
input <- file("stdin", "r")
size <- as.integer(strsplit(readLines(input, 1), " ")[[1]])
y <- as.numeric(strsplit(readLines(input, 1), " ")[[1]])
X <- matrix(as.numeric(strsplit(readLines(input, 1), " ")[[1]]), nrow = size[1], byrow = TRUE)
cat(sprintf("%a", coef(lm(y ~ X - 1))), sep = "\n")
"""


def design(data):
    """The rows, intercept first, and the labels: powers are formed as every program would, one multiplication after the other."""
    rows = []
    for row in data["rows"]:
        x = [float(cell) for cell in row[1:]]
        while data["model"] == "polynomial" and len(x) < data["degree"]:
            x.append(x[-1] * x[0])
        rows.append([1.0] * data["intercept"] + x)
    return numpy.array(rows), numpy.array([float(row[0]) for row in data["rows"]])


def lm(features, labels):
    lines = [" ".join(map(str, features.shape)), " ".join(map(float.hex, labels)), " ".join(map(float.hex, features.ravel()))]
    run = subprocess.run(["Rscript", "-e", LM], input="\n".join(lines), capture_output=True, text=True, check=True)
    return [math.nan if text == "NA" else float.fromhex(text) for text in run.stdout.split()]


def digits(computed, exact):
    errors = [abs(c - e) / (abs(e) or 1.0) for c, e in zip(computed, map(float, exact), strict=True)]
    if any(map(math.isnan, errors)):
        return 0.0
    return max(0.0, min(15.0, *(15.0 if error == 0.0 else -math.log10(error) for error in errors)))


print("| set | R lm | NumPy lstsq |")
print("|---|--:|--:|")
for name in SETS:
    data = json.loads((FIXTURES / f"{name}.json").read_text())
    features, labels = design(data)
    theirs = [lm(features, labels), numpy.linalg.lstsq(features, labels, rcond=None)[0]]
    print(f"| {name} |", *(f"{digits(computed, data['exact']['coef']):.1f} |" for computed in theirs))
