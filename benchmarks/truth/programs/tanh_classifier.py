"""One hidden layer of tanh, softmax over class numbers, weight decay on both weight matrices."""
import numpy as np

reg_lambda = 0.05


def forward(model, X):
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    z1 = X.dot(W1) + b1
    a1 = np.tanh(z1)
    z2 = a1.dot(W2) + b2
    exp_scores = np.exp(z2)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    return z1, a1, probs


def loss(model, X, y):
    num_examples = len(X)
    z1, a1, probs = forward(model, X)
    correct_logprobs = -np.log(probs[range(num_examples), y])
    data_loss = np.sum(correct_logprobs)
    data_loss += reg_lambda / 2 * (np.sum(np.square(model["W1"])) + np.sum(np.square(model["W2"])))
    return 1.0 / num_examples * data_loss


def grad(model, X, y):
    num_examples = len(X)
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    z1, a1, probs = forward(model, X)
    delta3 = probs.copy()
    delta3[range(num_examples), y] -= 1
    dW2 = (a1.T).dot(delta3)
    db2 = np.sum(delta3, axis=0, keepdims=True)
    delta2 = delta3.dot(W2.T) * (1 - np.power(a1, 2))
    dW1 = np.dot(X.T, delta2)
    db1 = np.sum(delta2, axis=0)
    # the penalty
    dW2 += reg_lambda * W2
    dW1 += reg_lambda * W1
    return {"W1": dW1 / num_examples, "b1": db1.reshape(b1.shape) / num_examples,
            "W2": dW2 / num_examples, "b2": db2 / num_examples}


def example():
    rng = np.random.default_rng(12)
    model = {
        "W1": rng.normal(size=(2, 4)), "b1": 0.1 * rng.normal(size=(1, 4)),
        "W2": rng.normal(size=(4, 3)), "b2": 0.1 * rng.normal(size=(1, 3)),
    }
    return model, rng.normal(size=(5, 2)), np.array([0, 2, 1, 1, 0])
