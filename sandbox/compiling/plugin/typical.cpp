// What a typical program of a contest takes from the standard library: its undefined symbols decide
// what sandbox/linking.py links beforehand. It is compiled and never run.
#include <bits/stdc++.h>

int main(int count, char** words) {
    int number;
    long long wide;
    double real;
    char buffer[256];
    while (std::scanf("%d %lld %lf %255s", &number, &wide, &real, buffer) == 4) {
        std::printf("%d %lld %.9f %s\n", number, wide, real, buffer);
        std::puts(buffer);
        std::putchar(std::getchar());
    }
    std::fgets(buffer, sizeof buffer, stdin);
    std::fprintf(stderr, "%s %zu %d", buffer, std::strlen(buffer), std::strcmp(buffer, words[0]));
    std::fflush(stdout);
    std::freopen("in.txt", "r", stdin);
    std::fread(buffer, 1, sizeof buffer, stdin);
    std::fwrite(buffer, 1, sizeof buffer, stdout);
    std::sprintf(buffer, "%d", number);
    std::sscanf(buffer, "%d", &number);
    std::memset(buffer, count, sizeof buffer);
    std::memmove(buffer, buffer + count, count);
    std::memcpy(buffer, words[0], count);
    std::srand(std::time(nullptr) + std::clock());
    number += std::rand() + std::atoi(buffer) + std::abs(number);
    std::free(std::malloc(count));
    std::free(std::calloc(count, 8));
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    std::string line, word;
    while (std::cin >> number >> wide >> real >> word && std::getline(std::cin, line)) {
        std::stringstream stream(line);
        while (stream >> word) line += word + ' ' + std::to_string(number) + std::to_string(real);
        std::istringstream in(line);
        std::ostringstream out;
        in >> buffer[0];
        out << std::setprecision(9) << std::fixed << real << in.str() << std::setw(4) << wide;
        std::cout << out.str() << line.substr(1) << number << wide << real << true << 'c' << "s\n";
        std::cerr << line.find(word) << std::endl;
        std::reverse(line.begin(), line.end());
        line.replace(0, 1, word).insert(0, 3, 'x').erase(1, 1).resize(9);
        line.push_back(static_cast<char>(line.compare(word)));
        number += std::stoi(line) + std::stoll(line) + std::stod(line);
    }
    std::cin.ignore(100, '\n');
    std::cin.get(buffer[1]);
    std::cin.read(buffer, 3);
    std::cout.write(buffer, 3).put('x').flush();
    real = std::sqrt(real) + std::pow(real, 0.3) + std::sin(real) + std::cos(real) + std::log(real);
    real += std::exp(real) + std::atan2(real, 2) + std::log2(real) + std::floor(real);
    real += std::ceil(real) + std::round(real) + std::fmod(real, 3) + std::tan(real);
    real += std::hypot(real, 3) + std::cbrt(real) + std::acos(real) + std::atan(real);
    std::map<int, std::string> map{{number, line}};
    std::set<std::pair<int, int>> set{{number, count}};
    std::unordered_map<std::string, int> table{{line, number}};
    std::unordered_set<long long> seen{wide};
    std::vector<std::vector<int>> grid(count, std::vector<int>(number));
    std::vector<bool> bits(count);
    std::deque<int> deque{number};
    std::list<int> list{number};
    std::priority_queue<long long> heap;
    std::function<int(int)> twice = [&](int n) { return n ? twice(n - 1) + grid.at(n)[0] : 0; };
    std::mt19937 random(std::chrono::steady_clock::now().time_since_epoch().count());
    std::mt19937_64 wider(std::random_device{}());
    std::bitset<64> flags(line);
    auto shared = std::make_shared<int>(number);
    std::cout << static_cast<long double>(real) << flags << map.at(3) << table.size() << *shared;
    std::cout << static_cast<unsigned>(number) << static_cast<unsigned long long>(wide) << &number;
    set.erase(set.begin());
    list.sort();
    deque.push_front(random() + wider() + seen.size() + bits[0]);
    heap.push(twice(3));
    try {
        if (number > 3) throw std::runtime_error(line);
        if (number > 2) throw std::invalid_argument("text");
        if (number > 1) throw number;
        std::exit(number);
    } catch (const std::exception& error) {
        std::cout << error.what();
    } catch (...) {
        std::abort();
    }
    assert(heap.top() == 3);
    std::stable_sort(line.begin(), line.end());
    return std::cin.fail() ? 1 : 0;
}
