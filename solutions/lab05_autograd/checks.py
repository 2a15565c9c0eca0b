"""What lab05_autograd asks of each exercise. Probes only: the engine runs the reference beside the student.

Whole graphs are asked for at once, on the student's side, by `course_utils.nodes`. `topological_order` and `backward` are tried
on nodes whose slopes are given, so that a wrong `Value` costs its own points only. No observation depends on how many Values
an expression is made of, or in which order they are visited where several orders are right.
"""

import numpy as np

from course_utils.checking import check, libraries

libraries("course_utils.nodes")


def entry(found, name):
    """One array of a dict, or what there is in its place."""
    if not isinstance(found, dict):
        return found
    return found[name] if name in found else f"missing: there are {', '.join(map(str, found))}"


def signed(rng, low=0.4, high=1.8):
    """A float away from 0, of either sign."""
    return float(rng.uniform(low, high) * rng.choice([-1, 1]))


# --- Value


SINGLE = ("a ** 3", "a.exp()", "a.tanh()", "a.relu()")  # operations with one parent


def computed(nodes, Value, texts, **numbers):
    """For every expression its number, and what it sends back to the leaves."""
    found = {}
    for text, data in zip(texts, nodes.data(Value, texts, numbers), strict=True):
        names = [name for name in numbers if name in text]
        back = nodes.slopes(Value, text, {name: numbers[name] for name in names}, 0.0, 1.5)
        found |= {f"data of {text}": data, f"sent back by {text} (its grad 1.5) to {', '.join(names)}": back}
    return found


@check("Value", points=3, by_hand=True)
def what_it_holds(Value, nodes, rng):
    """what a Value holds when it is new, and what a sum and a product say of themselves"""
    a, b = signed(rng), signed(rng)
    new = nodes.made(Value, a, "join")
    return {
        "data, grad of a leaf; data, grad of Value(2.0, (a, b), 'join')": [
            new[f"{name} of a {kind}"] for kind in ("leaf", "made") for name in ("data", "grad")
        ],
        "op of a leaf": new["op of a leaf"],
        "op of Value(2.0, (a, b), 'join')": new["op of a made"],
        "parents of a leaf": new["parents of a leaf"],
        "parents of Value(2.0, (a, b), 'join')": new["parents of a made"],
        "equal: a Value and itself; two Values of the same data; and can it be in a set": nodes.alike(Value, a),
        "parents of a + b": nodes.parents(Value, "a + b", {"a": a, "b": b}),
        "parents of a * b": nodes.parents(Value, "a * b", {"a": a, "b": b}),
        "op of a + b, a * b": nodes.ops(Value, ["a + b", "a * b"], {"a": a, "b": b}),
    }


@check("Value", points=6, by_hand=True)
def sum_and_product(Value, nodes, rng):
    """a sum and a product: the number, and one step back"""
    return computed(nodes, Value, ["a + b", "a * b"], a=signed(rng), b=signed(rng))


@check("Value", points=4, by_hand=True)
def used_twice(Value, nodes, rng):
    """the same Value twice, and a grad that is there already: the parts add up"""
    a, b = signed(rng), signed(rng)
    found = {text: nodes.slopes(Value, text, {"a": a, "b": b}) for text in ("a + a + b", "a * a * b", "a * b + a")}
    added = {text: nodes.slopes(Value, text, {"a": a, "b": b}, 0.75, 1.5) for text in ("a + b", "a * b", *SINGLE)}
    return {
        **{f"sent back by {text} to a, b": back for text, back in found.items()},
        **{f"added by {text} to the grads before it, which are 0.75": back for text, back in added.items()},
    }


@check("Value", points=4, by_hand=True)
def powers(Value, nodes, rng):
    """powers: whole, broken, negative, 0, and of a negative number"""
    a = float(rng.uniform(0.6, 1.8))
    found = computed(nodes, Value, ["a ** 3", "a ** 2.0", "a ** 2.5", "a ** -2", "a ** 0", "a ** 1"], a=a)
    return {**found, **{f"{name}, a negative": each for name, each in computed(nodes, Value, ["a ** 3", "a ** -1"], a=-a).items()}}


