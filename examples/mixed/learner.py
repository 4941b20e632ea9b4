"""Tunes a little learner: a network of one hidden layer, trained on two interleaved half-moons, judged on points it has not seen.

The metric is the mean log loss on those points; the violation says by how much the network has more weights than allowed.
Everything is seeded, so that the same candidate always measures the same.
"""

import json
import math
import random
import sys

MAX_WEIGHTS = 60
EPOCHS = 12


def moons(count, noise, seed):
    numbers = random.Random(seed)
    points = []
    for i in range(count):
        angle = math.pi * numbers.random()
        label = i % 2
        x = 1 - math.cos(angle) if label else math.cos(angle)
        y = 0.5 - math.sin(angle) if label else math.sin(angle)
        points.append((x + numbers.gauss(0, noise), y + numbers.gauss(0, noise), label))
    return points


TRAINING = moons(80, 0.2, seed=1)
UNSEEN = moons(80, 0.2, seed=2)
ACTIVATIONS = {  # the function, and its derivative by the function's value
    "tanh": (math.tanh, lambda h: 1 - h * h),
    "relu": (lambda z: max(z, 0.0), lambda h: 1.0 if h > 0 else 0.0),
    "softsign": (lambda z: z / (1 + abs(z)), lambda h: (1 - abs(h)) ** 2),
}


def forward(weights, hidden, activate, x, y):
    values = [activate(weights[3 * i] * x + weights[3 * i + 1] * y + weights[3 * i + 2]) for i in range(hidden)]
    output = weights[4 * hidden] + sum(weights[3 * hidden + i] * values[i] for i in range(hidden))
    return values, 1 / (1 + math.exp(-max(-30.0, min(30.0, output))))


def gradient(weights, hidden, activate, slope, x, y, label):
    values, probability = forward(weights, hidden, activate, x, y)
    delta = probability - label
    inner, outer = [], []
    for i, value in enumerate(values):
        back = delta * weights[3 * hidden + i] * slope(value)
        inner += [back * x, back * y, back]
        outer.append(delta * value)
    return inner + outer + [delta]


def train(hidden, activation, optimizer, learning_rate, momentum, decay):
    activate, slope = ACTIVATIONS[activation]
    numbers = random.Random(3)
    size = 4 * hidden + 1
    weights = [numbers.gauss(0, 0.7) for _ in range(size)]
    speed, power, step = [0.0] * size, [0.0] * size, 0
    for _ in range(EPOCHS):
        for x, y, label in numbers.sample(TRAINING, len(TRAINING)):
            step += 1
            for i, g in enumerate(gradient(weights, hidden, activate, slope, x, y, label)):
                g += decay * weights[i]
                if optimizer == "adam":
                    speed[i] = momentum * speed[i] + (1 - momentum) * g
                    power[i] = 0.999 * power[i] + 0.001 * g * g
                    weights[i] -= learning_rate * speed[i] / (1 - momentum**step) / (math.sqrt(power[i] / (1 - 0.999**step)) + 1e-8)
                else:
                    speed[i] = momentum * speed[i] + g if optimizer == "momentum" else g
                    weights[i] -= learning_rate * speed[i]
    return weights


def loss(weights, hidden, activation):
    total = 0.0
    for x, y, label in UNSEEN:
        probability = forward(weights, hidden, ACTIVATIONS[activation][0], x, y)[1]
        total -= math.log(max(probability if label else 1 - probability, 1e-12))
    return total / len(UNSEEN)


for line in sys.stdin:
    request = json.loads(line)
    candidate = request["candidate"]
    answer = {"id": request["id"]}
    try:
        weights = train(**candidate)
        answer["metric"] = loss(weights, candidate["hidden"], candidate["activation"])
        answer["violation"] = max(0, len(weights) - MAX_WEIGHTS) / MAX_WEIGHTS
    except OverflowError:
        answer["error"] = "the training diverged"
    print(json.dumps(answer), flush=True)
