# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     notebook_metadata_filter: -jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # What does a machine see in a photograph?
#
# Below is a temple in Beijing. You see roofs, trees and sky. A machine gets numbers.
#
# In this lab you write five short functions for such numbers. A cell under each one checks it, and says what is wrong and
# why. You also meet a bug that raises no error, trains quietly and learns nothing. Allow 50 minutes.
#
# Click into a cell and press Shift+Enter: it runs. Go from the top down.

# %% tags=["setup"]
import course_utils  # not found? Run %pip install handgrad in a new cell, then this cell again

import numpy as np

from course_utils import answer, check, data, hint, predict, progress, review, tables, tensors
from course_utils import explore_broadcasting, explore_picture

# %%
photo = data.photo()
tensors.channels(photo)

# %% [markdown]
# Every dot of the photograph is three numbers from 0 to 255: how much red, green and blue. So the photograph is a stack
# of three *matrices*. Here they are as grey pictures; white is 255. Look at the sky in each of them. **Which of the
# three is darkest there?** (Photo: Daniel Buechele, CC BY 2.0, made smaller.)
#
# <details><summary>Answer</summary>
#
# The red one: blue light is what makes a sky blue, so there is less red in it.
# </details>

# %% [markdown]
# ## What is deep learning, and why now?
#
# To *see* a roof in these numbers, somebody must find patterns: first lines, then parts, then whole things. Such patterns
# are called **features**. For decades people wrote them by hand. That is slow, and it breaks when the light changes.
#
# | | lecture 002 says |
# |---|---|
# | artificial intelligence | any technique that lets computers imitate people |
# | machine learning | computers learn without being told the rules |
# | **deep learning** | they *find the features themselves*, in layers |

# %%
tensors.features(photo)

# %% [markdown]
# Left, patterns that a person wrote. Right, 16 patterns that a program found in 4000 small pieces of *our* photograph.
# Nobody told it what an edge is. Both have found lines.
#
# A deep network stacks this: lines make parts (eyes, noses), and parts make faces (lecture 000).

# %% [markdown]
# **Why now?** Neural networks are decades old. Lecture 000 names three things that were missing:
#
# | | |
# |---|---|
# | data | millions of pictures and texts on the web |
# | hardware | graphics cards: thousands of sums at once |
# | software | better methods, and toolboxes such as PyTorch |
#
# In this course you write the inside of such a toolbox. **It all begins with blocks of numbers.**

# %% [markdown]
# ## Tensors are not scary
#
# A **tensor** is a block of numbers (lecture 004). An *axis* is a direction in which you can count:
#
# | | axes | shape |
# |---|---|---|
# | a number | 0 | `()` |
# | a vector | 1 | `(3,)` |
# | a matrix | 2 | `(2, 3)` |
# | a photograph: rows, columns, colours | 3 | `(128, 192, 3)` |
# | a batch: several photographs | 4 | `(10, 128, 192, 3)` |
#
# The *size* is how many numbers there are in all: a matrix of shape `(2, 3)` has 6.

# %%
predict("A phone takes a photograph of 3264 × 2448 dots. How many numbers is that?",
        ["about 8 thousand", "about 240 thousand", "about 24 million"])

# %% [markdown]
# ### Exercise: `describe`
# *Easy, 3 minutes.*
#
# | `t` | ndim | shape | size |
# |---|---|---|---|
# | `np.zeros((2, 3))` | 2 | (2, 3) | 6 |
# | `np.zeros((5, 2, 3))` | 3 | (5, 2, 3) | 30 |
# | `7.5` | 0 | () | 1 |
#
# Replace the last line of the cell with your code, run the cell, then run the check below it. The check costs nothing: run
# it as often as you like.


# %% nbgrader={"grade": false, "grade_id": "describe", "locked": false, "schema_version": 3, "solution": true, "task": false}
def describe(t):
    """How many axes a tensor has, how long they are, how many numbers it holds.

    t: an array with any number of axes, or a plain number such as 7.5.
    Returns ndim, shape and size, in this order: a whole number, a tuple, and
    a whole number.
    describe(np.zeros((2, 3)))  ->  (2, (2, 3), 6)
    """
    ### BEGIN SOLUTION
    t = np.asarray(t)  # a plain number becomes an array without an axis
    return t.ndim, t.shape, t.size
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "describe_check", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
check("describe")

