"""Reference values for the tests of the statistics layer.

Usage: python3 generate.py > golden.json

Everything is computed from definitions in exact rational arithmetic wherever that is possible, by
ways other than those of the Rust code: evidence from the integral of its beta density, ranks from
whole binomial sums, Kendall's distribution by counting permutations with a polynomial product.
With numpy and scipy installed (1.11 or later) the results are checked against theirs as well;
the output does not change.
"""

import itertools
import json
import math
import random
from fractions import Fraction

try:
    import numpy
    import scipy.optimize
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


def mixed(k, n):
    """The mean of E and of the capital of one who bets 96 % at even odds."""
    return (evidence(k, n) + Fraction(196, 100) ** k * Fraction(4, 100) ** (n - k)) / 2


def e_bh(rng, hypotheses, strong, q):
    """Every number of discoveries tried, from the definition."""
    log_e = [round(rng.gauss(-1, 2), 3) for _ in range(hypotheses - strong)]
    log_e += [round(rng.uniform(2, 12), 3) for _ in range(strong)]
    rng.shuffle(log_e)
    values = sorted((math.exp(v) for v in log_e), reverse=True)
    held = [r for r in range(1, hypotheses + 1) if values[r - 1] >= hypotheses / (q * r)]
    # Zeros may be left out.
    kept = [v for v in log_e if v > 0]
    return {"log_e": kept, "hypotheses": hypotheses, "q": q, "discoveries": max(held, default=0)}


def lag_one(y):
    ranks = [Fraction(2 * sum(v < w for v in y) + sum(v == w for v in y) + 1, 2) for w in y]
    centred = [r - Fraction(len(y) + 1, 2) for r in ranks]
    squares = sum(r * r for r in centred)
    value = sum(a * b for a, b in zip(centred, centred[1:])) / squares
    if scipy:
        theirs = scipy.stats.rankdata(y) - (len(y) + 1) / 2
        assert abs(numpy.dot(theirs[1:], theirs[:-1]) / numpy.dot(theirs, theirs) - value) < 1e-12
    return {"y": y, "correlation": float(value)}


def student_tail(t, df):
    """Half of I_x(df/2, 1/2), x = df/(df+t^2), from its power series, all terms positive."""
    a, x = df / 2, df / (df + t * t)
    log_front = -a * math.log1p(t * t / df) - math.lgamma(a) - math.lgamma(0.5) + math.lgamma(a + 0.5)
    term, terms, n = 1.0, [1 / a], 0
    while terms[-1] > 1e-18 * terms[0]:
        n += 1
        term *= (n - 0.5) / n * x
        terms.append(term / (a + n))
    tail = 0.5 * math.exp(log_front) * math.fsum(terms)
    if scipy:
        assert math.isclose(scipy.stats.t.sf(t, df), tail, rel_tol=1e-9), (t, df, tail)
    return tail


def student_quantile(p, df):
    low, high = 0.01, 1e7
    for _ in range(60):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if student_tail(middle, df) > 1 - p else (low, middle)
    if scipy:
        assert math.isclose(scipy.stats.t.ppf(p, df), low, rel_tol=1e-9)
    return low


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


def non_negative(columns, y, error):
    """Coefficients and chi^2 of weighted non-negative least squares, from the Kuhn-Tucker conditions."""
    rows = [[Fraction(v) / Fraction(e) for v, e in zip(column, error)] for column in columns]
    target = [Fraction(v) / Fraction(e) for v, e in zip(y, error)]
    dot = lambda a, b: sum(x * z for x, z in zip(a, b))
    for size in range(len(columns) + 1):
        for chosen in itertools.combinations(range(len(columns)), size):
            solved = solve([[dot(rows[i], rows[j]) for j in chosen] for i in chosen], [dot(rows[i], target) for i in chosen])
            if solved is None or any(c <= 0 for c in solved):
                continue
            left = [t - sum(c * rows[i][at] for c, i in zip(solved, chosen)) for at, t in enumerate(target)]
            if all(dot(rows[i], left) <= 0 for i in range(len(columns)) if i not in chosen):
                full = dict(zip(chosen, solved))
                return [full.get(i, Fraction(0)) for i in range(len(columns))], dot(left, left)
    raise ValueError("no solution")


def solve(matrix, right):
    rows = [row + [value] for row, value in zip(matrix, right)]
    for at in range(len(rows)):
        pivot = next((row for row in rows[at:] if row[at] != 0), None)
        if pivot is None:
            return None
        rows.remove(pivot)
        rows.insert(at, [value / pivot[at] for value in pivot])
        for other in range(len(rows)):
            if other != at:
                factor = rows[other][at]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[at])]
    return [row[-1] for row in rows]


def check_nnls(columns, y, error, coefficients, chi_square):
    if not scipy:
        return
    # Columns of very different size are beyond the tolerance in there, so each is scaled.
    scales = [max(column) or 1.0 for column in columns]
    matrix = numpy.array([[v / s / e for v, e in zip(column, error)] for column, s in zip(columns, scales)]).T
    theirs, residual = scipy.optimize.nnls(matrix, numpy.array(y) / error)
    for a, s, b in zip(theirs, scales, coefficients):
        assert math.isclose(a / s, b, rel_tol=1e-6, abs_tol=1e-9), (theirs, coefficients)
    assert math.isclose(residual**2, chi_square, rel_tol=1e-6, abs_tol=1e-9)


