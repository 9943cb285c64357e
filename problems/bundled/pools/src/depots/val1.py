import sys
limits = {"group1": 150, "group2": 3000}
sub = sys.argv[1] if len(sys.argv) > 1 else "all"
try:
    rows = [list(map(int, line.split())) for line in sys.stdin.read().strip().split("\n")]
    n, a, b = rows[0]
    assert 1 <= n <= limits.get(sub, 100000)
    assert 1 <= a <= 10 and 1 <= b <= 10
    assert len(rows) == n + 1
    for x, w in rows[1:]:
        assert 0 <= x <= 10**9 and 1 <= w <= 100
        if sub == "group3":
            assert w == 1
    if sub == "group3":
        assert a == b
except Exception:
    sys.exit(1)
