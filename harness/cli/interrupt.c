#define _XOPEN_SOURCE 700 /* SIGXFSZ */
#include "cli/interrupt.h"

#include "report/report.h"

#define PATIENCE 3 /* signals that it takes to end at once */

volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	interrupted = interrupted + 1;
	if (interrupted < PATIENCE)
		return;
	file_abandon();
	signal(number, SIG_DFL);
	raise(number);
}

void interrupt_catch(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	/* SA_RESTART: reports go on being written; a poll() is woken all the same. */
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART }, old;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < COUNT(numbers); i++)
		sigaddset(&action.sa_mask, numbers[i]);
	for (size_t i = 0; i < COUNT(numbers); i++)
		if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
	signal(SIGXFSZ, SIG_IGN);
}
