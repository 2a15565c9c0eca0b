"""Right answers to lab05_autograd, written in other ways; each has to pass."""

import cmath
import math
import operator
from collections import Counter, deque
from dataclasses import dataclass, field
from functools import partial, partialmethod
from graphlib import TopologicalSorter
from itertools import product

import numpy as np
from scipy.special import expit

# --- Value


class Micrograd:
    """As in micrograd, with parents in a set."""

    def __init__(self, data, _children=(), _op=""):
        self.data = data
        self.grad = 0
        self._backward = lambda: None
        self.parents = set(_children)
        self.op = _op

    def __add__(self, other):
        other = other if isinstance(other, Micrograd) else Micrograd(other)
        out = Micrograd(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Micrograd) else Micrograd(other)
        out = Micrograd(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only supporting int/float powers for now"
        out = Micrograd(self.data**other, (self,), f"**{other}")

        def _backward():
            self.grad += (other * self.data ** (other - 1)) * out.grad

        out._backward = _backward
        return out

    def relu(self):
        out = Micrograd(0 if self.data < 0 else self.data, (self,), "relu")

        def _backward():
            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def exp(self):
        out = Micrograd(math.exp(self.data), (self,), "exp")

        def _backward():
            self.grad += out.data * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        out = Micrograd(math.tanh(self.data), (self,), "tanh")

        def _backward():
            self.grad += (1 - out.data**2) * out.grad

        out._backward = _backward
        return out

    def __neg__(self):
        return self * -1

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"


class WithSlopes:
    """The local slopes are stored as numbers; `_backward` is a method of the class."""

    def __init__(self, data, parents=(), op="", slopes=()):
        self.data, self.grad, self.parents, self.op, self.slopes = float(data), 0.0, tuple(parents), op, slopes

    def _backward(self):
        for parent, slope in zip(self.parents, self.slopes, strict=False):
            parent.grad += slope * self.grad

    @classmethod
    def of(cls, other):
        return other if isinstance(other, cls) else cls(other)

    def __add__(self, other):
        other = self.of(other)
        return type(self)(self.data + other.data, (self, other), "+", (1.0, 1.0))

    def __sub__(self, other):
        other = self.of(other)
        return type(self)(self.data - other.data, (self, other), "-", (1.0, -1.0))

    def __mul__(self, other):
        other = self.of(other)
        return type(self)(self.data * other.data, (self, other), "*", (other.data, self.data))

    def __truediv__(self, other):
        other = self.of(other)
        return type(self)(self.data / other.data, (self, other), "/", (1 / other.data, -self.data / other.data / other.data))

    def __pow__(self, k):
        return type(self)(self.data**k, (self,), "**", (k * self.data ** (k - 1),))

    def __neg__(self):
        return type(self)(-self.data, (self,), "-", (-1.0,))

    def exp(self):
        e = math.exp(self.data)
        return type(self)(e, (self,), "exp", (e,))

    def tanh(self):
        t = math.tanh(self.data)
        return type(self)(t, (self,), "tanh", ((1 - t) * (1 + t),))

    def relu(self):
        return type(self)(self.data if self.data > 0 else 0.0, (self,), "relu", (1.0 if self.data > 0 else 0.0,))

    def __radd__(self, other):
        return self.of(other) + self

    def __rsub__(self, other):
        return self.of(other) - self

    def __rmul__(self, other):
        return self.of(other) * self

    def __rtruediv__(self, other):
        return self.of(other) / self


class Constants(WithSlopes):
    """A plain number is no parent."""

    def _with(self, number, op):
        if op in "+-":
            data, slope = (self.data + number if op == "+" else self.data - number), 1.0
        else:
            slope = number if op == "*" else 1 / number
            data = self.data * slope
        return Constants(data, (self,), op, (slope,))

    def __add__(self, other):
        return super().__add__(other) if isinstance(other, Constants) else self._with(other, "+")

    def __sub__(self, other):
        return super().__sub__(other) if isinstance(other, Constants) else self._with(other, "-")

    def __mul__(self, other):
        return super().__mul__(other) if isinstance(other, Constants) else self._with(other, "*")

    def __truediv__(self, other):
        return super().__truediv__(other) if isinstance(other, Constants) else self._with(other, "/")

    def __radd__(self, other):
        return self._with(other, "+")

    def __rmul__(self, other):
        return self._with(other, "*")

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return Constants(other / self.data, (self,), "/", (-other / self.data**2,))


class Slotted(WithSlopes):
    """With slots; the step is an attribute."""

    __slots__ = ("_backward", "data", "grad", "op", "parents", "slopes")

    def __init__(self, data, parents=(), op="", slopes=()):
        self.data, self.grad, self.parents, self.op, self.slopes = data, 0.0, parents, op, slopes
        self._backward = self._send

    def _send(self):
        for parent, slope in zip(self.parents, self.slopes, strict=True):
            parent.grad = parent.grad + slope * self.grad


@dataclass(eq=False)
class Record(WithSlopes):
    """A dataclass that leaves equality alone."""

    data: float
    parents: tuple = ()
    op: str = ""
    slopes: tuple = field(default=(), repr=False)
    grad: float = field(default=0.0, init=False)


class NumPyNumbers(WithSlopes):
    """Data and grads are NumPy's numbers."""

    def __init__(self, data, parents=(), op="", slopes=()):
        super().__init__(0, parents, op, slopes)
        self.data, self.grad = np.float64(data), np.float64(0)


class ZeroDimensional(WithSlopes):
    """Data are arrays without axes."""

    def __init__(self, data, parents=(), op="", slopes=()):
        super().__init__(0, parents, op, slopes)
        self.data = np.array(data, dtype=float)


class Listed(WithSlopes):
    """Parents in a list, a whole 0 as the first grad."""

    def __init__(self, data, parents=(), op="", slopes=()):
        super().__init__(data, parents, op, slopes)
        self.parents, self.grad = list(parents), 0


class Defaults:
    """Steps are closures that get what they need as defaults."""

    def __init__(self, data, parents=(), op=""):
        self.data, self.grad, self.parents, self.op = data, 0.0, parents, op
        self._backward = lambda: None

    def _result(self, data, op, *pairs):
        out = Defaults(data, tuple(parent for parent, _ in pairs), op)

        def step(out=out, pairs=pairs):
            for parent, slope in pairs:
                parent.grad += slope * out.grad

        out._backward = step
        return out

    def __add__(self, other):
        other = self.wrap(other)
        return self._result(self.data + other.data, "+", (self, 1), (other, 1))

    def __mul__(self, other):
        other = self.wrap(other)
        return self._result(self.data * other.data, "*", (self, other.data), (other, self.data))

    def __pow__(self, power):
        return self._result(self.data**power, "**", (self, power * self.data ** (power - 1)))

    @staticmethod
    def wrap(other):
        return other if hasattr(other, "_backward") else Defaults(other)

    def exp(self):
        return self._result(np.exp(self.data), "exp", (self, np.exp(self.data)))

    def tanh(self):
        return self._result(np.tanh(self.data), "tanh", (self, 1 / np.cosh(np.clip(self.data, -300, 300)) ** 2))

    def relu(self):
        return self._result(np.maximum(0, self.data), "relu", (self, np.heaviside(self.data, 0)))

    def __neg__(self):
        return 0 - self

    def __sub__(self, other):
        return self + (-1) * self.wrap(other)

    def __rsub__(self, other):
        return self.wrap(other) - self

    def __truediv__(self, other):
        return self * self.wrap(other) ** (-1)

    def __rtruediv__(self, other):
        return self.wrap(other) / self

    __radd__, __rmul__ = __add__, __mul__


class Function:
    """As in minitorch: every operation is a class with a forward and a backward."""

    def __init__(self, name, forward, backward):
        self.name, self.forward, self.backward = name, forward, backward


ADD = Function("+", lambda a, b: a + b, lambda a, b, d: (d, d))
MUL = Function("*", lambda a, b: a * b, lambda a, b, d: (b * d, a * d))
INV = Function("inv", lambda a: 1 / a, lambda a, d: (-d / a**2,))
NEG = Function("neg", lambda a: -a, lambda a, d: (-d,))
EXP = Function("exp", math.exp, lambda a, d: (d * math.exp(a),))
TANH = Function("tanh", math.tanh, lambda a, d: (d * (1 - math.tanh(a) ** 2),))
RELU = Function("relu", lambda a: max(a, 0.0), lambda a, d: (d if a > 0 else 0.0,))


class Scalar:
    """A number with a history: the function and its inputs."""

    def __init__(self, data, parents=(), op="", function=None):
        self.data, self.parents, self.op, self.function = data, parents, op, function
        self.grad = 0.0

    def _backward(self):
        if self.function is not None:
            parts = self.function.backward(*(parent.data for parent in self.parents), self.grad)
            for parent, part in zip(self.parents, parts, strict=True):
                parent.grad += part

    @staticmethod
    def apply(function, *inputs):
        inputs = tuple(each if isinstance(each, Scalar) else Scalar(each) for each in inputs)
        return Scalar(function.forward(*(each.data for each in inputs)), inputs, function.name, function)

    def __add__(self, other):
        return Scalar.apply(ADD, self, other)

    def __mul__(self, other):
        return Scalar.apply(MUL, self, other)

    def __truediv__(self, other):
        return Scalar.apply(MUL, self, Scalar.apply(INV, other))

    def __rtruediv__(self, other):
        return Scalar.apply(MUL, other, Scalar.apply(INV, self))

    def __sub__(self, other):
        return Scalar.apply(ADD, self, Scalar.apply(NEG, other))

    def __rsub__(self, other):
        return Scalar.apply(ADD, other, Scalar.apply(NEG, self))

    def __neg__(self):
        return Scalar.apply(NEG, self)

    def __pow__(self, power):
        return Scalar.apply(Function("**", lambda a: a**power, lambda a, d: (d * power * a ** (power - 1),)), self)

    def exp(self):
        return Scalar.apply(EXP, self)

    def tanh(self):
        return Scalar.apply(TANH, self)

    def relu(self):
        return Scalar.apply(RELU, self)

    def __radd__(self, other):
        return Scalar.apply(ADD, other, self)

    def __rmul__(self, other):
        return Scalar.apply(MUL, other, self)


def _partial_step(out, slopes):
    for parent, slope in zip(out.parents, slopes, strict=True):
        parent.grad += out.grad * slope


class Partial(WithSlopes):
    """The step is a partial of a function of the module."""

    def __init__(self, data, parents=(), op="", slopes=None):
        super().__init__(data, parents, op)
        self._backward = partial(_partial_step, self, slopes) if slopes else (lambda: None)


class ByTable(WithSlopes):
    """One step for all operations, which looks up what was done."""

    def _backward(self):
        if not self.op or not self.slopes:
            return
        match self.op:
            case "+":
                parts = [self.grad] * 2
            case "*":
                parts = [self.grad * self.parents[1].data, self.grad * self.parents[0].data]
            case "exp":
                parts = [self.grad * self.data]
            case "tanh":
                parts = [self.grad * (1 - self.data**2)]
            case "relu":
                parts = [self.grad if self.data > 0 else 0]
            case _:
                parts = [self.grad * slope for slope in self.slopes]
        for parent, part in zip(self.parents, parts, strict=True):
            parent.grad += part


class Primitives(Micrograd):
    """Whatever can be made of others is made of others: tanh of exp, division by exp's power."""

    def __init__(self, data, parents=(), op=""):
        super().__init__(data, parents, op)
        self.parents = tuple(parents)


class LongTanh(WithSlopes):
    """tanh by exponentials that cannot overflow."""

    def tanh(self):
        e = math.exp(-2 * abs(self.data))
        t = math.copysign((1 - e) / (1 + e), self.data)
        return type(self)(t, (self,), "tanh", (4 * e / (1 + e) ** 2,))


class ComposedTanh(WithSlopes):
    """tanh in several Values; the last one carries the name."""

    def tanh(self):
        sign = 1 if self.data >= 0 else -1
        e = (self * (-2 * sign)).exp()
        out = (1 - e) / (1 + e) * sign
        out.op = "tanh"
        return out


class ComposedNegative(WithSlopes):
    """Minus as 0 minus, a square as a product, relu as a product with its gate."""

    def __neg__(self):
        return 0 - self

    def relu(self):
        out = self * (1.0 if self.data > 0 else 0.0)
        out.op = "relu"
        return out

    def __pow__(self, power):
        return self * self if power == 2 else super().__pow__(power)


class Generated(WithSlopes):
    """Reflected forms by a loop over a table."""


def _reflect(name):
    forward = getattr(operator, name)
    return lambda self, other: forward(type(self)(other), self)


for _name in ("add", "sub", "mul", "truediv"):
    setattr(Generated, f"__r{_name}__", _reflect(_name))


class Methods(WithSlopes):
    """Operators from one method by partialmethod."""

    def _binary(self, other, name):
        other = self.of(other)
        a, b = self.data, other.data
        found = {
            "+": (a + b, (1, 1)),
            "*": (a * b, (b, a)),
            "-": (a - b, (1, -1)),
            "/": (a / b if b else 0.0, (1 / b, -a / b**2) if b else ()),
        }
        data, slopes = found[name]
        return type(self)(data, (self, other), name, slopes)

    __add__ = partialmethod(_binary, name="+")
    __sub__ = partialmethod(_binary, name="-")
    __mul__ = partialmethod(_binary, name="*")
    __truediv__ = partialmethod(_binary, name="/")


class Counting(WithSlopes):
    """With a count of all objects, a label and a property."""

    made = 0

    def __init__(self, data, parents=(), op="", slopes=()):
        Counting.made += 1
        self.label = f"v{Counting.made}"
        self._data = data
        self.grad, self.parents, self.op, self.slopes = 0.0, parents, op, slopes

    @property
    def data(self):
        return self._data

    def __str__(self):
        return f"{self.label} = {self.data}"


class Rich(WithSlopes):
    """With comparisons by data, which leave equality alone."""

    def __lt__(self, other):
        return self.data < getattr(other, "data", other)

    def __gt__(self, other):
        return self.data > getattr(other, "data", other)

    def __float__(self):
        return float(self.data)

    def relu(self):
        return type(self)(max(0.0, self.data), (self,), "relu", (int(self > 0),))


class Exact(WithSlopes):
    """exp and powers by complex numbers and logarithms where they are defined."""

    def exp(self):
        e = cmath.exp(self.data).real
        return type(self)(e, (self,), "exp", (e,))

    def __pow__(self, power):
        data = math.pow(self.data, power)
        return type(self)(data, (self,), "**", (power * math.pow(self.data, power - 1),))


# --- topological_order


def order_with_ids(root):
    order, seen = [], set()

    def build(value):
        if id(value) not in seen:
            seen.add(id(value))
            for parent in reversed(list(value.parents)):
                build(parent)
            order.append(value)

    build(root)
    return order


def order_in_list(root):
    order = []

    def build(value):
        if any(value is other for other in order):
            return
        for parent in value.parents:
            build(parent)
        order.append(value)

    build(root)
    return order


def order_checked_before(root, order=None):
    order = [] if order is None else order
    for parent in root.parents:
        if parent not in order:
            order_checked_before(parent, order)
    order.append(root)
    return order


def order_iterative(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        value, done = stack.pop()
        if done:
            order.append(value)
        elif value not in seen:
            seen.add(value)
            stack.append((value, True))
            stack.extend((parent, False) for parent in value.parents)
    return order


def order_with_iterators(root):
    order, seen, stack = [], {root}, [(root, iter(root.parents))]
    while stack:
        ahead = stack[-1][1]
        parent = next((each for each in ahead if each not in seen), None)
        if parent is None:
            order.append(stack.pop()[0])
        else:
            seen.add(parent)
            stack.append((parent, iter(parent.parents)))
    return order


def _children(root):
    children, ahead = {root: []}, [root]
    while ahead:
        value = ahead.pop()
        for parent in value.parents:
            if parent not in children:
                children[parent] = []
                ahead.append(parent)
            children[parent].append(value)
    return children


def order_kahn_from_root(root):
    waiting = {value: len(after) for value, after in _children(root).items()}
    order, free = [], deque([root])
    while free:
        value = free.popleft()
        order.append(value)
        for parent in value.parents:
            waiting[parent] -= 1
            if not waiting[parent]:
                free.append(parent)
    return order[::-1]


def order_kahn_from_leaves(root):
    children = _children(root)
    missing = {value: len(value.parents) for value in children}
    free, order = [value for value in children if not missing[value]], []
    while free:
        value = free.pop()
        order.append(value)
        for child in children[value]:
            missing[child] -= 1
            if missing[child] == 0:
                free.append(child)
    return order


def order_by_library(root):
    return list(TopologicalSorter({value: set(value.parents) for value in _children(root)}).static_order())


def order_by_depth(root):
    depth = {}

    def measure(value):
        if value not in depth:
            depth[value] = 1 + max((measure(parent) for parent in value.parents), default=0)
        return depth[value]

    measure(root)
    return sorted(depth, key=depth.get)


def order_in_rounds(root):
    there = list(_children(root))
    order = []
    while there:
        ready = [value for value in there if all(parent in order for parent in value.parents)]
        order += ready
        there = [value for value in there if value not in ready]
    return order


def order_by_dict(root):
    order = {}

    def build(value):
        if value in order:
            return
        for parent in set(value.parents):
            build(parent)
        order[value] = True

    build(root)
    return list(order)


def order_turned(root):
    """Children before parents first, with the reverse at the end."""
    order, seen = deque(), set()

    def build(value):
        seen.add(value)
        for parent in value.parents:
            if parent not in seen:
                build(parent)
        order.appendleft(value)

    build(root)
    order.reverse()
    return list(order)


def order_counted(root):
    uses = Counter(parent for value in _children(root) for parent in value.parents)
    order, free = [], [root]
    while free:
        value = free.pop(0)
        order.insert(0, value)
        uses.subtract(value.parents)
        free += [parent for parent in dict.fromkeys(value.parents) if uses[parent] == 0]
    return order


def order_marking(root):
    """Three colours, and an error for a cycle."""
    state, order = {}, []

    def build(value):
        if state.get(value) == "done":
            return
        if state.get(value) == "open":
            raise ValueError("a cycle")
        state[value] = "open"
        for parent in value.parents:
            build(parent)
        state[value] = "done"
        order.append(value)

    build(root)
    return order


# --- backward


def _begin(order, root):
    for value in order:
        if len(value.parents):
            value.grad = 0
    root.grad = 1


def backward_kahn(root):
    order = order_kahn_from_root(root)
    _begin(order, root)
    for value in order[::-1]:
        value._backward()


def backward_iterative(root):
    order = order_iterative(root)
    _begin(order, root)
    while order:
        order.pop()._backward()


def backward_by_index(root):
    order = order_with_ids(root)
    for i in range(len(order)):
        if order[i].parents != ():
            order[i].grad = 0.0
    order[-1].grad = 1.0
    for i in range(len(order) - 1, -1, -1):
        order[i]._backward()


def backward_inner_only(root):
    """Leaves take no step."""
    order = order_in_list(root)
    inner = [value for value in order if value.parents]
    for value in inner:
        value.grad = 0.0
    root.grad = 1.0
    for value in inner[::-1]:
        value._backward()


def backward_waiting(root):
    """A Value takes its step when all its children have."""
    children = _children(root)
    waiting = {value: len(after) for value, after in children.items()}
    _begin(children, root)

    def go(value):
        value._backward()
        for parent in value.parents:
            waiting[parent] -= 1
            if waiting[parent] == 0:
                go(parent)

    go(root)


def backward_numpy_one(root):
    order = order_by_dict(root)
    _begin(order, root)
    root.grad = np.float64(1)
    deque((value._backward() for value in order[::-1]), maxlen=0)


def backward_remembering_leaves(root):
    """Everything starts from 0; what the leaves had is added at the end."""
    order = order_by_depth(root)
    had = {value: value.grad for value in order if not value.parents}
    for value in order:
        value.grad = 0.0
    root.grad = 1.0
    for value in reversed(order):
        value._backward()
    for value, grad in had.items():
        value.grad += grad


def backward_clearing_late(root):
    """A Value is cleared just before its first child sends something."""
    cleared = set()
    root.grad = 1.0
    for value in reversed(order_marking(root)):
        for parent in value.parents:
            if parent.parents and parent not in cleared:
                parent.grad = 0.0
                cleared.add(parent)
        value._backward()


def backward_returning(root):
    """Returns root, for chaining."""
    backward_kahn(root)
    return root


def backward_in_heap(root):
    place = {value: number for number, value in enumerate(order_by_library(root))}
    _begin(place, root)
    for value in sorted(place, key=place.get, reverse=True):
        value._backward()


def backward_generator(root):
    def order(value, seen):
        seen.add(value)
        for parent in value.parents:
            if parent not in seen:
                yield from order(parent, seen)
        yield value

    found = list(order(root, set()))
    for value in found[:-1]:
        value.grad = value.grad if not value.parents else 0.0
    found[-1].grad = 1.0
    for value in found[::-1]:
        value._backward()


def backward_with_an_inner_function(self):
    topo = []
    visited = set()

    def build_topo(v):
        if v not in visited:
            visited.add(v)
            for child in v.parents:
                build_topo(child)
            topo.append(v)

    build_topo(self)
    for v in topo:
        if v.parents:
            v.grad = 0.0
    self.grad = 1.0
    for v in reversed(topo):
        v._backward()


# --- unbroadcast


def unbroadcast_step_by_step(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def unbroadcast_reshaped(grad, shape):
    padded = (1,) * (np.ndim(grad) - len(shape)) + tuple(shape)
    axes = tuple(i for i, (n, m) in enumerate(zip(grad.shape, padded, strict=True)) if n != m)
    return grad.sum(axis=axes).reshape(shape)


def unbroadcast_einsum(grad, shape):
    letters = "abcdefgh"[: grad.ndim]
    own = letters[grad.ndim - len(shape) :]
    kept = "".join(letter for letter, length in zip(own, shape, strict=True) if length != 1)
    return np.einsum(f"{letters}->{kept}", grad).reshape(shape)


def unbroadcast_add_at(grad, shape):
    out = np.zeros(shape)
    places = np.broadcast_to(np.arange(out.size).reshape(shape), grad.shape)
    np.add.at(out.reshape(-1), places.reshape(-1), np.reshape(grad, -1))
    return out


def unbroadcast_bincount(grad, shape):
    size = int(np.prod(shape))
    places = np.broadcast_to(np.arange(size).reshape(shape), np.shape(grad))
    return np.bincount(places.ravel(), weights=np.ravel(grad), minlength=size).reshape(shape)


def unbroadcast_loops(grad, shape):
    out = np.zeros(shape)
    for index in product(*map(range, grad.shape)):
        own = index[len(index) - len(shape) :]
        out[tuple(0 if length == 1 else i for i, length in zip(own, shape, strict=True))] += grad[index]
    return out


def unbroadcast_recursive(grad, shape):
    if grad.ndim > len(shape):
        return unbroadcast_recursive(np.sum(grad, 0), shape)
    for axis in range(grad.ndim):
        if grad.shape[axis] != shape[axis]:
            return unbroadcast_recursive(np.sum(grad, axis, keepdims=True), shape)
    return grad


def unbroadcast_lists(grad, shape):
    return unbroadcast_reshaped(grad, shape).tolist()


def unbroadcast_copy(grad, shape):
    return np.array(unbroadcast_reshaped(grad, shape), dtype=float, order="F")


def unbroadcast_from_the_right(grad, shape):
    backs = range(1, grad.ndim + 1)
    axes = [grad.ndim - back for back in backs if back > len(shape) or (shape[-back] == 1 and grad.shape[-back] > 1)]
    return np.add.reduce(grad, axis=tuple(axes)).reshape(shape)


def unbroadcast_by_products(grad, shape):
    flat = np.arange(int(np.prod(shape))).reshape(shape)
    places = np.broadcast_to(flat, grad.shape).ravel()
    return (np.eye(flat.size)[places].T @ np.ravel(grad)).reshape(shape)


def unbroadcast_early(grad, shape):
    if grad.shape == shape:
        return grad
    if shape == ():
        return np.sum(grad)
    added = grad.ndim - len(shape)
    axes = (*range(added), *(added + i for i, length in enumerate(shape) if length == 1))
    kept = grad.sum(axis=axes, keepdims=True)
    return kept.squeeze(axis=tuple(range(added)))


# --- two_layer_with_values


def _grads(values):
    return {name: np.array([value.grad for value in array.flat], dtype=float).reshape(array.shape) for name, array in values.items()}


def _wrapped(params, kind):
    values = {}
    for name, array in params.items():
        values[name] = np.empty(array.shape, dtype=object)
        for index in np.ndindex(array.shape):
            values[name][index] = kind(float(array[index]))
    return values


def _by_loops(X, Y, params, kind, sigmoid, backward, *, total=sum):
    values = _wrapped(params, kind)
    W1, b1, W2, b2 = (values[name] for name in ("W1", "b1", "W2", "b2"))
    terms = []
    for x, y in zip(X.tolist(), Y.tolist(), strict=True):
        hidden = [sigmoid(sum((W1[i, j] * x[i] for i in range(len(x))), b1[j])) for j in range(len(b1))]
        terms += [(sum((W2[j, k] * hidden[j] for j in range(len(hidden))), b2[k]) - y[k]) ** 2 for k in range(len(b2))]
    backward(total(terms) / len(X))
    return _grads(values)


def _logistic(z):
    return 1 / (1 + (-z).exp())


def _halves(z):
    return ((z / 2).tanh() + 1) / 2


def _power(z):
    return ((z * -1).exp() + 1) ** -1


def _rising(z):
    e = z.exp()
    return e / (e + 1)


def _pairwise(terms):
    return terms[0] if len(terms) == 1 else _pairwise(terms[: len(terms) // 2]) + _pairwise(terms[len(terms) // 2 :])


def values_micrograd(X, Y, params):
    return _by_loops(X, Y, params, Micrograd, _logistic, backward_with_an_inner_function)


def values_halves(X, Y, params):
    return _by_loops(X, Y, params, WithSlopes, _halves, backward_kahn)


def values_power(X, Y, params):
    return _by_loops(X, Y, params, Scalar, _power, backward_iterative)


def values_rising(X, Y, params):
    return _by_loops(X, Y, params, Constants, _rising, backward_waiting)


def values_in_a_tree(X, Y, params):
    return _by_loops(X, Y, params, Slotted, _halves, backward_by_index, total=_pairwise)


def values_of_numpy(X, Y, params):
    return _by_loops(X, Y, params, NumPyNumbers, _logistic, backward_numpy_one)


def values_in_lists(X, Y, params):
    found = _by_loops(X, Y, params, Defaults, _halves, backward_generator)
    return {name: grad.tolist() for name, grad in found.items()}


def values_by_matrices(X, Y, params):
    """NumPy multiplies arrays of objects."""
    values = _wrapped(params, Micrograd)
    hidden = np.vectorize(_logistic, otypes=[object])(X @ values["W1"] + values["b1"])
    errors = hidden @ values["W2"] + values["b2"] - Y
    backward_kahn((errors**2).sum() / len(X))
    return _grads(values)


def values_example_by_example(X, Y, params):
    """One backward per example: leaves add up what comes."""
    values = _wrapped(params, WithSlopes)
    for x, y in zip(X, Y, strict=True):
        hidden = [_halves(z) for z in x @ values["W1"] + values["b1"]]
        error = np.array(hidden, dtype=object) @ values["W2"] + values["b2"] - y
        backward_kahn(sum(e * e for e in error) / len(X))
    return _grads(values)


def values_with_inputs(X, Y, params):
    """Inputs and targets are Values as well."""
    values = _wrapped({**params, "X": X, "Y": Y}, WithSlopes)
    hidden = np.vectorize(_logistic, otypes=[object])(values["X"] @ values["W1"] + values["b1"])
    errors = hidden @ values["W2"] + values["b2"] - values["Y"]
    backward_in_heap(sum(error * error for error in errors.ravel()) * (1 / X.shape[0]))
    return _grads({name: values[name] for name in params})


def values_scaled_errors(X, Y, params):
    """The division by N is done in every term, and the parameters are read in another order."""
    values = _wrapped({name: params[name] for name in sorted(params)}, Record)
    hidden = np.vectorize(_rising, otypes=[object])(X @ values["W1"] + values["b1"])
    errors = hidden @ values["W2"] + values["b2"] - Y
    backward_clearing_late(sum((error**2 / len(Y) for error in errors.flat), Record(0.0)))
    return _grads(values)


def values_by_hand(X, Y, params):
    """Lab 4's formulas give the same numbers."""
    H = expit(X @ params["W1"] + params["b1"])
    dY = 2 * (H @ params["W2"] + params["b2"] - Y) / len(X)
    dZ = dY @ params["W2"].T * H * (1 - H)
    return {"W1": X.T @ dZ, "b1": dZ.sum(axis=0), "W2": H.T @ dY, "b2": dY.sum(axis=0)}


EQUIVALENTS = {
    "Value": [
        Micrograd,
        WithSlopes,
        Constants,
        Slotted,
        Record,
        NumPyNumbers,
        ZeroDimensional,
        Listed,
        Defaults,
        Scalar,
        Partial,
        ByTable,
        Primitives,
        LongTanh,
        ComposedTanh,
        ComposedNegative,
        Generated,
        Methods,
        Counting,
        Rich,
        Exact,
    ],
    "topological_order": [
        order_with_ids,
        order_in_list,
        order_checked_before,
        order_iterative,
        order_with_iterators,
        order_kahn_from_root,
        order_kahn_from_leaves,
        order_by_library,
        order_by_depth,
        order_in_rounds,
        order_by_dict,
        order_turned,
        order_counted,
        order_marking,
    ],
    "backward": [
        backward_kahn,
        backward_iterative,
        backward_by_index,
        backward_inner_only,
        backward_waiting,
        backward_numpy_one,
        backward_remembering_leaves,
        backward_clearing_late,
        backward_returning,
        backward_in_heap,
        backward_generator,
        backward_with_an_inner_function,
    ],
    "unbroadcast": [
        unbroadcast_step_by_step,
        unbroadcast_reshaped,
        unbroadcast_einsum,
        unbroadcast_add_at,
        unbroadcast_bincount,
        unbroadcast_loops,
        unbroadcast_recursive,
        unbroadcast_lists,
        unbroadcast_copy,
        unbroadcast_from_the_right,
        unbroadcast_by_products,
        unbroadcast_early,
    ],
    "two_layer_with_values": [
        values_micrograd,
        values_halves,
        values_power,
        values_rising,
        values_in_a_tree,
        values_of_numpy,
        values_in_lists,
        values_by_matrices,
        values_example_by_example,
        values_with_inputs,
        values_scaled_errors,
        values_by_hand,
    ],
}
