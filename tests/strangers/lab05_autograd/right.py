# %% Value/micrograd_closures | micrograd's way: a closure for each operation, constants become Values
class Value:
    def __init__(self, data, parents=(), op=""):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op
        self._backward = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), f"**{power}")

        def _backward():
            if power != 0:
                self.grad += power * self.data ** (power - 1) * out.grad

        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def _backward():
            self.grad += out.data * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def _backward():
            self.grad += (1 - out.data**2) * out.grad

        out._backward = _backward
        return out

    def relu(self):
        out = Value(max(self.data, 0), (self,), "relu")

        def _backward():
            self.grad += (1 if self.data > 0 else 0) * out.grad

        out._backward = _backward
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return (-self) + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/helper_makes_nodes | one helper makes the node and its step from (parent, slope) pairs; slopes are fixed at forward time
def lift(x):
    return x if isinstance(x, Value) else Value(x)


def node(data, op, *pairs):
    result = Value(data, tuple(parent for parent, _ in pairs), op)

    def step_back():
        for parent, slope in pairs:
            parent.grad += slope * result.grad

    result._backward = step_back
    return result


class Value:
    def __init__(self, data, parents=(), op=""):
        self.data, self.parents, self.op, self.grad = data, parents, op, 0.0
        self._backward = lambda: None

    def __add__(self, other):
        other = lift(other)
        return node(self.data + other.data, "+", (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        other = lift(other)
        return node(self.data * other.data, "*", (self, other.data), (other, self.data))

    def __pow__(self, power):
        slope = 0.0 if power == 0 else power * self.data ** (power - 1)
        return node(self.data**power, "**", (self, slope))

    def exp(self):
        e = math.exp(self.data)
        return node(e, "exp", (self, e))

    def tanh(self):
        t = math.tanh(self.data)
        return node(t, "tanh", (self, 1 - t * t))

    def relu(self):
        if self.data > 0:
            return node(self.data, "relu", (self, 1.0))
        return node(0.0, "relu", (self, 0.0))

    def __neg__(self):
        return -1 * self

    def __sub__(self, other):
        return self + -1 * lift(other)

    def __truediv__(self, other):
        return self * lift(other) ** -1

    def __radd__(self, other):
        return lift(other) + self

    def __rmul__(self, other):
        return lift(other) * self

    def __rsub__(self, other):
        return lift(other) - self

    def __rtruediv__(self, other):
        return lift(other) / self


# %% Value/no_nodes_for_constants | plain numbers get no node: v + 2 has the parents (v,)
class Value:
    def __init__(self, data, parents=(), op=""):
        self.data = data
        self.parents = parents
        self.op = op
        self.grad = 0.0
        self._backward = self._nothing

    def _nothing(self):
        pass

    def __add__(self, other):
        if isinstance(other, Value):
            out = Value(self.data + other.data, (self, other), "+")

            def step():
                self.grad += out.grad
                other.grad += out.grad
        else:
            out = Value(self.data + other, (self,), "+")

            def step():
                self.grad += out.grad

        out._backward = step
        return out

    def __mul__(self, other):
        if isinstance(other, Value):
            out = Value(self.data * other.data, (self, other), "*")

            def step():
                self.grad += out.grad * other.data
                other.grad += out.grad * self.data
        else:
            out = Value(self.data * other, (self,), "*")

            def step():
                self.grad += out.grad * other

        out._backward = step
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "pow")

        def step():
            # power 0 is a constant
            self.grad += out.grad * (power * self.data ** (power - 1) if power else 0.0)

        out._backward = step
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def step():
            self.grad += out.grad * out.data

        out._backward = step
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def step():
            self.grad += out.grad * (1 - out.data * out.data)

        out._backward = step
        return out

    def relu(self):
        out = Value(self.data if self.data > 0 else 0.0, (self,), "relu")

        def step():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + other * -1

    def __truediv__(self, other):
        return self * (other**-1 if isinstance(other, Value) else 1 / other)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/slots_and_method | __slots__, no closures at all: _backward is a method that walks over stored slopes
class Value:
    __slots__ = ("data", "grad", "parents", "op", "slopes", "__weakref__")

    def __init__(self, data, parents=(), op="", slopes=()):
        self.data = data
        self.grad = 0.0
        self.parents = tuple(parents)
        self.op = op
        self.slopes = slopes

    def _backward(self):
        for parent, slope in zip(self.parents, self.slopes):
            parent.grad += self.grad * slope

    @staticmethod
    def _wrap(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value._wrap(other)
        return Value(self.data + other.data, (self, other), "+", (1, 1))

    def __mul__(self, other):
        other = Value._wrap(other)
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def __pow__(self, power):
        slope = power * self.data ** (power - 1) if power != 0 else 0
        return Value(self.data**power, (self,), "**", (slope,))

    def exp(self):
        y = math.exp(self.data)
        return Value(y, (self,), "exp", (y,))

    def tanh(self):
        y = math.tanh(self.data)
        return Value(y, (self,), "tanh", (1 - y**2,))

    def relu(self):
        on = self.data > 0
        return Value(self.data if on else 0.0, (self,), "relu", (float(on),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + Value._wrap(other) * -1.0

    def __truediv__(self, other):
        return self * Value._wrap(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value(other) - self

    def __rtruediv__(self, other):
        return Value(other) / self


# %% Value/dataclass_eq_false | dataclass(eq=False) with fields, closures with default arguments
from dataclasses import dataclass, field
from typing import Callable


def do_nothing() -> None:
    return None


@dataclass(eq=False)
class Value:
    data: float
    parents: tuple = ()
    op: str = ""
    grad: float = field(default=0.0, init=False)
    _backward: Callable[[], None] = field(default_factory=lambda: do_nothing, init=False, repr=False)

    def __add__(self, other: "Value | float") -> "Value":
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def back(left=self, right=other, out=out):
            left.grad += out.grad
            right.grad += out.grad

        out._backward = back
        return out

    def __mul__(self, other: "Value | float") -> "Value":
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def back(left=self, right=other, out=out):
            left.grad += right.data * out.grad
            right.grad += left.data * out.grad

        out._backward = back
        return out

    def __pow__(self, power: float) -> "Value":
        out = Value(self.data**power, (self,), "^")

        def back(v=self, p=power, out=out):
            v.grad += (0.0 if p == 0 else p * v.data ** (p - 1)) * out.grad

        out._backward = back
        return out

    def exp(self) -> "Value":
        out = Value(math.exp(self.data), (self,), "exp")

        def back(v=self, out=out):
            v.grad += out.data * out.grad

        out._backward = back
        return out

    def tanh(self) -> "Value":
        out = Value(math.tanh(self.data), (self,), "tanh")

        def back(v=self, out=out):
            v.grad += (1.0 - out.data**2) * out.grad

        out._backward = back
        return out

    def relu(self) -> "Value":
        out = Value(max(self.data, 0.0), (self,), "relu")

        def back(v=self, out=out):
            v.grad += out.grad if v.data > 0 else 0.0

        out._backward = back
        return out

    def __neg__(self) -> "Value":
        return self * -1

    def __sub__(self, other: "Value | float") -> "Value":
        return self + (-1) * other

    def __truediv__(self, other: "Value | float") -> "Value":
        return self * (other if isinstance(other, Value) else Value(other)) ** -1

    def __radd__(self, other: float) -> "Value":
        return self + other

    def __rmul__(self, other: float) -> "Value":
        return self * other

    def __rsub__(self, other: float) -> "Value":
        return -self + other

    def __rtruediv__(self, other: float) -> "Value":
        return other * self**-1


# %% Value/table_of_operations | a table: op -> (forward, slopes); every method is made from it
OPERATIONS = {
    "+": (lambda a, b: a + b, lambda r, a, b: (1.0, 1.0)),
    "*": (lambda a, b: a * b, lambda r, a, b: (b, a)),
    "exp": (math.exp, lambda r, a: (r,)),
    "tanh": (math.tanh, lambda r, a: (1 - r * r,)),
    "relu": (lambda a: max(a, 0.0), lambda r, a: (1.0 if a > 0 else 0.0,)),
}


class Value:
    def __init__(self, data, parents=(), op=""):
        self.data = data
        self.parents = parents
        self.op = op
        self.grad = 0.0
        self._backward = lambda: None

    @classmethod
    def _apply(cls, op, *inputs, table=OPERATIONS):
        inputs = tuple(x if isinstance(x, cls) else cls(x) for x in inputs)
        numbers = [x.data for x in inputs]
        forward, slopes = table[op]
        out = cls(forward(*numbers), inputs, op)

        def back():
            for parent, slope in zip(inputs, slopes(out.data, *numbers)):
                parent.grad += slope * out.grad

        out._backward = back
        return out

    def __add__(self, other):
        return self._apply("+", self, other)

    def __mul__(self, other):
        return self._apply("*", self, other)

    def __pow__(self, power):
        pair = lambda a: a**power, lambda r, a: (power * a ** (power - 1) if power != 0 else 0.0,)
        return self._apply("pow", self, table={"pow": pair})

    def exp(self):
        return self._apply("exp", self)

    def tanh(self):
        return self._apply("tanh", self)

    def relu(self):
        return self._apply("relu", self)

    def __neg__(self):
        return self._apply("*", -1.0, self)

    def __sub__(self, other):
        return self + self._apply("*", -1.0, other)

    def __truediv__(self, other):
        return self * (other if isinstance(other, Value) else Value(other)) ** -1

    def __radd__(self, other):
        return self._apply("+", other, self)

    def __rmul__(self, other):
        return self._apply("*", other, self)

    def __rsub__(self, other):
        return self._apply("+", other, -self)

    def __rtruediv__(self, other):
        return self._apply("*", other, self**-1)


# %% Value/classes_for_operations | a class for each operation, with forward and slopes; _backward is a bound method of it
class Operation:
    op = "?"

    def __call__(self, *parents):
        self.parents = parents
        self.out = Value(self.forward(*(p.data for p in parents)), parents, self.op)
        self.out._backward = self.step_back
        return self.out

    def step_back(self):
        slopes = self.slopes(*(p.data for p in self.parents))
        for parent, slope in zip(self.parents, slopes):
            parent.grad = parent.grad + self.out.grad * slope


class Plus(Operation):
    op = "+"

    def forward(self, a, b):
        return a + b

    def slopes(self, a, b):
        return 1, 1


class Times(Operation):
    op = "*"

    def forward(self, a, b):
        return a * b

    def slopes(self, a, b):
        return b, a


class Power(Operation):
    op = "**"

    def __init__(self, power):
        self.power = power

    def forward(self, a):
        return a**self.power

    def slopes(self, a):
        if self.power == 0:
            return (0,)
        return (self.power * a ** (self.power - 1),)


class Exp(Operation):
    op = "exp"

    def forward(self, a):
        return math.exp(a)

    def slopes(self, a):
        return (self.out.data,)


class Tanh(Operation):
    op = "tanh"

    def forward(self, a):
        return math.tanh(a)

    def slopes(self, a):
        return (1 - self.out.data**2,)


class Relu(Operation):
    op = "relu"

    def forward(self, a):
        return a if a > 0 else 0 * a

    def slopes(self, a):
        return (int(a > 0),)


class Value:
    def __init__(self, data, parents=(), op=""):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op

    def _backward(self):
        """a leaf: nothing"""

    @staticmethod
    def of(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        return Plus()(self, Value.of(other))

    def __mul__(self, other):
        return Times()(self, Value.of(other))

    def __pow__(self, power):
        return Power(power)(self)

    def exp(self):
        return Exp()(self)

    def tanh(self):
        return Tanh()(self)

    def relu(self):
        return Relu()(self)

    def __neg__(self):
        return Times()(Value(-1), self)

    def __sub__(self, other):
        return Plus()(self, -Value.of(other))

    def __truediv__(self, other):
        return Times()(self, Power(-1)(Value.of(other)))

    def __radd__(self, other):
        return Value.of(other) + self

    def __rmul__(self, other):
        return Value.of(other) * self

    def __rsub__(self, other):
        return Value.of(other) - self

    def __rtruediv__(self, other):
        return Value.of(other) / self


# %% Value/primitives_for_everything | neg, sub and div are nodes of their own with their own slopes; repr too
class Value:
    def __init__(self, data, parents=(), op=""):
        self.data = float(data)
        self.grad = 0.0
        self.parents = parents
        self.op = op
        self._backward = lambda: None

    def __repr__(self):
        return f"Value(data={self.data:.4g}, grad={self.grad:.4g}, op={self.op!r})"

    def _val(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        return other

    def __add__(self, other):
        other = self._val(other)
        out = Value(self.data + other.data, (self, other), "+")

        def b():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = b
        return out

    def __sub__(self, other):
        other = self._val(other)
        out = Value(self.data - other.data, (self, other), "-")

        def b():
            self.grad += out.grad
            other.grad -= out.grad

        out._backward = b
        return out

    def __mul__(self, other):
        other = self._val(other)
        out = Value(self.data * other.data, (self, other), "*")

        def b():
            self.grad += out.grad * other.data
            other.grad += out.grad * self.data

        out._backward = b
        return out

    def __truediv__(self, other):
        other = self._val(other)
        out = Value(self.data / other.data, (self, other), "/")

        def b():
            self.grad += out.grad / other.data
            other.grad -= out.grad * self.data / other.data**2

        out._backward = b
        return out

    def __neg__(self):
        out = Value(-self.data, (self,), "neg")

        def b():
            self.grad -= out.grad

        out._backward = b
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def b():
            if power == 0:
                return
            self.grad += out.grad * power * self.data ** (power - 1)

        out._backward = b
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def b():
            self.grad += out.grad * out.data

        out._backward = b
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def b():
            self.grad += out.grad * (1 + out.data) * (1 - out.data)

        out._backward = b
        return out

    def relu(self):
        out = Value(self.data * (self.data > 0), (self,), "relu")

        def b():
            self.grad += out.grad * (self.data > 0)

        out._backward = b
        return out

    def __radd__(self, other):
        return self._val(other) + self

    def __rsub__(self, other):
        return self._val(other) - self

    def __rmul__(self, other):
        return self._val(other) * self

    def __rtruediv__(self, other):
        return self._val(other) / self


# %% Value/numpy_float_data | data and grad are np.float64, the functions are numpy's
class Value:
    def __init__(self, data, parents=(), op=""):
        self.data = np.float64(data)
        self.grad = np.float64(0.0)
        self.parents = parents
        self.op = op

        def leaf():
            pass

        self._backward = leaf

    def __add__(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        out = Value(np.add(self.data, other.data), (self, other), "+")

        def back():
            self.grad = self.grad + out.grad
            other.grad = other.grad + out.grad

        out._backward = back
        return out

    def __mul__(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        out = Value(np.multiply(self.data, other.data), (self, other), "*")

        def back():
            self.grad = self.grad + other.data * out.grad
            other.grad = other.grad + self.data * out.grad

        out._backward = back
        return out

    def __pow__(self, power):
        out = Value(np.power(self.data, float(power)), (self,), "**")

        def back():
            slope = power * np.power(self.data, float(power) - 1) if power != 0 else 0.0
            self.grad = self.grad + slope * out.grad

        out._backward = back
        return out

    def exp(self):
        out = Value(np.exp(self.data), (self,), "exp")

        def back():
            self.grad = self.grad + out.data * out.grad

        out._backward = back
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), (self,), "tanh")

        def back():
            self.grad = self.grad + (1 - np.square(out.data)) * out.grad

        out._backward = back
        return out

    def relu(self):
        out = Value(np.maximum(self.data, 0.0), (self,), "relu")

        def back():
            self.grad = self.grad + np.where(self.data > 0, 1.0, 0.0) * out.grad

        out._backward = back
        return out

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * (Value(other) if not isinstance(other, Value) else other) ** -1

    def __radd__(self, other):
        return self.__add__(other)

    def __rmul__(self, other):
        return self.__mul__(other)

    def __rsub__(self, other):
        return self.__neg__().__add__(other)

    def __rtruediv__(self, other):
        return self.__pow__(-1).__mul__(other)


# %% Value/plain_table_formula | the table's formulas as they stand (p*v**(p-1) without a case for p=0), grad begins as 0
class Value:
    def __init__(self, data, parents=(), op=""):
        self.data = data
        self.grad = 0
        self.parents = parents
        self.op = op
        self._backward = lambda: None

    def __add__(self, other):
        if isinstance(other, (int, float, np.number)):
            other = Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def step_back():
            self.grad += 1 * out.grad
            other.grad += 1 * out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        if isinstance(other, (int, float, np.number)):
            other = Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "power")

        def step_back():
            self.grad += power * self.data ** (power - 1) * out.grad

        out._backward = step_back
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def step_back():
            self.grad += out.data * out.grad

        out._backward = step_back
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def step_back():
            self.grad += (1 - out.data**2) * out.grad

        out._backward = step_back
        return out

    def relu(self):
        out = Value(max(self.data, 0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad
            else:
                self.grad += 0

        out._backward = step_back
        return out

    def __neg__(self):
        return (-1) * self

    def __sub__(self, other):
        return self + (-1) * other

    def __truediv__(self, other):
        return self * other ** (-1)

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return other + (-1) * self

    def __rtruediv__(self, other):
        return other * self ** (-1)


# %% Value/class_defaults_generic_chain | class-level defaults, one _chain method with a lambda of slopes; constants without node for *; others swapped
class Value:
    grad = 0.0

    def __init__(self, data, parents=(), op=""):
        self.data, self.parents, self.op = data, tuple(parents), op

    def _backward(self):
        pass

    def _chain(self, slopes):
        def run():
            g = self.grad
            for i, s in enumerate(slopes()):
                self.parents[i].grad += g * s

        self._backward = run
        return self

    def __add__(self, other):
        if isinstance(other, Value):
            return Value(self.data + other.data, [self, other], "+")._chain(lambda: [1, 1])
        return Value(self.data + other, [self], "+")._chain(lambda: [1])

    def __mul__(self, other):
        if isinstance(other, Value):
            return Value(self.data * other.data, [self, other], "*")._chain(lambda: [other.data, self.data])
        return Value(self.data * other, [self], "*")._chain(lambda: [other])

    def __pow__(self, power):
        return Value(math.pow(self.data, power), [self], "pow")._chain(
            lambda: [power * math.pow(self.data, power - 1) if power else 0]
        )

    def exp(self):
        y = Value(math.exp(self.data), [self], "exp")
        return y._chain(lambda: [y.data])

    def tanh(self):
        y = Value(math.tanh(self.data), [self], "tanh")
        return y._chain(lambda: [1 - y.data**2])

    def relu(self):
        return Value(max(0.0, self.data), [self], "relu")._chain(lambda: [float(self.data > 0)])

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return -(-self + other)

    def __truediv__(self, other):
        return other.__rtruediv__(self) if isinstance(other, Value) else self * (1 / other)

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -(self - other)

    def __rtruediv__(self, other):
        return self**-1 * other


# %% topological_order/inner_recursion_set | depth first, inner function visit and a set
def topological_order(root):
    order, seen = [], set()

    def visit(v):
        if v in seen:
            return
        seen.add(v)
        for parent in v.parents:
            visit(parent)
        order.append(v)

    visit(root)
    return order


# %% topological_order/dict_of_ids | visited as a dict of ids, the dict itself keeps the order
def topological_order(root):
    done = {}

    def visit(v):
        for parent in v.parents:
            if id(parent) not in done:
                visit(parent)
        done[id(v)] = v

    visit(root)
    return list(done.values())


# %% topological_order/stack_with_iterators | iterative depth first with a stack of (node, iterator)
def topological_order(root):
    order, seen = [], {id(root)}
    stack = [(root, iter(root.parents))]
    while stack:
        value, rest = stack[-1]
        for parent in rest:
            if id(parent) not in seen:
                seen.add(id(parent))
                stack.append((parent, iter(parent.parents)))
                break
        else:
            stack.pop()
            order.append(value)
    return order


# %% topological_order/stack_two_phases | iterative, a flag says whether the parents have been pushed already
def topological_order(root):
    order, finished = [], set()
    todo = [(root, False)]
    while todo:
        v, parents_done = todo.pop()
        if v in finished:
            continue
        if parents_done:
            order.append(v)
            finished.add(v)
        else:
            todo.append((v, True))
            todo.extend((p, False) for p in reversed(v.parents))
    return order


# %% topological_order/kahn_from_root | Kahn's algorithm from the root: count consumers, take nodes with none left, reverse
from collections import Counter, deque


def topological_order(root):
    nodes, consumers, todo = {root}, Counter(), [root]
    while todo:
        v = todo.pop()
        for p in v.parents:
            consumers[p] += 1
            if p not in nodes:
                nodes.add(p)
                todo.append(p)
    ready, backwards = deque([root]), []
    while ready:
        v = ready.popleft()
        backwards.append(v)
        for p in v.parents:
            consumers[p] -= 1
            if consumers[p] == 0:
                ready.append(p)
    return backwards[::-1]


# %% topological_order/kahn_from_leaves | Kahn's from the leaves: children lists and counts of missing parents
def topological_order(root):
    everything = [root]
    known = {root}
    for v in everything:  # grows while we walk
        for p in v.parents:
            if p not in known:
                known.add(p)
                everything.append(p)
    children = {v: [] for v in everything}
    missing = {v: len(v.parents) for v in everything}
    for v in everything:
        for p in v.parents:
            children[p].append(v)
    order = [v for v in everything if missing[v] == 0]
    for v in order:
        for child in children[v]:
            missing[child] -= 1
            if missing[child] == 0:
                order.append(child)
    return order


# %% topological_order/generator | recursive generator with yield from
def topological_order(root):
    seen = set()

    def walk(v):
        if v not in seen:
            seen.add(v)
            for parent in v.parents:
                yield from walk(parent)
            yield v

    return list(walk(root))


# %% topological_order/sorted_by_depth | depth = longest way to a leaf, then sort by it
def topological_order(root):
    depth = {}

    def measure(v):
        if v not in depth:
            depth[v] = 1 + max([measure(p) for p in v.parents], default=0)
        return depth[v]

    measure(root)
    return sorted(depth, key=depth.get)


# %% topological_order/graphlib | the standard library does it
from graphlib import TopologicalSorter


def topological_order(root):
    graph, todo = {}, [root]
    while todo:
        v = todo.pop()
        if v not in graph:
            graph[v] = v.parents
            todo += v.parents
    return list(TopologicalSorter(graph).static_order())


# %% topological_order/arguments_handed_down | the function calls itself with the order as second argument; `in` on the list itself
def topological_order(root, order=None):
    if order is None:
        order = []
    for parent in root.parents:
        if not any(parent is v for v in order):
            topological_order(parent, order)
    order.append(root)
    return order


# %% backward/by_topological_order | the plain way
def backward(root):
    order = topological_order(root)
    for v in order:
        if v.parents:
            v.grad = 0.0
    root.grad = 1.0
    for v in reversed(order):
        v._backward()


# %% backward/own_walk | brings its own depth-first walk, wipes on the way
def backward(root):
    order, seen = [], set()

    def visit(v):
        if id(v) in seen:
            return
        seen.add(id(v))
        if len(v.parents) > 0:
            v.grad = 0.0
        for p in v.parents:
            visit(p)
        order.append(v)

    visit(root)
    root.grad = 1.0
    while order:
        order.pop()._backward()


# %% backward/remember_leaves | all grads from 0, the leaves' old grads are kept aside and added at the end
def backward(root):
    order = topological_order(root)
    before = {v: v.grad for v in order if v.parents == () and v is not root}
    for v in order:
        v.grad = 0.0
    root.grad = 1.0
    for v in order[::-1]:
        v._backward()
    for leaf, old in before.items():
        leaf.grad += old


# %% backward/count_consumers | a node steps back when all of its consumers have: counts instead of an order
def backward(root):
    waiting, todo = {root: 0}, [root]
    while todo:
        v = todo.pop()
        if v.parents:
            v.grad = 0.0
        for p in v.parents:
            if p not in waiting:
                waiting[p] = 0
                todo.append(p)
            waiting[p] += 1
    root.grad = 1.0
    ready = [root]
    while ready:
        v = ready.pop()
        v._backward()
        for p in v.parents:
            waiting[p] -= 1
            if waiting[p] == 0:
                ready.append(p)


# %% backward/layers_by_heap | a heap with the depth of each node: the deepest one goes first
import heapq


def backward(root):
    depth = {}
    for v in topological_order(root):
        depth[v] = 1 + max((depth[p] for p in v.parents), default=-1)
        if depth[v] > 0:
            v.grad = 0.0
    root.grad = 1.0
    heap, pushed = [(-depth[root], 0, root)], {root}
    while heap:
        v = heapq.heappop(heap)[2]
        v._backward()
        for p in v.parents:
            if p not in pushed:
                pushed.add(p)
                heapq.heappush(heap, (-depth[p], len(pushed), p))


# %% backward/skip_leaves | only nodes with parents step back; wiped and stepped from one filtered list, seed as int, with type hints
def backward(root: "Value") -> None:
    """Backpropagation from root."""
    inner = [v for v in topological_order(root) if v.parents]
    for v in inner:
        v.grad = 0.0
    root.grad = 1
    inner.reverse()
    for v in inner:
        v._backward()


# %% two_layer_with_values/object_arrays | object arrays with @, np.vectorize in and out
def two_layer_with_values(X, Y, params):
    P = {name: np.vectorize(Value, otypes=[object])(array) for name, array in params.items()}
    Z = X @ P["W1"] + P["b1"]
    sigma = np.vectorize(lambda z: (1 + (z / 2).tanh()) / 2, otypes=[object])
    Y_hat = sigma(Z) @ P["W2"] + P["b2"]
    loss = ((Y_hat - Y) ** 2).sum() / len(X)
    backward(loss)
    return {name: np.vectorize(lambda v: v.grad, otypes=[float])(array) for name, array in P.items()}


# %% two_layer_with_values/plain_loops | no object arrays: lists of lists and loops, exp for the sigmoid
def two_layer_with_values(X, Y, params):
    N, D = X.shape
    C = Y.shape[1]
    H = len(params["b1"])
    W1 = [[Value(float(params["W1"][d, h])) for h in range(H)] for d in range(D)]
    b1 = [Value(float(params["b1"][h])) for h in range(H)]
    W2 = [[Value(float(params["W2"][h, c])) for c in range(C)] for h in range(H)]
    b2 = [Value(float(params["b2"][c])) for c in range(C)]

    loss = Value(0.0)
    for n in range(N):
        hidden = []
        for h in range(H):
            z = b1[h]
            for d in range(D):
                z = z + float(X[n, d]) * W1[d][h]
            hidden.append(1 / (1 + (-z).exp()))
        for c in range(C):
            y = b2[c]
            for h in range(H):
                y = y + hidden[h] * W2[h][c]
            loss = loss + (y - float(Y[n, c])) ** 2
    loss = loss / N
    loss.backward()
    return {
        "W1": np.array([[w.grad for w in row] for row in W1]),
        "b1": np.array([b.grad for b in b1]),
        "W2": np.array([[w.grad for w in row] for row in W2]),
        "b2": np.array([b.grad for b in b2]),
    }


# %% two_layer_with_values/np_tanh_calls_methods | np.tanh of an object array calls our tanh; ndenumerate out
def two_layer_with_values(X, Y, params):
    values = {}
    for name, array in params.items():
        values[name] = np.empty(array.shape, dtype=object)
        for place, number in np.ndenumerate(array):
            values[name][place] = Value(number)
    hidden = (np.tanh((X @ values["W1"] + values["b1"]) / 2) + 1) / 2
    difference = hidden @ values["W2"] + values["b2"] - Y
    loss = np.sum(difference * difference) / X.shape[0]
    backward(loss)
    grads = {}
    for name in params:
        grads[name] = np.zeros(params[name].shape)
        for place, v in np.ndenumerate(values[name]):
            grads[name][place] = v.grad
    return grads


# %% two_layer_with_values/np_exp_one_list_of_losses | np.exp on objects, sum() over a flat list, reshape back
def two_layer_with_values(X, Y, params):
    flat = {k: [Value(x) for x in a.ravel().tolist()] for k, a in params.items()}
    W1, b1, W2, b2 = (np.array(flat[k], dtype=object).reshape(params[k].shape) for k in ["W1", "b1", "W2", "b2"])
    hidden = 1 / (1 + np.exp(-(X @ W1 + b1)))
    Y_hat = hidden @ W2 + b2
    loss = sum((p - t) ** 2 for p, t in zip(Y_hat.ravel(), Y.ravel().tolist())) * (1 / len(Y))
    loss.backward()
    return {k: np.array([v.grad for v in flat[k]], dtype=float).reshape(params[k].shape) for k in flat}


# %% two_layer_with_values/row_by_row_neurons | one row at a time, a helper for a layer, frompyfunc
def layer(x, W, b):
    """one row through an affine layer"""
    return [sum((x[i] * W[i, j] for i in range(len(x))), b[j]) for j in range(len(b))]


def sigmoid_value(z):
    return ((z * 0.5).tanh() + 1) * 0.5


def two_layer_with_values(X, Y, params):
    to_value = np.frompyfunc(lambda x: Value(float(x)), 1, 1)
    to_grad = np.frompyfunc(lambda v: v.grad, 1, 1)
    p = {k: to_value(v) for k, v in params.items()}
    losses = []
    for x, y in zip(X.tolist(), Y.tolist()):
        hidden = [sigmoid_value(z) for z in layer(x, p["W1"], p["b1"])]
        out = layer(hidden, p["W2"], p["b2"])
        losses.append(sum((a - t) ** 2 for a, t in zip(out, y)))
    loss = sum(losses) / len(losses)
    backward(loss)
    return {k: to_grad(v).astype(float) for k, v in p.items()}


# %% two_layer_with_values/everything_a_value | X and Y become Values too, each square divided by N before the sum
def two_layer_with_values(X, Y, params):
    def values(array):
        out = np.empty_like(array, dtype=object)
        out.flat = [Value(float(a)) for a in array.flat]
        return out

    def grads(array):
        return np.array([v.grad for v in array.flat], dtype=float).reshape(array.shape)

    n = len(X)
    X, Y = values(X), values(Y)
    p = {name: values(array) for name, array in params.items()}
    total = Value(0.0)
    Z = X.dot(p["W1"]) + p["b1"][None, :]
    hidden = np.array([[1 / (1 + (-z).exp()) for z in row] for row in Z], dtype=object)
    Y_hat = hidden.dot(p["W2"]) + p["b2"][None, :]
    for predicted, wanted in zip(Y_hat.flat, Y.flat):
        error = wanted - predicted
        total = total + error * error / n
    backward(total)
    return {name: grads(array) for name, array in p.items()}


# %% unbroadcast/while_and_keepdims | sum away the front axes, then those of length 1 with keepdims
def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


# %% unbroadcast/tuple_of_axes_reshape | all axes at once, then reshape
def unbroadcast(grad, shape):
    front = grad.ndim - len(shape)
    axes = tuple(range(front)) + tuple(front + i for i, n in enumerate(shape) if n == 1)
    return grad.sum(axis=axes).reshape(shape)


# %% unbroadcast/pad_with_ones | the shape gets 1s in front, compare both shapes
def unbroadcast(grad, shape):
    padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
    axes = tuple(i for i, (now, before) in enumerate(zip(grad.shape, padded)) if now != before)
    return np.sum(grad, axis=axes, keepdims=True).reshape(shape)


# %% unbroadcast/bincount_of_copies | number the entries, broadcast the numbers, count with weights
def unbroadcast(grad, shape):
    size = math.prod(shape)
    owner = np.broadcast_to(np.arange(size).reshape(shape), grad.shape)
    return np.bincount(owner.ravel(), weights=grad.ravel(), minlength=size).reshape(shape)


# %% unbroadcast/plain_loop | loop over every cell, plain
def unbroadcast(grad, shape):
    result = np.zeros(shape)
    skip = grad.ndim - len(shape)
    for place in np.ndindex(*grad.shape):
        home = tuple(0 if n == 1 else i for i, n in zip(place[skip:], shape))
        result[home] += grad[place]
    return result


# %% unbroadcast/einsum | einsum with the kept axes as output
def unbroadcast(grad, shape):
    every = list(range(grad.ndim))
    front = grad.ndim - len(shape)
    kept = [front + i for i in range(len(shape)) if shape[i] != 1]
    return np.einsum(grad, every, kept).reshape(shape)


# %% unbroadcast/recursion | one axis at a time by recursion, from the back
def unbroadcast(grad, shape):
    if grad.shape == tuple(shape):
        return grad.copy()
    if grad.ndim > len(shape):
        return unbroadcast(np.add.reduce(grad, axis=0, keepdims=False) + np.zeros(grad.shape[1:]), shape)
    for axis in reversed(range(grad.ndim)):
        if grad.shape[axis] != shape[axis]:
            return unbroadcast(np.add.reduce(grad, axis=axis, keepdims=True), shape)


# %% topological_order/level_by_level | levels upwards from the root, the deepest place of each Value counts
def topological_order(root):
    levels = [[root]]
    while levels[-1]:
        levels.append(list(dict.fromkeys(p for v in levels[-1] for p in v.parents)))
    return list(dict.fromkeys(v for level in reversed(levels) for v in level))


# %% backward/with_a_print | index loop from behind, prints how many nodes were walked
def backward(root):
    order = topological_order(root)
    for i in range(len(order) - 1):
        if len(order[i].parents) != 0:
            order[i].grad = 0.0
    root.grad = 1.0
    for i in range(len(order) - 1, -1, -1):
        order[i]._backward()
    print("walked back over", len(order), "Values")
