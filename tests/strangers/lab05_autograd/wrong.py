# %% Value/assigns_in_mul | = for += in the product: x*x gets only one part, old grads are lost
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad = other.data * out.grad
            other.grad = self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/assigns_in_tanh_exp | += in add and mul, but = in exp and tanh (one parent only, 'nothing to add up')
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
                self.grad += power * self.data ** (power - 1) * out.grad

        out._backward = step_back
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def step_back():
            self.grad = out.data * out.grad

        out._backward = step_back
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def step_back():
            self.grad = (1 - out.data**2) * out.grad

        out._backward = step_back
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/same_parent_doubled | = in add and mul with a special case for x+x and x*x: a Value with two different consumers still loses a part
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

        def step_back():
            if self is other:
                self.grad = 2 * out.grad
            else:
                self.grad = out.grad
                other.grad = out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            if self is other:
                self.grad = 2 * self.data * out.grad
            else:
                self.grad = other.data * out.grad
                other.grad = self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/mul_slopes_swapped | the product sends each parent its own data (right for x*x)
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += self.data * out.grad
            other.grad += other.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/forgets_incoming_grad_in_pow | the step of power adds the slope only, not times out.grad (right when the grad is 1)
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
                self.grad += power * self.data ** (power - 1)

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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/exp_slope_of_power | exp's slope like a power's: v * e^(v-1)
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
                self.grad += power * self.data ** (power - 1) * out.grad

        out._backward = step_back
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def step_back():
            self.grad += self.data * math.exp(self.data - 1) * out.grad

        out._backward = step_back
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def step_back():
            self.grad += (1 - out.data**2) * out.grad

        out._backward = step_back
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/tanh_slope_of_input | 1 minus the square of v instead of the result
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
            self.grad += (1 - self.data**2) * out.grad

        out._backward = step_back
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/tanh_by_exp | tanh from (e^2x-1)/(e^2x+1): overflow at 1000
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        e = math.exp(2 * self.data)
        out = Value((e - 1) / (e + 1), (self,), "tanh")

        def step_back():
            self.grad += (1 - out.data**2) * out.grad

        out._backward = step_back
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/relu_slope_one_at_zero | relu's slope at 0 is 1 (>= for >)
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data >= 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/relu_looks_at_the_grad | relu lets through where the incoming grad is positive, not where v is
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if out.grad > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/relu_passes_result | relu's step sends out.data * out.grad (takes exp's rule)
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            self.grad += out.data * out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/rsub_not_turned | 2 - v computes v - 2
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return self - other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/rtruediv_not_turned | 2 / v computes v / 2
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self / other


# %% Value/no_plain_numbers_in_mul | v * 2 fails: other.data without wrapping (add wraps)
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
        return out

    def __neg__(self):
        return self * Value(-1)

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * Value(other)

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * Value(other)


# %% Value/called_not_assigned | out._backward = step_back() in exp: the step is run at once, None is kept
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
                self.grad += power * self.data ** (power - 1) * out.grad

        out._backward = step_back
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def step_back():
            self.grad += out.data * out.grad

        out._backward = step_back()
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def step_back():
            self.grad += (1 - out.data**2) * out.grad

        out._backward = step_back
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/leaf_has_none | _backward of a leaf is None, not a function
class Value:
    def __init__(self, data, parents=(), op=""):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op
        self._backward = None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/whole_powers_only | power by a loop of products: not for 0.5, 0 or negative powers
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = self
        for _ in range(power - 1):
            out = out * self
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data / other.data, (self, other), "/")

        def step_back():
            self.grad += out.grad / other.data
            other.grad -= self.data / other.data**2 * out.grad

        out._backward = step_back
        return out

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return Value(other) / self


