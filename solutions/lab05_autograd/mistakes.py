"""Wrong answers that students give to lab05_autograd, each with the sentence that names it."""

import math

import numpy as np
from scipy.special import expit

from course_utils.checking import mistake, solution

# --- Value


class _Value:
    """The right class in parts: what is computed, the slopes, and how they are sent back."""

    def __init__(self, data, parents=(), op=""):
        self.data, self.grad, self.parents, self.op = data, 0.0, tuple(parents), op
        self._backward = lambda: None

    def lifted(self, other):
        return other if isinstance(other, _Value) else type(self)(other)

    def made(self, data, parents, op, slopes):
        """A result; the slopes are asked for when the step back is done."""
        out = type(self)(data, parents, op)
        out._backward = lambda: self.send(out, parents, slopes(out))
        return out

    def send(self, out, parents, slopes):
        for parent, slope in zip(parents, slopes, strict=True):
            parent.grad += slope * out.grad

    def __add__(self, other):
        other = self.lifted(other)
        return self.made(self.data + other.data, (self, other), "+", lambda out: self.sum_slopes(other))

    def sum_slopes(self, other):
        return 1.0, 1.0

    def __mul__(self, other):
        other = self.lifted(other)
        return self.made(self.data * other.data, (self, other), "*", lambda out: self.product_slopes(other, out))

    def product_slopes(self, other, out):
        return other.data, self.data

    def __pow__(self, power):
        return self.made(self.data**power, (self,), "**", lambda out: [self.power_slope(power)])

    def power_slope(self, power):
        return power * self.data ** (power - 1)

    def exp(self):
        return self.made(math.exp(self.data), (self,), "exp", lambda out: [self.exp_slope(out)])

    def exp_slope(self, out):
        return out.data

    def tanh(self):
        return self.made(math.tanh(self.data), (self,), "tanh", lambda out: [self.tanh_slope(out)])

    def tanh_slope(self, out):
        return 1 - out.data**2

    def relu(self):
        return self.made(max(self.data, 0.0), (self,), "relu", lambda out: [self.relu_slope(out)])

    def relu_slope(self, out):
        return float(self.data > 0)

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + other * -1.0

    def __truediv__(self, other):
        return self * other**-1.0

    def __radd__(self, other):
        return self.lifted(other) + self

    def __rmul__(self, other):
        return self.lifted(other) * self

    def __rsub__(self, other):
        return self.lifted(other) - self

    def __rtruediv__(self, other):
        return self.lifted(other) / self


class _WithSteps(_Value):
    """Minus and division with steps back of their own."""

    def __neg__(self):
        return self.made(-self.data, (self,), "neg", lambda out: [-1.0])

    def __sub__(self, other):
        other = self.lifted(other)
        return self.made(self.data - other.data, (self, other), "-", lambda out: self.difference_slopes(other))

    def difference_slopes(self, other):
        return 1.0, -1.0

    def __truediv__(self, other):
        other = self.lifted(other)
        return self.made(self.data / other.data, (self, other), "/", lambda out: self.quotient_slopes(other))

    def quotient_slopes(self, other):
        return 1 / other.data, -self.data / other.data**2


@mistake("Value", "a parent's grad is overwritten with =: what another path sent there is lost")
class ValueOverwrites(_Value):
    def send(self, out, parents, slopes):
        for parent, slope in zip(parents, slopes, strict=True):
            parent.grad = slope * out.grad


@mistake("Value", "a product overwrites the grads of its parents with =, where its parts should be added")
class ValueProductOverwrites(_Value):
    def __mul__(self, other):
        other = self.lifted(other)
        out = type(self)(self.data * other.data, (self, other), "*")
        out._backward = lambda: self.overwrite(other, out)
        return out

    def overwrite(self, other, out):
        self.grad = other.data * out.grad
        other.grad = self.data * out.grad


@mistake("Value", "a parent's grad is multiplied by what comes back, and it should be added")
class ValueMultipliesGrads(_Value):
    def send(self, out, parents, slopes):
        for parent, slope in zip(parents, slopes, strict=True):
            parent.grad *= slope * out.grad


@mistake("Value", "what comes back is subtracted from a parent's grad, and it should be added")
class ValueSubtractsGrads(_Value):
    def send(self, out, parents, slopes):
        for parent, slope in zip(parents, slopes, strict=True):
            parent.grad -= slope * out.grad


@mistake("Value", "only the local slope is added: the grad of the result itself is not a factor")
class ValueLocalOnly(_Value):
    def send(self, out, parents, slopes):
        for parent, slope in zip(parents, slopes, strict=True):
            parent.grad += slope


@mistake("Value", "the result's grad and the local slope are added: along a path they multiply")
class ValueGradAdded(_Value):
    def send(self, out, parents, slopes):
        for parent, slope in zip(parents, slopes, strict=True):
            parent.grad += slope + out.grad


@mistake("Value", "the local slope meets the result's data, where its grad belongs")
class ValueDataForGrad(_Value):
    def send(self, out, parents, slopes):
        for parent, slope in zip(parents, slopes, strict=True):
            parent.grad += slope * out.data


@mistake("Value", "only the first parent is sent something back, the second one nothing")
class ValueFirstParentOnly(_Value):
    def send(self, out, parents, slopes):
        parents[0].grad += slopes[0] * out.grad


