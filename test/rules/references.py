"""
Writes references.json: values, first and second partial derivatives of the elementary operations, worked out with 800
digits and rounded to doubles. Independent of the table: the functions are mpmath's, the derivatives its differences.

Run in this folder: python3 references.py (needs mpmath; takes five minutes).
"""

import json
import random

import mpmath as mp

mp.mp.dps = 800
random.seed(20)

WIDE, POSITIVE, UNIT, SHARE = (-9, 9), (0.05, 9), (-0.95, 0.95), (0.02, 0.98)


def log_abs_gamma(x):
    return mp.loggamma(x) if x > 0 else mp.log(mp.pi / abs(x * mp.sin(mp.pi * x))) - mp.loggamma(-x)


def trunc(x):
    return mp.floor(x) if x >= 0 else mp.ceil(x)


def cbrt(x):
    return mp.cbrt(x) if x >= 0 else -mp.cbrt(-x)


def hypot(*x):
    return mp.sqrt(sum(a * a for a in x))


# name: function, range of each operand, points beside the random ones
rows = {
    "add": (lambda x, y: x + y, [WIDE, WIDE], []),
    "sub": (lambda x, y: x - y, [WIDE, WIDE], []),
    "mul": (lambda x, y: x * y, [WIDE, WIDE], [[1e200, 1e-200]]),
    "div": (lambda x, y: x / y, [WIDE, (0.1, 9)], [[1e200, 1e200], [1e-150, 1e-150], [3.0, -1e160], [7.0, -2.0]]),
    "rem": (lambda x, y: x - y * trunc(x / y), [WIDE, (0.1, 2)], [[-7.5, 2.0], [7.5, -2.0], [1.0, 0.1], [1e15, 3.3]]),
    "neg": (lambda x: -x, [WIDE], []),
    "pow": (lambda x, y: x**y, [(0.1, 4), (-3, 3)], [[1e-3, 2.5], [1e100, 2.0], [1e150, -1.5], [0.5, 300.0], [2.0, 0.0]]),
    "abs": (lambda x: abs(x), [WIDE], []),
    "acos": (mp.acos, [UNIT], [[1 - 2.0**-40], [-1 + 2.0**-40], [1e-20]]),
    "acosh": (mp.acosh, [(1.05, 9)], [[1 + 2.0**-40], [1e150], [1e100]]),
    "asin": (mp.asin, [UNIT], [[1 - 2.0**-40], [-1 + 2.0**-40], [1e-20]]),
    "asinh": (mp.asinh, [WIDE], [[1e-20], [-1e150], [1e100]]),
    "atan": (mp.atan, [WIDE], [[1e-20], [1e30], [-1e60]]),
    "atan2": (mp.atan2, [WIDE, WIDE], [[1e150, 1e150], [-1e-150, 1e-150], [1.0, -1e100], [1e-5, 1e5]]),
    "atanh": (mp.atanh, [UNIT], [[1 - 2.0**-40], [-1 + 2.0**-40], [1e-20]]),
    "cbrt": (cbrt, [POSITIVE], [[-8.0], [-0.3], [1e-60], [1e200]]),
    "cos": (mp.cos, [WIDE], [[1e-9], [100.0]]),
    "cosh": (mp.cosh, [WIDE], [[1e-9], [-300.0]]),
    "exp": (mp.exp, [WIDE], [[-300.0], [300.0]]),
    "expm1": (mp.expm1, [WIDE], [[1e-20], [-40.0], [-300.0], [300.0]]),
    "hypot": (hypot, [WIDE, WIDE, WIDE], [[3.0, 4.0], [1e200, 1e200], [1e-200, -1e-200], [-3.0], [1.0, 2.0, 3.0, 4.0]]),
    "log": (mp.log, [POSITIVE], [[1e-150], [1e150], [1 + 2.0**-30]]),
    "log10": (mp.log10, [POSITIVE], [[1e-150], [1e150]]),
    "log1p": (mp.log1p, [(-0.95, 9)], [[1e-20], [-1 + 2.0**-40], [1e150]]),
    "log2": (lambda x: mp.log(x, 2), [POSITIVE], [[1e-150], [1e150]]),
    "max": (lambda *x: max(x), [WIDE, WIDE], [[3.0], [1.0, 5.0, 2.0], [-1.0, -5.0, -2.0, -0.5]]),
    "min": (lambda *x: min(x), [WIDE, WIDE], [[3.0], [1.0, 5.0, 2.0], [-1.0, -5.0, -2.0, -0.5]]),
    "sin": (mp.sin, [WIDE], [[1e-9], [100.0]]),
    "sinh": (mp.sinh, [WIDE], [[1e-9], [-300.0]]),
    "sqrt": (mp.sqrt, [POSITIVE], [[1e-200], [1e200]]),
    "tan": (mp.tan, [(-1.5, 1.5)], [[1e-9], [1.5707], [100.0]]),
    "tanh": (mp.tanh, [WIDE], [[1e-9], [20.0], [-40.0], [300.0], [-340.0]]),
    "digamma": (mp.digamma, [POSITIVE], [[-2.6], [-0.3], [1.4616321449683622], [25.5], [1e10], [1e-10]]),
    "erf": (mp.erf, [(-5, 5)], [[1e-20], [1.0], [-6.5], [10.0]]),
    "erfc": (mp.erfc, [(-5, 9)], [[1e-20], [0.5], [15.0], [26.0]]),
    "lgamma": (log_abs_gamma, [POSITIVE], [[-2.6], [-0.3], [1 - 2.0**-30], [2 + 2.0**-30], [25.5], [1e10], [1e-10]]),
    "log1mexp": (lambda x: mp.log(-mp.expm1(x)), [(-9, -0.05)], [[-1e-9], [-40.0], [-300.0]]),
    "log1pexp": (lambda x: mp.log1p(mp.exp(x)), [WIDE], [[-40.0], [-300.0], [20.0], [40.0], [300.0]]),
    "logistic": (lambda x: 1 / (1 + mp.exp(-x)), [WIDE], [[-40.0], [-300.0], [20.0], [40.0], [300.0]]),
    "logit": (lambda x: mp.log(x / (1 - x)), [SHARE], [[0.5], [0.5 + 2.0**-30], [1e-9], [1 - 2.0**-30]]),
    "logsumexp": (
        lambda *x: mp.log(sum(mp.exp(a) for a in x)),
        [WIDE, WIDE, WIDE],
        [[3.0], [1000.0, 1000.5], [-1000.0, -1001.0]],
    ),
    "polygamma": (lambda n, x: mp.polygamma(int(n), x), [(1, 1), POSITIVE], [[0.0, 2.5], [2.0, 3.5], [3.0, -1.6], [4.0, 50.0]]),
    "xlog1py": (lambda x, y: x * mp.log1p(y), [WIDE, (-0.9, 9)], [[0.0, 2.0], [3.0, 1e-20]]),
    "xlogy": (lambda x, y: x * mp.log(y), [WIDE, POSITIVE], [[0.0, 2.0], [3.0, 1e-150]]),
}


