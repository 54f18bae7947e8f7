"""Reference values for the tests of the statistics layer.

Usage: python3 generate.py > golden.json

Everything is computed from definitions in exact rational arithmetic wherever that is possible, by
ways other than those of the Rust code: evidence from the integral of its beta density, ranks from
whole binomial sums, Kendall's distribution by counting permutations with a polynomial product.
With numpy and scipy installed (1.11 or later) the results are checked against theirs as well;
the output does not change.
"""

import json
import math
import random
from fractions import Fraction

try:
    import numpy
    import scipy.stats
except ImportError:
    scipy = None


def ln_fraction(value):
    """ln of a positive fraction whose parts may not fit a double."""

    def ln_int(n):
        shift = max(0, n.bit_length() - 900)
        return math.log(n >> shift) + shift * math.log(2)

    return ln_int(value.numerator) - ln_int(value.denominator)


def evidence(k, n):
    """E = 2^(n+1) * integral from 1/2 to 1 of p^k (1-p)^(n-k) dp, expanded in powers of q = 1-p."""
    if n <= 60:
        total = Fraction(0)
        for j in range(k + 1):
            power = n - k + j + 1
            total += (-1) ** j * math.comb(k, j) * Fraction(1, power * 2**power)
        return 2 ** (n + 1) * total
    beta = Fraction(1, (n + 1) * math.comb(n, k))
    below = Fraction(sum(math.comb(n + 1, i) for i in range(k + 1)), 2 ** (n + 1))
    return 2 ** (n + 1) * beta * below


