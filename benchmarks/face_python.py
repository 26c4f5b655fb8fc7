"""What a user would run today: thresholds of 1e7 scores with NumPy and
scikit-learn, products of embeddings with OpenBLAS, on one thread. Medians of 5.
"""
import ctypes
import os
import statistics
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np  # noqa: E402


def median(work, times=5):
    seconds = []
    for _ in range(times):
        begin = time.process_time()
        work()
        seconds.append(time.process_time() - begin)
    return 1000 * statistics.median(seconds)


scores = np.random.default_rng(1).standard_normal(10_000_000)
print(f"threshold, numpy sort        {median(lambda: np.sort(scores)[-10000]):9.1f} ms")
print(f"threshold, numpy partition   {median(lambda: np.partition(scores, -10000)[-10000]):9.1f} ms")
print(f"count, numpy                 {median(lambda: np.count_nonzero(scores >= 3)):9.1f} ms")
try:
    from sklearn.metrics import roc_curve
    labels = np.zeros(len(scores) + 1000, bool)
    labels[-1000:] = True
    both = np.concatenate([scores, scores[:1000] + 3])
    print(f"threshold, sklearn roc_curve {median(lambda: roc_curve(labels, both), 3):9.1f} ms")
except ImportError:
    print("scikit-learn is not installed (python3-sklearn)")


def sgemm():
    """cblas_sgemm of OpenBLAS on one thread; None if it is not installed."""
    try:
        library = ctypes.CDLL("libopenblas.so.0")
    except OSError:
        return None
    library.openblas_set_num_threads(1)
    pointer = ctypes.POINTER(ctypes.c_float)

    def product(x, out):
        rows, columns = x.shape
        data = x.ctypes.data_as(pointer)
        library.cblas_sgemm(
            101, 111, 112, rows, rows, columns, ctypes.c_float(1), data,
            columns, data, columns, ctypes.c_float(0),
            out.ctypes.data_as(pointer), rows)
    return product


product = sgemm()
if product is None:
    print("OpenBLAS is not installed (libopenblas0-pthread)")
else:
    for dimensions in (128, 512):
        x = np.random.default_rng(2).standard_normal((3840, dimensions)).astype("f4")
        out = np.empty((3840, 3840), "f4")
        ms = median(lambda: product(x, out))
        print(f"products, OpenBLAS, D={dimensions:<4} {ms:9.1f} ms "
              f"{2e-6 * 3840 * 3840 * dimensions / ms:7.1f} GFLOP/s")