@mistake("Value", "only the last parent is sent something back, the first one nothing")
class ValueLastParentOnly(_Value):
    def send(self, out, parents, slopes):
        parents[-1].grad += slopes[-1] * out.grad


@mistake("Value", "no step back sends anything to the parents")
class ValueSendsNothing(_Value):
    def send(self, out, parents, slopes):
        pass


@mistake("Value", "a Value that is both parents gets one part only: x·x sends x back twice")
class ValueOncePerParent(_Value):
    def send(self, out, parents, slopes):
        for parent, slope in {id(parent): (parent, slope) for parent, slope in zip(parents, slopes, strict=True)}.values():
            parent.grad += slope * out.grad


@mistake("Value", "a new Value's grad is 1: nothing has been sent to it yet")
class ValueGradOfOne(_Value):
    def __init__(self, data, parents=(), op=""):
        super().__init__(data, parents, op)
        self.grad = 1.0


@mistake("Value", "the parents are not kept")
class ValueWithoutParents(_Value):
    def __init__(self, data, parents=(), op=""):
        super().__init__(data, (), op)


@mistake("Value", "only the first parent is kept")
class ValueOneParentKept(_Value):
    def __init__(self, data, parents=(), op=""):
        super().__init__(data, tuple(parents)[:1], op)


@mistake("Value", "the number that it is given is cut to a whole one")
class ValueTruncates(_Value):
    def __init__(self, data, parents=(), op=""):
        super().__init__(int(data), parents, op)


@mistake("Value", "the number that it is given loses its sign")
class ValuePositive(_Value):
    def __init__(self, data, parents=(), op=""):
        super().__init__(abs(data), parents, op)


@mistake("Value", "a new Value's grad is its data: nothing has been sent to it yet")
class ValueGradIsData(_Value):
    def __init__(self, data, parents=(), op=""):
        super().__init__(data, parents, op)
        self.grad = data


@mistake("Value", "the slopes of a sum are those of a product")
class ValueSumLikeProduct(_Value):
    def sum_slopes(self, other):
        return other.data, self.data


@mistake("Value", "a sum sends nothing back to its second parent")
class ValueSumFirst(_Value):
    def sum_slopes(self, other):
        return 1.0, 0.0


@mistake("Value", "a sum sends nothing back to its first parent")
class ValueSumSecond(_Value):
    def sum_slopes(self, other):
        return 0.0, 1.0


@mistake("Value", "a sum shares its grad between its parents: each of them gets all of it")
class ValueSumHalved(_Value):
    def sum_slopes(self, other):
        return 0.5, 0.5


@mistake("Value", "a sum sends back each parent's own data as its slope")
class ValueSumOwnData(_Value):
    def sum_slopes(self, other):
        return self.data, other.data


@mistake("Value", "a sum sends its second parent the grad with the wrong sign")
class ValueSumMinus(_Value):
    def sum_slopes(self, other):
        return 1.0, -1.0


@mistake("Value", "the slopes of a product are exchanged: each parent gets its own data, and not the other's")
class ValueProductOwnData(_Value):
    def product_slopes(self, other, out):
        return self.data, other.data


@mistake("Value", "the slopes of a product are those of a sum")
class ValueProductLikeSum(_Value):
    def product_slopes(self, other, out):
        return 1.0, 1.0


@mistake("Value", "a product sends nothing back to its second parent")
class ValueProductFirst(_Value):
    def product_slopes(self, other, out):
        return other.data, 0.0


@mistake("Value", "a product sends nothing back to its first parent")
class ValueProductSecond(_Value):
    def product_slopes(self, other, out):
        return 0.0, self.data


@mistake("Value", "the slope of a product is its own data: that has one factor too many")
class ValueProductOfResult(_Value):
    def product_slopes(self, other, out):
        return out.data, out.data


@mistake("Value", "the slope of a product is the other parent's grad, where its data belongs")
class ValueProductGrads(_Value):
    def product_slopes(self, other, out):
        return other.grad, self.grad


@mistake("Value", "a product with a plain number sends its grad back without this number as a factor")
class ValueProductPlain(_Value):
    def __mul__(self, other):
        if isinstance(other, _Value):
            return super().__mul__(other)
        return self.made(self.data * other, (self,), "*", lambda out: [1.0])

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return self**-1.0 * other


@mistake("Value", "the step back of a product sends the slopes alone: the grad of the result is not a factor")
class ValueProductLocalOnly(_Value):
    def __mul__(self, other):
        other = self.lifted(other)
        out = type(self)(self.data * other.data, (self, other), "*")
        out._backward = lambda: self.send_to(other)
        return out

    def send_to(self, other):
        self.grad += other.data
        other.grad += self.data


@mistake("Value", "a product's slope for its second parent has the wrong sign")
class ValueProductMinus(_Value):
    def product_slopes(self, other, out):
        return other.data, -self.data


@mistake("Value", "the step back of a power sends the slope alone: the grad of the result is not a factor")
class ValuePowerLocalOnly(_Value):
    def __pow__(self, power):
        out = type(self)(self.data**power, (self,), "**")
        out._backward = lambda: self.receive(self.power_slope(power))
        return out

    def receive(self, part):
        self.grad += part


