// Grader of "Fish Canal", compiled together with every submission; the same file is the sample
// grader. It reads the calls from standard input in the format that the statement gives and prints
// what shoal returns.
#include "canal.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

// splitmix64: the calls of an `r` line are the same on every machine.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    long long below(long long limit) {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        z ^= z >> 31;
        return static_cast<long long>(z % static_cast<std::uint64_t>(limit));
    }

  private:
    std::uint64_t state_;
};

[[noreturn]] void bad_input(const char* what) {
    std::fprintf(stderr, "grader: bad input: %s\n", what);
    std::exit(1);
}

std::string read_word() {
    std::string word;
    int c = std::getchar();
    while (c == ' ' || c == '\n' || c == '\r') c = std::getchar();
    while (c != EOF && c != ' ' && c != '\n' && c != '\r') {
        word.push_back(static_cast<char>(c));
        c = std::getchar();
    }
    return word;
}

long long read_number() {
    std::string word = read_word();
    if (word.empty()) bad_input("a number is missing");
    return std::atoll(word.c_str());
}

std::vector<int> read_fish(int n) {
    std::vector<int> fish(n);
    std::string first = read_word();
    if (first == "*") {
        Random random(read_number());
        long long largest = read_number();
        for (int& f : fish) f = static_cast<int>(random.below(largest + 1));
        return fish;
    }
    fish[0] = std::atoi(first.c_str());
    for (int i = 1; i < n; i++) fish[i] = static_cast<int>(read_number());
    return fish;
}

std::string read_gates(int n) {
    std::string gates = read_word();
    if (gates == "-") return "";
    if (gates != "*") return gates;
    Random random(read_number());
    long long permille = read_number();
    long long step = read_number();
    gates.assign(n - 1, '1');
    for (int g = 0; g < n - 1; g++)
        if ((g + 1) % step == 0 && random.below(1000) < permille) gates[g] = '0';
    return gates;
}

// Makes the calls of one `r` line and prints one number that depends on all answers.
void random_calls(int n, std::string& gates) {
    Random random(read_number());
    long long calls = read_number();
    long long toggles = read_number();
    long long stocks = read_number();
    long long step = read_number();
    long long largest = read_number();
    bool only_open = read_word() == "open";
    std::uint64_t hash = 0;
    for (long long c = 0; c < calls; c++) {
        long long kind = random.below(1000);
        if (kind < toggles && n > step) {
            int g = static_cast<int>(step * (1 + random.below((n - 1) / step)) - 1);
            if (!only_open || gates[g] == '0') {
                gates[g] = gates[g] == '0' ? '1' : '0';
                toggle(g);
                continue;
            }
        } else if (kind >= toggles && kind < toggles + stocks) {
            int i = static_cast<int>(random.below(n));
            stock(i, static_cast<int>(1 + random.below(largest)));
            continue;
        }
        long long answer = shoal(static_cast<int>(random.below(n)));
        hash = hash * 1000003 + static_cast<std::uint64_t>(answer);
    }
    std::printf("%llu\n", static_cast<unsigned long long>(hash));
}

}  // namespace

int main() {
    int n = static_cast<int>(read_number());
    std::vector<int> fish = read_fish(n);
    std::string gates = read_gates(n);
    if (static_cast<int>(gates.size()) != n - 1) bad_input("the gates do not fit n");
    init(n, fish, gates);
    while (true) {
        std::string kind = read_word();
        if (kind == "e") return 0;
        if (kind == "t") {
            int g = static_cast<int>(read_number());
            gates.at(g) = gates.at(g) == '0' ? '1' : '0';
            toggle(g);
        } else if (kind == "s") {
            int i = static_cast<int>(read_number());
            stock(i, static_cast<int>(read_number()));
        } else if (kind == "h") {
            std::printf("%lld\n", shoal(static_cast<int>(read_number())));
        } else if (kind == "r") {
            random_calls(n, gates);
        } else {
            bad_input("a line that starts with none of t, s, h, r, e");
        }
    }
}
