#include <cassert>
#include <iostream>
using namespace std;
int a[100];
int main() {
    int n;
    cin >> n;
    assert(n <= 100);
    int c = 0;
    for (int i = 0; i < n; i++) cin >> a[i];
    for (int i = 0; i < n; i++) c += a[i] % 2 == 0;
    cout << c << endl;
}
