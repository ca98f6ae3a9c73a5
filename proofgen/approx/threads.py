"""One BLAS thread, so that an approximate result does not depend on the number of cores."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()  # looking for the loaded libraries takes milliseconds


def one_blas_thread() -> AbstractContextManager[object]:
    """A context in which linear algebra runs on one thread."""
    context: AbstractContextManager[object] = _controller().limit(limits=1)
    return context
