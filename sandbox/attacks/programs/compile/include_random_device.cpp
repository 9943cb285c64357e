// Includes a random file without an end.
#include "/dev/urandom"
int main() {}
