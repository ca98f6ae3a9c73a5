"""A limit on the time that an untrusted expression may keep SymPy busy."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

from ..errors import InputError, UnsupportedError
from ..problem.problem import AnyProblem
from .named import NAMED

T = TypeVar("T")

# kind of field → key of a spec, and the expressions there that are the user's own
OWN_TEXTS: dict[str, tuple[str, Callable[[Any], list[str]]]] = {
    "network": (
        "network.activation",
        lambda problem: [layer.activation for layer in problem.layers if layer.activation not in NAMED],
    ),
    "equations": ("network.equations", lambda problem: list(problem.equations)),
    "plane": ("network.equations", lambda problem: list(problem.equations)),
    "cell": ("network", lambda problem: []),
}
DERIVATION_SECONDS = 120  # an expression that keeps SymPy busy for longer is refused


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Raise TimeoutError in the block after ``seconds``.

    Works in the main thread of a POSIX process where no other alarm is set; elsewhere there is no limit.
    """
    usable = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
    if not usable or signal.getitimer(signal.ITIMER_REAL)[0] > 0:
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"more than {seconds} seconds")

    old = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def guarded(problem: AnyProblem, derivation: Callable[[], T]) -> T:
    """Run SymPy work; where it fails or takes too long for a user's own expression, raise UnsupportedError."""
    key, own_texts = OWN_TEXTS[problem.kind]
    own = own_texts(problem)
    try:
        with time_limit(DERIVATION_SECONDS):
            return derivation()
    except (InputError, KeyboardInterrupt):
        raise
    except Exception as error:
        if not own:
            raise
        raise UnsupportedError(
            f"SymPy could not derive ball arithmetic for this expression ({type(error).__name__}: {str(error)[:80]})",
            key=key,
            value=own[0],
        ) from error
