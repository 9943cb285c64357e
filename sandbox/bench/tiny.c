/* The program that the benchmark runs: reads two numbers, prints their sum. */
#include <stdio.h>

int main(void) {
  int a, b;
  if (scanf("%d%d", &a, &b) != 2) return 1;
  printf("%d\n", a + b);
  return 0;
}
