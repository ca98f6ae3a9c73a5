"""What a bundle may cost: work counted by the real sizes of numbers, and memory."""

from __future__ import annotations

from typing import NoReturn

from .verdicts import Matrix, Undecided

# One budget for all that a bundle makes this program do (class Budget).  A unit of work is a product of two numbers of
# 30 bits, about a nanosecond; an operation of Python costs some hundreds.  So a bundle with few numbers ends within a
# minute.  Larger ones hold many numbers in files (a matrix for each piece) and need work in proportion to these: twice
# what the slowest of proofs/certificates needs is allowed for each number, up to MOST_WORK, six times what any needs.
MAX_WORK, WORK_PER_NUMBER, MOST_WORK = 4 * 10**10, 10**6, 3 * 10**11
MAX_MEMORY, MEMORY_PER_NUMBER, MOST_MEMORY = 600 << 20, 320, 1536 << 20  # bytes held at one time; more for large files
OPERATION, NUMBER_BYTES = 300, 40  # of an operation of Python, of a small integer in a list


class Budget:
    """Work and memory spent on one bundle, in the units of MAX_WORK and in bytes: `kept` to the end, or `held` by
    what is at work."""

    def __init__(self) -> None:
        self.work, self.allowance, self.extra, self.kept, self.held, self.exhausted = 0, MAX_WORK, 0, 0, 0, False
        self.room = MAX_MEMORY

    def grant(self, numbers: int) -> None:
        """So many numbers of a file belong to the bundle."""
        self.allowance = min(self.allowance + WORK_PER_NUMBER * numbers, max(MOST_WORK, MAX_WORK))
        self.room = min(self.room + MEMORY_PER_NUMBER * numbers, max(MOST_MEMORY, MAX_MEMORY))

    def spend(self, work: int) -> None:
        self.work += work
        if self.work > self.allowance + self.extra:
            self.refuse("the bundle needs more work than this checker spends on one of its size")

    def keep(self, size: int) -> None:
        self.kept += size
        self.fits(0)

    def hold(self, size: int) -> None:
        self.held += size
        self.fits(0)

    def fits(self, size: int) -> None:
        if self.kept + self.held + size > self.room:
            self.refuse("the bundle needs more memory than this checker spends on one")

    def refuse(self, message: str) -> NoReturn:
        self.exhausted = True
        raise Undecided(message)


def digits_in(bits: int) -> int:
    """Of 30 bits each: one product of two numbers with so many bits costs the square."""
    return bits // 30 + 1


def bytes_of(entries: int, bits: int) -> int:
    """Memory of so many integers in lists."""
    return entries * (NUMBER_BYTES + bits // 7)


def size_of(A: Matrix) -> int:
    """Bits of the largest entry."""
    return max((max(max(row), -min(row)) for row in A if row), default=0).bit_length()
