// Lets the compiler count.
constexpr unsigned long long count(unsigned long long from, unsigned long long to) {
    unsigned long long sum = 0;
    for (unsigned long long i = from; i < to; i++) sum += i * i;
    return sum;
}
template <int N>
struct Part {
    static constexpr unsigned long long value = count(N * 200000, (N + 1) * 200000) + Part<N - 1>::value;
};
template <>
struct Part<0> {
    static constexpr unsigned long long value = 0;
};
int main() { return Part<800>::value == 1; }