@check("Value", points=2, by_hand=True)
def exponential(Value, nodes, rng):
    """exp, below and above 0"""
    a, b = float(rng.uniform(0.4, 1.8)), float(rng.uniform(-1.8, -0.4))
    found = computed(nodes, Value, ["a.exp()", "b.exp()", "(a * b).exp()"], a=a, b=b)
    return {
        **found,
        "op of a.exp()": nodes.ops(Value, ["a.exp()"], {"a": a})[0],
    }


@check("Value", points=2, by_hand=True)
def hyperbolic(Value, nodes, rng):
    """tanh, near and far out"""
    found = computed(nodes, Value, ["a.tanh()", "b.tanh()", "(a * b).tanh()"], a=signed(rng), b=signed(rng))
    far = nodes.data(Value, ["a.tanh()", "b.tanh()"], {"a": 1000.0, "b": -1000.0})
    return {
        **found,
        "data of a.tanh() for a = ±1000": far,
        "op of a.tanh()": nodes.ops(Value, ["a.tanh()"], {"a": 1.0})[0],
    }


@check("Value", points=3, by_hand=True)
def rectified(Value, nodes, rng):
    """relu: below, above and at 0"""
    found = computed(
        nodes, Value, ["a.relu()", "b.relu()", "(a * b).relu()"], a=float(rng.uniform(1.2, 1.8)), b=float(rng.uniform(-1.8, -1.2))
    )
    # a negative grad: a gate that looks at the grad, and not at the data, is open for a positive one
    near = [nodes.slopes(Value, "a.relu()", {"a": a}, 0.0, -1.5)[0] for a in (-0.01, 0.0, 0.01)]
    return {
        **found,
        "sent back by a.relu() (its grad -1.5) for a = -0.01, 0, 0.01": near,
        "op of a.relu()": nodes.ops(Value, ["a.relu()"], {"a": 1.0})[0],
    }


@check("Value", points=4, by_hand=True)
def minus_and_division(Value, nodes, rng):
    """minus and division"""
    return computed(
        nodes, Value, ["-a * b", "a - b", "a / b", "a - a * b", "a / (a + 5 * b)"], a=signed(rng), b=float(rng.uniform(0.5, 1.6))
    )


@check("Value", points=2, by_hand=True)
def number_on_the_right(Value, nodes, rng):
    """a plain number on the right"""
    return computed(nodes, Value, ["a + 2", "a - 0.75", "a * 3", "a / 2.5"], a=signed(rng))


@check("Value", points=2, by_hand=True)
def number_on_the_left(Value, nodes, rng):
    """a plain number on the left"""
    return computed(nodes, Value, ["2 + a", "0.75 - a", "3 * a", "2.5 / a"], a=signed(rng))


@check("Value", points=2, hidden=True, by_hand=True)
def long_expressions(Value, nodes, rng):
    """long expressions, and whole numbers"""
    a, b = float(rng.uniform(0.5, 1.6)), float(rng.uniform(1.7, 2.5))
    texts = ["(a * b - 2 / (a + 3)).tanh() * (b - a).relu() + (b * 0.5).exp() ** 2", "sum([a * k + b / (k + 1) for k in range(4)])"]
    found = {
        f"data and slopes of {text}": [*nodes.data(Value, [text], {"a": a, "b": b}), *nodes.slopes(Value, text, {"a": a, "b": b})]
        for text in texts
    }
    whole = {text: nodes.slopes(Value, text, {"a": 3, "b": -2}) for text in ("a * b + a", "a / b", "a ** 2 - b ** 3", "(a - 3).relu() * b")}
    return {**found, **{f"sent back by {text}, whole numbers": back for text, back in whole.items()}}


# --- topological_order


def graph_of(rng, size):
    """For each node the numbers of its parents: about half have two, some twice the same; node 0 and 1 are leaves."""
    graph = [[], []]
    for number in range(2, size):
        graph.append([int(parent) for parent in rng.integers(max(0, number - 6), number, size=int(rng.integers(1, 4)))])
        graph[-1][0] = number - 1  # so that the last one is made from all
    return graph


def shuffled(rng, graph):
    """The same graph with the parents of every node in another order."""
    return [[int(parent) for parent in rng.permutation(each)] for each in graph]


