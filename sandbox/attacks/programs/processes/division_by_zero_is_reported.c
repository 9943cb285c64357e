/* Must be reported as SIGFPE. */
int main(int argc, char **argv) {
    (void)argv;
    volatile int zero = argc - argc;
    return 1000 / zero;
}
