"""The points of a run of Method S, proved once more by Method N."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..bundle.hopf_point import HopfClaims
from ..bundle.zero_branch import ZeroBranch
from ..claims import zero_branch as cert
from ..claims.hopf_point import OpenPoint, PointContent
from ..claims.rows import named_points, numbered
from ..claims.singular import PrintedSingular
from ..claims.zero_crossing import PlainCrossing
from ..codegen.network import NetworkEmission
from ..codegen.normal_form import hopf_text
from ..proof.failure import FailureCode
from ..search.location import HOPF, CrossingApprox
from .points import prove_points
from .task import Found, Task
from .workshop import Setting


def with_newton_balls(
    task: Task,
    emission: NetworkEmission,
    found: cert.Classification[cert.PrintedPoint],
    branch: ZeroBranch,
    named: Sequence[PrintedSingular],
    plain: Sequence[PlainCrossing],
    precision: int,
) -> Found:
    """The Hopf points of a classification by Method N; named, plain: real crossings."""
    emission = replace(emission, normal_forms=(*emission.normal_forms, hopf_text()))
    task.files.contents["evaluator.py"] = emission.source.encode()
    with task.watch("proof"):
        proved, opened = newton_points(task, emission, found.points, precision)
    with task.watch("certificates"):
        rows = numbered([*proved, *named], [*opened, *found.open_pairs])
        at_crossings = [(name, item) for name, item in rows if isinstance(item, PrintedSingular)]
        points = [point for _, point in named_points(rows, task.files)]
        points += [item.named(name, branch.witness) for name, item in at_crossings if branch.witness is not None]
        points.sort(key=lambda point: point.claims.parameter.low)
        new = [item for _, item in rows if isinstance(item, OpenPoint) and not _listed(item, found)]
        return Found(cert.with_other_points(branch, points, new), points, rows, emission, plain=plain)


def _listed(item: OpenPoint, found: cert.Classification[cert.PrintedPoint]) -> bool:
    """Whether an open point stands in the classification already."""
    return any(item.parameter == other.parameter and item.code is other.code for other in found.open_points)


def newton_points(
    task: Task, emission: NetworkEmission, found: Sequence[cert.PrintedPoint], precision: int
) -> tuple[list[PointContent], list[OpenPoint]]:
    """Method N at the points that the classification has proved.

    Every one of them is in one of the lists: they are different points, also where Method N cannot tell them apart.
    """
    trivial = all(point.proof.equilibrium is None for point in found)
    closed = emission.normal_forms[0]
    setting = Setting(task.problem, emission, precision, trivial, task.existence, zero_branch=closed)
    proved, opened = prove_points(setting, [_crossing(point.claims) for point in found], task.jobs, task.progress)
    here = {content.candidate for content in proved} | {item.candidate for item in opened}
    reason = "the enclosures of this point and of another one overlap"
    opened += [
        OpenPoint(FailureCode.REAL_PARTS_NOT_SEPARATED, reason, found[index].parameter, candidate=index)
        for index in set(range(len(found))) - here
    ]
    return proved, [
        replace(item, parameter=item.parameter.hull(found[item.candidate].parameter)) for item in opened
    ]


def _crossing(claims: HopfClaims) -> CrossingApprox:
    """Where Method N begins."""
    x = np.array([float(entry.middle) for entry in claims.equilibrium])
    gamma, omega, speed = (float(y.middle) for y in (claims.parameter, claims.omega, claims.crossing_speed))
    return CrossingApprox(HOPF, gamma, x, omega, speed, claims.unstable_eigenvalues, 0.0, 0, True, "")