def derivative(f, x, orders, passive):
    """A partial derivative by differences in units of each operand, so that 1e200 is as good as 1."""
    if any(orders[k] for k in passive):
        return None
    scale = [abs(a) or mp.mpf(1) for a in x]
    moved = lambda *t: f(*[a if k in passive else a + s * b for k, (a, s, b) in enumerate(zip(x, scale, t))])
    slope = mp.diff(moved, tuple([0] * len(x)), tuple(orders))
    return slope / mp.fprod(s**o for s, o in zip(scale, orders))


def as_double(x):
    return None if x is None else float(mp.re(x))


def reference(name, f, point):
    x = [mp.mpf(a) for a in point]
    passive = [0] if name == "polygamma" else []
    places = range(len(x))
    orders = lambda *at: [sum(1 for a in at if a == k) for k in places]
    return {
        "x": point,
        "value": as_double(f(*x)),
        "gradient": [as_double(derivative(f, x, orders(k), passive)) for k in places],
        "hessian": [[as_double(derivative(f, x, orders(k, j), passive)) for j in places] for k in places],
    }


def sample(ranges):
    return [float(low) if low == high else random.uniform(low, high) for low, high in ranges]


references = {
    name: [reference(name, f, point) for point in [sample(ranges) for _ in range(8)] + points]
    for name, (f, ranges, points) in rows.items()
}

with open("references.json", "w") as file:
    lines = [
        f'  "{name}": [\n' + ",\n".join("    " + json.dumps(line, allow_nan=False) for line in lines_of) + "\n  ]"
        for name, lines_of in references.items()
    ]
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
