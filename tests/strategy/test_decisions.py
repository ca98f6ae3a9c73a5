"""What `strategy` decides before and after anything is proved: cuts, chunks, widths, which method, what is complete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from fields import field
from networks import two_layers

from proofgen.bundle.hopf_point import HopfClaims
from proofgen.bundle.rows import may_be_one
from proofgen.claims.form_pieces import FormPiece
from proofgen.claims.hopf_point import OpenPoint
from proofgen.claims.pieces import BranchContent, OpenPiece, PieceContent
from proofgen.errors import AbandonedError, InputError, UnsupportedError
from proofgen.numbers.printed import Enclosure
from proofgen.progress import quiet
from proofgen.proof.failure import Failure, FailureCode
from proofgen.search.form_width import Experience
from proofgen.search.location import CrossingApprox
from proofgen.spec.load import load_text
from proofgen.strategy import cover, form_cover, forms, joints
from proofgen.strategy.branch import OnInterval
from proofgen.strategy.form_cover import Covered, Place
from proofgen.strategy.methods import METHODS, method_for
from proofgen.strategy.pieces import CHUNKS, Special, _halves, _hopeless, _split, most_pieces
from proofgen.strategy.points import candidate_points
from proofgen.strategy.workshop import Setting, with_forms
from proofgen.strategy.zero_branch import Series

F = Fraction
NO_PROOF = Failure(FailureCode.NOT_TRANSVERSAL, "it stays open")


def special(gamma: float, point: Any = None) -> Special:
    return Special(gamma, 1.0, None, point)


def crossing(kind: Any, gamma: float, sheet: int = 0, s: float = 0.0) -> CrossingApprox:
    return CrossingApprox(kind, gamma, np.zeros(2), 1.0 if kind == "hopf" else 0.0, 1.0, 0, s, sheet, True, "")


# --- cuts --------------------------------------------------------------------------------------------


def test_a_cut_keeps_away_from_special_places() -> None:
    """The nearest of seven places that is more than a 300th of the interval away from each; else the cut as it is."""
    assert cover._away(F(1, 2), [], F(1)) == F(1, 2)
    assert cover._away(F(1, 2), [special(0.5 + 1 / 250)], F(1)) == F(1, 2)
    beside = cover._away(F(1, 2), [special(0.5)], F(1))
    assert abs(beside - (F(1, 2) + F(1, 60))) < F(1, 10**8)
    other_side = cover._away(F(1, 2), [special(0.5), special(0.5 + 1 / 60)], F(1))
    assert abs(other_side - (F(1, 2) - F(1, 60))) < F(1, 10**8)
    everywhere = [special(0.5 + shift / 60) for shift in range(-3, 4)]
    assert cover._away(F(1, 2), everywhere, F(1)) == F(1, 2)


def test_a_piece_is_cut_near_its_middle_and_not_beside_a_crossing() -> None:
    ends = F(0), F(1)
    assert _split(ends, []) == F(1, 2)
    assert _split(ends, [special(0.5)]) == F(38, 100)
    assert _split(ends, [special(0.5), special(0.38)]) == F(62, 100)
    (right, on_right), (left, on_left) = _halves(ends, (special(0.2), special(0.5)))
    assert left == (F(0), F(38, 100)) and right == (F(38, 100), F(1))
    assert ([s.gamma for s in on_left], [s.gamma for s in on_right]) == ([0.2], [0.5])
    narrow = F(1, 3), F(1, 3) + F(1, 10**12)
    assert narrow[0] < _split(narrow, []) < narrow[1]


# --- chunks ------------------------------------------------------------------------------------------

PROBLEM = field("x; y", "gamma*x - y - x**3; x + gamma*y - y**3", "0, 1")
SETTING = Setting(PROBLEM, None, 128, False, "spectral")  # type: ignore[arg-type]


def candidates(crossings: list[CrossingApprox], end: str = "right", last: float = 1.0) -> Any:
    nodes = [SimpleNamespace(gamma=g, x=np.array([g, 0.0]), s=g) for g in np.linspace(0, last, 21).tolist()]
    curve = SimpleNamespace(field=SimpleNamespace(jacobian=lambda x, gamma: np.eye(2)))
    branch = SimpleNamespace(points=nodes, end=end, detail="it ends", curve=curve)
    return SimpleNamespace(branch=branch, crossings=crossings, trivial=False)


def proved_at(gamma: float, candidate: int) -> Any:
    return SimpleNamespace(centre=gamma, eigenvalue=1j, candidate=candidate)


def opened_at(candidate: int) -> OpenPoint:
    return OpenPoint(NO_PROOF.code, NO_PROOF.reason, Enclosure.of("0", "1"), candidate=candidate)


def covers(chunks: list[Any], fixed: list[OpenPiece], low: F, high: F) -> bool:
    """Whether chunks and open pieces cover [low, high] without gap or overlap."""
    ends = sorted([*(chunk.ends for chunk in chunks), *(piece.ends for piece in fixed)])
    return (ends[0][0], ends[-1][1]) == (low, high) and all(a[1] == b[0] for a, b in pairwise(ends))


def test_chunks_cover_the_interval_and_hold_every_crossing() -> None:
    found = candidates([crossing("hopf", 0.3), crossing("real", 0.7)])
    chunks, fixed = cover._chunks(SETTING, found, [proved_at(0.3, 0)], [], {})
    assert not fixed and len(chunks) == CHUNKS and covers(chunks, [], F(0), F(1))
    inside = [(s.gamma, s.point is None) for chunk in chunks for s in chunk.specials]
    assert inside == [(0.3, False), (0.7, True)]
    assert all(min(abs(F(g) - end) for chunk in chunks for end in chunk.ends) > F(1, 300) for g in (0.3, 0.7))


def test_around_an_open_point_something_stays_open() -> None:
    """Not around one on another sheet of the branch, which lies elsewhere."""
    found = candidates([crossing("hopf", 0.3), crossing("hopf", 0.6, sheet=1)])
    chunks, fixed = cover._chunks(SETTING, found, [], [opened_at(0), opened_at(1)], {})
    (carved,) = fixed
    assert carved.ends[0] < F(0.3) < carved.ends[1] and carved.ends[1] - carved.ends[0] < F(1, 10**5)
    assert (carved.code, carved.reason) == (NO_PROOF.code, NO_PROOF.reason)
    assert covers(chunks, fixed, F(0), F(1)) and not any(chunk.specials for chunk in chunks)


@pytest.mark.parametrize(
    ("found", "code", "top"),
    [
        (candidates([crossing("fold", 0.6, s=0.6), crossing("hopf", 0.4, sheet=1)]), FailureCode.FOLD, F(6, 10)),
        (candidates([], end="stuck", last=0.5), FailureCode.BRANCH_NOT_VERIFIED, F(1, 2)),
    ],
)
def test_beyond_the_end_of_the_branch_everything_stays_open(found: Any, code: FailureCode, top: F) -> None:
    chunks, fixed = cover._chunks(SETTING, found, [proved_at(0.4, 0)] if code is FailureCode.FOLD else [], [], {})
    (beyond,) = fixed
    assert beyond.code is code and beyond.ends[1] == 1 and top - F(1, 10**5) < beyond.ends[0] <= top
    assert covers(chunks, fixed, F(0), F(1))
    assert not any(chunk.specials for chunk in chunks)  # what is on the other sheet is not on these pieces
    assert all(gamma <= float(top) + 1e-9 for chunk in chunks for gamma in chunk.gammas)


def test_a_fold_beyond_the_interval_leaves_nothing_open() -> None:
    chunks, fixed = cover._chunks(SETTING, candidates([crossing("fold", 1.2, s=1.2)]), [], [], {})
    assert not fixed and covers(chunks, [], F(0), F(1))


# --- assembly ----------------------------------------------------------------------------------------


def piece(low: int, high: int, point: int | None = None, joined: bool = True) -> PieceContent:
    return PieceContent((F(low), F(high)), SimpleNamespace(), "clear", None, point=point, joined=joined)  # type: ignore[arg-type]


def still_open(low: int, high: int, code: FailureCode = FailureCode.BRANCH_NOT_VERIFIED) -> OpenPiece:
    return OpenPiece((F(low), F(high)), code, f"from {low}")


def assembled(items: list[Any], proved: list[Any], opened: list[OpenPoint], trivial: bool = True) -> BranchContent:
    problem = SimpleNamespace(interval=(F(0), F(4)))
    shop: Any = SimpleNamespace(setting=SimpleNamespace(problem=problem, trivial=trivial))
    branch = BranchContent()
    cover._assemble(shop, items, branch, proved, opened)
    return branch


ONE, TWO = proved_at(1.5, 0), proved_at(2.5, 1)
WHOLE = [piece(0, 1), piece(1, 3, point=0), piece(3, 4)]


def test_a_whole_covering_is_complete() -> None:
    branch = assembled(WHOLE, [ONE], [])
    assert branch.complete and branch.pieces == WHOLE and not branch.open_pieces


@pytest.mark.parametrize(
    ("items", "proved", "opened"),
    [
        ([], [], []),
        (WHOLE[:2], [ONE], []),  # the right end is missing
        (WHOLE[1:], [ONE], []),  # the left end
        ([WHOLE[0], WHOLE[2]], [], []),  # something between
        ([piece(0, 2), piece(1, 4, point=0)], [ONE], []),  # overlapping ends
        (WHOLE, [], []),  # a point that is not proved
        (WHOLE, [ONE, TWO], []),  # a proved point that no piece holds
        ([*WHOLE[:2], piece(3, 4, point=0)], [ONE], []),  # one point in two pieces
        (WHOLE, [ONE], [opened_at(1)]),  # an undecided point, wherever it is
        ([*WHOLE[:2], still_open(3, 4)], [ONE], []),
    ],
)
def test_nothing_less_is_complete(items: list[Any], proved: list[Any], opened: list[OpenPoint]) -> None:
    assert not assembled(items, proved, opened).complete


def test_what_is_not_joined_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cover, "printed_end", lambda shop, first, side: (Enclosure.of("1", "2"),))
    loose = [WHOLE[0], piece(1, 3, point=0, joined=False), WHOLE[2]]
    monkeypatch.setattr(joints, "proof_again", lambda shop, item: None)
    for continues, complete in ((True, True), (False, False)):
        monkeypatch.setattr(joints, "are_joined", lambda *_, answer=continues: answer)
        branch = assembled(loose, [ONE], [], trivial=False)
        assert branch.complete is complete and [x.ends for x in branch.open_pieces] == ([] if complete else [(F(1), F(3))])
        assert branch.start == (Enclosure.of("1", "2"),)


def test_without_a_certain_start_a_piece_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    starts = iter([None, (Enclosure.of("1", "2"),)])
    monkeypatch.setattr(cover, "printed_end", lambda shop, first, side: next(starts))
    branch = assembled(WHOLE, [ONE], [], trivial=False)
    assert not branch.complete and [x.ends for x in branch.open_pieces] == [(F(0), F(1))] and branch.pieces == WHOLE[1:]


def test_open_neighbours_become_one_with_the_reason_that_says_most() -> None:
    pieces: list[OpenPiece] = []
    fold = still_open(1, 2, FailureCode.FOLD)
    for item in (still_open(0, 1), fold, still_open(2, 3), still_open(4, 5), still_open(5, 6, FailureCode.DOUBLE_HOPF)):
        cover._merge(pieces, item)
    assert [(x.ends, x.code) for x in pieces] == [((0, 3), FailureCode.FOLD), ((4, 6), FailureCode.DOUBLE_HOPF)]
    assert pieces[0].reason == fold.reason
    inside = [still_open(0, 3)]
    cover._merge(inside, still_open(1, 2))
    assert [x.ends for x in inside] == [(0, 3)]


# --- points ------------------------------------------------------------------------------------------


def claims(gamma: str, omega: str = "1", criticality: str = "subcritical") -> HopfClaims:
    def around(x: str) -> Enclosure:
        return Enclosure.around(F(x) - F(1, 100), F(x) + F(1, 100))

    return HopfClaims(around(gamma), around(omega), around("1"), around("1"), 0, 0, criticality, None, (around("0"),) * 2)


def settled(outcomes: list[Any]) -> tuple[list[Any], list[OpenPoint]]:
    def run(function: Callable[..., Any], values: Any) -> Iterator[Any]:
        assert len(values) == len(outcomes)
        return iter(outcomes)

    return candidate_points(run, [crossing("hopf", 0.0)] * len(outcomes), quiet)


def content(said: HopfClaims) -> Any:
    from proofgen.claims.hopf_point import PointContent

    return PointContent(said, None, None, 0, 128)  # type: ignore[arg-type]


def test_points_are_in_order_and_know_their_candidates() -> None:
    proved, opened = settled([content(claims("3")), opened_at(7), content(claims("1")), content(claims("2"))])
    assert [x.candidate for x in proved] == [2, 3, 0] and [x.candidate for x in opened] == [1]
    assert [float(x.parameter.middle) for x in proved] == [1, 2, 3]


def test_a_point_that_was_found_twice_counts_once() -> None:
    """Two that are told apart by ω alone, or by nothing but an entry of x*, are two."""
    proved, _ = settled([content(claims("1")), content(claims("1.005")), content(claims("1", omega="2"))])
    assert [x.candidate for x in proved] == [0, 2]
    other = replace(claims("1"), equilibrium=(Enclosure.of("0", "0"), Enclosure.of("1", "1")))
    proved, _ = settled([content(claims("1")), content(other)])
    assert len(proved) == 2


def test_which_claims_may_be_about_one_point() -> None:
    one = claims("1")
    assert may_be_one(one, claims("1.01")) and may_be_one(one, one)
    others = [claims("1.1"), claims("1", omega="2"), claims("1", criticality="supercritical")]
    others += [replace(one, unstable_eigenvalues=2), replace(one, stable_eigenvalues=2)]
    assert not any(may_be_one(one, other) or may_be_one(other, one) for other in others)


# --- widths of pieces with quadratic forms -----------------------------------------------------------


def test_the_right_end_of_a_piece() -> None:
    """A short decimal; the whole rest if that is no wider; two equal pieces rather than a wide and a narrow one."""
    rest = F(0), F(1)
    assert forms.right_end(rest, F(1)) == forms.right_end(rest, F(7)) == 1
    assert forms.right_end(rest, F(2, 3)) == F(1, 2)
    assert forms.right_end(rest, F(1, 7)) == F(143, 1000)
    assert forms.right_end((F(1, 3), F(1)), F(1, 7)) == F(476, 1000)
    for width in (F(1, 10**20), F(1, 3), F(9999, 10000)):
        assert 0 < forms.right_end(rest, width) <= 1


@pytest.mark.parametrize(("share", "factor"), [(0.5, 1.0), (1.0, 1.0), (1.1, 1.1 * forms.SHRINKAGE), (50.0, forms.GROWTH)])
def test_the_next_piece_is_tried_no_narrower_and_not_much_wider(share: float, factor: float) -> None:
    found: Any = SimpleNamespace(piece=SimpleNamespace(ends=(F(1), F(3)), candidate=SimpleNamespace(share=share)))
    assert float(forms.following_width(found)) == pytest.approx(2 * factor)


def test_a_form_is_stored_exactly_or_not_at_all() -> None:
    P = np.array([[1.5, -0.25], [-0.25, 2.0**-9]])
    entries, shift = forms.form_integers(P)
    assert [[F(x, 1) / 2**shift for x in row] for row in entries] == [[F(x) for x in row] for row in P.tolist()]
    with pytest.raises(ValueError, match="more bits"):
        forms.form_integers(np.array([[1.0, 2.0**-60], [2.0**-60, 1.0]]))


def test_no_more_pieces_than_a_bundle_may_have() -> None:
    for n in (2, 20, 100, 400, 3000):
        assert form_cover.most_forms(n) <= form_cover.most_forms(n, 1.0) <= max(form_cover.MOST_NUMBERS // (n * (n + 1) // 2), 1)
        assert most_pieces(n) >= 1 and (most_pieces(n) == 1 or most_pieces(n) * CHUNKS * n * n <= form_cover.MOST_NUMBERS)


def fake_shop(n: int = 20, all_or_nothing: bool = False) -> Any:
    return SimpleNamespace(
        length=F(1), field=SimpleNamespace(n=n), tube_field=None,
        setting=SimpleNamespace(all_or_nothing=all_or_nothing, trivial=True, problem=PROBLEM),
    )


def test_around_a_crossing_the_widest_piece_that_is_settled() -> None:
    tried: list[F] = []

    def settle(ends: Any) -> Covered | Failure:
        tried.append(ends[1] - ends[0])
        assert ends[0] < F(0.3) < ends[1] and ends[0] >= 0 and ends[1] <= 1
        return Covered(piece(0, 1), None) if len(tried) == 3 else NO_PROOF

    assert form_cover._around(fake_shop(), Place(F(0.3), None, settle), (F(0), F(1))).content == piece(0, 1)
    assert [float(b / a) for a, b in pairwise(tried)] == pytest.approx([0.25, 0.25], rel=0.05)


def test_around_a_crossing_forms_come_before_discs() -> None:
    by_form, by_discs = Covered(piece(0, 1), None), Covered(piece(1, 2), None)
    limits = F(0), F(1)
    assert form_cover._around(fake_shop(), Place(F(0.3), lambda ends: by_form, lambda ends: pytest.fail("no need")), limits) is by_form
    assert form_cover._around(fake_shop(), Place(F(0.3), lambda ends: NO_PROOF, lambda ends: by_discs), limits) is by_discs


def test_around_a_crossing_that_is_not_settled_something_stays_open() -> None:
    place = Place(F(0.3), None, lambda ends: NO_PROOF)
    found = form_cover._around(fake_shop(), place, (F(0), F(1))).content
    assert isinstance(found, OpenPiece) and found.ends[0] < F(0.3) < found.ends[1] and found.reason == NO_PROOF.reason
    with pytest.raises(AbandonedError):
        form_cover._around(fake_shop(all_or_nothing=True), place, (F(0), F(1)))


def gap(monkeypatch: pytest.MonkeyPatch, settles: Callable[[F], bool], by_discs: Callable[[Any], list[Covered]]) -> list[Any]:
    """A covering of [0, 1] by forms where they settle."""

    def next_piece(field: Any, layers: Any, ends: Any, guess: Any, width: F, smallest: F, experience: Experience) -> Any:
        if not settles(ends[0]):
            return NO_PROOF
        content = SimpleNamespace(ends=(ends[0], forms.right_end(ends, width)), candidate=SimpleNamespace(share=2.0), joined=True)
        return SimpleNamespace(piece=content, tube=None, experience=experience)

    monkeypatch.setattr(form_cover, "next_piece", next_piece)
    chain = form_cover._Chain(fake_shop())
    form_cover._gap(fake_shop(), chain, (F(0), F(1)), lambda gamma: None, by_discs)
    ends = [item.ends for item in chain.contents]
    assert ends[0][0] == 0 and ends[-1][1] == 1 and all(a[1] == b[0] for a, b in pairwise(ends))
    return chain.contents


def test_forms_cover_a_part_by_ever_wider_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    found = gap(monkeypatch, lambda left: True, lambda ends: pytest.fail("no discs are needed"))
    widths = [float(x.ends[1] - x.ends[0]) for x in found]
    assert widths[0] == pytest.approx(1 / form_cover.FIRST_FORM, rel=0.05) and len(found) < form_cover.FIRST_FORM / 2
    assert all(b <= 1.35 * a for a, b in pairwise(widths))


def test_where_there_is_no_form_discs_cover_ever_longer_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    stretches: list[Any] = []

    def by_discs(ends: Any) -> list[Covered]:
        stretches.append(ends)
        return [Covered(PieceContent(ends, SimpleNamespace(), "clear", None, joined=True), None)]  # type: ignore[arg-type]

    gap(monkeypatch, lambda left: left > F(1, 1000), by_discs)
    lengths = [float(b - a) for a, b in stretches]
    assert lengths[0] == pytest.approx(float(form_cover.STRETCH), rel=0.02)
    assert [b / a for a, b in pairwise(lengths)] == pytest.approx([2.0] * (len(lengths) - 1), rel=0.05) and stretches[-1][1] > F(1, 1000)


def test_where_nothing_is_settled_the_rest_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def by_discs(ends: Any) -> list[Covered]:
        return [Covered(OpenPiece(ends, NO_PROOF.code, NO_PROOF.reason), None)]

    found = gap(monkeypatch, lambda left: False, by_discs)
    assert len(found) == form_cover.MOST_OPEN + 1 and all(isinstance(x, OpenPiece) for x in found)
    assert found[-1].reason == f"{NO_PROOF.reason} (no more is tried)" and found[-1].code == NO_PROOF.code


def test_too_many_forms_leave_the_rest_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_cover, "most_forms", lambda n, of_all=0: 2)
    *forms_, rest = gap(monkeypatch, lambda left: True, lambda ends: pytest.fail("no discs are needed"))
    assert len(forms_) == 2 and isinstance(rest, OpenPiece) and rest.reason == form_cover.TOO_MANY


def test_forms_of_all_parts_that_are_too_many_for_a_bundle_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    most, n = form_cover.most_forms(500, 1.0), 500
    with_form = FormPiece((F(0), F(1)), SimpleNamespace(), None)  # type: ignore[arg-type]
    discs = PieceContent((F(0), F(1)), SimpleNamespace(), "clear", None)  # type: ignore[arg-type]
    items = form_cover.not_too_many(n, [with_form, discs] * (most + 2))
    assert items[: 2 * most] == [with_form, discs] * most and items[2 * most + 1] is discs
    assert [item.reason for item in items if isinstance(item, OpenPiece)] == [form_cover.TOO_MANY] * 2


@pytest.mark.parametrize(("n", "count", "width", "hopeless"), [
    (100, 40, F(1, 10**6), True), (100, 39, F(1, 10**6), False), (19, 40, F(1, 10**6), False), (100, 40, F(1, 100), False),
])  # fmt: skip
def test_when_a_large_field_is_given_up(n: int, count: int, width: F, hopeless: bool) -> None:
    pieces = [PieceContent((k * width, (k + 1) * width), SimpleNamespace(), "clear", None) for k in range(count)]  # type: ignore[arg-type]
    assert _hopeless(n, [Covered(x, None) for x in pieces], F(1), 100) is hopeless


# --- which method ------------------------------------------------------------------------------------


def network(activation: str = "tanh", n: int = 2, more: str = "", parameter: str = "", family: str = "asymmetric-rnn") -> str:
    rows = [[str(j - i) for j in range(n)] for i in range(n)]
    weights = f"R1 = {rows}" if family == "asymmetric-rnn" else f"[[network.layer]]\nweights = {rows}"
    return f'[network]\nfamily = "{family}"\nactivation = "{activation}"\n{more}\n{weights}\n[parameter]\n{parameter}\n'


INTERVAL = 'interval = ["-1", "1"]'
LEAKY = f"""
[network]
family = "layered"
leak = "1"
[[network.layer]]
weights = [["0", "1"], ["-1", "0"]]
activation = "ACTIVATION"
[parameter]
enters = "identity"
{INTERVAL}
"""


@pytest.mark.parametrize(("activation", "slope"), [("tanh", 1), ("sin", 1), ("arctan", 1), ("erf", 1.1283791670955126), ("2*z + z**3", 2)])
def test_the_zero_branch_is_for_one_layer_with_sigma_of_0_equal_to_0(activation: str, slope: float) -> None:
    chosen = method_for(load_text(network(activation)))
    assert chosen.name == "zero-branch" and isinstance(chosen.known, Series) and not chosen.reasons
    assert float(chosen.known.derivatives[0]) == pytest.approx(slope)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (network("logistic", parameter=INTERVAL), "σ"),
        (network("cos(z) - 1", parameter=INTERVAL), "σ'(0) ≠ 0 could not be proved"),
        (network("z*1e-200 + z**3", parameter=INTERVAL), "smaller than 1e-100"),
        (network(parameter=f'enters = {{ row = 1, column = 2 }}\n{INTERVAL}'), "one-layer networks without leak"),
        (LEAKY.replace("ACTIVATION", "tanh"), "one-layer networks without leak"),
        (two_layers("-1", "1"), "one-layer networks without leak"),
    ],
)
def test_what_the_zero_branch_is_not_for(text: str, reason: str) -> None:
    chosen = method_for(load_text(text))
    assert chosen.name == "pieces" and reason in chosen.reasons["zero-branch"].text


def test_equations_have_no_zero_branch() -> None:
    chosen = method_for(PROBLEM)
    assert chosen.name == "pieces" and chosen.reasons["zero-branch"].text == "it is for networks in continuous time"


@pytest.mark.parametrize(
    ("problem", "trivial"),
    [
        (load_text(LEAKY.replace("ACTIVATION", "tanh")), True),
        (load_text(LEAKY.replace("ACTIVATION", "logistic")), False),
        (load_text(two_layers("-1", "1")), False),  # with biases
        (PROBLEM, True),
        (field("x; y", "gamma*x - y + 1; x", "0, 1"), False),
        (field("x; y", "gamma*x - y - x**3; x + gamma*y - y**3", "0, 1", more='start = ["1", "0"]'), False),
        (field("x; y", "gamma*x - y - x**3; x + gamma*y - y**3", "0, 1", more='start = ["0", "0"]'), True),
    ],
)
def test_when_x_0_is_the_branch(problem: Any, trivial: bool) -> None:
    assert METHODS["pieces"].applies(problem) == OnInterval(trivial)


@pytest.mark.parametrize(
    ("text", "error", "match"),
    [
        (network("logistic"), UnsupportedError, "cannot be classified for all real values: .*with parameter.interval"),
        (LEAKY.replace("ACTIVATION", "tanh").replace(INTERVAL, ""), InputError, "missing; expected the range of the parameter"),
    ],
)
def test_what_a_branch_over_an_interval_needs(text: str, error: type[InputError], match: str) -> None:
    problem = load_text(text)
    chosen = method_for(problem)
    with pytest.raises(error, match=match):
        chosen.method.require(problem, chosen.reasons)


def test_equations_without_the_parameter_are_refused() -> None:
    problem = field("x; y", "x - y; x + y**2", "0, 1")
    with pytest.raises(InputError, match="occurs in no equation"):
        METHODS["pieces"].require(problem, method_for(problem).reasons)


@pytest.mark.parametrize(("n", "radius", "expected"), [(20, "0", True), (19, "0", False), (3, "1e-9", True), (2, "1e-9", False)])
def test_quadratic_forms_are_for_large_networks_and_boxes(n: int, radius: str, expected: bool) -> None:
    text = network("logistic", n=n, parameter=f'{INTERVAL}\n[proof]\nweight_radius = "{radius}"')
    assert with_forms(load_text(text)) is expected
    assert not with_forms(PROBLEM)


@pytest.mark.parametrize(("n", "expected"), [(40, True), (39, False)])
def test_quadratic_forms_are_for_large_systems_of_equations(n: int, expected: bool) -> None:
    variables = [f"x{i}" for i in range(n)]
    problem = field("; ".join(variables), "; ".join(f"gamma*{x} - {x}**3" for x in variables), "0, 1")
    assert with_forms(problem) is expected