def reached_from(graph, root):
    """The nodes that one is made from, and itself."""
    found = {root}
    for number in range(root, -1, -1):
        found |= set(graph[number]) if number in found else set()
    return found


def chain_of(length):
    """A path: each node is made from the one before."""
    return [[number - 1] if number else [] for number in range(length)]


def chain_with_short_cuts(rng):
    """A path of seven nodes, with edges that pass by some of them; only one order is right."""
    return [
        [],
        [0],
        [1, 0],
        *([number - 1, int(rng.integers(0, number - 1))] for number in range(3, 6)),
        [5, *rng.permutation(4)[:2].tolist()],
    ]


def seen_in(order, graph, root):
    """Facts that are the same for every right order."""
    if not isinstance(order, list | tuple):
        return {"order": order}
    numbers = [number for number in order if isinstance(number, int)]
    place = {number: position for position, number in reversed(list(enumerate(numbers)))}
    there = sorted(reached_from(graph, root))
    before = [sum(place.get(parent, len(order)) < place.get(number, -1) for parent in set(graph[number])) for number in there]
    return {
        "how often each Value is in the list": [numbers.count(number) for number in range(len(graph))],
        "for each Value, the number of its parents that stand before it": before,
        "how many stand behind root": len(order) - 1 - place.get(root, len(order)),
    }


@check("topological_order", points=5, by_hand=True)
def only_one_order(topological_order, nodes, rng):
    """a chain with short cuts, where one order is right: the Values' numbers along the chain"""
    short_cuts, longer = chain_with_short_cuts(rng), int(rng.integers(0, 4))
    short_cuts += [[number - 1] for number in range(7, 7 + longer)]
    found = {
        "order": nodes.ordered(topological_order, short_cuts, 6 + longer),
        "order, short cuts first": nodes.ordered(topological_order, [each[::-1] for each in short_cuts], 6 + longer),
        "order of a chain": nodes.ordered(topological_order, chain_of(4 + longer), 3 + longer),
    }
    return {**found, "it returns": "a list" if isinstance(found["order"], list) else "something else"}


@check("topological_order", points=3, by_hand=True)
def shared_by_many(topological_order, nodes, rng):
    """a graph of fourteen Values, many of them parents of several: each once, after all of its parents"""
    graph = shuffled(rng, graph_of(rng, 14))
    return seen_in(nodes.ordered(topological_order, graph, 13), graph, 13)


@check("topological_order", points=2, by_hand=True)
def small_graphs(topological_order, nodes, rng):
    """a Value alone, x·x, and a diamond with one long arm"""
    last = int(rng.integers(4, 9))
    diamond = [*chain_of(last), [last - 1, 0]]
    return {
        "order of one Value": nodes.ordered(topological_order, [[]], 0),
        "order of x·x": nodes.ordered(topological_order, [[], [0, 0]], 1),
        "order of a diamond": nodes.ordered(topological_order, diamond, last),
        "order of a diamond, the other arm first": nodes.ordered(topological_order, [*diamond[:last], [0, last - 1]], last),
    }


@check("topological_order", points=2, by_hand=True)
def from_the_middle(topological_order, nodes, rng):
    """from a Value in the middle, twice for the same Values: nothing that it was not made from"""
    graph = shuffled(rng, graph_of(rng, 12))
    first, second = (seen_in(nodes.ordered(topological_order, graph, 6, calls), graph, 6) for calls in (1, 2))
    return {**first, **{f"{name}, second call": each for name, each in second.items()}}


@check("topological_order", points=1, by_hand=True)
def forty_doublings(topological_order, nodes, rng):
    """about forty doublings: far more paths than anybody can walk"""
    last = int(rng.integers(38, 46))
    return {"order": nodes.ordered(topological_order, [[], *([number, number] for number in range(last))], last, most=50_000)}


@check("topological_order", points=1, hidden=True, by_hand=True)
def deep_and_wide(topological_order, nodes, rng):
    """a path of 200 Values, and one Value that is made from sixty"""
    deep, wide = [[], *([number - 1] for number in range(1, 200))], [*([] for _ in range(60)), list(range(60))]
    found = seen_in(nodes.ordered(topological_order, deep, 199), deep, 199)
    found |= {f"{name}, made from sixty": each for name, each in seen_in(nodes.ordered(topological_order, wide, 60), wide, 60).items()}
    return found


