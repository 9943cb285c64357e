import sys
sub = sys.argv[1]
lines = sys.stdin.read().split("\n")
try:
    n = int(lines[0])
    cap = 1000 if sub == "group1" else 200000
    assert 1 <= n <= cap
    fish = lines[1].split()
    gates = lines[2].split()
    known = None
    if fish[0] != "*":
        assert len(fish) == n and all(0 <= int(x) <= 10**9 for x in fish)
    if gates[0] != "*":
        g = "" if gates[0] == "-" else gates[0]
        assert len(g) == n - 1 and set(g) <= {"0", "1"}
        known = list(g)
    calls = 0
    i = 3
    while lines[i] != "e":
        w = lines[i].split()
        i += 1
        if w[0] == "t":
            x = int(w[1])
            assert 0 <= x < n - 1
            calls += 1
            if sub == "group2":
                assert known and known[x] == "0"
            if known:
                known[x] = "1" if known[x] == "0" else "0"
        elif w[0] == "s":
            assert sub != "group3" and 0 <= int(w[1]) < n and 1 <= int(w[2]) <= 10**9
            calls += 1
        elif w[0] == "h":
            assert 0 <= int(w[1]) < n
            calls += 1
        else:
            assert w[0] == "r" and len(w) == 8
            calls += int(w[2])
            assert sub != "group3" or int(w[4]) == 0
            assert sub != "group2" or w[7] == "open"
            known = None
    assert calls <= cap
except (AssertionError, IndexError, ValueError):
    sys.exit(1)
