#include "cli/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Pipes and terminals have no mode to speak of; a regular file does. */
static int check_mode(int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st))
		return err_system(err, ERR_INPUT, errno, "%s", path);
	if (S_ISDIR(st.st_mode))
		return err_set(err, ERR_INPUT, "%s is a folder", path);
	if (S_ISREG(st.st_mode) && st.st_mode & (S_IRWXG | S_IRWXO))
		return err_set(err, ERR_INPUT, "%s can be used by others (mode %04o): chmod 600 %s",
			       path, (unsigned)(st.st_mode & 07777), path);
	return 0;
}

static int read_all(struct secret *s, int fd, const char *path, struct err *err)
{
	while (s->n < sizeof(s->octets)) {
		ssize_t n = read(fd, s->octets + s->n, sizeof(s->octets) - s->n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_system(err, ERR_INPUT, errno, "%s", path);
		if (n == 0)
			return 0;
		s->n += (size_t)n;
	}
	return err_set(err, ERR_INPUT, "%s is longer than %d octets", path, SECRET_MAX - 1);
}

static int read_file(struct secret *s, const char *path, struct err *err)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), bad;

	if (fd < 0)
		return err_system(err, ERR_INPUT, errno, "%s", path);
	bad = (!standard && check_mode(fd, path, err)) || read_all(s, fd, path, err);
	if (!standard)
		close(fd);
	return bad ? -1 : 0;
}

static int from_file(struct secret *s, const char *path, struct err *err)
{
	struct str text;

	if (read_file(s, path, err))
		return -1;
	text = str_n(s->octets, s->n);
	if (str_ends(text, STR("\n")))
		text.n--;
	if (str_ends(text, STR("\r")))
		text.n--;
	if (!text.n)
		return err_set(err, ERR_INPUT, "%s holds no password", path);
	if (str_chr(text, '\n') != (size_t)-1)
		return err_set(err, ERR_INPUT, "%s holds more than one line", path);
	s->password = text;
	return 0;
}

static int from_netrc(struct secret *s, const struct options *o, struct str host, struct err *err)
{
	struct str wanted = o->user_given ? o->user : (struct str){ 0 }, user;

	if (read_file(s, o->netrc_file.p, err))
		return -1;
	if (netrc_find(s->octets, s->n, host, wanted, &user, &s->password, err))
		return err_prefix(err, "%s", o->netrc_file.p);
	if (user.p)
		s->user = user;
	return 0;
}

int secret_find(struct secret *out, const struct options *o, struct str host, struct err *err)
{
	const char *name = o->password_env.p ? o->password_env.p : "COUNTERSIGN_PASSWORD";
	const char *environment = getenv(name);

	out->n = 0;
	out->user = o->user;
	if (o->password_file.p && o->netrc_file.p)
		return err_set(err, ERR_INPUT, "--password-file and --netrc-file: one of the two");
	if (o->password_file.p)
		return from_file(out, o->password_file.p, err);
	if (o->netrc_file.p)
		return from_netrc(out, o, host, err);
	if (o->password_env.p && (!environment || !*environment))
		return err_set(err, ERR_INPUT, "the variable %s holds no password", name);
	if (!environment || !*environment)
		return err_set(err, ERR_INPUT,
			       "no password: give --password-file FILE (or - for standard input), "
			       "--netrc-file FILE, or the variable COUNTERSIGN_PASSWORD");
	out->password = str(environment);
	return 0;
}

void secret_wipe(struct secret *s)
{
	volatile char *p = s->octets; /* volatile: or the compiler may drop what nobody reads */

	for (size_t i = 0; i < sizeof(s->octets); i++)
		p[i] = 0;
	s->n = 0;
	s->user = s->password = (struct str){ 0 };
}
