"""The formulas of a vector field that is given by its equations, for `proofgen derive` and for the certificates.

The field is shown as it is written in the spec; A, B, C and the derivatives by γ are SymPy's, written out where that is
readable. A proof evaluates jets over the expression graph instead: the same derivatives in another form.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar

from ..problem.equations import EquationsProblem
from ..problem.plane import PlaneProblem
from ..symbolic.graph import Graph, Node, build_graph, build_plane_graph
from ..symbolic.parse import EQUATION, interpret, nesting, parse
from ..symbolic.subsets import Subset, leibniz
from .formula import GENERAL_FORMULA_TEXT, MOVED, OF_MAPS, Formula, fold_texts
from .names import Symbol, free_letters, symbols
from .partials import Components, Writer, Written, written
from .recursion import Expansion, evaluated_l1
from .shared import jet_formulas
from .sympy_form import Reader, sympy_field
from .typeset import Item, Layout, Typesetter, text

SHOWN_WIDTH = 6000.0  # letters of all equations and definitions together, beyond which they are not shown
SHOWN_NESTING = 16  # of parentheses
SHOWN_CONSTANTS, INLINE_WIDTH = 60, 36.0
SYMPY_NODES = 1500  # of f with all definitions put in, beyond which SymPy is not asked
VECTORS = (("x",), (r"\chi",), (r"\psi",), (r"\mathbf{x}",))
DIRECTIONS = (("u", "v", "w"), (r"\xi", r"\eta", r"\zeta"))


@dataclass(frozen=True)
class Operations:
    """The expression graph of f. shared: subexpressions that are used more than once."""

    sums: int
    products: int
    powers: int
    functions: int
    shared: int

    def counted(self) -> tuple[tuple[int, str], ...]:
        """(how many, what), without what does not occur."""
        kinds = ((self.sums, "linear combination"), (self.products, "product"), (self.powers, "power"))
        return tuple((count, what) for count, what in (*kinds, (self.functions, "function value")) if count)

    @property
    def total(self) -> int:
        return self.sums + self.products + self.powers + self.functions


@dataclass(frozen=True)
class EquationsDerivation:
    """All formulas of one problem.

    vector: LaTeX of the state; names: of its components; field, definitions: None where they are too long to be shown;
    constants: (LaTeX, text), None where there are too many; long_constants: those that need a line of their own;
    letters: those of all names; shared: those that the text around has for something else; marked: (how, LaTeX) of
    names set upright or bold, as their letter has to keep another meaning; written: A, ∂f/∂γ, (∂A/∂γ)u, B, C as far as
    they are readable; unwritten: (LaTeX, text) of the others; exprel: it occurs and has to be explained; everywhere: f
    has no denominators, logarithms or roots; discrete: f is a map.
    """

    shown_as: ClassVar[str] = "equations"  # in `latex.kinds.FIELDS`
    title: str
    dimension: int
    parameter: str
    parameter_text: str
    vector: str
    letters: tuple[str, ...]
    shared: tuple[str, ...]
    names: tuple[str, ...]
    variables: tuple[str, ...]
    field: tuple[Written, ...] | None
    definitions: tuple[Written, ...] | None
    constants: tuple[tuple[str, str], ...] | None
    long_constants: tuple[Written, ...]
    constant_count: int
    marked: tuple[tuple[str, str], ...]
    exprel: bool
    everywhere: bool
    operations: Operations
    product_rule: tuple[Formula, ...]
    jets: tuple[Formula, ...]
    written: tuple[Components, ...]
    unwritten: tuple[tuple[str, str], ...]
    l1: Expansion
    discrete: bool


@dataclass(frozen=True)
class PlaneDerivation(EquationsDerivation):
    """The same with two parameters; parameters: LaTeX of both, texts: as they are written in a terminal."""

    shown_as: ClassVar[str] = "plane"  # in `latex.kinds.FIELDS`
    parameters: tuple[str, str]
    texts: tuple[str, str]


def derive_equations(problem: EquationsProblem) -> EquationsDerivation:
    """Everything that a certificate of a field given by equations shows, in bounded time."""
    return _derive(problem, build_graph(replace(problem, discrete=False)))  # the graph of F


def derive_plane(problem: PlaneProblem) -> PlaneDerivation:
    """The same of a field with two parameters, of which the first is what the derivatives are by."""
    first, second = problem.parameters
    one = EquationsProblem(
        title=problem.title, variables=problem.variables, equations=problem.equations, interval=problem.box[0],
        constants=(*problem.constants, (second, "0")), definitions=problem.definitions, parameter_name=first,
    )  # fmt: skip
    found = _derive(one, build_plane_graph(problem), second)
    symbol = _names(one)[second]
    both, texts = (found.parameter, symbol.latex), (found.parameter_text, symbol.text)
    return PlaneDerivation(**vars(found), parameters=both, texts=texts)


def _names(problem: EquationsProblem) -> Mapping[str, Symbol]:
    defined = [name for name, _ in (*problem.constants, *problem.definitions)]
    return symbols([*problem.variables, *defined], problem.parameter_name)


def _derive(problem: EquationsProblem, graph: Graph, second: str | None = None) -> EquationsDerivation:
    """second: a parameter that stands among the constants."""
    names = _names(problem)
    constants_given = [(name, value) for name, value in problem.constants if name != second]
    typesetter = Typesetter(euler="e" not in names)
    layout = Layout(names)
    gamma = names[problem.parameter_name]
    trees = {given: parse(given, names, EQUATION) for given in _texts(problem)}
    items: dict[str, Item] = {given: interpret(tree, layout) for given, tree in trees.items()}
    field = [
        written(_moved(names[name], name, problem.discrete), items[equation], typesetter)
        for name, equation in zip(problem.variables, problem.equations, strict=True)
    ]
    definitions = [
        written((names[name].plain, name), items[given], typesetter) for name, given in problem.definitions
    ]
    shown = _texts(problem)
    length = sum(typesetter.width(items[given]) for given in shown)
    readable = length <= SHOWN_WIDTH and max(map(nesting, shown)) <= SHOWN_NESTING
    constants = [
        (f"{names[name].plain} = {typesetter.inline(items[value])}", f"{name} = {text(items[value])}")
        for name, value in constants_given if typesetter.width(items[value]) <= INLINE_WIDTH
    ]
    long_constants = [
        written((names[name].plain, name), items[value], typesetter)
        for name, value in constants_given if typesetter.width(items[value]) > INLINE_WIDTH
    ]
    listed = len(constants_given) <= SHOWN_CONSTANTS and readable
    expanded, unwritten = _derivatives(problem, names, trees, typesetter)
    return EquationsDerivation(
        title=problem.title,
        dimension=problem.dimension,
        parameter=gamma.latex,
        parameter_text=gamma.text,
        vector=free_letters([symbol.letter for symbol in names.values() if not symbol.index], VECTORS)[0],
        letters=tuple(dict.fromkeys(symbol.letter for symbol in names.values() if symbol.letter)),
        shared=tuple(dict.fromkeys(symbol.letter for symbol in names.values() if symbol.marked == "plain")),
        names=tuple(names[name].plain for name in problem.variables),
        variables=problem.variables,
        field=tuple(field) if readable else None,
        definitions=tuple(definitions) if readable else None,
        constants=tuple(constants) if listed else None,
        long_constants=tuple(long_constants) if listed else (),
        constant_count=len(constants_given),
        marked=tuple((s.marked, s.plain) for s in names.values() if s.marked not in ("", "plain")),
        exprel=any(_calls_exprel(tree) for tree in trees.values()),
        everywhere=not any(_partial(node) for node in graph.nodes),
        operations=_operations(graph),
        product_rule=tuple(product_formula(subset) for subset in [(1,), (1, 2), (1, 2, 3)]),
        jets=jet_formulas(),
        written=expanded,
        unwritten=unwritten,
        l1=evaluated_l1(),
        discrete=problem.discrete,
    )  # fmt: skip


def _moved(symbol: Symbol, name: str, discrete: bool) -> tuple[str, str]:
    """x' of a flow, x⁺ of a map."""
    return (f"{{{symbol.latex}}}^{{+}}", f"{name}⁺") if discrete else (rf"\dot {symbol.latex}", f"{name}'")


