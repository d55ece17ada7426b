"""PyTorch on one thread, float64: the gradients of some objectives, as its users would write them.

Reads from the standard input {"objective", "args", "seconds"}; writes {"seconds", "gradient"}. With no input ("check"
as an argument) it only says whether PyTorch is there.
"""

import json
import sys
import time

import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def product(x):
    return x.prod()


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def polynomial_fit(c, xs, ys):
    y = torch.zeros_like(xs)
    for k in range(len(c) - 1, -1, -1):
        y = y * xs + c[k]
    return ((y - ys) ** 2).mean()


def gmm(alphas, means, factors, xs, wishart):
    n, d = xs.shape
    k = len(alphas)
    q, lower = factors[:, :d], factors[:, d:]
    diagonal = q.exp()
    columns, rows = torch.triu_indices(d, d, 1)
    matrices = torch.zeros(k, d, d)
    matrices[:, rows, columns] = lower
    matrices = matrices + torch.diag_embed(diagonal)
    scaled = torch.einsum("kij,knj->kni", matrices, xs[None] - means[:, None])
    logs = q.sum(1)
    terms = (alphas + logs)[:, None] - 0.5 * (scaled**2).sum(2)
    prior = 0.5 * wishart["gamma"] ** 2 * ((diagonal**2).sum() + (lower**2).sum()) - wishart["m"] * logs.sum()
    return terms.logsumexp(0).sum() - n * alphas.logsumexp(0) + prior


def logistic(w, table, labels, ridge):
    z = table.reshape(len(labels), len(w)) @ w
    return (torch.nn.functional.softplus(z, threshold=1e9) - labels * z).sum() + 0.5 * ridge * (w**2).sum()


def softmax(weights, bias, xs, classes):
    return torch.nn.functional.cross_entropy(xs @ weights.T + bias, classes.long())


def network(layers, samples):
    h = samples["x"]
    for layer in layers:
        h = torch.tanh(h @ layer["weights"].T + layer["bias"])
    return ((h - samples["target"]) ** 2).sum()


def attention(queries, keys, values, targets):
    shares = (queries @ keys.T / keys.shape[1] ** 0.5).softmax(1)
    return ((shares @ values - targets) ** 2).sum()


def heat(initial, conductivity, target, steps):
    u = initial
    for _ in range(int(steps)):
        inner = u[1:-1] + conductivity[1:-1] * (u[:-2] - 2 * u[1:-1] + u[2:])
        u = torch.cat([u[:1], inner, u[-1:]])
    return ((u - target) ** 2).sum()


def lennard_jones(places, cutoff):
    x = places.reshape(-1, 3)
    i, j = torch.tril_indices(len(x), len(x), -1)
    square = ((x[i] - x[j]) ** 2).sum(1)
    sixth = (1 / square[square <= cutoff**2]) ** 3
    return (4 * sixth * (sixth - 1)).sum()


OBJECTIVES = {
    "product": (product, [0]),
    "Rosenbrock": (rosenbrock, [0]),
    "polynomial fit": (polynomial_fit, [0]),
    "GMM": (gmm, [0, 1, 2]),
    "logistic regression": (logistic, [0]),
    "softmax regression": (softmax, [0, 1]),
    "network": (network, [0]),
    "attention": (attention, [0, 1, 2]),
    "heat equation": (heat, [0, 1]),
    "Lennard-Jones": (lennard_jones, [0]),
}


def tensors(value):
    """Lists of numbers become tensors; lists of records stay lists, or become records of tensors for samples."""
    if isinstance(value, dict):
        return {key: tensors(item) for key, item in value.items()}
    if isinstance(value, list):
        if isinstance(value[0], dict):
            return [tensors(item) for item in value]
        return torch.tensor(value, dtype=torch.float64)
    return value


def leaves(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, (list, dict)):
        items = value.values() if isinstance(value, dict) else value
        return [leaf for item in items for leaf in leaves(item)]
    return []


def main():
    if sys.argv[1:] == ["check"]:
        print(json.dumps({"version": torch.__version__, "objectives": list(OBJECTIVES)}))
        return
    job = json.load(sys.stdin)
    f, wrt = OBJECTIVES[job["objective"]]
    args = job["args"]
    if job["objective"] == "network":
        args[1] = {key: [sample[key] for sample in args[1]] for key in ("x", "target")}
    args = [tensors(value) for value in args]
    inputs = [leaf.requires_grad_() for k in wrt for leaf in leaves(args[k])]

    def gradient():
        return torch.autograd.grad(f(*args), inputs)

    end = time.perf_counter() + job["seconds"]
    least = float("inf")
    while True:
        start = time.perf_counter()
        result = gradient()
        now = time.perf_counter()
        least = min(least, now - start)
        if now > end:
            break
    print(json.dumps({"seconds": least, "gradient": [v for g in result for v in g.flatten().tolist()]}))


main()
