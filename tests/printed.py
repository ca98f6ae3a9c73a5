"""Reading printed formulas back: values of the text and of the LaTeX of an expression, by code of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping

import mpmath as mp

Values = Mapping[str, mp.mpc]


def exprel(u: mp.mpc, k: int = 0) -> mp.mpc:
    """∫_0^1 t^k e^{tu} dt by quadrature."""
    return mp.quad(lambda t: t**k * mp.exp(t * u), [0, 1])


FUNCTIONS = {
    "exp": mp.exp, "log": mp.log, "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "tanh": mp.tanh, "sinh": mp.sinh,
    "cosh": mp.cosh, "atan": mp.atan, "arctan": mp.atan, "erf": mp.erf, "sqrt": mp.sqrt, "exprel": exprel,
}  # fmt: skip


def text_value(text: str, values: Values) -> mp.mpc:
    """A spec's expression, or the text that is printed for a terminal."""
    python = text.replace("·", "*").replace("^", "**")
    python = re.sub(r"exprel('+)\(", lambda match: f"exprel_{len(match[1])}(", python)
    python = re.sub(r"(?<![A-Za-z_0-9.])(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)", r"mpf('\1')", python)
    derivatives = {f"exprel_{k}": lambda u, k=k: exprel(u, k) for k in (1, 2, 3)}
    return mp.mpmathify(eval(python, {"mpf": mp.mpf, "pi": mp.pi, **FUNCTIONS, **derivatives, **values}))


TOKENS = re.compile(
    r"\\[A-Za-z]+|\\[,_]|\d+\.?\d*|[A-Za-z]|[-+^/(){}_,']"
)


class Latex:
    """A recursive descent over the LaTeX that this package prints; names: the LaTeX of a symbol → its value."""

    def __init__(self, latex: str, names: Values) -> None:
        plain = re.sub(r"\\(?:bigg|Big|big)[lr]|&|\\\\(\[2pt\])?|\\quad|\\,|\{\}", " ", latex)
        self.tokens, self.at = TOKENS.findall(plain), 0
        self.names = {re.sub(r"[{} ]", "", name): value for name, value in names.items()}

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        assert token and (not expected or token == expected), (expected, self.tokens[self.at - 3 : self.at + 3])
        self.at += 1
        return token

    def value(self) -> mp.mpc:
        total = self.sum()
        assert not self.peek(), self.tokens[self.at :]
        return total

    def sum(self) -> mp.mpc:
        total = -self.product() if self.peek() == "-" and self.take() else self.product()
        while self.peek() in ("+", "-"):
            total = total + self.product() if self.take() == "+" else total - self.product()
        return total

    def product(self) -> mp.mpc:
        total = self.power()
        while self.peek() not in ("", "+", "-", ")", "}"):
            if self.peek() in (r"\cdot", r"\times"):
                self.take()
                total *= self.power()
            elif self.peek() == "/":
                self.take()
                total /= self.power()
            else:
                total *= self.power()
        return total

    def power(self) -> mp.mpc:
        base = self.atom()
        return base ** self.group() if self.peek() == "^" and self.take() else base

    def group(self) -> mp.mpc:
        self.take("{")
        inside = self.sum()
        self.take("}")
        return inside

    def name(self) -> str:
        """A symbol with its index; braces are not compared."""
        found = self.balanced()
        return found + self.take() + self.balanced() if self.peek() == "_" else found

    def balanced(self) -> str:
        """One token, or a group without its braces."""
        found, depth = "", 0
        while depth or not found:
            token = self.take()
            depth += {"{": 1, "}": -1}.get(token, 0)
            found += "" if token in "{}" else token
        return found

    def atom(self) -> mp.mpc:
        token = self.peek()
        if token[0].isdigit():
            return mp.mpf(self.take())
        if token == "(":
            self.take()
            inside = self.sum()
            self.take(")")
            return inside
        if token == r"\frac":
            self.take()
            above = self.group()
            return above / self.group()
        if token == r"\sqrt":
            self.take()
            return mp.sqrt(self.group())
        if token == "e" and "e" not in self.names:
            self.take()
            self.take("^")
            return mp.exp(self.group())
        if token == r"\operatorname" or token[1:] in FUNCTIONS:
            return self.call()
        if token == r"\pi":
            self.take()
            return mp.pi
        return self.names[self.name()]

    def call(self) -> mp.mpc:
        name = self.take()[1:]
        if name == "operatorname":
            self.take("{")
            name = ""
            while self.peek() != "}":
                name += self.take()
            self.take()
        primes, exponent = 0, mp.mpf(1)
        while self.peek() == "'":
            self.take()
            primes += 1
        if self.peek() == "^":
            self.take()
            exponent = self.group()
        self.take("(")
        argument = self.sum()
        self.take(")")
        return (exprel(argument, primes) if primes else FUNCTIONS[name](argument)) ** exponent