def _texts(problem: EquationsProblem) -> list[str]:
    return [*(given for _, given in (*problem.constants, *problem.definitions)), *problem.equations]


def _calls_exprel(tree: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "exprel" for node in ast.walk(tree))


def _partial(node: Node) -> bool:
    """Whether an operation is not defined everywhere."""
    return (node.op == "power" and node.index < 0) or node.name in ("log", "sqrt", "tan")


def _operations(graph: Graph) -> Operations:
    needed = graph.needed()
    kinds = Counter(graph.nodes[node].op for node in needed)
    used = Counter(argument for node in needed for argument in graph.nodes[node].args)
    used.update(graph.outputs)
    computed = ("sum", "product", "power", "function")
    shared = sum(graph.nodes[node].op in computed and used[node] > 1 for node in needed)
    return Operations(kinds["sum"], kinds["product"], kinds["power"], kinds["function"], shared)


def product_formula(subset: Subset) -> Formula:
    """Leibniz' rule for one subset, the products ordered by the size of the first factor's subset."""
    terms = [(("a", first), ("b", second)) for first, second in leibniz(subset)]
    named = [[x + (f"_{{{''.join(map(str, s))}}}" if s else "") for x, s in pair] for pair in terms]
    plain = [[x + (f"_{''.join(map(str, s))}" if s else "") for x, s in pair] for pair in terms]
    index = "".join(map(str, subset))
    right = " + ".join(" ".join(pair) for pair in named)
    return Formula(f"(ab)_{{{index}}}", right, f"(ab)_{index} = " + " + ".join("·".join(pair) for pair in plain))