# %% Value/power_by_log | power through exp(p log v): fails for negative v and 0
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(math.exp(power * math.log(self.data)), (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/power_exponent_kept | slope of v^p is p * v^p (forgot minus 1); right at v=1
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
                self.grad += power * self.data**power * out.grad

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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/division_loses_denominator | division by a Value multiplies by its plain 1/data: the denominator gets no gradient
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        if isinstance(other, Value):
            other = other.data
        return self * (1 / other)

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/subtraction_sign_lost | v - w as a node of its own: both get +out.grad
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data - other.data, (self, other), "-")

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/neg_in_place | -v turns v itself round and gives it back
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
        return out

    def __neg__(self):
        self.data = -self.data
        return self

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/parents_as_set | parents kept as a set (as in old micrograd), not a tuple
class Value:
    def __init__(self, data, parents=(), op=""):
        self.data = data
        self.grad = 0.0
        self.parents = set(parents)
        self.op = op
        self._backward = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/one_parent_forgotten | the product remembers the left parent only
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self,), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/relu_without_op | relu's op (and parents) are not handed on
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0))

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/plain_number_without_slope | v * 2 goes another way, and its step forgets the factor 2
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        if not isinstance(other, Value):
            out = Value(self.data * other, (self,), "*")

            def step_back():
                self.grad += out.grad

            out._backward = step_back
            return out
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/equal_by_data | an __eq__ that compares the data (and with it no hash any more)
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
        return out

    def __eq__(self, other):
        return self.data == (other.data if isinstance(other, Value) else other)

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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/equal_by_data_with_hash | an __eq__ by data with a __hash__ beside it: two leaves with the same number are taken for one
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
        return out

    def __eq__(self, other):
        return isinstance(other, Value) and self.data == other.data

    def __hash__(self):
        return hash(self.data)

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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/step_takes_own_grad | tanh's step takes self.grad for out.grad
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

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
            self.grad += (1 - out.data**2) * self.grad

        out._backward = step_back
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/grad_starts_as_one | grad is 1.0 at first, 'as the base case says'
class Value:
    def __init__(self, data, parents=(), op=""):
        self.data = data
        self.grad = 1.0
        self.parents = parents
        self.op = op
        self._backward = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def step_back():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/other_gets_nothing | add's step updates only self ('other has a step of its own')
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

        def step_back():
            self.grad += out.grad

        out._backward = step_back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def step_back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step_back
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), "**")

        def step_back():
            if power != 0:
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
        out = Value(max(self.data, 0.0), (self,), "relu")

        def step_back():
            if self.data > 0:
                self.grad += out.grad

        out._backward = step_back
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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% Value/shared_slope_variable | one _local for the whole class instead of one per node: the last operation's slope wins
class Value:
    _local = {}

    def __init__(self, data, parents=(), op=""):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op

    def _backward(self):
        for parent in self.parents:
            parent.grad += Value._local[parent] * self.grad

    def _make(self, data, op, slopes):
        Value._local.update(slopes)
        return Value(data, tuple(slopes), op)

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return self._make(self.data + other.data, "+", {self: 1, other: 1})

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return self._make(self.data * other.data, "*", {self: other.data, other: self.data})

    def __pow__(self, power):
        return self._make(self.data**power, "**", {self: power * self.data ** (power - 1)})

    def exp(self):
        e = math.exp(self.data)
        return self._make(e, "exp", {self: e})

    def tanh(self):
        t = math.tanh(self.data)
        return self._make(t, "tanh", {self: 1 - t * t})

    def relu(self):
        return self._make(max(self.data, 0), "relu", {self: int(self.data > 0)})

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
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% topological_order/no_memory | no visited set: nodes come several times, and every path is walked
def topological_order(root):
    order = []
    for parent in root.parents:
        order += topological_order(parent)
    order.append(root)
    return order


# %% topological_order/every_path_then_unique | right lists, but walks every path first and removes doubles at the end: never done for sixty doublings
def topological_order(root):
    def walk(v):
        found = []
        for parent in v.parents:
            found = found + walk(parent)
        return found + [v]

    return list(dict.fromkeys(walk(root)))


# %% topological_order/root_first | put the node before its parents: root first
def topological_order(root):
    order, seen = [], set()

    def visit(v):
        if v in seen:
            return
        seen.add(v)
        order.append(v)
        for parent in v.parents:
            visit(parent)

    visit(root)
    return order


