// As many errors as fit: each instantiation brings a page of messages.
#include <map>
#include <string>
struct Odd {};
#define E1 { std::map<Odd, std::map<Odd, std::string>> m; m[Odd{}][Odd{}] = Odd{}; std::string s = m; }
#define E2 E1 E1 E1 E1 E1 E1 E1 E1
#define E3 E2 E2 E2 E2 E2 E2 E2 E2
#define E4 E3 E3 E3 E3 E3 E3 E3 E3
int main() { E4 E4 }
