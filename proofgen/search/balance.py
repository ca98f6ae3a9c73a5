"""Lengths of eigenvectors for which the enclosures of eigenvalues stay away from 0 over a long piece. UNTRUSTED.

Over a piece Y(A + tA')X has off-diagonal entries tM, M = YA'X. With the columns of X as long as D, M_ij becomes
M_ij D_j/D_i, and the largest |t| for which all |t| Σ_j |M_ij| D_j/D_i < |d_i| is that of Perron's vector D of
|M_ij|/|d_i|.
Beside a fold, where one d_i is small, this makes the pieces many times as long.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..approx.field import Array
from .witness import WitnessLimbs

APART, LEVEL = 2.0**20, 1 / 8  # see `levelled`
STEPS, MIXED = 100, 1e-2  # of the power method; what is added to all entries, relative to their mean
MOST = 2.0**8  # of a length over another


def balanced(basis: WitnessLimbs, motion: Array, sizes: Array | None = None) -> WitnessLimbs:
    """The basis with columns of such lengths, powers of two. motion: A'; sizes: instead of |d_i|, by block."""
    m, X, Y, d = basis.pairs, basis.X[0], basis.Y[0], basis.d[0]
    with np.errstate(all="ignore"):
        squares = (Y @ motion @ X) ** 2
        starts = [*range(0, 2 * m, 2), *range(2 * m, len(X))]
        blocks = np.sqrt(np.add.reduceat(np.add.reduceat(squares, starts, axis=0), starts, axis=1))
        away = np.hypot(d[:, 0], d[:, 1]) if sizes is None else sizes
        matrix = blocks / away[:, None]
        matrix = matrix + MIXED * np.mean(matrix)
        lengths = np.ones(len(matrix))
        for _ in range(STEPS):
            lengths = np.sqrt(lengths * (matrix @ lengths))
            lengths /= np.max(lengths)
    if not (np.all(np.isfinite(lengths)) and np.all(lengths > 0)):
        return basis
    return _with_lengths(basis, np.maximum(lengths, 1 / MOST))


def levelled(basis: WitnessLimbs) -> WitnessLimbs | None:
    """The basis with longer eigenvectors for larger eigenvalues; None where these are not many orders of magnitude
    apart.

    Rows of Y(A + E)X are small for small eigenvalues and large for large ones, and the left eigenvector of a small one
    is enclosed by column sums, in which these are too much. Lengths in proportion to |d_i|^(1/8) balance both.
    """
    d = basis.d[0]
    sizes = np.hypot(d[:, 0], d[:, 1])
    least, most = float(np.min(sizes)), float(np.max(sizes))
    if not (least > 0 and APART * least < most < np.inf):
        return None
    return _with_lengths(basis, (sizes / least) ** LEVEL)


def _with_lengths(basis: WitnessLimbs, lengths: Array) -> WitnessLimbs:
    """Powers of two near these, by block."""
    powers = 2.0 ** np.round(np.log2(lengths))
    columns = np.concatenate([np.repeat(powers[: basis.pairs], 2), powers[basis.pairs :]])
    return replace(basis, X=[X * columns for X in basis.X], Y=[Y / columns[:, None] for Y in basis.Y])
