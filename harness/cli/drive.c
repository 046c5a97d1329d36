#include "cli/drive.h"

#include "base/mem.h"
#include "cli/interrupt.h"
#include "report/events.h"
#include "report/send_json.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define STEPS_BYTES_MAX (64u << 20) /* of all steps of a session */
#define NAME_MAX_BYTES  120

/* --- lines --- */

/* More octets; false at the end of input, or when a signal came.  A read() that is begun again
 * after a signal would not see it.
 */
static bool read_more(struct drive *d)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	ssize_t n;

	while (!interrupted && poll(&in, 1, -1) < 0)
		if (errno != EINTR)
			return false;
	if (interrupted)
		return false;
	n = read(STDIN_FILENO, d->input + d->n, SEND_LINE_MAX - d->n);
	d->n += n > 0 ? (size_t)n : 0;
	return n > 0;
}

/* The next line, without its end; false when there is none, or it is too long. */
static bool next_line(struct drive *d, struct str *line)
{
	size_t end;

	memmove(d->input, d->input + d->line_n, d->n - d->line_n);
	d->n -= d->line_n;
	d->line_n = 0;
	d->line++;
	for (;;) {
		end = str_chr(str_n(d->input, d->n), '\n');
		if (end != (size_t)-1)
			break;
		if (d->n == SEND_LINE_MAX || !read_more(d))
			return false;
	}
	*line = str_n(d->input, end);
	d->line_n = end + 1;
	return true;
}

/* --- what they say --- */

static void complain(struct drive *d, const struct err *problem)
{
	struct err err = { 0 };

	if (events_problem(stdout, d->r, d->how, problem, &err))
		fprintf(stderr, "countersign: %s\n", err.text);
}

static int add_step(struct drive *d, struct str xml, struct err *err)
{
	struct str name = arena_fmt(&d->a, "-:%d", d->line);

	if (d->c.n_step == OPEN_STEPS)
		return err_set(err, ERR_INPUT,
			       "-:%d: more than %d steps, expected {\"begin\": NAME} before",
			       d->line, OPEN_STEPS);
	return suite_send_read(&d->a, name, xml, &d->c, err);
}

static int take(struct drive *d, struct str line, enum open_next *next, struct err *err)
{
	enum send_word word = SEND_STEP;
	struct str text = { 0 };

	if (send_read(&d->a, line, d->line, &word, &text, &d->open.unsaid, err))
		return -1;
	*next = word == SEND_BEGIN ? OPEN_NEW : OPEN_STEP;
	if (word == SEND_STEP)
		return add_step(d, text, err);
	d->variant.id = d->c.id = str_sub(text, 0, NAME_MAX_BYTES);
	return 0;
}

static enum open_next next(void *ctx)
{
	struct drive *d = ctx;
	struct str line;

	while (next_line(d, &line)) {
		enum open_next found = OPEN_OVER;
		struct err err = { 0 };

		if (!str_trim(line).n)
			continue;
		if (take(d, line, &found, &err) == 0)
			return found;
		complain(d, &err);
	}
	return OPEN_OVER;
}

static void tell(void *ctx, const struct open_told *t)
{
	struct drive *d = ctx;
	struct err err = { 0 };

	if (events_answer(stdout, d->r, d->how, t, &err))
		fprintf(stderr, "countersign: %s\n", err.text);
}

struct open_case *drive_open(struct drive *d, const struct run_result *r,
			     const struct report_options *how, struct err *err)
{
	arena_init(&d->a, STEPS_BYTES_MAX);
	d->r = r;
	d->how = how;
	d->input = mem_alloc(SEND_LINE_MAX);
	d->c = (struct suite_case){ .id = STR("drive"),
				    .family = STR("drive"),
				    .step = arena_array(&d->a, struct suite_step, OPEN_STEPS) };
	d->variant = (struct suite_variant){ .c = &d->c, .id = d->c.id };
	d->open = (struct open_case){
		.variant = &d->variant, .c = &d->c, .next = next, .tell = tell, .ctx = d
	};
	if (d->input && d->c.step)
		return &d->open;
	err_set(err, ERR_NOMEM, "no memory for steps");
	return NULL;
}

void drive_close(struct drive *d)
{
	mem_free(d->input);
	arena_free(&d->a);
}