# %% topological_order/preorder_reversed | preorder, turned round: right for trees and the example, wrong where a parent is shared at different depth
def topological_order(root):
    order, seen = [], set()

    def visit(v):
        if v in seen:
            return
        seen.add(v)
        order.append(v)
        for parent in v.parents:
            visit(parent)

    visit(root)
    return order[::-1]


# %% topological_order/breadth_first_reversed | breadth first and reversed: the long arm is wrong
def topological_order(root):
    order, seen = [root], {root}
    for v in order:
        for parent in v.parents:
            if parent not in seen:
                seen.add(parent)
                order.append(parent)
    order.reverse()
    return order


# %% topological_order/iterative_stack_reversed | pop, append, push parents; turned round at the end
def topological_order(root):
    stack, seen, order = [root], set(), []
    while stack:
        v = stack.pop()
        if v not in seen:
            seen.add(v)
            order.append(v)
            stack.extend(v.parents)
    return list(reversed(order))


# %% topological_order/default_set | the set is a default argument: it remembers the nodes of the call before
def topological_order(root, seen=set()):
    order = []
    if root not in seen:
        seen.add(root)
        for parent in root.parents:
            order += topological_order(parent, seen)
        order.append(root)
    return order


# %% topological_order/root_left_out | root is not in the list
def topological_order(root):
    order, seen = [], set()

    def visit(v):
        for parent in v.parents:
            if parent not in seen:
                seen.add(parent)
                visit(parent)
                order.append(parent)

    visit(root)
    return order


# %% topological_order/leaves_left_out | only nodes with parents come into the list
def topological_order(root):
    order, seen = [], set()

    def visit(v):
        if v in seen or not v.parents:
            return
        seen.add(v)
        for parent in v.parents:
            visit(parent)
        order.append(v)

    visit(root)
    return order


# %% topological_order/seen_by_data | visited is asked by the number, not by the object
def topological_order(root):
    order, seen = [], set()

    def visit(v):
        if v.data in seen:
            return
        seen.add(v.data)
        for parent in v.parents:
            visit(parent)
        order.append(v)

    visit(root)
    return order


# %% topological_order/shortest_depth | sorted by depth, but depth by the nearest leaf (min for max)
def topological_order(root):
    depth = {}

    def measure(v):
        if v not in depth:
            depth[v] = 1 + min([measure(p) for p in v.parents], default=0)
        return depth[v]

    measure(root)
    return sorted(depth, key=lambda v: depth[v])


# %% topological_order/kahn_double_edges | Kahn's, but consumers are counted as a set and taken off per edge: x*x goes below 0
def topological_order(root):
    consumers, todo = {root: set()}, [root]
    while todo:
        v = todo.pop()
        for p in v.parents:
            if p not in consumers:
                consumers[p] = set()
                todo.append(p)
            consumers[p].add(v)
    left = {v: len(c) for v, c in consumers.items()}
    ready, order = [root], []
    while ready:
        v = ready.pop()
        order.insert(0, v)
        for p in v.parents:
            left[p] -= 1
            if left[p] == 0:
                ready.append(p)
            elif left[p] < 0:
                order.insert(0, p)
    return order


# %% topological_order/marks_the_values | marks visited Values with an attribute that stays: the second call finds nothing
def topological_order(root):
    order = []

    def visit(v):
        if getattr(v, "visited", False):
            return
        v.visited = True
        for parent in v.parents:
            visit(parent)
        order.append(v)

    visit(root)
    return order


# %% topological_order/capped_at_100_levels | level by level from the root, right idea, but stops after 100 levels (paths of 200 may come)
def topological_order(root):
    levels = [[root]]
    while levels[-1] and len(levels) < 100:
        levels.append(list(dict.fromkeys(p for v in levels[-1] for p in v.parents)))
    order = []
    for level in reversed(levels):
        for v in level:
            if v not in order:
                order.append(v)
    return order


# %% backward/inner_not_wiped | grads of the nodes between are not started anew: the second call is wrong
def backward(root):
    root.grad = 1.0
    for v in reversed(topological_order(root)):
        v._backward()


