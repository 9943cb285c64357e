/* The last word of a helper that cannot set its slot up. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "helper.h"

_Noreturn void fail(int socket, const char *step) {
  char packet[512];
  struct record *record = (struct record *)packet;
  const size_t room = sizeof packet - sizeof *record;
  int wanted = snprintf(packet + sizeof *record, room, "%s: %s", step, strerror(errno));
  record->kind = FAILED;
  record->bytes = (uint32_t)(wanted < 0 ? 0 : (size_t)wanted < room ? (size_t)wanted : room - 1);
  send(socket, packet, sizeof *record + record->bytes, MSG_NOSIGNAL);
  _exit(1);
}