# --- written out by SymPy ----------------------------------------------------------------------


def _nodes(problem: EquationsProblem, trees: Mapping[str, ast.expr]) -> int:
    """The number of operations of f with all definitions put in, without putting them in."""
    size: dict[str, int] = {}

    def of(given: str) -> int:
        total = 0
        for node in ast.walk(trees[given]):
            if isinstance(node, ast.Name):
                total += size.get(node.id, 1)
            elif isinstance(node, ast.expr):
                total += 1
        return min(total, 10**9)

    for name, given in problem.definitions:
        size[name] = of(given)
    return sum(of(given) for given in problem.equations)


def _derivatives(
    problem: EquationsProblem, names: Mapping[str, Symbol], trees: Mapping[str, ast.expr], typesetter: Typesetter
) -> tuple[tuple[Components, ...], tuple[tuple[str, str], ...]]:
    """What is written out, and the names (LaTeX, text) of what is not."""
    taken = {*names, *(symbol.plain for symbol in names.values())}
    letters = tuple(
        Symbol(word.strip("\\"), word if word[0] == "\\" else f"{{{word}}}") for word in free_letters(taken, DIRECTIONS)
    )
    decimal = any(
        isinstance(node, ast.Constant) and Fraction(node.value).denominator != 1  # type: ignore[arg-type]
        for tree in trees.values() for node in ast.walk(tree)
    )  # fmt: skip
    reader = Reader({}, decimal, frozenset())
    writer = Writer(reader, typesetter, names[problem.parameter_name], letters)
    found: tuple[Components | None, ...] = (None,) * len(writer.labels())
    if _nodes(problem, trees) <= SYMPY_NODES:
        try:
            field = sympy_field(problem, names)
            reader = Reader(field.items, decimal, frozenset([*field.variables, field.parameter]))
            found = replace(writer, reader=reader).expanded(field)
        except (ArithmeticError, ValueError):  # ValueError: a number with more digits than Python prints
            pass
    expanded = tuple(components for components in found if components is not None)
    return expanded, tuple(label for label, made in zip(writer.labels(), found, strict=True) if made is None)


# --- for a terminal ----------------------------------------------------------------------------