@mistake("Value", "the slope of a power keeps the exponent, which should go down by one")
class ValuePowerSameExponent(_Value):
    def power_slope(self, power):
        return power * self.data**power


@mistake("Value", "the slope of a power lacks the exponent as a factor")
class ValuePowerWithoutFactor(_Value):
    def power_slope(self, power):
        return self.data ** (power - 1)


@mistake("Value", "the exponent in the slope of a power goes up by one, and it should go down")
class ValuePowerExponentUp(_Value):
    def power_slope(self, power):
        return power * self.data ** (power + 1)


@mistake("Value", "every power has the slope of a square")
class ValuePowerSquareOnly(_Value):
    def power_slope(self, power):
        return 2 * self.data


@mistake("Value", "the slope of a power is that of an exponential: here the base moves, and not the exponent")
class ValuePowerLikeExponential(_Value):
    def power_slope(self, power):
        return self.data**power * math.log(abs(self.data))


@mistake("Value", "the slope of a power has a factor that is one too small")
class ValuePowerLessFactor(_Value):
    def power_slope(self, power):
        return (power - 1) * self.data ** (power - 1)


@mistake("Value", "a power sends nothing back")
class ValuePowerNothingBack(_Value):
    def power_slope(self, power):
        return 0.0


@mistake("Value", "the slope of a power takes the exponent without its sign")
class ValuePowerPositiveExponent(_Value):
    def power_slope(self, power):
        return abs(power) * self.data ** (power - 1)


@mistake("Value", "the exponent is cut to a whole number")
class ValuePowerWhole(_Value):
    def __pow__(self, power):
        return super().__pow__(int(power))


@mistake("Value", "a power takes the base without its sign")
class ValuePowerOfSize(_Value):
    def __pow__(self, power):
        return self.made(abs(self.data) ** power, (self,), "**", lambda out: [power * abs(self.data) ** (power - 1)])


@mistake("Value", "a power is computed as a product with the exponent")
class ValuePowerAsProduct(_Value):
    def __pow__(self, power):
        return self * power


@mistake("Value", "the slope of exp is the number that goes in")
class ValueExpSlopeOfInput(_Value):
    def exp_slope(self, out):
        return self.data


@mistake("Value", "the slope of exp is 1 everywhere")
class ValueExpSlopeOne(_Value):
    def exp_slope(self, out):
        return 1.0


@mistake("Value", "the slope of exp is taken at what comes out, and not at what goes in")
class ValueExpOfExp(_Value):
    def exp_slope(self, out):
        return math.exp(out.data)


@mistake("Value", "the slope of exp follows the rule for powers")
class ValueExpLikePower(_Value):
    def exp_slope(self, out):
        return self.data * math.exp(self.data - 1)


@mistake("Value", "the slope of exp is one divided by it")
class ValueExpInverse(_Value):
    def exp_slope(self, out):
        return 1 / out.data


@mistake("Value", "exp has the base 2")
class ValueExpBaseTwo(_Value):
    def exp(self):
        return self.made(2.0**self.data, (self,), "exp", lambda out: [out.data * math.log(2)])


@mistake("Value", "exp has the wrong sign in its exponent: it falls")
class ValueExpFalls(_Value):
    def exp(self):
        return self.made(math.exp(-self.data), (self,), "exp", lambda out: [-out.data])


@mistake("Value", "the slope of tanh squares the number that goes in, and not the one that comes out")
class ValueTanhOfInput(_Value):
    def tanh_slope(self, out):
        return 1 - self.data**2


@mistake("Value", "the slope of tanh lacks the square")
class ValueTanhWithoutSquare(_Value):
    def tanh_slope(self, out):
        return 1 - out.data


@mistake("Value", "the slope of tanh is computed by the sigmoid's rule")
class ValueTanhLikeSigmoid(_Value):
    def tanh_slope(self, out):
        return out.data * (1 - out.data)


@mistake("Value", "the slope of tanh is taken at what comes out, and not at what goes in")
class ValueTanhTwice(_Value):
    def tanh_slope(self, out):
        return 1 - math.tanh(out.data) ** 2


@mistake("Value", "the slope of tanh has the wrong sign")
class ValueTanhMinus(_Value):
    def tanh_slope(self, out):
        return out.data**2 - 1


@mistake("Value", "the slope of tanh adds the square to 1")
class ValueTanhPlus(_Value):
    def tanh_slope(self, out):
        return 1 + out.data**2


@mistake("Value", "the slope of tanh is 1 everywhere")
class ValueTanhSlopeOne(_Value):
    def tanh_slope(self, out):
        return 1.0


@mistake("Value", "tanh is computed as the sigmoid")
class ValueSigmoidForTanh(_Value):
    def tanh(self):
        return self.made(float(expit(self.data)), (self,), "tanh", lambda out: [out.data * (1 - out.data)])


@mistake("Value", "tanh is taken of half the number, or of twice the number")
class ValueTanhHalf(_Value):
    def tanh(self):
        return self.made(math.tanh(self.data / 2), (self,), "tanh", lambda out: [(1 - out.data**2) / 2])


@mistake("Value", "the slope of relu at 0 is 1: in this course it is 0")
class ValueReluOpenAtZero(_Value):
    def relu_slope(self, out):
        return float(self.data >= 0)


