"""Values of scipy that src/evaluate/certainty.test.ts compares with: python scripts/references/certainty.py (scipy 1.17, numpy 2)."""

import numpy as np
from scipy import stats

for lost, gained in [(1, 0), (5, 1), (10, 2), (12, 30), (7, 7), (120, 80), (3000, 2800)]:
    print("mcnemar", lost, gained, stats.binomtest(min(lost, gained), lost + gained, 0.5).pvalue)
for hits, n in [(0, 10), (9, 10), (10, 10), (1970, 2000), (222, 240)]:
    interval = stats.binomtest(hits, n).proportion_ci(method="wilson")
    print("wilson", hits, n, interval.low, interval.high)
drops = np.array([1] * 9 + [-1] * 3 + [0] * 188)
options = dict(method="percentile", n_resamples=200_000, rng=np.random.default_rng(1))
print("bootstrap of samples", stats.bootstrap((drops,), np.mean, **options).confidence_interval)
sums = np.array([0, 2, 1, 0, 3, 0, -1, 0, 1, 0, 4, 0.5])
counts = np.array([4, 5, 3, 4, 6, 2, 3, 4, 5, 2, 7, 3])
ratio = lambda s, n, axis=-1: s.sum(axis) / n.sum(axis)
print("bootstrap of groups", stats.bootstrap((sums, counts), ratio, paired=True, **options).confidence_interval)
