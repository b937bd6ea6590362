"""Programs as plain, readable NumPy."""

from symnn.kernels.arrays import ArrayEquation, arrays_of
from symnn.kernels.evaluation import evaluate, extend
from symnn.kernels.kernel import Kernel, forward_kernel
from symnn.kernels.source import kernel_source, lines_of, needed
from symnn.kernels.unpacking import arguments, check_finite, data_names

__all__ = [
    "ArrayEquation",
    "Kernel",
    "arguments",
    "arrays_of",
    "check_finite",
    "data_names",
    "evaluate",
    "extend",
    "forward_kernel",
    "kernel_source",
    "lines_of",
    "needed",
]