# %% backward/all_wiped | leaves are wiped too: they do not collect
def backward(root):
    order = topological_order(root)
    for v in order:
        v.grad = 0.0
    root.grad = 1.0
    for v in reversed(order):
        v._backward()


# %% backward/no_seed | base case missing
def backward(root):
    order = topological_order(root)
    for v in order:
        if v.parents:
            v.grad = 0.0
    for v in reversed(order):
        v._backward()


# %% backward/seed_before_wipe | root.grad = 1 and afterwards all nodes with parents are wiped, the root too
def backward(root):
    root.grad = 1.0
    order = topological_order(root)
    for v in order:
        if v.parents:
            v.grad = 0.0
    for v in reversed(order):
        v._backward()


# %% backward/not_reversed | from the leaves to the root
def backward(root):
    order = topological_order(root)
    for v in order:
        if v.parents:
            v.grad = 0.0
    root.grad = 1.0
    for v in order:
        v._backward()


# %% backward/along_every_path | recursion: step back, then on to each parent; shared nodes send their grad several times
def backward(root):
    def go(v):
        v._backward()
        for parent in v.parents:
            go(parent)

    for v in topological_order(root):
        if v.parents:
            v.grad = 0.0
    root.grad = 1.0
    go(root)


# %% backward/breadth_first | each node once, but breadth first from the root: the long arm comes too late
def backward(root):
    queue = [root]
    for v in queue:
        if v.parents:
            v.grad = 0.0
        for parent in v.parents:
            if parent not in queue:
                queue.append(parent)
    root.grad = 1.0
    for v in queue:
        v._backward()


# %% backward/wipe_before_own_step | wipes each node right before its step: what came from the right is gone
def backward(root):
    root.grad = 1.0
    for v in reversed(topological_order(root)):
        if v.parents and v is not root:
            v.grad = 0.0
        v._backward()


# %% backward/wipe_parents_in_the_loop | wipes the parents with parents before each step, like forgetful: shared inner nodes keep the last part only
def backward(root):
    root.grad = 1.0
    for v in reversed(topological_order(root)):
        for parent in v.parents:
            if parent.parents:
                parent.grad = 0.0
        v._backward()


# %% backward/wipe_after | the inner nodes are wiped after the walk ("for the next call"): root.grad is 0 then and theirs are lost
def backward(root):
    order = topological_order(root)
    root.grad = 1.0
    for v in reversed(order):
        v._backward()
        if v.parents:
            v.grad = 0.0


# %% backward/seed_added | root.grad += 1: after a second call it is 2 (inner ones are wiped, but the root is left out)
def backward(root):
    order = topological_order(root)
    for v in order[:-1]:
        if v.parents:
            v.grad = 0.0
    root.grad += 1.0
    for v in reversed(order):
        v._backward()


# %% backward/one_step_only | only the root steps back: one step back and no more (right for x*x)
def backward(root):
    root.grad = 1.0
    for parent in root.parents:
        if parent.parents:
            parent.grad = 0.0
    root._backward()


# %% backward/leaves_by_op | leaf is asked by .op, which is more than may be used
def backward(root):
    order = topological_order(root)
    for v in order:
        if v.op != "":
            v.grad = 0.0
    root.grad = 1.0
    for v in reversed(order):
        v._backward()


# %% backward/root_steps_twice | root._backward() by hand and then once more in the loop
def backward(root):
    order = topological_order(root)
    for v in order:
        if v.parents:
            v.grad = 0.0
    root.grad = 1.0
    root._backward()
    for v in reversed(order):
        v._backward()


# %% backward/seed_with_data | starts with the root's own number in its grad
def backward(root):
    order = topological_order(root)
    for v in order:
        if v.parents:
            v.grad = 0.0
    root.grad = root.data
    for v in reversed(order):
        v._backward()


