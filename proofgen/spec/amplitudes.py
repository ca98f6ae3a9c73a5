"""Values of the table [orbits]: amplitudes of periodic orbits, and the Hopf points from which they are followed."""

from __future__ import annotations

import re
from fractions import Fraction

from ..errors import InputError
from ..problem.options import AUTO
from .data_files import exact_number

MAX_ORBITS, LARGEST = 100, 1000  # single orbits; of an amplitude


def amplitude(value: object) -> Fraction:
    expected = f'expected a positive decimal, at most {LARGEST}, such as "0.1"'
    found = exact_number(value, expected)
    if not 0 < found <= LARGEST:
        raise InputError(expected, value=value)
    return found


def amplitude_or_auto(value: object) -> Fraction | str:
    return AUTO if value == AUTO else amplitude(value)


def amplitudes(value: object) -> tuple[Fraction, ...]:
    if not isinstance(value, list) or len(value) > MAX_ORBITS:
        raise InputError(f'expected an array of at most {MAX_ORBITS} amplitudes, such as ["0.1"]', value=value)
    return tuple(amplitude(item) for item in value)


def hopf_names(value: object) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [None]
    if not all(isinstance(name, str) and re.fullmatch(r"hopf-[0-9]{4,6}", name) for name in names):
        raise InputError('expected names of Hopf points, such as ["hopf-0001"]', value=value)
    return tuple(names)
