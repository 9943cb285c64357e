// O(log n) a call: a segment tree whose nodes hold the total, and the sums of the connected parts
// at the left and the right border; a query walks out from basin i in both directions.
#include "canal.h"

using namespace std;

static int size_ = 1, basins;
static vector<long long> total;
static vector<int> closed_in;  // closed gates whose left basin lies in the node

void init(int n, vector<int> fish, string gates) {
    basins = n;
    while (size_ < n) size_ *= 2;
    total.assign(2 * size_, 0);
    closed_in.assign(2 * size_, 0);
    for (int i = 0; i < n; i++) total[size_ + i] = fish[i];
    for (int g = 0; g + 1 < n; g++) closed_in[size_ + g] = gates[g] == '0';
    for (int v = size_ - 1; v > 0; v--) {
        total[v] = total[2 * v] + total[2 * v + 1];
        closed_in[v] = closed_in[2 * v] + closed_in[2 * v + 1];
    }
}

void toggle(int g) {
    int v = size_ + g, change = closed_in[v] ? -1 : 1;
    for (; v > 0; v /= 2) closed_in[v] += change;
}

void stock(int i, int k) {
    for (int v = size_ + i; v > 0; v /= 2) total[v] += k;
}

// Sum of the basins from i to the east until a closed gate.
static long long east(int i) {
    int v = size_ + i;
    long long sum = total[v];
    if (closed_in[v]) return sum;
    while (v > 1) {
        if (v % 2 == 0) {
            if (closed_in[v + 1]) {
                v++;
                while (v < size_) {
                    v *= 2;
                    if (!closed_in[v]) sum += total[v++];
                }
                return sum + total[v];
            }
            sum += total[v + 1];
        }
        v /= 2;
    }
    return sum;
}

// Sum of the basins west of i that are connected with it.
static long long west(int i) {
    int v = size_ + i;
    long long sum = 0;
    while (v > 1) {
        if (v % 2 == 1) {
            if (closed_in[v - 1]) {
                v--;
                while (v < size_) {
                    v = 2 * v + 1;
                    if (!closed_in[v]) sum += total[v--];
                }
                return sum;
            }
            sum += total[v - 1];
        }
        v /= 2;
    }
    return sum;
}

long long shoal(int i) { return west(i) + east(i); }
