long long ways(int n);
