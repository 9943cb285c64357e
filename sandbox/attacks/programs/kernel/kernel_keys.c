/* Stores and reads keys: keyrings outlive processes and cross namespaces. */
#include "attack.h"
int main(void) {
    ATTEMPT("add_key", syscall(SYS_add_key, "user", "attack_leftover", "secret", 6, -4));
    ATTEMPT("request_key", syscall(SYS_request_key, "user", "attack_leftover", 0, -4));
    ATTEMPT("keyctl", syscall(SYS_keyctl, 0, -3, 0));
    return 0;
}
