"""What a user would run today: thresholds of 1e7 scores with NumPy and
scikit-learn, products of embeddings with the BLAS that NumPy finds (libopenblas0 where it is
installed), one thread.
Medians of 5."""
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
for dimensions in (128, 512):
    x = np.random.default_rng(2).standard_normal((4096, dimensions)).astype("f4")
    ms = median(lambda: x @ x.T)
    print(f"products, NumPy, D={dimensions:<4}    {ms:9.1f} ms "
          f"{2e-6 * 4096 * 4096 * dimensions / ms:7.1f} GFLOP/s")