# --- backward


def weighted(rng, graph):
    """The graph with a slope on every edge, each away from 0."""
    return [[(parent, signed(rng)) for parent in each] for each in graph]


@check("backward", points=5, by_hand=True)
def a_tree(backward, nodes, rng):
    """one path, then a tree: the grad of every Value"""
    path, tree = weighted(rng, [[], [0], [1], [2]]), weighted(rng, [[], [], [0, 1], [], [2, 3]])
    return {
        "grads along a path": nodes.gradients(backward, path, [3]),
        "grads in a tree": nodes.gradients(backward, tree, [4]),
    }


@check("backward", points=6, by_hand=True)
def paths_add_up(backward, nodes, rng):
    """a Value that is used twice: its paths add up"""
    twice, diamond = weighted(rng, [[], [], [0, 0], [2, 1]]), weighted(rng, [[], [0], [0], [1, 2]])
    return {
        "grads of (x, x)": nodes.gradients(backward, twice, [3]),
        "grads in a diamond": nodes.gradients(backward, diamond, [3]),
    }


@check("backward", points=4, by_hand=True)
def the_right_order(backward, nodes, rng):
    """short cuts and a long arm: a grad is complete before it is passed on"""
    short_cuts = [[], [0], [1, 0], [2, 0], [3, 1], [4, 1], [5, 2, 0]]
    skips, arm = weighted(rng, short_cuts), weighted(rng, [[], [0], [1], [2], [1, 3]])
    return {
        "grads with short cuts": nodes.gradients(backward, skips, [6]),
        "grads with short cuts first": nodes.gradients(backward, [each[::-1] for each in skips], [6]),
        "grads with a long arm": nodes.gradients(backward, arm, [4]),
    }


@check("backward", points=4, by_hand=True)
def once_more(backward, nodes, rng):
    """a second call: leaves add to what they have, all others start from 0"""
    edges = weighted(rng, [[], [], [0, 1], [2, 1], [3, 2]])
    return {
        "grads after two calls": nodes.gradients(backward, edges, [4, 4]),
        "grads after three calls": nodes.gradients(backward, edges, [4, 4, 4]),
        "grads after a call from the middle, then from the end": nodes.gradients(backward, edges, [3, 4]),
        "grads with 0.5 in the leaves before": nodes.gradients(backward, edges, [4], {0: 0.5, 1: 0.5}, named=False),
    }


@check("backward", points=2, by_hand=True)
def from_an_inner_value(backward, nodes, rng):
    """from a Value in the middle: what was made later keeps its grad"""
    edges = weighted(rng, [[], [], [0, 1], [2, 1], [3, 2]])
    return {
        "grads": nodes.gradients(backward, edges, [3]),
        "grads, 0.5 in the last before": nodes.gradients(backward, edges, [3], {4: 0.5}),
    }


@check("backward", points=1, hidden=True, by_hand=True)
def grads_of_large_graphs(backward, nodes, rng):
    """a graph of thirty Values, then a path of 200"""
    large = weighted(rng, shuffled(rng, graph_of(rng, 30)))
    deep = [[], *([(number - 1, 1.0 + 0.01 * (number % 2))] for number in range(1, 200))]
    return {"grads of thirty": nodes.gradients(backward, large, [29]), "grads along 200": nodes.gradients(backward, deep, [199])}


# --- two_layer_with_values

BACKWARDS = ("W2", "b2", "W1", "b1")


def zeros_in(grad):
    """How many entries are exactly 0; -1 for what is no array of numbers."""
    try:
        array = np.asarray(grad if isinstance(grad, np.ndarray | list | tuple | float) else "")
    except ValueError:  # rows of different lengths
        return -1
    return int(np.sum(array == 0)) if array.dtype.kind in "fiu" else -1


