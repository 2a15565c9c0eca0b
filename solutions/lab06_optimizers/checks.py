"""What lab06_optimizers asks of each exercise. Probes only: the engine runs the reference beside the student."""

from course_utils.checking import check


def walk(optimizer, rng):
    """The places of a walk of four steps."""
    w, places = rng.normal(size=3), []
    for dw in rng.normal(size=(4, 3)):
        w = optimizer.step(w, dw)
        places.append(w)
    return {"places": places}


@check("Momentum", points=10)
def momentum_walk(Momentum, rng):
    """four steps"""
    return walk(Momentum(0.1), rng)


@check("Adagrad", points=10)
def adagrad_walk(Adagrad, rng):
    """four steps"""
    return walk(Adagrad(0.1), rng)


@check("RMSProp", points=10)
def rmsprop_walk(RMSProp, rng):
    """four steps"""
    return walk(RMSProp(0.1), rng)


@check("Adadelta", points=12)
def adadelta_walk(Adadelta, rng):
    """four steps"""
    return walk(Adadelta(), rng)


@check("Adam", points=16)
def adam_walk(Adam, rng):
    """four steps"""
    return walk(Adam(0.1), rng)


@check("step_decay", points=4)
def steps_of_the_rate(step_decay):
    """the rate over 100 epochs"""
    return {"rates": [step_decay(0.5, epoch) for epoch in range(100)]}


@check("linear_decay", points=3)
def line(linear_decay):
    """the rate over 30 steps"""
    return {"rates": [linear_decay(0.5, t, 20) for t in range(30)]}


@check("cosine_decay", points=4)
def half_a_wave(cosine_decay):
    """the rate over 30 steps"""
    return {"rates": [cosine_decay(0.5, t, 20) for t in range(30)]}


@check("inverse_sqrt", points=5)
def warm_up(inverse_sqrt):
    """the rate over 30 steps"""
    return {"rates": [inverse_sqrt(0.5, t, 10) for t in range(30)]}


@check("cosine_restarts", points=8)
def restarts(cosine_restarts):
    """the rate over 30 steps"""
    return {"rates": [cosine_restarts(0.5, t, 10) for t in range(30)]}


@check("scaled_lr", points=6)
def scaled(scaled_lr):
    """other batches"""
    return {"rates": [scaled_lr(0.5, 32, batch) for batch in (8, 96)]}


@check("smooth", points=12)
def smoothed(smooth, rng):
    """a noisy curve"""
    return {"shown": smooth(rng.normal(size=7), 0.8)}
