/* call_fixture.h - a command called from within, in a folder of its own; what it prints goes to
 * out.txt and err.txt there.
 */
#ifndef TESTS_CALL_FIXTURE_H
#define TESTS_CALL_FIXTURE_H

#include "cli/command.h"

int call_enter(void); /* -1: no folder */
int call_leave(void);
/* words ends with NULL; gives the exit status. */
int call_command(enum command_id id, int (*command)(const struct cli *), char *const *words);
/* The file has these words, or the test fails; and how often. */
void call_has(const char *path, const char *words);
size_t call_count(const char *path, const char *words);

#endif