def gradients_of(two_layer_with_values, rng, N, D, H, C, whole=False, biases=None):
    """The gradients of one network, the last layer's first; `biases` is what all biases are."""
    params = {"W1": rng.normal(size=(D, H)), "b1": rng.normal(size=H) + 0.3}
    params |= {"W2": rng.normal(size=(H, C)), "b2": rng.normal(size=C) + 0.3}
    X, Y = (rng.integers(-3, 4, size=size) if whole else rng.normal(size=size) for size in ((N, D), (N, C)))
    params |= {} if biases is None else {"b1": np.full(H, biases), "b2": np.full(C, biases)}
    grads = two_layer_with_values(X, Y, params)
    return {f"d{name}": entry(grads, name) for name in BACKWARDS}


@check("two_layer_with_values", points=6, by_hand=True)
def one_example(two_layer_with_values, rng):
    """one example and one output"""
    found = gradients_of(two_layer_with_values, rng, 1, 2, 3, 1)
    return {**found, "how many entries are 0 in dW2, db2, dW1, db1": [zeros_in(grad) for grad in found.values()]}


@check("two_layer_with_values", points=8, by_hand=True)
def a_batch(two_layer_with_values, rng):
    """five examples, two inputs, three hidden, two outputs"""
    return gradients_of(two_layer_with_values, rng, 5, 2, 3, 2)


@check("two_layer_with_values", points=3, by_hand=True)
def sizes_that_are_equal(two_layer_with_values, rng):
    """two of everything, and all biases equal: each is a number of its own"""
    return gradients_of(two_layer_with_values, rng, 2, 2, 2, 2, biases=0.4)


@check("two_layer_with_values", points=1, hidden=True, by_hand=True)
def inputs_that_are_whole(two_layer_with_values, rng):
    """whole-number inputs and targets"""
    return gradients_of(two_layer_with_values, rng, 3, 2, 4, 1, whole=True)


# --- unbroadcast


def back_to(unbroadcast, rng, grad_shape, *shapes):
    """The gradient added up to each of the shapes."""
    return {f"{grad_shape} to {shape}": unbroadcast(rng.normal(size=grad_shape), shape) for shape in shapes}


@check("unbroadcast", points=4, by_hand=True)
def added_axes(unbroadcast, rng):
    """axes that were added in front"""
    return {
        **back_to(unbroadcast, rng, (5, 3), (3,), ()),
        **back_to(unbroadcast, rng, (2, 5, 3), (5, 3), (3,)),
        **back_to(unbroadcast, rng, (7,), ()),
    }


@check("unbroadcast", points=4, by_hand=True)
def stretched_axes(unbroadcast, rng):
    """axes of length 1 that were stretched: they stay, with length 1"""
    return {**back_to(unbroadcast, rng, (5, 3), (5, 1), (1, 3), (1, 1)), **back_to(unbroadcast, rng, (2, 5, 3), (2, 1, 3))}


@check("unbroadcast", points=2, by_hand=True)
def both_and_none(unbroadcast, rng):
    """both at once; and nothing to add up, where an axis had length 1 from the start"""
    return {
        **back_to(unbroadcast, rng, (7, 5, 3), (5, 1), (1, 3), (1,)),
        **back_to(unbroadcast, rng, (5, 3), (5, 3)),
        **back_to(unbroadcast, rng, (5, 1), (5, 1), (1,), (1, 1)),
    }


@check("unbroadcast", points=1, by_hand=True)
def axes_of_equal_length(unbroadcast, rng):
    """axes of equal length: here shapes cannot show a mistake"""
    return {**back_to(unbroadcast, rng, (3, 3), (3,), (3, 1), (1, 3)), **back_to(unbroadcast, rng, (3, 3, 3), (3, 3), (3, 1))}


@check("unbroadcast", points=1, hidden=True, by_hand=True)
def other_gradients(unbroadcast, rng):
    """whole numbers, a number, four axes"""
    whole = rng.integers(-6, 7, size=(5, 3))
    return {
        "whole numbers to (3,)": unbroadcast(whole, (3,)),
        "whole numbers to (5, 1)": unbroadcast(whole, (5, 1)),
        "a number to ()": unbroadcast(np.array(rng.normal()), ()),
        **back_to(unbroadcast, rng, (2, 3, 5, 7), (3, 1, 7), (2, 1, 1, 7)),
    }