@mistake("Value", "the gate of relu is open in its step back, whatever went in")
class ValueReluAlwaysOpen(_Value):
    def relu_slope(self, out):
        return 1.0


@mistake("Value", "the slope of relu is what comes out of it")
class ValueReluSlopeOfData(_Value):
    def relu_slope(self, out):
        return out.data


@mistake("Value", "the gate of relu opens at 1 in its step back")
class ValueReluLate(_Value):
    def relu_slope(self, out):
        return float(self.data > 1)


@mistake("Value", "the gate of relu looks at the grad, and it should look at the data")
class ValueReluGateOfGrad(_Value):
    def relu_slope(self, out):
        return float(out.grad > 0)


@mistake("Value", "the result of relu does not say what it was made from: its parents and its op are not handed on")
class ValueReluForgetful(_Value):
    def relu(self):
        return type(self)(max(self.data, 0.0))


@mistake("Value", "relu sends nothing back")
class ValueReluShut(_Value):
    def relu_slope(self, out):
        return 0.0


@mistake("Value", "the gate of relu is open where it should be shut")
class ValueReluUpsideDown(_Value):
    def relu_slope(self, out):
        return float(self.data <= 0)


@mistake("Value", "relu turns the sign of negative numbers, where it should give 0")
class ValueReluSize(_Value):
    def relu(self):
        return self.made(abs(self.data), (self,), "relu", lambda out: [float(np.sign(self.data))])


@mistake("Value", "relu keeps the negative numbers, and not the positive ones")
class ValueReluNegative(_Value):
    def relu(self):
        return self.made(min(self.data, 0.0), (self,), "relu", lambda out: [float(self.data < 0)])


@mistake("Value", "relu lets a hundredth of negative numbers through")
class ValueReluLeaky(_Value):
    def relu(self):
        slope = 1.0 if self.data > 0 else 0.01
        return self.made(slope * self.data, (self,), "relu", lambda out: [slope])


@mistake("Value", "relu gives 1 for every positive number")
class ValueReluAsStep(_Value):
    def relu(self):
        return self.made(float(self.data > 0), (self,), "relu", lambda out: [0.0])


@mistake("Value", "relu is cut off at 1")
class ValueReluClipped(_Value):
    def relu(self):
        return self.made(min(max(self.data, 0.0), 1.0), (self,), "relu", lambda out: [float(0 < self.data < 1)])


@mistake("Value", "a - b is computed as b - a")
class ValueMinusExchanged(_WithSteps):
    def __sub__(self, other):
        return self.lifted(other) + self * -1


@mistake("Value", "a - b sends the grad back to b without a minus")
class ValueMinusSendsPlus(_WithSteps):
    def difference_slopes(self, other):
        return 1.0, 1.0


@mistake("Value", "a - b is computed as a + b")
class ValueMinusIsPlus(_WithSteps):
    def __sub__(self, other):
        return self + other


@mistake("Value", "-a sends its grad back without a minus")
class ValueNegativeSendsPlus(_WithSteps):
    def __neg__(self):
        return self.made(-self.data, (self,), "neg", lambda out: [1.0])


@mistake("Value", "-a turns the sign of a itself, and is no Value of its own")
class ValueNegativeInPlace(_Value):
    def __neg__(self):
        self.data = -self.data
        return self

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return -self + other


@mistake("Value", "-a is a itself")
class ValueNegativeIsItself(_WithSteps):
    def __neg__(self):
        return self


@mistake("Value", "-a sends nothing back to a")
class ValueNegativeCut(_WithSteps):
    def __neg__(self):
        return type(self)(-self.data)


@mistake("Value", "in a / b the slope for b lacks its minus")
class ValueQuotientSign(_WithSteps):
    def quotient_slopes(self, other):
        return 1 / other.data, self.data / other.data**2


@mistake("Value", "in a / b the slope for b divides by b once, and not twice")
class ValueQuotientWithoutSquare(_WithSteps):
    def quotient_slopes(self, other):
        return 1 / other.data, -self.data / other.data


@mistake("Value", "in a / b the slope for b lacks a as a factor")
class ValueQuotientWithoutNumerator(_WithSteps):
    def quotient_slopes(self, other):
        return 1 / other.data, -1 / other.data**2


@mistake("Value", "in a / b the slope for a is b, and not one divided by b")
class ValueQuotientNumeratorSlope(_WithSteps):
    def quotient_slopes(self, other):
        return other.data, -self.data / other.data**2


@mistake("Value", "a / b sends nothing back to b")
class ValueQuotientFirst(_WithSteps):
    def quotient_slopes(self, other):
        return 1 / other.data, 0.0


@mistake("Value", "the slopes of a / b are those of a product")
class ValueQuotientLikeProduct(_WithSteps):
    def quotient_slopes(self, other):
        return other.data, self.data


@mistake("Value", "in a / b the slope for a is 1")
class ValueQuotientNumeratorOne(_WithSteps):
    def quotient_slopes(self, other):
        return 1.0, -self.data / other.data**2


