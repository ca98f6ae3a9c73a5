"""Elementary functions: argument reduction, Taylor sum, remainder."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from .intervals import Real, around
from .series import pi_for, series
from .verdicts import Rejected, Undecided


@lru_cache
def factorial(k: int) -> int:
    return 1 if k < 2 else k * factorial(k - 1)


def halvings(x: Real) -> int:
    """s with |x| / 2^s <= 2^-8."""
    if x.exponent > 12:
        raise Undecided("an argument of exp, sin or cos is too large for this checker")
    return max(0, x.exponent + 9)


def exp_at(x: Real) -> Real:
    """e^x = (e^(x/2^s))^(2^s); far out e^-4096 < 2^-5909."""
    if x.hi <= -(4096 << x.F):
        return x.of(0).up_to(x.of(Fraction(1, 1 << 5909)))
    if x.lo < 0 or x == x.of(0):
        return x.of(1) / exp_at(-x) if x.lo < 0 else x.of(1)
    s, F, k = halvings(x), x.F, 0
    t, (low, high), (lo, hi) = x.over(1 << s), (0, 0), (1 << F, 1 << F)
    while hi > 16:  # lo and hi enclose t^k/k!, 0 <= t <= 1/2, so that the tail after K terms is at most twice the next
        low, high, k = low + lo, high + hi, k + 1
        lo, hi = (lo * t.lo >> F) // k, -((-hi * t.hi >> F) // k)
    high += 2 * hi
    for _ in range(s):  # below 2^5910, as x <= 4096
        low, high = low * low >> F, -(-high * high >> F)
    return Real(low, high, F)


def artanh(x: Real) -> Real:
    """Sum of x^(2k+1)/(2k+1), |x| < 1/2."""
    return series(x, x * x, lambda k: 2 * k + 1)


def log_at(x: Real) -> Real:
    """log(m 2^e) = 2 artanh((m-1)/(m+1)) + 2e artanh(1/3), as log 2 = 2 artanh(1/3)."""
    if x.lo <= 0:
        raise Rejected("the argument of a log is not positive")
    e, one = x.exponent, x.of(1)
    m = x * x.of(Fraction(2) ** -e)  # in [1/2, 2], so |(m-1)/(m+1)| <= 1/3
    return x.of(2) * artanh((m - one) / (m + one)) + x.of(2 * e) * (artanh(one.over(3)) if e else x.of(0))


def within_a_turn(x: Real) -> Real:
    """x - 2 pi k for an integer k, by which its size is about pi at most; pi in a unit as fine as k is large."""
    if x.exponent > x.F:
        raise Undecided("an argument of sin or cos is too large for this checker")
    y = x.finer(x.exponent + 16)
    turn = pi_for(y.of(1)).by(2)
    return (y - turn.by((y.lo + y.hi + turn.lo) // (turn.lo + turn.hi))).coarser(x.exponent + 16)


def cos_sin_at(x: Real) -> tuple[Real, Real]:
    """Taylor at x/2^s, then cos 2t = 1 - 2 sin^2 t, sin 2t = 2 sin t cos t, s times."""
    x = within_a_turn(x) if x.exponent > 4 else x
    s = halvings(x)
    t = x.over(1 << s)
    c = series(x.of(1), -(t * t), lambda k: factorial(2 * k))
    y = series(t, -(t * t), lambda k: factorial(2 * k + 1))
    for _ in range(s):
        c, y = x.of(1) - x.of(2) * y * y, x.of(2) * y * c
    return c, y


def atan_at(x: Real) -> Real:
    """Three times atan x = 2 atan(x/(1 + sqrt(1 + x^2))), then the Taylor sum; |argument| < 0.2 by then."""
    t, one = x, x.of(1)
    for _ in range(3):
        t = t / (one + (one + t * t).sqrt())
    return x.of(8) * series(t, -(t * t), lambda k: 2 * k + 1)


def erf_at(x: Real) -> Real:
    """erf x = 2/sqrt(pi) e^(-x^2) sum_k 2^k x^(2k+1)/(2k+1)!!  (ratio 2x^2/(2k+3), at most 1/2 from k = 2x^2 on);
    far out 1 - erf x <= e^(-x^2)."""
    if x.hi < 0:
        return -erf_at(-x)
    if x.lo > 0 and x.lo * x.lo >> 2 * x.F > min(x.F, 961):  # where e^(-x^2) is below the unit, or x > 31
        return (x.of(1) - exp_of(-(x * x))).up_to(x.of(1))
    total, p, square, k = x.of(0), x, x * x, 0
    limit = 2 * square.ceil()
    while k < limit or p.size > 16:
        total, p, k = total + p, (p * x.of(2) * square).over(2 * k + 3), k + 1
    return x.of(2) / pi_for(x.of(1)).sqrt() * (total.widen(2 * abs(p).hi) / exp_of(square))


def tanh_at(x: Real) -> Real:
    """1 - 2/(e^2x + 1)."""
    if x.hi < 0:
        return -tanh_at(-x)
    if x.lo >= 2048 << x.F:  # 1 - tanh x <= 2 e^-2x
        return (x.of(1) - x.of(Fraction(1, 1 << 5900))).up_to(x.of(1))
    return x.of(1) - x.of(2) / (exp_of(x + x) + x.of(1))


def exp_of(x: Real) -> Real:
    """e^(m+t) - e^m is at most e^m (r + r^2) for |t| <= r <= 1."""
    (m, r), one = x.middle(), x.of(1)
    if r > one.hi:
        raise Undecided("an argument of exp varies too much for this checker")
    t, value = around(0, r, x.F), exp_at(around(m, 0, x.F))
    return value * (one + t + abs(t) * t) if r else value


def log_of(x: Real) -> Real:
    if x.lo <= 0:
        raise Rejected("the argument of a log is not positive")
    m, r = x.middle()
    value = log_at(around(m, 0, x.F))
    return value + around(0, r, x.F) / x if r else value


def cos_sin_of(x: Real) -> tuple[Real, Real]:
    m, r = x.middle()
    c, s = cos_sin_at(around(m, 0, x.F))
    return c.widen(r), s.widen(r)