LAWS = {
    "1": lambda n: 1.0,
    "log n": lambda n: math.log2(max(n, 1)),
    "sqrt n": math.sqrt,
    "n": lambda n: n,
    "n log n": lambda n: n * math.log2(max(n, 1)),
    "n^2": lambda n: n**2,
    "n^3": lambda n: n**3,
}


def points(rng, sizes, law, noise, error):
    values = [round(law(n) * math.exp(noise * rng.gauss(0, 1)), 4) for n in sizes]
    return [[float(n), v, round(error * v * rng.uniform(1, 2), 6)] for n, v in zip(sizes, values)]


def precision(points):
    return sum((Fraction(v) / Fraction(e)) ** 2 for _, v, e in points)


def growth(points):
    sizes, values, errors = zip(*points)
    fits = {}
    for name, law in LAWS.items():
        columns = [[1.0] * len(sizes)] + ([[law(n) for n in sizes]] if name != "1" else [])
        coefficients, chi_square = non_negative(columns, values, errors)
        coefficients, chi_square = [float(c) for c in coefficients], float(chi_square)
        check_nnls(columns, values, errors, coefficients, chi_square)
        fitted = [sum(c * column[at] for c, column in zip(coefficients, columns)) for at in (0, -1)]
        if name != "1" and fitted[1] < 1.1 * fitted[0]:
            continue
        n, k = len(sizes), len(columns)
        scale = max(1.0, chi_square / n)
        criterion = n * math.log(scale) + chi_square / scale + 2 * k + 2 * k * (k + 1) / (n - k - 1)
        fits[name] = [*(coefficients + [0.0])[:2], criterion, math.sqrt(chi_square / float(precision(points)))]
    best = min(fit[2] for fit in fits.values())
    total = sum(math.exp((best - fit[2]) / 2) for fit in fits.values())
    laws = [[name, c0, c1, math.exp((best - criterion) / 2) / total, misfit] for name, (c0, c1, criterion, misfit) in fits.items()]
    return {"points": points, "laws": laws}


def scalability(points):
    levels, values, errors = zip(*points)
    columns = [[1.0] * len(levels), [n - 1 for n in levels], [n * (n - 1) for n in levels]]
    (one, turns, pairs), chi_square = non_negative(columns, values, errors)
    check_nnls(columns, values, errors, [float(c) for c in (one, turns, pairs)], float(chi_square))
    peak = math.sqrt((1 - turns / one) / (pairs / one)) if pairs > 0 and turns < one else None
    misfit = math.sqrt(chi_square / precision(points))
    return {"points": points, "law": [float(1 / one), float(turns / one), float(pairs / one), peak, misfit]}


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
    spread = random.Random(20240301)
    many = random.Random(20240302)
    degrees = (0.7, 1, 2, 3.5, 5, 9, 30, 120.5, 1000)
    wide, narrow = (64, 256, 1024, 4096, 16384), (10, 20, 30, 40, 50, 60, 80)
    grown = [points(spread, sizes, lambda n, law=law: 40 + 3 * law(n), noise, 0.011) for sizes in (wide, narrow) for law in LAWS.values() for noise in (0.01, 0.05)]
    grown.append(points(spread, (0, 1, 2, 3, 4, 4), lambda n: 100 - 5 * n, 0.01, 0.02))
    usl = lambda sigma, kappa: lambda n: 250 * (1 + sigma * (n - 1) + kappa * n * (n - 1))
    threaded = [points(spread, levels, usl(sigma, kappa), noise, 0.011) for levels in ((1, 2, 3, 4), (1, 2, 4, 8, 16, 32)) for sigma, kappa in ((0.0, 0.0), (0.08, 0.002), (0.3, 0.0)) for noise in (0.0, 0.03)]
    output = {
        "evidence": [[k, n, ln_fraction(evidence(k, n))] for k, n in pairs],
        "mixed": [[k, n, ln_fraction(mixed(k, n))] for k, n in pairs],
        "e_bh": [e_bh(many, n, strong, q) for n, strong in ((2, 1), (6, 2), (20, 4), (60, 20), (200, 1), (200, 40)) for q in (0.01, 0.05, 0.2)],
        "lag_one": [lag_one(series(many, n, step, digits)) for n, step in ((3, 0), (8, 0), (9, 0.4), (40, 0.1), (120, 0)) for digits in (0, 6)],
        "student_tail": [[t, df, student_tail(t, df)] for df in degrees for t in (0.25, 1.0, 2.5, 7.0, 40.0)],
        "student_quantile": [[p, df, student_quantile(p, df)] for df in degrees for p in (0.75, 0.975, 0.9975, 0.99999)],
        "rank": [[n, level, *rank(n, level)] for n in (2, 3, 5, 8, 9, 13, 20, 40, 101, 1500, 4000) for level in levels],
        "anytime": [[n, level, anytime(n, level)] for n in (1, 5, 10, 11, 12, 20, 37, 60, 150, 400) for level in levels],
        "upper_tail": [[z / 4, upper_tail(z / 4)] for z in range(-20, 100, 3)],
        "normal_quantile": [[p, normal_quantile(p)] for p in (1e-9, 0.001, 0.025, 0.3, 0.5, 0.75, 0.975, 0.995)],
        "mann_kendall": [mann_kendall(y) for y in plain + tied],
        "theil_sen": [theil_sen(y, level) for y in plain[1:] + tied for level in (0.9, 0.99)],
        "quantile": [quantile(series(rng, n, 0, 3), p) for n in (1, 2, 7, 24) for p in (0.0, 0.1, 0.5, 0.95, 1.0)],
        "growth": [growth(p) for p in grown],
        "scalability": [scalability(p) for p in threaded],
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