# %%
tensors.ladder(describe)

# %% [markdown]
# Under the pictures are your answers. The last picture is the lecture's photograph from a phone.

# %% [markdown]
# ## Grey
#
# Many networks start from grey pictures: one number for each dot and not three. **How would you make one number of red,
# green and blue?**

# %%
predict("One picture is pure green, another pure blue, both at 255. Which looks brighter to you?",
        ["the green one", "the blue one", "both the same"])

# %%
tensors.patches([("red", (255, 0, 0)), ("green", (0, 255, 0)), ("blue", (0, 0, 255))])

# %% [markdown]
# ### Exercise: `rgb_to_gray`
# *Easy, 5 minutes.*
#
# The eye does not treat the three colours alike. Television engineers measured it (standard BT.601):
#
# | | red | green | blue |
# |---|---|---|---|
# | weight | 0.299 | 0.587 | 0.114 |
#
# A dot with red 100, green 200, blue 50 becomes $29.9 + 117.4 + 5.7 = 153$. White, three times 255, stays 255, because the
# weights add up to 1.


# %% nbgrader={"grade": false, "grade_id": "rgb_to_gray", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rgb_to_gray(image):
    """The brightness of every dot: 0.299 red + 0.587 green + 0.114 blue.

    image: (H, W, 3), red first; fractions, or whole numbers from 0 to 255.
    Returns an array (H, W) of floats, not rounded.
    rgb_to_gray(np.array([[[100, 200, 50], [255, 255, 255]]]))  ->  [[153.0, 255.0]]
    """
    ### BEGIN SOLUTION
    return image @ np.array([0.299, 0.587, 0.114])  # (H, W, 3) @ (3,) -> (H, W)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "rgb_to_gray_check", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
check("rgb_to_gray")

# %%
tensors.greys(rgb_to_gray)

# %% [markdown]
# With the plain mean, all three fields look the same. With your weights they differ, as for your eye.
#
# Now drag the point over the photograph. **Where is the red matrix lighter than your grey, and where is it darker?**

# %%
explore_picture(photo, rgb_to_gray)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Lighter on the roofs and the red columns, darker in the sky and on the lake.
# </details>
#
# ## Your first red ✗, on purpose
#
# Checks are most useful when they fail. This cell checks a *wrong* function. Yours stays as it is. Read the report.

# %%
def mean_of_the_colours(image):
    return image.mean(axis=2)


check("rgb_to_gray", instead=mean_of_the_colours)

# %% [markdown]
# How to read it, line by line:
#
# | line | it says |
# |---|---|
# | ✗ and a title | which question was asked, and what it earned |
# | called with | what your function was given: try the same yourself |
# | differs in … | how many entries are wrong, where most, and both numbers |
# | the bold line | *why*: a known mistake gave the same numbers as yours |
# | the coloured table | your numbers minus the right ones |
#
# Where nothing known fits, you see numbers only. The check never guesses.

# %% [markdown]
# **When you are stuck**, ask in any cell:
#
# | you write | you get |
# |---|---|
# | `hint("rgb_to_gray")` | the next hint; the last is nearly the answer |
# | `answer("rgb_to_gray")` | the worked answer, after three tries of your own |
# | `progress()` | your points so far, and what comes next |
# | `review()` | on another day: questions about what you did |

# %%
hint("rgb_to_gray")

# %% [markdown]
# ## A batch: many pictures at once
#
# A network reads many pictures together. They are stacked along a new first axis: shape $(N, H, W, C)$, with $N$ pictures
# of $H$ rows, $W$ columns and $C$ colours. **Batch first, always.**
#
# The simplest networks want one *row* for each picture, with all its numbers in a line: shape $(N,\ H\cdot W\cdot C)$.

# %%
predict("For 6 pictures, `images.reshape(-1, 6).T` also gives one row for each picture. What is in a row?",
        ["one picture, as it should be", "numbers from all six pictures", "one picture, upside down"])

# %% [markdown]
# ### Exercise: `flatten_batch`
# *Easy, 4 minutes.*
#
# Two pictures, each with one row, two dots and three colours:
#
# `[[[[0, 1, 2], [3, 4, 5]]],  [[[6, 7, 8], [9, 10, 11]]]]`, shape (2, 1, 2, 3)
#
# become two rows of six numbers. Each row is read as you read a page: the top row of the picture from left to right, with
# the three colours of a dot side by side, then the next row.


