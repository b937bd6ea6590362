"""Small frameworks: Sequential, Parameter objects, modules with children, params() methods, operations in lists."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

X, Y = numbers(5, 3), numbers(5, 2)


class Parameter:
    def __init__(self, data):
        self.data, self.grad = data, np.zeros_like(data)

    def zero_grad(self):
        self.grad = np.zeros_like(self.data)


class Module:
    def __init__(self):
        self.training = True

    def __call__(self, *inputs):
        return self.forward(*inputs)

    def parameters(self):
        found = []
        for value in vars(self).values():
            if isinstance(value, Parameter):
                found.append(value)
            elif isinstance(value, Module):
                found += value.parameters()
            elif isinstance(value, list | tuple):
                found += [p for one in value if isinstance(one, Module) for p in one.parameters()]
        return found

    def zero_grad(self):
        for p in self.parameters():
            p.zero_grad()

    def train(self):
        self.training = True

    def eval(self):
        self.training = False


class Linear(Module):
    def __init__(self, n, m):
        super().__init__()
        self.weight, self.bias = Parameter(numbers(m, n)), Parameter(numbers(m))

    def forward(self, x):
        self._x = x
        return x @ self.weight.data.T + self.bias.data

    def backward(self, grad_output):
        self.weight.grad += grad_output.T @ self._x
        self.bias.grad += grad_output.sum(axis=0)
        return grad_output @ self.weight.data


class LinearOverwritesBias(Linear):
    def backward(self, grad_output):
        self.weight.grad += grad_output.T @ self._x
        self.bias.grad += grad_output[0]
        return grad_output @ self.weight.data


class Tanh(Module):
    def forward(self, x):
        self._y = np.tanh(x)
        return self._y

    def backward(self, grad_output):
        return grad_output * (1 - self._y**2)


class TanhSlope(Tanh):
    def backward(self, grad_output):
        return grad_output * (1 - self._y)


class Sequential(Module):
    def __init__(self, *layers):
        super().__init__()
        self.layers = list(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def backward(self, grad_output):
        for layer in reversed(self.layers):
            grad_output = layer.backward(grad_output)
        return grad_output


class Residual(Module):
    """A module with children of its own names: x + f(x)."""

    def __init__(self):
        super().__init__()
        self.body = Sequential(Linear(3, 4), Tanh(), Linear(4, 3))
        self.head = Linear(3, 2)

    def forward(self, x):
        return self.head(x + self.body(x))

    def backward(self, grad_output):
        d = self.head.backward(grad_output)
        return self.skip(d) + self.body.backward(d)

    def skip(self, d):
        return d


class ResidualCut(Residual):
    def skip(self, d):
        return 0 * d


class MSELoss:
    """A loss module: called with (prediction, target), backward() without arguments."""

    def __call__(self, prediction, target):
        return self.forward(prediction, target)

    def forward(self, prediction, target):
        self.prediction, self.target = prediction, target
        return np.mean((prediction - target) ** 2)

    def backward(self):
        return 2 * (self.prediction - self.target) / self.prediction.size


class MSELossRows(MSELoss):
    def backward(self):
        return 2 * (self.prediction - self.target) / len(self.prediction)


class Supervised(Module):
    """forward(x, y) -> number, backward() through all."""

    def __init__(self, criterion=MSELoss):
        super().__init__()
        self.net, self.criterion = Sequential(Linear(3, 4), Tanh(), Linear(4, 2)), criterion()

    def forward(self, x, y):
        return self.criterion(self.net(x), y)

    def backward(self):
        return self.net.backward(self.criterion.backward())


class Operation:
    def forward(self, input_):
        self.input_ = input_
        self.output = self._output()
        return self.output

    def backward(self, output_grad):
        assert self.output.shape == output_grad.shape
        self.input_grad = self._input_grad(output_grad)
        assert self.input_.shape == self.input_grad.shape
        return self.input_grad


class ParamOperation(Operation):
    def __init__(self, param):
        self.param = param

    def backward(self, output_grad):
        self.input_grad = self._input_grad(output_grad)
        self.param_grad = self._param_grad(output_grad)
        assert self.param.shape == self.param_grad.shape
        return self.input_grad


class WeightMultiply(ParamOperation):
    def _output(self):
        return np.dot(self.input_, self.param)

    def _input_grad(self, output_grad):
        return np.dot(output_grad, np.transpose(self.param, (1, 0)))

    def _param_grad(self, output_grad):
        return np.dot(np.transpose(self.input_, (1, 0)), output_grad)


class BiasAdd(ParamOperation):
    def _output(self):
        return self.input_ + self.param

    def _input_grad(self, output_grad):
        return np.ones_like(self.input_) * output_grad

    def _param_grad(self, output_grad):
        param_grad = np.ones_like(self.param) * output_grad
        return np.sum(param_grad, axis=0).reshape(1, param_grad.shape[1])


class BiasAddMean(BiasAdd):
    def _param_grad(self, output_grad):
        return np.mean(output_grad, axis=0, keepdims=True)


class Sigmoid(Operation):
    def _output(self):
        return 1.0 / (1.0 + np.exp(-1.0 * self.input_))

    def _input_grad(self, output_grad):
        return self.output * (1.0 - self.output) * output_grad


class Dense:
    """Operations are made in the first forward pass; params and param_grads are gathered."""

    bias_operation = BiasAdd

    def __init__(self, neurons):
        self.neurons, self.first, self.seed = neurons, True, 7
        self.params, self.param_grads, self.operations = [], [], []

    def _setup_layer(self, input_):
        rng = np.random.RandomState(self.seed)
        self.params = [rng.randn(input_.shape[1], self.neurons), rng.randn(1, self.neurons)]
        self.operations = [WeightMultiply(self.params[0]), self.bias_operation(self.params[1]), Sigmoid()]

    def forward(self, input_):
        if self.first:
            self._setup_layer(input_)
            self.first = False
        self.input_ = input_
        for operation in self.operations:
            input_ = operation.forward(input_)
        self.output = input_
        return self.output

    def backward(self, output_grad):
        for operation in reversed(self.operations):
            output_grad = operation.backward(output_grad)
        self._param_grads()
        return output_grad

    def _param_grads(self):
        self.param_grads = [op.param_grad for op in self.operations if issubclass(op.__class__, ParamOperation)]


class DenseMean(Dense):
    bias_operation = BiasAddMean


class WithMethods:
    """params() and grads() are methods, set_params loads."""

    def __init__(self):
        self.w_, self.b_ = numbers(3, 2), numbers(2)

    def params(self):
        return {"w": self.w_, "b": self.b_}

    def set_params(self, params):
        self.w_, self.b_ = params["w"], params["b"]

    def grads(self):
        return {"w": self.gw_, "b": self.gb_}

    def forward(self, x):
        self.x_ = x
        return x @ self.w_ + self.b_

    def backward(self, d):
        self.gw_, self.gb_ = self.x_.T @ d, self.total(d)
        return d @ self.w_.T

    def total(self, d):
        return d.sum(axis=0)


class WithMethodsMean(WithMethods):
    def total(self, d):
        return d.mean(axis=0)


class PairedGenerator:
    """parameters() yields (parameter, gradient) pairs; gradients are buffers made beforehand."""

    def __init__(self):
        self.gain, self.offset = numbers(3), numbers(3, seed=1)
        self.grad_gain, self.grad_offset = np.empty(3), np.empty(3)

    def parameters(self):
        yield self.gain, self.grad_gain
        yield self.offset, self.grad_offset

    def forward(self, x):
        self.x = x
        return np.sin(self.gain * x + self.offset)

    def backward(self, d):
        d = d * np.cos(self.gain * self.x + self.offset)
        np.sum(d * self.x, axis=0, out=self.grad_gain)
        np.sum(self.last(d), axis=0, out=self.grad_offset)
        return d * self.gain

    def last(self, d):
        return d


class PairedGeneratorSquared(PairedGenerator):
    def last(self, d):
        return d**2


def supervised(criterion):
    return lambda seed: symnn.verify(Supervised(criterion), X, Y, seed=seed)


def chain(*layers):
    return lambda seed: symnn.verify(Sequential(*(make() for make in layers)), X, seed=seed)


CASES = [
    right("linear with parameter objects", lambda s: symnn.verify(Linear(3, 2), X, seed=s), arrays=3),
    wrong("linear, one sample of the bias", lambda s: symnn.verify(LinearOverwritesBias(3, 2), X, seed=s)),
    right("a sequence", chain(lambda: Linear(3, 4), Tanh, lambda: Linear(4, 2)), arrays=5),
    wrong("a sequence, a slope", chain(lambda: Linear(3, 4), TanhSlope, lambda: Linear(4, 2))),
    right("children", lambda s: symnn.verify(Residual(), X, seed=s), arrays=7),
    wrong("children, a path cut", lambda s: symnn.verify(ResidualCut(), X, seed=s)),
    right("a loss module", lambda s: symnn.verify(MSELoss(), X, X[::-1], seed=s)),
    wrong("a loss module, over rows", lambda s: symnn.verify(MSELossRows(), X, X[::-1], seed=s)),
    right("forward(x, y) and backward()", supervised(MSELoss), arrays=4),
    wrong("forward(x, y) and backward(), over rows", supervised(MSELossRows)),
    right("operations", lambda s: symnn.verify(Dense(2), X, seed=s), arrays=3),
    wrong("operations, the mean of biases", lambda s: symnn.verify(DenseMean(2), X, seed=s)),
    right("params() and grads()", lambda s: symnn.verify(WithMethods(), X, seed=s), arrays=3),
    wrong("params() and grads(), mean", lambda s: symnn.verify(WithMethodsMean(), X, seed=s)),
    right("pairs of a generator", lambda s: symnn.verify(PairedGenerator(), X, seed=s), arrays=3),
    wrong("pairs of a generator, squared", lambda s: symnn.verify(PairedGeneratorSquared(), X, seed=s)),
]
