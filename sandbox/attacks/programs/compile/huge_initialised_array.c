/* A program file of 8 GiB in one line. */
long array[1L << 30] = {1};
int main(void) { return array[5]; }