# %% two_layer_with_values/mean_over_all | mean over all entries: divided by N*C, right for one output only
def two_layer_with_values(X, Y, params):
    P = {k: np.vectorize(Value, otypes=[object])(v) for k, v in params.items()}
    hidden = (1 + np.tanh((X @ P["W1"] + P["b1"]) / 2)) / 2
    loss = ((hidden @ P["W2"] + P["b2"] - Y) ** 2).sum() / Y.size
    backward(loss)
    return {k: np.vectorize(lambda v: v.grad, otypes=[float])(v) for k, v in P.items()}


# %% two_layer_with_values/not_divided | sum of squares without / N, right for one example
def two_layer_with_values(X, Y, params):
    P = {k: np.vectorize(Value, otypes=[object])(v) for k, v in params.items()}
    hidden = (1 + np.tanh((X @ P["W1"] + P["b1"]) / 2)) / 2
    loss = ((hidden @ P["W2"] + P["b2"] - Y) ** 2).sum()
    backward(loss)
    return {k: np.vectorize(lambda v: v.grad, otypes=[float])(v) for k, v in P.items()}


# %% two_layer_with_values/tanh_of_z | (1 + tanh z)/2 without z/2
def two_layer_with_values(X, Y, params):
    P = {k: np.vectorize(Value, otypes=[object])(v) for k, v in params.items()}
    hidden = (1 + np.tanh(X @ P["W1"] + P["b1"])) / 2
    loss = ((hidden @ P["W2"] + P["b2"] - Y) ** 2).sum() / len(X)
    backward(loss)
    return {k: np.vectorize(lambda v: v.grad, otypes=[float])(v) for k, v in P.items()}


# %% two_layer_with_values/sigmoid_on_output | sigma on the second layer too
def two_layer_with_values(X, Y, params):
    P = {k: np.vectorize(Value, otypes=[object])(v) for k, v in params.items()}
    hidden = 1 / (1 + np.exp(-(X @ P["W1"] + P["b1"])))
    Y_hat = 1 / (1 + np.exp(-(hidden @ P["W2"] + P["b2"])))
    loss = ((Y_hat - Y) ** 2).sum() / len(X)
    backward(loss)
    return {k: np.vectorize(lambda v: v.grad, otypes=[float])(v) for k, v in P.items()}


# %% two_layer_with_values/sigma_sign | 1/(1+exp(z)): the minus is missing
def two_layer_with_values(X, Y, params):
    P = {k: np.vectorize(Value, otypes=[object])(v) for k, v in params.items()}
    hidden = 1 / (1 + np.exp(X @ P["W1"] + P["b1"]))
    loss = ((hidden @ P["W2"] + P["b2"] - Y) ** 2).sum() / len(X)
    loss.backward()
    return {k: np.vectorize(lambda v: v.grad, otypes=[float])(v) for k, v in P.items()}


# %% two_layer_with_values/bias_copied_per_row | in the loop every row makes its own Values of the biases; the gradient is read from the last
def two_layer_with_values(X, Y, params):
    to_values = np.vectorize(Value, otypes=[object])
    W1, W2 = to_values(params["W1"]), to_values(params["W2"])
    loss = 0
    for x, y in zip(X, Y):
        b1, b2 = to_values(params["b1"]), to_values(params["b2"])
        hidden = (1 + np.tanh((x @ W1 + b1) / 2)) / 2
        loss = loss + ((hidden @ W2 + b2 - y) ** 2).sum()
    backward(loss / len(X))
    found = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    return {k: np.vectorize(lambda v: v.grad, otypes=[float])(v) for k, v in found.items()}


# %% two_layer_with_values/overwrites_params | puts the Values into the caller's dict
def two_layer_with_values(X, Y, params):
    for k in params:
        params[k] = np.vectorize(Value, otypes=[object])(params[k])
    hidden = (1 + np.tanh((X @ params["W1"] + params["b1"]) / 2)) / 2
    loss = ((hidden @ params["W2"] + params["b2"] - Y) ** 2).sum() / len(X)
    backward(loss)
    return {k: np.vectorize(lambda v: v.grad, otypes=[float])(v) for k, v in params.items()}


