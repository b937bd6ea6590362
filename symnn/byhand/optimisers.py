"""Optimisers by hand: each turns parameters and gradients into the next parameters, and keeps what it needs between.

Nothing here casts or writes into an array: the same lines run on float64 and on arrays of any scalar with
``+ - * /`` and a square root. Parameters and gradients go by name, as `Network.parameters` gives them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from symnn.byhand.layer import Array, require_shape
from symnn.errors import InputError, aligned


class Optimiser(ABC):
    """What the optimisers share: one step over all parameters, and the state of each by name.

    Raises `InputError` for gradients that are not those of the parameters, `ShapeError` where a shape differs.
    """

    def __init__(self, learning_rate: Any) -> None:
        self.learning_rate = learning_rate
        self.steps = 0
        self.state: dict[str, tuple[Any, ...]] = {}

    def step(self, parameters: Mapping[str, Array], gradients: Mapping[str, Array]) -> dict[str, Array]:
        """Return the parameters after one step down ``gradients``; the arrays given stay as they are."""
        if set(parameters) != set(gradients):
            rows = [("parameters", ", ".join(parameters)), ("gradients", ", ".join(gradients))]
            raise InputError(f"an optimiser needs one gradient for each parameter\n{aligned(rows)}")
        self.steps += 1
        updated: dict[str, Array] = {}
        for name, values in parameters.items():
            require_shape(gradients[name], np.shape(values), f"the gradient of {name}")
            before = self.state.get(name) or self._start(gradients[name])
            updated[name], self.state[name] = self._update(values, gradients[name], before)
        return updated

    def reset(self) -> None:
        """Forget the steps taken."""
        self.steps = 0
        self.state = {}

    def _start(self, gradient: Array) -> tuple[Any, ...]:
        """Return the state before the first step; zeros of the gradient's own kind of number."""
        return ()

    @abstractmethod
    def _update(self, values: Array, gradient: Array, state: tuple[Any, ...]) -> tuple[Array, tuple[Any, ...]]:
        """Return the new values and the new state."""


class GradientDescent(Optimiser):
    """w := w − η g.

    >>> GradientDescent(0.5).step({"w": np.array([1.0])}, {"w": np.array([4.0])})
    {'w': array([-1.])}
    """

    def _update(self, values: Array, gradient: Array, state: tuple[Any, ...]) -> tuple[Array, tuple[Any, ...]]:
        return values - self.learning_rate * gradient, state


class Momentum(Optimiser):
    """v := β v + g, w := w − η v: the heavy ball of Polyak 1964.

    >>> ball = Momentum(0.5, 0.5)
    >>> first = ball.step({"w": np.array([1.0])}, {"w": np.array([4.0])})
    >>> ball.step(first, {"w": np.array([0.0])})
    {'w': array([-2.])}
    """

    def __init__(self, learning_rate: Any, momentum: Any = 0.9) -> None:
        super().__init__(learning_rate)
        self.momentum = momentum

    def _start(self, gradient: Array) -> tuple[Any, ...]:
        return (0 * gradient,)

    def _update(self, values: Array, gradient: Array, state: tuple[Any, ...]) -> tuple[Array, tuple[Any, ...]]:
        velocity = self.momentum * state[0] + gradient
        return values - self.learning_rate * velocity, (velocity,)


class Nesterov(Momentum):
    """v := β v + g, w := w − η (g + β v): Nesterov 1983, in the form that takes the gradient at the present w.

    >>> Nesterov(0.5, 0.5).step({"w": np.array([1.0])}, {"w": np.array([4.0])})
    {'w': array([-2.])}
    """

    def _update(self, values: Array, gradient: Array, state: tuple[Any, ...]) -> tuple[Array, tuple[Any, ...]]:
        velocity = self.momentum * state[0] + gradient
        return values - self.learning_rate * (gradient + self.momentum * velocity), (velocity,)


class RMSProp(Optimiser):
    """s := ρ s + (1 − ρ) g², w := w − η g / (√s + ε): Tieleman and Hinton 2012.

    >>> RMSProp(0.5, 0.75, epsilon=0).step({"w": np.array([1.0])}, {"w": np.array([4.0])})
    {'w': array([0.])}
    """

    def __init__(self, learning_rate: Any, decay: Any = 0.9, epsilon: Any = 1e-8) -> None:
        super().__init__(learning_rate)
        self.decay = decay
        self.epsilon = epsilon

    def _start(self, gradient: Array) -> tuple[Any, ...]:
        return (0 * gradient,)

    def _update(self, values: Array, gradient: Array, state: tuple[Any, ...]) -> tuple[Array, tuple[Any, ...]]:
        square = self.decay * state[0] + (1 - self.decay) * gradient * gradient
        return values - self.learning_rate * gradient / (np.sqrt(square) + self.epsilon), (square,)


class Adam(Optimiser):
    """m := β₁ m + (1 − β₁) g, s := β₂ s + (1 − β₂) g², both divided by 1 − βᵗ: Kingma and Ba 2015.

    The step is w := w − η m̂ / (√ŝ + ε), with m̂ = m/(1 − β₁ᵗ) and ŝ = s/(1 − β₂ᵗ) at the t-th step.

    >>> Adam(0.5, epsilon=0).step({"w": np.array([1.0])}, {"w": np.array([4.0])})
    {'w': array([0.5])}
    """

    def __init__(
        self, learning_rate: Any, decay: Any = 0.9, decay_of_squares: Any = 0.999, epsilon: Any = 1e-8
    ) -> None:
        super().__init__(learning_rate)
        self.decay = decay
        self.decay_of_squares = decay_of_squares
        self.epsilon = epsilon

    def _start(self, gradient: Array) -> tuple[Any, ...]:
        return 0 * gradient, 0 * gradient

    def _update(self, values: Array, gradient: Array, state: tuple[Any, ...]) -> tuple[Array, tuple[Any, ...]]:
        mean = self.decay * state[0] + (1 - self.decay) * gradient
        square = self.decay_of_squares * state[1] + (1 - self.decay_of_squares) * gradient * gradient
        corrected = mean / (1 - self.decay**self.steps)
        spread = np.sqrt(square / (1 - self.decay_of_squares**self.steps))
        return values - self.learning_rate * corrected / (spread + self.epsilon), (mean, square)


# The optimisers by the name they go by in a table.
OPTIMISERS: Mapping[str, type[Optimiser]] = MappingProxyType(
    {
        "gradient-descent": GradientDescent,
        "momentum": Momentum,
        "nesterov": Nesterov,
        "rmsprop": RMSProp,
        "adam": Adam,
    }
)
