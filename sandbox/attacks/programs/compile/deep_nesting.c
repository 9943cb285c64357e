/* Brackets nested as deep as the parser's stack. */
#define P1 (((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((
#define P2 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1 P1
#define P3 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2 P2
int main(void) { return P3 P3 P3 P3 P3 P3 P3 P3 1; }