@mistake("Value", "a / b is cut to a whole number")
class ValueQuotientWhole(_WithSteps):
    def __truediv__(self, other):
        other = self.lifted(other)
        return self.made(self.data // other.data, (self, other), "/", lambda out: self.quotient_slopes(other))


@mistake("Value", "a / b is computed as b / a")
class ValueQuotientExchanged(_WithSteps):
    def __truediv__(self, other):
        other = self.lifted(other)
        return other.made(other.data / self.data, (other, self), "/", lambda out: other.quotient_slopes(self))


@mistake("Value", "a / b is computed as a * b")
class ValueQuotientIsProduct(_WithSteps):
    def __truediv__(self, other):
        return self * other


@mistake("Value", "number - a is computed as a - number")
class ValueLeftMinus(_Value):
    def __rsub__(self, other):
        return self - other


@mistake("Value", "number / a is computed as a / number")
class ValueLeftQuotient(_Value):
    def __rtruediv__(self, other):
        return self / other


@mistake("Value", "number - a is computed as number + a")
class ValueLeftMinusPlus(_Value):
    def __rsub__(self, other):
        return self + other


@mistake("Value", "number / a is computed as number * a")
class ValueLeftQuotientProduct(_Value):
    def __rtruediv__(self, other):
        return self * other


@mistake("Value", "number - a is computed as a - number, and number / a as a / number")
class ValueLeftBoth(_Value):
    def __rsub__(self, other):
        return self - other

    def __rtruediv__(self, other):
        return self / other


@mistake("Value", "number - a is computed as -number - a")
class ValueLeftMinusNegative(_Value):
    def __rsub__(self, other):
        return -self - other


@mistake("Value", "a * b is computed as a + b")
class ValueProductAsSum(_Value):
    def __mul__(self, other):
        return self + other


@mistake("Value", "all Values share one step back, that of the Value made last: keep it in the object, not in the class")
class ValueSharedStep(_Value):
    def made(self, data, parents, op, slopes):
        out = type(self)(data, parents, op)
        del out._backward
        type(self)._backward = lambda value: self.send(out, parents, slopes(out))
        return out


# --- topological_order


def _visit(root, follow, *, seen=None, before=False):
    """Depth first; `before` puts a Value in front of those that it was made from."""
    order, seen = [], set() if seen is None else seen

    def visit(value):
        if value in seen:
            return
        seen.add(value)
        if before:
            order.append(value)
        for parent in follow(value):
            visit(parent)
        if not before:
            order.append(value)

    visit(root)
    return order


def _all(value):
    return value.parents


def _every_path(root):
    return [value for parent in root.parents for value in _every_path(parent)] + [root]


def _breadth_first(root):
    order, seen = [root], {root}
    for value in order:
        for parent in value.parents:
            if parent not in seen:
                seen.add(parent)
                order.append(parent)
    return order


@mistake("topological_order", "a Value is put into the list before its parents: first visit the parents, then append")
def order_before(root):
    return _visit(root, _all, before=True)


@mistake("topological_order", "the list is the wrong way round: root stands first")
def order_backwards(root):
    return _visit(root, _all)[::-1]


@mistake("topological_order", "a Value is appended before its parents, and then the list is turned round: shared Values can come too late")
def order_before_turned(root):
    return _visit(root, _all, before=True)[::-1]


@mistake("topological_order", "a shared Value is in the list several times: nobody remembers which ones were visited")
def order_repeats(root):
    return _every_path(root)


@mistake("topological_order", "the graph is walked level by level from root: a Value can come too late for its children that way")
def order_by_levels(root):
    return _breadth_first(root)[::-1]


@mistake("topological_order", "the graph is walked level by level from root, and root stands first")
def order_by_levels_forwards(root):
    return _breadth_first(root)


@mistake("topological_order", "root itself is missing in the list")
def order_without_root(root):
    return _visit(root, _all)[:-1]


@mistake("topological_order", "the leaves are missing in the list")
def order_without_leaves(root):
    return [value for value in _visit(root, _all) if value.parents]


@mistake("topological_order", "only the first parent of every Value is followed")
def order_first_parent(root):
    return _visit(root, lambda value: value.parents[:1])


@mistake("topological_order", "only the last parent of every Value is followed")
def order_last_parent(root):
    return _visit(root, lambda value: value.parents[-1:])


@mistake("topological_order", "only root and its own parents are in the list: the parents have parents, too")
def order_of_parents(root):
    return [*dict.fromkeys(root.parents), root]


@mistake("topological_order", "the list holds root alone")
def order_of_root(root):
    return [root]


@mistake("topological_order", "a Value is appended as soon as one of its parents was visited, and not after all of them")
def order_after_first_parent(root):
    order, seen = [], set()

    def visit(value):
        if value in seen:
            return
        seen.add(value)
        for parent in value.parents[:1]:
            visit(parent)
        order.append(value)
        for parent in value.parents[1:]:
            visit(parent)

    visit(root)
    return order


@mistake("topological_order", "a shared Value is in the list several times: it is only left out if the one before it is the same")
def order_repeats_apart(root):
    order = _every_path(root)
    return [value for value, before in zip(order, [None, *order], strict=False) if value is not before]


@mistake("topological_order", "all leaves come at the end of the list")
def order_leaves_last(root):
    order = _visit(root, _all)
    return [value for value in order if value.parents] + [value for value in order if not value.parents]


@mistake("topological_order", "the Values are sorted by their data, which says nothing of who was made from whom")
def order_by_data(root):
    return sorted(_visit(root, _all), key=lambda value: value.data)


@mistake(
    "topological_order",
    "a shared Value stands where its last path meets it, which may be behind Values that were made from it",
)
def order_keeps_last(root):
    stack, order = [root], []
    while stack:
        value = stack.pop()
        if value not in order:
            order.append(value)
            stack.extend(value.parents)
    return order[::-1]


# --- backward


def _begun(order, root, seed=1.0, *, reset=lambda value: value.parents):
    for value in order:
        if reset(value):
            value.grad = 0.0
    root.grad = seed


def _back(order):
    for value in reversed(order):
        value._backward()


@mistake("backward", "root.grad is not 1 when the walk begins, so that nothing is there to be sent back")
def backward_without_seed(root):
    order = solution.topological_order(root)
    _begun(order, root, 0.0)
    _back(order)


@mistake("backward", "it starts from root's data, and not from 1")
def backward_from_data(root):
    order = solution.topological_order(root)
    _begun(order, root, root.data)
    _back(order)


@mistake("backward", "root.grad is 0 or -1 at the start: the slope of a number with respect to itself is 1")
def backward_from_minus_one(root):
    order = solution.topological_order(root)
    _begun(order, root, -1.0)
    _back(order)


@mistake("backward", "only the step back from root itself sends something: the others take theirs too early, or not at all")
def backward_forwards(root):
    order = solution.topological_order(root)
    _begun(order, root)
    _back(order[::-1])


@mistake("backward", "every path is walked by itself, and each walk sends all that came before once more")
def backward_path_by_path(root):
    _begun(solution.topological_order(root), root)

    def walk(value):
        value._backward()
        for parent in value.parents:
            walk(parent)

    walk(root)


@mistake("backward", "a grad is passed on as soon as its Value is met: wait until all its children have sent their part")
def backward_before(root):
    _begun(solution.topological_order(root), root)
    for value in _visit(root, _all, before=True):
        value._backward()


@mistake("backward", "the graph is walked level by level from root: some grads are passed on before they are complete")
def backward_by_levels(root):
    order = _breadth_first(root)
    _begun(order, root)
    _back(order[::-1])


@mistake("backward", "the grads of the leaves start from 0 in every call: what they have is lost")
def backward_resets_leaves(root):
    order = solution.topological_order(root)
    _begun(order, root, reset=lambda value: True)
    _back(order)


@mistake("backward", "the grads of Values with parents are not set to 0 at the start: a second call sends the first one's parts again")
def backward_resets_nothing(root):
    order = solution.topological_order(root)
    _begun(order, root, reset=lambda value: False)
    _back(order)


@mistake("backward", "the grads of the leaves are set to 0, and those of the others are not: it is the other way round")
def backward_resets_wrong_ones(root):
    order = solution.topological_order(root)
    _begun(order, root, reset=lambda value: not value.parents)
    _back(order)


@mistake("backward", "root takes no step back itself")
def backward_without_root(root):
    order = solution.topological_order(root)
    _begun(order, root)
    _back(order[:-1])


@mistake("backward", "root's own grad is 0 afterwards")
def backward_clears_root(root):
    solution.backward(root)
    root.grad = 0.0


@mistake("backward", "the grads of Values with parents are 0 afterwards")
def backward_clears_inner(root):
    solution.backward(root)
    for value in solution.topological_order(root):
        if value.parents:
            value.grad = 0.0


@mistake("backward", "every Value takes its step back twice")
def backward_twice(root):
    order = solution.topological_order(root)
    _begun(order, root)
    for value in reversed(order):
        value._backward()
        value._backward()


@mistake("backward", "1 is added to the grad that root has from an earlier call: set it")
def backward_adds_seed(root):
    order, before = solution.topological_order(root), root.grad
    _begun(order, root, before + 1.0)
    _back(order)


@mistake("backward", "every Value starts with the grad 1: only root does")
def backward_all_ones(root):
    order = solution.topological_order(root)
    for value in order:
        if value.parents:
            value.grad = 1.0
    _back(order)


@mistake("backward", "it follows the first parent of every Value only")
def backward_first_parent(root):
    _begun(solution.topological_order(root), root)
    _back(_visit(root, lambda value: value.parents[:1]))


@mistake("backward", "each grad is set back to 0 when its step comes, so that only root sends something")
def backward_resets_on_the_way(root):
    order = solution.topological_order(root)
    _begun(order, root)
    for value in reversed(order):
        if value is not root and value.parents:
            value.grad = 0.0
        value._backward()


@mistake("backward", "a grad is divided by the number of paths that lead there: they add up")
def backward_means(root):
    solution.backward(root)
    order = solution.topological_order(root)
    uses = [parent for value in order for parent in value.parents]
    for value in order:
        value.grad /= max(1, sum(value is each for each in uses))


# --- two_layer_with_values


def _network(X, Y, params, *, hidden=expit, slope=None, scale=None, error_slope=None, bias=1.0):
    """The gradients by lab 4's formulas, with another non-linearity, factor or error."""
    W1, b1, W2, b2 = (np.asarray(params[name], dtype=float) for name in ("W1", "b1", "W2", "b2"))
    Z = X @ W1 + bias * b1
    H = hidden(Z)
    error = H @ W2 + b2 - Y
    dY = (2 * error if error_slope is None else error_slope(error)) / (len(X) if scale is None else scale)
    dZ = dY @ W2.T * (H * (1 - H) if slope is None else slope(Z, H))
    return {"W1": X.T @ dZ, "b1": bias * dZ.sum(axis=0), "W2": H.T @ dY, "b2": dY.sum(axis=0)}


@mistake("two_layer_with_values", "the loss is not divided by the number of examples")
def values_summed(X, Y, params):
    return _network(X, Y, params, scale=1)


@mistake("two_layer_with_values", "the loss is divided by the number of outputs, too")
def values_over_outputs(X, Y, params):
    return _network(X, Y, params, scale=Y.size)


@mistake("two_layer_with_values", "the loss is divided by twice the number of examples")
def values_halved(X, Y, params):
    return _network(X, Y, params, scale=2 * len(X))


@mistake("two_layer_with_values", "the loss is divided by the number of outputs, and not by that of the examples")
def values_over_outputs_only(X, Y, params):
    return _network(X, Y, params, scale=Y.shape[1])


@mistake("two_layer_with_values", "the hidden layer is tanh, where the sigmoid belongs")
def values_tanh(X, Y, params):
    return _network(X, Y, params, hidden=np.tanh, slope=lambda Z, H: 1 - H**2)


@mistake("two_layer_with_values", "the hidden layer is relu, where the sigmoid belongs")
def values_relu(X, Y, params):
    return _network(X, Y, params, hidden=lambda Z: np.maximum(Z, 0), slope=lambda Z, H: Z > 0)


@mistake("two_layer_with_values", "the hidden layer has no non-linearity")
def values_linear(X, Y, params):
    return _network(X, Y, params, hidden=lambda Z: Z, slope=lambda Z, H: 1.0)


@mistake("two_layer_with_values", "the sigmoid is (1 + tanh(z)) / 2 here: it is too steep, z is to be halved")
def values_steep(X, Y, params):
    return _network(X, Y, params, hidden=lambda Z: expit(2 * Z), slope=lambda Z, H: 2 * H * (1 - H))


@mistake("two_layer_with_values", "the sigmoid lacks its division by 2: 1 + tanh(z/2) is twice as large")
def values_doubled_sigmoid(X, Y, params):
    return _network(X, Y, params, hidden=lambda Z: 2 * expit(Z), slope=lambda Z, H: H * (1 - H / 2))


@mistake("two_layer_with_values", "the sigmoid is mirrored: the sign of z in its exponent is wrong")
def values_mirrored(X, Y, params):
    return _network(X, Y, params, hidden=lambda Z: expit(-Z), slope=lambda Z, H: -H * (1 - H))


@mistake("two_layer_with_values", "the hidden layer lacks its bias")
def values_without_b1(X, Y, params):
    return _network(X, Y, params, bias=0.0)


@mistake("two_layer_with_values", "the output lacks its bias")
def values_without_b2(X, Y, params):
    found = _network(X, Y, {**params, "b2": np.zeros_like(params["b2"])})
    return {**found, "b2": np.zeros(Y.shape[1])}


@mistake("two_layer_with_values", "the output goes through the sigmoid, too")
def values_sigmoid_outputs(X, Y, params):
    W1, b1, W2, b2 = (np.asarray(params[name], dtype=float) for name in ("W1", "b1", "W2", "b2"))
    H = expit(X @ W1 + b1)
    P = expit(H @ W2 + b2)
    dY = 2 * (P - Y) * P * (1 - P) / len(X)
    dZ = dY @ W2.T * H * (1 - H)
    return {"W1": X.T @ dZ, "b1": dZ.sum(axis=0), "W2": H.T @ dY, "b2": dY.sum(axis=0)}


@mistake("two_layer_with_values", "the error is not squared: its size is taken")
def values_absolute(X, Y, params):
    return _network(X, Y, params, error_slope=np.sign)


@mistake("two_layer_with_values", "the error is not squared")
def values_plain_error(X, Y, params):
    return _network(X, Y, params, error_slope=np.ones_like)


@mistake("two_layer_with_values", "the sign of all gradients is turned around")
def values_minus(X, Y, params):
    return {name: -grad for name, grad in _network(X, Y, params).items()}


@mistake("two_layer_with_values", "only the last example counts: its loss is not added to the others'")
def values_last_example(X, Y, params):
    return _network(X[-1:], Y[-1:], params, scale=len(X))


@mistake("two_layer_with_values", "only the first example counts")
def values_first_example(X, Y, params):
    return _network(X[:1], Y[:1], params, scale=len(X))


@mistake("two_layer_with_values", "only the first output counts")
def values_first_output(X, Y, params):
    first = _network(X, Y[:, :1], {**params, "W2": params["W2"][:, :1], "b2": params["b2"][:1]})
    more = Y.shape[1] - 1
    return {**first, "W2": np.pad(first["W2"], ((0, 0), (0, more))), "b2": np.pad(first["b2"], (0, more))}


@mistake("two_layer_with_values", "backward is called twice, so that all gradients are doubled")
def values_called_twice(X, Y, params):
    return {name: 2 * grad for name, grad in _network(X, Y, params).items()}


@mistake("two_layer_with_values", "these are the parameters' numbers, and not their grads")
def values_data(X, Y, params):
    return {name: np.array(array, dtype=float) for name, array in params.items()}


@mistake("two_layer_with_values", "all gradients are 0: the Values that were read are not those that the loss was made from")
def values_zero(X, Y, params):
    return {name: np.zeros(array.shape) for name, array in params.items()}


@mistake("two_layer_with_values", "these are the parameters after a step, and not their gradients")
def values_stepped(X, Y, params):
    return {name: params[name] - grad for name, grad in _network(X, Y, params).items()}


@mistake("two_layer_with_values", "the gradients of W1 and b1 are 0: the hidden layer is computed from numbers, where the path ends")
def values_cut_hidden(X, Y, params):
    found = _network(X, Y, params)
    return {**found, "W1": np.zeros_like(found["W1"]), "b1": np.zeros_like(found["b1"])}


# --- unbroadcast


def _summed(grad, shape, over=np.sum):
    """The right answer with another way of adding up."""
    grad = over(grad, axis=tuple(range(grad.ndim - len(shape)))) if grad.ndim > len(shape) else grad
    stretched = tuple(axis for axis, length in enumerate(shape) if length == 1)
    return over(grad, axis=stretched, keepdims=True) if stretched else grad


@mistake("unbroadcast", "the copies are averaged: their gradients add up")
def unbroadcast_mean(grad, shape):
    return _summed(grad, shape, np.mean)


@mistake("unbroadcast", "the largest copy is taken: their gradients add up")
def unbroadcast_max(grad, shape):
    return _summed(grad, shape, np.max)


@mistake("unbroadcast", "one of the copies is taken, the first: their gradients add up")
def unbroadcast_first(grad, shape):
    def first(array, axis, keepdims=False):
        for each in sorted(axis, reverse=True):
            array = np.take(array, [0], axis=each)
        return array if keepdims else array.reshape(array.shape[len(axis) :])

    return _summed(grad, shape, first)


@mistake("unbroadcast", "one of the copies is taken, the last: their gradients add up")
def unbroadcast_last(grad, shape):
    def last(array, axis, keepdims=False):
        for each in sorted(axis, reverse=True):
            array = np.take(array, [-1], axis=each)
        return array if keepdims else array.reshape(array.shape[len(axis) :])

    return _summed(grad, shape, last)


@mistake("unbroadcast", "the stretched axes are lost: they should stay, with length 1")
def unbroadcast_without_axes(grad, shape):
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    return grad.sum(axis=tuple(axis for axis, length in enumerate(shape) if length == 1))


@mistake("unbroadcast", "only the axes that were added in front are summed: the stretched ones are left as long as they are")
def unbroadcast_added_only(grad, shape):
    return grad.sum(axis=tuple(range(grad.ndim - len(shape))))


@mistake("unbroadcast", "the axes that were added in front are not summed")
def unbroadcast_stretched_only(grad, shape):
    added = grad.ndim - len(shape)
    return grad.sum(axis=tuple(added + axis for axis, length in enumerate(shape) if length == 1), keepdims=True)


@mistake("unbroadcast", "the axes that were added in front stay, with length 1: they should be gone")
def unbroadcast_keeps_added(grad, shape):
    added = grad.ndim - len(shape)
    kept = _summed(grad, shape)
    return kept.reshape((1,) * added + tuple(shape))


@mistake("unbroadcast", "axes are summed at the end of the array: NumPy adds them in front")
def unbroadcast_at_the_end(grad, shape):
    added = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(grad.ndim - added, grad.ndim)))
    return grad.sum(axis=tuple(axis for axis, length in enumerate(shape) if length == 1), keepdims=True)


