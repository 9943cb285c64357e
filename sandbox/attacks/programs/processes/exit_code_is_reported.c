/* Must be reported as exit code 42. */
int main(void) { return 42; }
