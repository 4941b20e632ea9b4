import json, math, random, sys

candidate = json.load(sys.stdin)
held_back = "--test" in sys.argv


def sample(count, seed):
    draw = random.Random(seed)
    points = [draw.uniform(-3, 3) for _ in range(count)]
    return points, [math.sin(x) + 0.3 * x + draw.gauss(0, 0.2) for x in points]


def features(x):
    scaled = math.tanh(x) if candidate["scaling"] == "tanh" else x / 3
    return [scaled**power for power in range(candidate["terms"] + 1)]


def solve(matrix, right):
    size = len(right)
    rows = [row[:] + [value] for row, value in zip(matrix, right)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(column + 1, size):
            factor = rows[row][column] / rows[column][column]
            rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column])]
    answer = [0.0] * size
    for row in reversed(range(size)):
        known = sum(rows[row][column] * answer[column] for column in range(row + 1, size))
        answer[row] = (rows[row][size] - known) / rows[row][row]
    return answer


xs, ys = sample(30, candidate["seed"])
design = [features(x) for x in xs]
size = candidate["terms"] + 1
gram = [[sum(row[i] * row[j] for row in design) + (candidate["shrinkage"] if i == j else 0) for j in range(size)] for i in range(size)]
weights = solve(gram, [sum(row[i] * y for row, y in zip(design, ys)) for i in range(size)])

others, truth = sample(200, 2 if held_back else 1)
errors = [sum(w * f for w, f in zip(weights, features(x))) - y for x, y in zip(others, truth)]
print("loss:", sum(error * error for error in errors) / len(errors))