@mistake("unbroadcast", "one axis in front is summed, even where several or none were added")
def unbroadcast_one_added(grad, shape):
    grad = grad.sum(axis=0) if grad.ndim > len(shape) else grad
    return grad.sum(axis=tuple(axis for axis, length in enumerate(shape) if length == 1), keepdims=True)


@mistake("unbroadcast", "an axis of length 1 is looked for while the axes in front are still there: they move all others back")
def unbroadcast_unshifted(grad, shape):
    grad = grad.sum(axis=tuple(axis for axis, length in enumerate(shape) if length == 1), keepdims=True)
    return grad.sum(axis=tuple(range(grad.ndim - len(shape))))


@mistake("unbroadcast", "only the first stretched axis is summed")
def unbroadcast_one_stretched(grad, shape):
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    return grad.sum(axis=tuple(axis for axis, length in enumerate(shape) if length == 1)[:1], keepdims=True)


@mistake("unbroadcast", "the gradient is cut to the shape: nothing is added up")
def unbroadcast_cut(grad, shape):
    return np.ravel(grad)[: int(np.prod(shape))].reshape(shape)


@mistake("unbroadcast", "the stretched axes are averaged: their gradients add up as the others do")
def unbroadcast_mean_of_stretched(grad, shape):
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    stretched = tuple(axis for axis, length in enumerate(shape) if length == 1)
    return grad.mean(axis=stretched, keepdims=True) if stretched else grad


@mistake("unbroadcast", "the axes that were added in front are averaged: their gradients add up as the others do")
def unbroadcast_mean_of_added(grad, shape):
    added = tuple(range(grad.ndim - len(shape)))
    return _summed(grad.mean(axis=added) if added else grad, shape)
