#include "cli/fleet_writer.h"

#include <signal.h>

static struct lane *take(struct fleet_writer *w)
{
	struct lane *l;

	pthread_mutex_lock(&w->lock);
	while (!w->first && !w->ending)
		pthread_cond_wait(&w->more, &w->lock);
	l = w->first;
	if (l)
		w->first = l->next;
	pthread_mutex_unlock(&w->lock);
	return l;
}

static void *work(void *fleet)
{
	struct fleet *f = fleet;
	struct fleet_writer *w = &f->writer;

	for (struct lane *l; (l = take(w));) {
		lane_write(l, f);
		pthread_mutex_lock(&w->lock);
		l->state = LANE_WRITTEN;
		pthread_mutex_unlock(&w->lock);
		wire_hub_wake(f->hub);
	}
	return NULL;
}

/* Signals are for the thread that waits for the network: they end its wait. */
int writer_start(struct fleet *f, struct err *err)
{
	struct fleet_writer *w = &f->writer;
	sigset_t all, before;
	int failed;

	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->more, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	failed = pthread_create(&w->thread, NULL, work, f);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	w->started = !failed;
	return failed ? err_system(err, ERR_INTERNAL, failed, "cannot start a thread") : 0;
}

void writer_give(struct fleet *f, struct lane *l)
{
	struct fleet_writer *w = &f->writer;
	struct lane **at = &w->first;

	pthread_mutex_lock(&w->lock);
	l->state = LANE_WRITING;
	l->next = NULL;
	while (*at)
		at = &(*at)->next;
	*at = l;
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->lock);
}

enum lane_state writer_state(struct fleet *f, const struct lane *l)
{
	enum lane_state state;

	pthread_mutex_lock(&f->writer.lock);
	state = l->state;
	pthread_mutex_unlock(&f->writer.lock);
	return state;
}

void writer_end(struct fleet *f)
{
	struct fleet_writer *w = &f->writer;

	if (!w->started)
		return;
	pthread_mutex_lock(&w->lock);
	w->ending = true;
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	w->started = false;
}
