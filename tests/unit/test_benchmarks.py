"""What the benchmarks reckon with."""

import pytest

from benchmarks.figures import quantile


@pytest.mark.parametrize(
    ("count", "share", "expected"),
    [(100, 0.99, 99), (100, 0.5, 50), (100, 0.07, 7), (150, 0.99, 149), (3, 0.5, 2), (1, 0.99, 1), (4, 1.0, 4)],
)
def test_quantile__the_smallest_that_so_many_do_not_exceed(count: int, share: float, expected: int) -> None:
    assert quantile(range(count, 0, -1), share) == expected
