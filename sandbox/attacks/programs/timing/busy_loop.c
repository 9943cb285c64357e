/* Burns CPU for ever. */
#include "attack.h"
int main(void) { burn(); }
