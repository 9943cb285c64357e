int divisor(int n);