# %% two_layer_with_values/detached_hidden | the hidden layer goes on as plain numbers: W1 and b1 get 0
def two_layer_with_values(X, Y, params):
    P = {k: np.vectorize(Value, otypes=[object])(v) for k, v in params.items()}
    Z = X @ P["W1"] + P["b1"]
    hidden = np.array([[1 / (1 + math.exp(-z.data)) for z in row] for row in Z])
    loss = ((hidden @ P["W2"] + P["b2"] - Y) ** 2).sum() / len(X)
    backward(loss)
    return {k: np.vectorize(lambda v: v.grad, otypes=[float])(v) for k, v in P.items()}


# %% two_layer_with_values/returns_values | gives the arrays of Values back, not their grads
def two_layer_with_values(X, Y, params):
    P = {k: np.vectorize(Value, otypes=[object])(v) for k, v in params.items()}
    hidden = (1 + np.tanh((X @ P["W1"] + P["b1"]) / 2)) / 2
    loss = ((hidden @ P["W2"] + P["b2"] - Y) ** 2).sum() / len(X)
    backward(loss)
    return P


# %% two_layer_with_values/flat_gradients | the gradients come as flat arrays, shape lost for W1 and W2
def two_layer_with_values(X, Y, params):
    P = {k: np.vectorize(Value, otypes=[object])(v) for k, v in params.items()}
    hidden = (1 + np.tanh((X @ P["W1"] + P["b1"]) / 2)) / 2
    loss = ((hidden @ P["W2"] + P["b2"] - Y) ** 2).sum() / len(X)
    backward(loss)
    return {k: np.array([v.grad for v in a.ravel()]) for k, a in P.items()}


# %% two_layer_with_values/first_output_only | loops with only output 0: right for C = 1
def two_layer_with_values(X, Y, params):
    P = {k: np.vectorize(Value, otypes=[object])(v) for k, v in params.items()}
    loss = 0
    for x, y in zip(X, Y):
        hidden = [1 / (1 + (-z).exp()) for z in x @ P["W1"] + P["b1"]]
        out = sum(h * w for h, w in zip(hidden, P["W2"][:, 0])) + P["b2"][0]
        loss = loss + (out - y[0]) ** 2
    backward(loss / len(X))
    return {k: np.vectorize(lambda v: v.grad, otypes=[float])(v) for k, v in P.items()}


# %% two_layer_with_values/backward_for_each_running_sum | backward in the loop on the loss so far: earlier examples count several times
def two_layer_with_values(X, Y, params):
    P = {k: np.vectorize(Value, otypes=[object])(v) for k, v in params.items()}
    loss = Value(0.0)
    for x, y in zip(X, Y):
        hidden = (1 + np.tanh((x @ P["W1"] + P["b1"]) / 2)) / 2
        loss = loss + ((hidden @ P["W2"] + P["b2"] - y) ** 2).sum() / len(X)
        backward(loss)
    return {k: np.vectorize(lambda v: v.grad, otypes=[float])(v) for k, v in P.items()}


# %% two_layer_with_values/by_lab4_formula | right numbers, but by lab 4's formulas: no Value, no backward
def two_layer_with_values(X, Y, params):
    H = 1 / (1 + np.exp(-(X @ params["W1"] + params["b1"])))
    dY_hat = 2 * (H @ params["W2"] + params["b2"] - Y) / len(X)
    dZ = dY_hat @ params["W2"].T * H * (1 - H)
    return {"W1": X.T @ dZ, "b1": dZ.sum(axis=0), "W2": H.T @ dY_hat, "b2": dY_hat.sum(axis=0)}


# %% two_layer_with_values/same_value_for_equal_numbers | a cache by number: parameters with the same number (zero biases) become one Value
def two_layer_with_values(X, Y, params):
    cache = {}

    def to_value(number):
        if number not in cache:
            cache[number] = Value(number)
        return cache[number]

    P = {k: np.vectorize(to_value, otypes=[object])(v) for k, v in params.items()}
    hidden = (1 + np.tanh((X @ P["W1"] + P["b1"]) / 2)) / 2
    loss = ((hidden @ P["W2"] + P["b2"] - Y) ** 2).sum() / len(X)
    backward(loss)
    return {k: np.vectorize(lambda v: v.grad, otypes=[float])(v) for k, v in P.items()}