def rank(n, level):
    """The largest k with 2 P(Bin(n, 1/2) <= k-1) <= alpha, else 1; and the level it attains."""
    alpha = 1 - Fraction(level)
    best, below = 1, 0
    for k in range(1, n // 2 + 2):
        below += math.comb(n, k - 1)
        if Fraction(2 * below, 2**n) > alpha:
            break
        best = k
    below = sum(math.comb(n, i) for i in range(best))
    return best, float(1 - Fraction(2 * below, 2**n))


def anytime(n, level):
    alpha = 1 - Fraction(level)
    for k in range(n + 1):
        if evidence(k, n) >= 2 / alpha:
            return k
    return None


def inversions(n):
    counts = [1]
    for i in range(2, n + 1):
        grown = [0] * (len(counts) + i - 1)
        for at, count in enumerate(counts):
            for extra in range(i):
                grown[at + extra] += count
        counts = grown
    return counts


def upper_tail(z):
    return math.erfc(z / math.sqrt(2)) / 2


def normal_quantile(p):
    low, high = -40.0, 40.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if upper_tail(-middle) < p else (low, middle)
    return (low + high) / 2


def untied_variance(n):
    return Fraction(n * (n - 1) * (2 * n + 5), 18)


def mann_kendall(y):
    n = len(y)
    pairs = n * (n - 1) // 2
    s = sum((b > a) - (b < a) for i, a in enumerate(y) for b in y[i + 1 :])
    groups = [y.count(v) for v in set(y)]
    tied = sum(t * (t - 1) // 2 for t in groups)
    tau = s / math.sqrt(pairs * (pairs - tied))
    if tied == 0 and n <= 50:
        counts = inversions(n)
        fewest = (pairs - abs(s)) // 2
        p = min(1.0, float(Fraction(2 * sum(counts[: fewest + 1]), math.factorial(n))))
    else:
        variance = untied_variance(n) - sum(Fraction(t * (t - 1) * (2 * t + 5), 18) for t in groups)
        p = min(1.0, 2 * upper_tail(max(0, abs(s) - 1) / math.sqrt(variance)))
    if scipy and tied == 0 and n <= 50:
        ours = scipy.stats.kendalltau(range(n), y, method="exact")
        assert abs(ours.statistic - tau) < 1e-12 and abs(ours.pvalue - p) < 1e-9, (ours, tau, p)
    elif scipy:
        assert abs(scipy.stats.kendalltau(range(n), y).statistic - tau) < 1e-12
    return {"y": y, "tau": tau, "p_value": p}


def theil_sen(y, level):
    n = len(y)
    exact = [Fraction(v) for v in y]
    slopes = sorted((exact[j] - exact[i]) / (j - i) for i in range(n) for j in range(i + 1, n))
    pairs = len(slopes)
    half = (1 - Fraction(level)) / 2
    if n <= 50:
        counts, below, cut = inversions(n), 0, 0
        while Fraction(below + counts[cut], math.factorial(n)) <= half:
            below += counts[cut]
            cut += 1
    else:
        spread = normal_quantile(1 - float(half)) * math.sqrt(untied_variance(n))
        cut = math.floor((pairs - spread) / 2)
    middle = (slopes[(pairs - 1) // 2] + slopes[pairs // 2]) / 2
    result = {"y": y, "level": level, "slope": float(middle), "low": None, "high": None}
    if cut > 0:
        result |= {"low": float(slopes[cut - 1]), "high": float(slopes[pairs - cut])}
    if scipy:
        theirs = scipy.stats.theilslopes(y, range(n), level)
        assert abs(theirs.slope - middle) < 1e-9
        if n > 50 and len(set(y)) == n:
            # scipy rounds the rank where Sen's rule keeps the wider one.
            assert any(abs(theirs.low_slope - slopes[cut - 1 + d]) < 1e-12 for d in (0, 1))
            assert any(abs(theirs.high_slope - slopes[pairs - cut - d]) < 1e-12 for d in (0, 1))
    return result


def quantile(values, p):
    ordered = sorted(values)
    h = (len(ordered) - 1) * Fraction(p)
    at = min(math.floor(h), len(ordered) - 1)
    low, high = Fraction(ordered[at]), Fraction(ordered[min(at + 1, len(ordered) - 1)])
    value = float(low + (high - low) * (h - at))
    if scipy:
        assert abs(numpy.quantile(values, p) - value) < 1e-9
    return {"values": values, "p": p, "quantile": value}


def series(rng, n, step, digits):
    return [round(100 + step * i + rng.gauss(0, 1), digits) for i in range(n)]


def main():
    rng = random.Random(20240229)
    levels = [0.5, 0.9, 0.95, 0.99, 0.999]
    pairs = [(k, n) for n in range(13) for k in range(n + 1)]
    pairs += [(k, n) for n in (40, 60) for k in range(0, n + 1, 4)]
    pairs += [(k, n) for n in (200, 1000, 3000) for k in (0, n // 3, n // 2, 6 * n // 10, n)]
    plain = [series(rng, n, step, 6) for n, step in ((3, 0), (5, 0.5), (9, 0), (9, 0.4), (20, 0.1), (50, 0), (51, 0.02), (80, 0.01))]
    tied = [series(rng, n, step, 0) for n, step in ((10, 0), (30, 0.05), (60, 0.0))]
    output = {
        "evidence": [[k, n, ln_fraction(evidence(k, n))] for k, n in pairs],
        "rank": [[n, level, *rank(n, level)] for n in (2, 3, 5, 8, 9, 13, 20, 40, 101, 1500, 4000) for level in levels],
        "anytime": [[n, level, anytime(n, level)] for n in (1, 5, 10, 11, 12, 20, 37, 60, 150, 400) for level in levels],
        "upper_tail": [[z / 4, upper_tail(z / 4)] for z in range(-20, 100, 3)],
        "normal_quantile": [[p, normal_quantile(p)] for p in (1e-9, 0.001, 0.025, 0.3, 0.5, 0.75, 0.975, 0.995)],
        "mann_kendall": [mann_kendall(y) for y in plain + tied],
        "theil_sen": [theil_sen(y, level) for y in plain[1:] + tied for level in (0.9, 0.99)],
        "quantile": [quantile(series(rng, n, 0, 3), p) for n in (1, 2, 7, 24) for p in (0.0, 0.1, 0.5, 0.95, 1.0)],
    }
    if scipy:
        for z, tail in output["upper_tail"]:
            assert math.isclose(scipy.stats.norm.sf(z), tail, rel_tol=1e-12)
        for k, n, ln_e in output["evidence"]:
            a, b = k + 1, n - k + 1
            theirs = (n + 1) * math.log(2) + scipy.special.betaln(a, b) + scipy.stats.beta.logsf(0.5, a, b)
            assert math.isclose(theirs, ln_e, rel_tol=1e-7, abs_tol=1e-7) or math.isinf(theirs), (k, n, theirs, ln_e)
    rows = ",\n".join(f'"{name}": ' + "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]" for name, rows in output.items())
    print("{\n" + rows + "\n}")


if __name__ == "__main__":
    main()
