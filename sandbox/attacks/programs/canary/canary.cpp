// As canary.c, for what a hostile source could leave to later compilations.
#include <bits/stdc++.h>
class Box {
    int hidden = 1;

  public:
    int shown() const { return hidden; }
};
int main() {
    int small = sizeof(int);
    std::cout << "clean " << small << Box{}.shown() << std::endl;
    printf("printf works\n");
}
