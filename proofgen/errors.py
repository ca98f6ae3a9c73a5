"""Errors that reach a user: one clear message, exit code 2, no traceback."""

from __future__ import annotations


def printable(text: str) -> str:
    """Text from outside for a console: line ends, escape sequences, bidi marks, lone surrogates appear as ``\\x1b``.

    All that `str.isprintable` calls visible, such as γ and é, stays.
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class ProofgenError(Exception):
    """Base of all errors this package raises on purpose."""


class InputError(ProofgenError):
    """A spec, a data file or an argument is not what was expected.

    The message names the source (file), the key, the value and the expectation,
    as far as each is known.
    """

    def __init__(
        self, expected: str, *, source: str | None = None, key: str | None = None, value: object = None
    ) -> None:
        self.expected, self.source, self.key, self.value = expected, source, key, value
        parts = [part for part in (source, key) if part]
        if value is not None:
            text = value if isinstance(value, str) else repr(value)
            text = text if len(text) <= 60 else text[:57] + "..."
            parts.append(f"got {text!r}" if isinstance(value, str) else f"got {text}")
        super().__init__(printable(": ".join([*parts, expected])))

    def within(self, source: str | None = None, key: str | None = None) -> InputError:
        """The same error with the missing source or key filled in."""
        return type(self)(
            self.expected, source=self.source or source, key=self.key or key, value=self.value
        )


class ArgumentError(InputError):
    """An argument of a function cannot be used. The key is its name, which on the command line is that of an option."""

    def as_option(self) -> InputError:
        """The same, naming ``--option``."""
        option = None if self.key is None else f"--{self.key.replace('_', '-')}"
        return InputError(self.expected, source=self.source, key=option, value=self.value)


def not_written(error: OSError, place: object, remedy: str = "") -> InputError:
    """What is said when the disk, or its permissions, did not allow something to be written at a place."""
    return InputError(f"could not be written ({error.strerror or error}){remedy}", source=str(place))


class UnsupportedError(InputError):
    """The input is well formed, but outside what this version can prove."""


class AbandonedError(ProofgenError):
    """A run that was to prove everything or nothing met something that it could not prove; it has no result."""