# %% nbgrader={"grade": false, "grade_id": "flatten_batch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def flatten_batch(images):
    """One row of numbers for each picture.

    images: (N, H, W, C); N may be 1.  Returns an array (N, H * W * C).
    Row n holds picture n: its rows from top to bottom, the dots of a row from
    left to right, the C numbers of a dot together.
    flatten_batch(np.arange(12).reshape(2, 1, 2, 3))
        ->  [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]
    """
    ### BEGIN SOLUTION
    return images.reshape(len(images), -1)  # -1: whatever is left for a row
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "flatten_batch_check", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
check("flatten_batch")

# %%
corners = [(row, column) for row in (0, 64) for column in (0, 64, 128)]
pieces = np.stack([photo[row : row + 64, column : column + 64] for row, column in corners])
ways = {"yours": flatten_batch, "images.reshape(-1, 6).T": lambda images: images.reshape(-1, 6).T}
tensors.salad(pieces, ways)

# %% [markdown]
# Six pieces of the photograph, flattened and folded back. Both ways give shape (6, 12 288) and no error, but in the lower
# row each picture is a salad of all six. **The right shape proves nothing.** Where you can, look at your data.

# %% [markdown]
# ## Broadcasting: NumPy fills the gaps
#
# A layer of a network adds one *bias* to each column of a matrix. `Z + b` does it, although the shapes differ. NumPy
# compares shapes from the *right*, and stretches what is 1 or missing:
#
# | `Z` | `b` | result | |
# |---|---|---|---|
# | (2, 3) | (3,) | (2, 3) | b goes to every row |
# | (2, 3) | (2,) | error | 3 meets 2 |
# | (3, 3) | (3,) | (3, 3) | fits, even if you meant it the other way |
# | (5, 3) | (5, 1) | (5, 3) | b goes to every *column* |

# %% [markdown]
# ### Exercise: `add_bias`
# *Medium, 6 minutes.*
#
# $$\begin{pmatrix}1&2&3\\4&5&6\end{pmatrix} + (10, 20, 30) = \begin{pmatrix}11&22&33\\14&25&36\end{pmatrix}$$
#
# NumPy is too friendly: it also takes shapes that you never meant. So your function has a guard. It refuses a `b` that is
# not one number for each column. In Python you refuse like this:
#
# ```python
# if hours < 0:
#     raise ValueError("hours must not be negative")
# ```


# %% nbgrader={"grade": false, "grade_id": "add_bias", "locked": false, "schema_version": 3, "solution": true, "task": false}
def add_bias(Z, b):
    """Z with b[j] added to all of column j; Z itself stays as it was.

    Z: (N, H).  b: (H,).  Both are arrays, of floats or whole numbers.
    Returns a new array (N, H).
    Raises ValueError where the shape of b is not (H,), even if NumPy could add.
    add_bias(np.array([[1, 2, 3], [4, 5, 6]]), np.array([10, 20, 30]))
        ->  [[11, 22, 33], [14, 25, 36]]
    """
    ### BEGIN SOLUTION
    if b.shape != Z.shape[1:]:
        raise ValueError("b needs one number for each column of Z")
    return Z + b
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "add_bias_check", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
check("add_bias")

# %% [markdown]
# Choose two shapes below. **Find one that NumPy adds and your function refuses. And is there a mistake that no guard can
# see?**

# %%
explore_broadcasting(add_bias)

# %% [markdown]
# <details><summary>Answer</summary>
#
# NumPy stretches (4, 1), (1, 3), (1,) and a plain number; your guard stops them all. But when Z has as many rows as
# columns, a `b` that was meant for the *rows* has the right shape too. No guard can see that: only you know what you meant.
# </details>
#
# **How bad can such a slip be?**

# %% [markdown]
# ## A perfect prediction that scores worse than a stupid one
#
# For 265 people with diabetes we want to predict how the illness goes on: one number `y` for each (Efron and others, 2004).
# The *loss* is the mean of the squared errors: the smaller, the better.
#
# Suppose that every prediction is exactly right. There is one small thing: a network gives a *column*, shape (265, 1), and
# `y` has shape (265,).

