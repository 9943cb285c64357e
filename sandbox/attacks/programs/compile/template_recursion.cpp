// A template that needs itself, deeper and deeper, in two branches.
#pragma GCC diagnostic ignored "-Wall"
template <unsigned long long N, unsigned long long M>
struct Deep {
    static constexpr unsigned long long value =
        Deep<N - 1, M * 2>::value + Deep<N - 1, M * 2 + 1>::value;
};
template <unsigned long long M>
struct Deep<0, M> {
    static constexpr unsigned long long value = M;
};
int main() { return Deep<40, 1>::value != 0; }