def equations_text(d: EquationsDerivation) -> str:
    """The formulas for a terminal."""
    gamma, blocks = d.parameter_text, _field_blocks(d, d.parameter_text)
    if d.dimension == 1 and not d.discrete:  # there are no pairs
        return "\n\n".join([*blocks, *fold_texts(gamma, False)]) + "\n"
    if d.discrete:
        return "\n\n".join([*blocks, *OF_MAPS[-2 if d.dimension == 1 else 0 :], *fold_texts(gamma, True)]) + "\n"
    blocks += [
        "First Lyapunov coefficient, A q = iωq, pᴴ A = iω pᴴ",
        GENERAL_FORMULA_TEXT,
        "For p, q of any length, with the real parts t_1, t_2, t_3 of the three terms, each divided by pᴴq",
        d.l1.text,
        f"Crossing speed: λ'({gamma}) = pᴴ((∂A/∂{gamma})q + B(q, x'({gamma})))/pᴴq,   x'({gamma}) = −A⁻¹ ∂f/∂{gamma}",
        *fold_texts(gamma, False),
    ]
    return "\n\n".join(blocks) + "\n"


OF_CURVES = (
    "Normal form w' = iωw + c_1 w|w|² + c_2 w|w|⁴ + … on the centre manifold H(w, w̄) = x + Σ h_jk w^j w̄^k, h_10 = q, "
    "h_kj = conj h_jk, where A q = iωq, pᴴ A = iω pᴴ (of any length). F_jk: coefficient of f(H) that belongs to the h "
    "of lower degree, by truncated power series",
    "((j − k)iω − A) h_jk = F_jk − ((j−1)c_1 + (k−1)c̄_1) h_(j−1,k−1),   h_21 without its part along q",
    "c_1 = pᴴF_21/pᴴq,   c_2 = pᴴ(F_32 − (2c_1 + c̄_1)h_21)/pᴴq,   ℓ1 = Re c_1/(ω qᴴq),   ℓ2 = Re c_2/(ω (qᴴq)²)",
    "Along a curve of Hopf points, with ' = d/ds and terms ε of H + εH', ε² = 0",
    "c_1' = pᴴ(F_21ε − iω'h_21 − c_1q')/pᴴq",
)


def plane_text(d: PlaneDerivation) -> str:
    """The same with two parameters."""
    return "\n\n".join([*_field_blocks(d, ", ".join(d.texts)), *OF_CURVES]) + "\n"


def _field_blocks(d: EquationsDerivation, gamma: str) -> list[str]:
    o = d.operations
    state = f"{'x⁺' if d.discrete else MOVED} = f(x, {gamma}),   x = ({', '.join(d.variables)}) ∈ ℝ^{d.dimension}"
    blocks = [f"{d.title}\n{'=' * len(d.title)}", state]
    if d.field is None or d.definitions is None:
        blocks.append("(The equations are too long to be shown.)")
    else:
        blocks.append("\n".join(item.text for item in d.field))
        if d.definitions:
            blocks.append("with\n" + "\n".join(item.text for item in d.definitions))
    if d.constants is None:
        blocks.append(f"({d.constant_count} constants)")
    elif d.constants or d.long_constants:
        plain = [*(plain for _, plain in d.constants), *(item.text for item in d.long_constants)]
        blocks.append("Constants (exact)\n" + "\n".join(plain))
    if d.exprel:
        blocks.append("exprel(u) = (exp(u) - 1)/u, exprel(0) = 1; its k-th derivative is ∫_0^1 t^k exp(tu) dt")
    blocks.append(
        f"Proofs propagate jets through the expression graph of f: {o.total} operations ("
        f"{', '.join(f'{count} {what}' + 's' * (count > 1) for count, what in o.counted())})"
        + (f"; {o.shared} of them used more than once, each evaluated once" if o.shared else "")
    )
    blocks += ["Jets of a product (Leibniz)", *(item.text for item in d.product_rule)]
    blocks += ["Jets of a function or power h = σ(z) (Faà di Bruno)", *(item.text for item in d.jets)]
    for components in d.written:
        rest = ["all other components are 0"] if components.vanish and components.lines else []
        lines = [item.text for item in components.lines] or [f"{components.text} = 0"]
        blocks.append("\n".join([*lines, *rest]))
    if d.unwritten:
        blocks.append(f"Too long to be written out: {', '.join(plain for _, plain in d.unwritten)}")
    return blocks
