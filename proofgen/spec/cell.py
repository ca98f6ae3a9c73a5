"""RNN, GRU and LSTM as cells: GRU and LSTM always, an RNN with a box of weights or with alpha as its parameter."""

from __future__ import annotations

from fractions import Fraction

from ..errors import InputError, UnsupportedError
from ..numbers.exact import ExactMatrix
from ..problem.cell import MAX_STEP_CHARS, CellProblem, is_step
from ..problem.options import ProofOptions
from .form import CellNetwork, RecurrentParameterTable, RnnNetwork
from .recurrent import Arrays


def read_cell(
    network: RnnNetwork | CellNetwork, parameter: RecurrentParameterTable, arrays: Arrays, directions: Arrays,
    title: str, proof: ProofOptions, source: str,
) -> CellProblem:  # fmt: skip
    """The cell of a spec with the arrays that `recurrent.read_recurrent` gives. Raises InputError."""
    if parameter.interval is None:
        expected = 'missing; expected the range of the parameter, such as ["0.5", "2"]'
        raise InputError(expected, key="parameter.interval")
    hidden, discrete = (arrays | directions)["weight_hh"].shape[1], network.time != "continuous"
    step = network.time if isinstance(network.time, Fraction) else Fraction(1)
    if isinstance(network, RnnNetwork):
        arrays, directions = _with_alpha(network, parameter, arrays, directions, hidden)
    elif parameter.enters.how == "alpha":
        raise InputError('alpha is only of family = "rnn"', key="parameter.enters")
    elif network.family == "lstm" and network.time != "discrete":
        raise InputError('expected "discrete": an LSTM is a map', key="network.time")
    elif not is_step(step):
        expected = f"expected a decimal from 1e-100 to 1e100 of at most {MAX_STEP_CHARS} characters"
        raise InputError(expected, key="network.time.euler")
    problem = CellProblem(
        title=title,
        cell=network.family,
        hidden=hidden,
        arrays=arrays,
        directions=directions,
        interval=parameter.interval,
        parameter_name=parameter.name,
        proof=proof,
        discrete=discrete,
        source=source,
        step=step,
    )
    if not any(gate.moves for gate in problem.gates().values()):
        raise InputError("the parameter changes nothing", key="parameter.enters")
    return problem


def _with_alpha(
    network: RnnNetwork, parameter: RecurrentParameterTable, arrays: Arrays, directions: Arrays, hidden: int
) -> tuple[Arrays, Arrays]:
    """The arrays of an RNN with alpha, which is one number for all units in a spec."""
    if network.activation != "tanh":
        why = 'expected "tanh": a weight_radius, and alpha as the parameter, are for this one'
        raise UnsupportedError(why, key="network.activation", value=network.activation)
    ones = ExactMatrix.from_fractions([[Fraction(1)]] * hidden)
    if parameter.enters.how != "alpha":
        require_alpha(network.alpha)
        return arrays | {"alpha": ones.scaled(network.alpha)}, directions
    if network.alpha != 1:
        expected = "expected no alpha, as the parameter stands there"
        raise InputError(expected, key="network.alpha", value=str(network.alpha))
    if network.time != "discrete":
        why = 'expected time = "discrete": in continuous time alpha does no more than scale the time'
        raise InputError(why, key="parameter.enters")
    if parameter.interval is not None and parameter.interval[0] <= 0:
        raise InputError("expected a range of positive numbers for alpha", key="parameter.interval")
    return arrays, {"alpha": ones}


def require_alpha(alpha: Fraction) -> None:
    """Raises InputError."""
    if not 0 < alpha <= 1:
        raise InputError("expected a number in (0, 1]", key="network.alpha", value=str(alpha))
