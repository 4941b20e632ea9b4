"""Fits a damped oscillation to measurements: the root mean square error of

    y(t) = amplitude * exp(-decay * t) * cos(2 pi * frequency * t + phase) + offset

It speaks the protocol `lines`: a candidate a line on standard input, an answer a line on standard output.
"""

import json
import math
import sys

# (seconds, centimetres), made from amplitude 3.2, decay 0.18, frequency 0.83, phase 0.6, offset 1.1 and noise of 0.12.
MEASUREMENTS = [
    (0.0, 3.71), (0.25, 0.161), (0.5, -1.845), (0.75, 0.504), (1.0, 3.374), (1.25, 2.788),
    (1.5, -0.082), (1.75, -1.079), (2.0, 1.301), (2.25, 3.207), (2.5, 2.125), (2.75, -0.283),
    (3.0, -0.702), (3.25, 1.678), (3.5, 2.865), (3.75, 1.585), (4.0, -0.446), (4.25, -0.175),
    (4.5, 1.683), (4.75, 2.366), (5.0, 1.173), (5.25, -0.095), (5.5, 0.529), (5.75, 1.791),
    (6.0, 2.104), (6.25, 0.933), (6.5, 0.029), (6.75, 1.001), (7.0, 1.919), (7.25, 1.902),
    (7.5, 0.67), (7.75, 0.23), (8.0, 0.99), (8.25, 1.766), (8.5, 1.581), (8.75, 0.714),
    (9.0, 0.466), (9.25, 1.072), (9.5, 1.612), (9.75, 1.457), (10.0, 0.584), (10.25, 0.726),
    (10.5, 1.331), (10.75, 1.38), (11.0, 1.174), (11.25, 0.871), (11.5, 0.602), (11.75, 1.284),
]


def error(amplitude, decay, frequency, phase, offset):
    squares = 0.0
    for t, y in MEASUREMENTS:
        model = amplitude * math.exp(-decay * t) * math.cos(2 * math.pi * frequency * t + phase) + offset
        squares += (model - y) ** 2
    return math.sqrt(squares / len(MEASUREMENTS))


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"id": request["id"], "metric": error(**request["candidate"])}), flush=True)
