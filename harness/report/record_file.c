#include "report/record_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- files --- */

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int read_all(int fd, char *p, size_t n, size_t *got)
{
	for (*got = 0; *got < n;) {
		ssize_t one = read(fd, p + *got, n - *got);

		if (one < 0 && errno == EINTR)
			continue;
		if (one < 0)
			return -1;
		if (one == 0)
			break;
		*got += (size_t)one;
	}
	return 0;
}

int record_slurp(struct arena *a, int folder, struct str path, bool named, size_t max_bytes,
		 struct str *out, struct err *err)
{
	/* O_NONBLOCK: a pipe in the place of a file must not keep us. */
	int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (named ? 0 : O_NOFOLLOW);
	int fd DEFER(close_fd) = openat(folder, arena_str(a, path).p, flags);
	struct stat s;
	size_t n;
	char *p;

	if (fd < 0 && errno == ELOOP)
		return err_set(err, ERR_INPUT, "%.*s:1: a link, expected a file", STR_ARG(path));
	if (fd < 0 || fstat(fd, &s))
		return err_system(err, ERR_INPUT, errno, "%.*s", STR_ARG(path));
	if (!S_ISREG(s.st_mode))
		return err_set(err, ERR_INPUT, "%.*s:1: no regular file, expected one",
			       STR_ARG(path));
	if (s.st_size < 0 || (uintmax_t)s.st_size > max_bytes)
		return err_set(err, ERR_INPUT, "%.*s:1: %jd octets, expected at most %zu",
			       STR_ARG(path), (intmax_t)s.st_size, max_bytes);
	p = arena_alloc(a, (size_t)s.st_size + 1);
	if (!p)
		return arena_check(a, err);
	if (read_all(fd, p, (size_t)s.st_size, &n))
		return err_system(err, ERR_INPUT, errno, "%.*s", STR_ARG(path));
	*out = str_n(p, n);
	return 0;
}

/* --- JSON --- */

int record_parse_any(struct record_file *f, struct err *err)
{
	json_error_t e;

	f->root = json_loadb(f->text.p, f->text.n, JSON_REJECT_DUPLICATES, &e);
	if (!f->root)
		return err_set(err, ERR_INPUT, "%.*s:%d: %s, expected JSON", STR_ARG(f->name),
			       e.line, e.text);
	return 0;
}

int record_parse(struct record_file *f, struct err *err)
{
	if (record_parse_any(f, err))
		return -1;
	if (!json_is_object(f->root))
		return err_set(err, ERR_INPUT, "%.*s:1: no object, expected one", STR_ARG(f->name));
	return 0;
}

void record_close(struct record_file *f)
{
	json_decref(f->root);
	f->root = NULL;
}

/* jansson does not tell where a member stood, so its key is looked for. */
static int line_of(struct str text, const char *key, size_t nth)
{
	char quoted[64];
	size_t at = 0, n = (size_t)snprintf(quoted, sizeof(quoted), "\"%s\"", key);
	int line = 1;

	for (;; nth--) {
		size_t next = str_find(str_sub(text, at, text.n), str_n(quoted, n));

		if (next == (size_t)-1)
			return 1;
		at += next + n;
		if (!nth)
			break;
	}
	for (size_t i = 0; i < at; i++)
		line += text.p[i] == '\n';
	return line;
}

int record_wrong(const struct record_file *f, const char *key, size_t nth, const char *expected,
		 struct err *err)
{
	return err_set(err, ERR_INPUT, "%.*s:%d: member \"%s\", expected %s", STR_ARG(f->name),
		       line_of(f->text, key, nth), key, expected);
}

int record_optional(const struct record_file *f, const json_t *o, const char *key, size_t nth,
		    struct str *out, struct err *err)
{
	const json_t *v = json_object_get(o, key);

	*out = (struct str){ 0 };
	if (!v || json_is_null(v))
		return 0;
	if (!json_is_string(v))
		return record_wrong(f, key, nth, "a text or null", err);
	*out = arena_str(f->a, str_n(json_string_value(v), json_string_length(v)));
	return arena_check(f->a, err);
}

int record_text(const struct record_file *f, const json_t *o, const char *key, size_t nth,
		struct str *out, struct err *err)
{
	if (!json_is_string(json_object_get(o, key)))
		return record_wrong(f, key, nth, "a text", err);
	return record_optional(f, o, key, nth, out, err);
}

int record_int(const struct record_file *f, const json_t *o, const char *key, size_t nth,
	       int64_t least, int64_t most, int64_t *out, struct err *err)
{
	const json_t *v = json_object_get(o, key);
	char expected[80];

	snprintf(expected, sizeof(expected), "a number from %lld to %lld", (long long)least,
		 (long long)most);
	if (!json_is_integer(v) || json_integer_value(v) < least || json_integer_value(v) > most)
		return record_wrong(f, key, nth, expected, err);
	*out = json_integer_value(v);
	return 0;
}

int record_bool(const struct record_file *f, const json_t *o, const char *key, size_t nth,
		bool *out, struct err *err)
{
	const json_t *v = json_object_get(o, key);

	if (!json_is_boolean(v))
		return record_wrong(f, key, nth, "true or false", err);
	*out = json_is_true(v);
	return 0;
}

int record_array(const struct record_file *f, const json_t *o, const char *key, size_t nth,
		 size_t most, const json_t **out, struct err *err)
{
	char expected[64];

	*out = json_object_get(o, key);
	snprintf(expected, sizeof(expected), "an array of at most %zu", most);
	return json_is_array(*out) && json_array_size(*out) <= most
		       ? 0
		       : record_wrong(f, key, nth, expected, err);
}

int record_word(const struct record_file *f, const json_t *o, const char *key, size_t nth,
		const char *(*name)(int i), int n, int *out, struct err *err)
{
	const json_t *v = json_object_get(o, key);
	struct str known = STR("one of");

	for (int i = 0; i < n; i++) {
		if (json_is_string(v) && strcmp(json_string_value(v), name(i)) == 0) {
			*out = i;
			return 0;
		}
		known = arena_fmt(f->a, "%.*s %s", STR_ARG(known), name(i));
	}
	return record_wrong(f, key, nth, known.p ? known.p : "a known word", err);
}