# %%
predict("Every prediction is perfect, but `y_hat` is (265, 1) and `y` is (265,). What is `np.mean((y_hat - y)**2)`?",
        ["exactly 0", "an error message", "more than 11 000"])

# %%
y = data.diabetes().y_train
perfect = y[:, None]  # the same numbers as a column: (265, 1)
stupid = np.full(265, y.mean())  # everybody gets the mean


def loss(y_hat, y):
    return round(np.mean((y_hat - y) ** 2), 1)


tables.lines(
    ["prediction", "shape of y_hat - y", "loss"],
    ["perfect, as a column", (perfect - y).shape, loss(perfect, y)],
    ["the mean for everybody", (stupid - y).shape, loss(stupid, y)],
    ["perfect, in the shape of y", (perfect[:, 0] - y).shape, loss(perfect[:, 0], y)],
)

# %% [markdown]
# A column minus a row is a *table*: every prediction against everybody's `y`, 265 × 265 differences. Their mean square
# is twice the variance of `y`. The mean for everybody has the variance itself as its loss. So the perfect prediction
# looks twice as bad, without a warning. At the end of this lab we *train* on it.

# %% [markdown]
# ## Three piles
#
# Data is split before anything is learned (lecture 004):
#
# | pile | is for | compare it with |
# |---|---|---|
# | **train** | fitting a model | exercises at home |
# | **validate** | choosing between models | a mock exam |
# | **test** | one honest score at the end | the exam |
#
# A **leak** is any way in which something of the test pile is known before the exam. To see what it does, take 1000
# people with random measurements; the label of each is a coin flip. There is *nothing* to learn.

# %%
predict("The labels are coin flips. Half of the test rows were also in the training pile. How does a model that learns by heart score on the test?",
        ["about 0.50", "about 0.75", "about 1.00"])

# %%
def by_heart(X_known, labels, X_new):
    """For each new row, the label of the known row that is nearest to it."""
    return np.array([labels[np.argmin(((X_known - x) ** 2).sum(axis=1))] for x in X_new])


# %%
rng = np.random.default_rng(0)
X, coin = rng.normal(size=(1000, 5)), rng.integers(0, 2, size=1000)
train, test, leaky = np.arange(600), np.arange(600, 1000), np.arange(800)
guesses = rng.integers(0, 2, size=(500, 100))  # 500 models that guess, 100 rows
best = (guesses == coin[:100]).mean(axis=1).max()


def score(known, asked):
    return np.mean(by_heart(X[known], coin[known], X[asked]) == coin[asked])


scores = {
    "learned by heart, asked the same again": score(train, train),
    "learned by heart, asked new rows": score(train, test),
    "half of the test was in the training pile": score(leaky, test),
    "the best of 500 guessers, where it was chosen": best,
}
tensors.bars(scores, "Labels are coin flips: an honest score is about ½", level=0.5)

# %% [markdown]
# Only the second bar is honest. The first shows only that the model remembers. The last shows why there is a third pile:
# if you choose the best model on one pile, its score on *that* pile is too good.

# %% [markdown]
# ### Exercise: `standardize`
# *Medium, 8 minutes.*
#
# One measurement of our patients lies near 190, another near 5. Columns of such different sizes are hard to learn from (lab
# 3 shows why). So each column is shifted to mean 0 and divided by its standard deviation:
#
# $$\frac{x-\text{mean}}{\text{std}}\qquad\text{train column }(1, 3, 5, 7):\quad \text{mean } 4,\quad \text{std } \sqrt{\tfrac{9+1+1+9}{4}}=\sqrt5$$
#
# The 7 becomes $3/\sqrt5 = 1.342$. Now a test column $(4, 8)$: its numbers become $0$ and $4/\sqrt5=1.789$. **Whose mean
# and whose std are these?**


# %% nbgrader={"grade": false, "grade_id": "standardize", "locked": false, "schema_version": 3, "solution": true, "task": false}
def standardize(X_train, X_test):
    """Each column in new units: mean 0 and std 1 in the training set.

    X_train: (N, D).  X_test: (M, D), M may be 1.  Of floats or whole numbers.
    Both stay as they were.
    Mean and standard deviation are those of the training set only.  The
    standard deviation divides by N, as np.std does.
    A column that holds one and the same number in both sets becomes 0 in both.
    Returns two new arrays, (N, D) and (M, D).
    standardize(np.array([[1], [3], [5], [7]]), np.array([[4], [8]]))
        ->  [[-1.342], [-0.447], [0.447], [1.342]] and [[0.0], [1.789]]
    """
    ### BEGIN SOLUTION
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)  # (D,) each
    std = np.where(std == 0, 1, std)  # for 0/0: any divisor will do
    return (X_train - mean) / std, (X_test - mean) / std
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "standardize_check", "locked": true, "points": 25, "schema_version": 3, "solution": false, "task": false}
check("standardize")