# %% unbroadcast/front_only | only the axes in front are summed; length 1 forgotten
def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    return grad


# %% unbroadcast/ones_only | only axes of length 1 are summed, an axis in front is forgotten
def unbroadcast(grad, shape):
    for axis, n in enumerate(shape):
        if n == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


# %% unbroadcast/keepdims_missing | the axis of length 1 is lost
def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis in reversed(range(len(shape))):
        if shape[axis] == 1:
            grad = grad.sum(axis=axis)
    return grad


# %% unbroadcast/mean_of_copies | mean of the copies, not their sum
def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.mean(axis=0)
    for axis, n in enumerate(shape):
        if n == 1:
            grad = grad.mean(axis=axis, keepdims=True)
    return grad


# %% unbroadcast/one_front_axis | if for while: only one axis in front
def unbroadcast(grad, shape):
    if grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, n in enumerate(shape):
        if n == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


# %% unbroadcast/last_axis | sums the last axes away, not those in front
def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=-1)
    for axis, n in enumerate(shape):
        if n == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


# %% unbroadcast/aligned_left | the ones are put behind the shape, not in front of it
def unbroadcast(grad, shape):
    padded = shape + (1,) * (grad.ndim - len(shape))
    axes = tuple(i for i in range(grad.ndim) if padded[i] == 1)
    return grad.sum(axis=axes, keepdims=True).reshape(shape)


# %% unbroadcast/count_times_first_row | number of copies times the first copy: right for np.ones
def unbroadcast(grad, shape):
    copies = grad.size // max(1, math.prod(shape))
    front = grad.ndim - len(shape)
    first = grad[(0,) * front + tuple(slice(0, n) for n in shape)]
    return copies * first


# %% unbroadcast/scalar_forgotten | the shape () is taken for "no change"
def unbroadcast(grad, shape):
    if not shape:
        return grad
    front = grad.ndim - len(shape)
    axes = tuple(range(front)) + tuple(front + i for i, n in enumerate(shape) if n == 1)
    return grad.sum(axis=axes).reshape(shape)


# %% unbroadcast/four_cases_of_the_table | the table's cases by hand for two axes: (n,), (n, 1), () and the same; (1, n) and (1,) forgotten
def unbroadcast(grad, shape):
    if shape == grad.shape:
        return grad
    if shape == ():
        return grad.sum()
    if len(shape) == 1:
        return grad.sum(axis=0)
    return grad.sum(axis=1, keepdims=True)


# %% unbroadcast/index_without_shift | axes of the shape used on grad before the front axes are gone
def unbroadcast(grad, shape):
    for axis, n in enumerate(shape):
        if n == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    return grad


# %% unbroadcast/adds_in_place | folds the rows into row 0 of the array that was given
def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        for i in range(1, len(grad)):
            grad[0] += grad[i]
        grad = grad[0]
    for axis, n in enumerate(shape):
        if n == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


# %% unbroadcast/fold_by_reshape | reshape(-1, *shape) and sum: right for axes in front, mixes cells for an axis of length 1 in the middle or behind
def unbroadcast(grad, shape):
    return grad.reshape(-1, *shape).sum(axis=0)


# %% unbroadcast/squeezed_at_the_end | squeeze after keepdims: axes that stayed 1 vanish as well
def unbroadcast(grad, shape):
    front = grad.ndim - len(shape)
    axes = tuple(range(front)) + tuple(front + i for i, n in enumerate(shape) if n == 1)
    return np.squeeze(grad.sum(axis=axes, keepdims=True))


# %% unbroadcast/first_one_only | only the first axis of length 1 is found by shape.index(1)
def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    if 1 in shape:
        grad = grad.sum(axis=shape.index(1), keepdims=True)
    return grad


# %% Value/dataclass_default_function | the leaf's _backward is a plain dataclass default: it becomes a method and gets self, a leaf's step fails
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
    _backward: Callable[[], None] = field(default=do_nothing, init=False, repr=False)

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