# %%
people = data.diabetes()
tensors.spread(people.X_train, people.X_test, standardize)

# %% [markdown]
# Left, ten measurements in their own units; right, in yours. All grey dots, the means of the training set, now lie at 0.
# The blue dots (test) lie near 0, not at 0. That is right: nobody asked for their own mean.

# %% [markdown]
# ## The bug that trains
#
# Now two of your functions work together. The model is a straight sum, `add_bias(X @ w, b)`, and the loop walks downhill
# on the loss (lab 3 explains how). The same code runs twice. The one difference: `y` is a column, or it is not.


# %%
def fit(y, steps=1500, lr=0.2):
    """Weights, losses and predictions of a walk downhill on np.mean((y_hat - y) ** 2)."""
    X, _ = standardize(people.X_train, people.X_test)
    w, b, losses = np.ones((10, 1)), np.zeros(1), []
    for _ in range(steps):
        y_hat = add_bias(X @ w, b)  # (265, 1)
        losses.append(np.mean((y_hat - y) ** 2))
        slope = 2 * (y_hat - y).mean(axis=1, keepdims=True) / len(X)  # for each y_hat
        w, b = w - lr * X.T @ slope, b - lr * slope.sum(axis=0)
    return w, losses, y_hat


# %%
predict("The same training with `y` of shape (265,). What will the ten weights be at the end?",
        ["nearly the same", "all about 0", "very large"])

# %%
ways = {"y as a column (265, 1)": lambda: fit(y[:, None]), "y as it comes (265,)": lambda: fit(y)}
tensors.fits(y, ways)

# %% [markdown]
# On the right the loss fell too, and came to rest. Every weight went to 0: the model has *learned to ignore all that it knows
# about a person*, and gives everybody the mean. Where each prediction is compared with everybody's `y`, no answer is
# better.
#
# A falling loss is no proof. **One look at the shapes would have been**: `y_hat - y` must have the shape of `y`.
# Broadcasting hides another bug in lab 4.

# %% [markdown]
# ## What you built
#
# Five tools that every network needs: the shape of a tensor, grey pictures, a batch in rows, a bias with a guard, and
# columns in common units without a leak. Where do you stand?

# %%
progress()

# %% [markdown]
# **Reflect.** A friend trains a model and says: "The loss falls, and the shapes are right." What would you look at before
# you believe it? Give two things that this lab showed, and what you would do. Three to five sentences; nobody marks them.

# %% [markdown] nbgrader={"grade": false, "grade_id": "reflection", "locked": false, "schema_version": 3, "solution": true, "task": false}
# I would compare the loss with that of a stupid prediction, such as the mean for everybody: a model that is no better has
# learned nothing. I would print the shape of y_hat − y, and draw some predictions against the truth. I would also ask which
# rows were used to fit and to choose, and score once on rows that were not.

# %% [markdown]
# **Bonus, for the curious.** Below, the 64 dots of every digit are shuffled, all in the *same* way. Nobody can read them
# any more. Can a machine? Write `by_heart` once more, without looking, and compare the two scores. Why are they what
# they are?

# %%
def read_digits(X_known, labels, X_new):
    """For each row of X_new (M, 64), the label of the nearest row of X_known (N, 64)."""
    raise NotImplementedError


tensors.shuffled_digits(read_digits)

# %% [markdown]
# ## What comes next
#
# **Handing in.** Save the notebook (Ctrl+S) and hand it in as it is. The grader asks the same questions with new numbers,
# and a few more of the kind that the docstrings promise. Working alone? In a terminal, `handgrad check lab00_start --all` asks those
# few as well, and `handgrad progress` shows all labs.
#
# A photograph is numbers. [**Lab 1**](../lab01_perceptron/lab01_perceptron.ipynb) **builds the neuron that reads them.**
