/* recording.c - which format a recording has, and its reader. */
#include "cli/recording.h"

#include "cli/child.h"
#include "report/recordings.h"
#include "report/report.h"

#include <sys/stat.h>

#define TSHARK_MS      (10 * 60 * 1000) /* for a capture of the greatest size */
#define COMMAND_MISSES 127              /* POSIX: what a shell does not find */

/* --- captures --- */

static struct str tshark_command(struct arena *a)
{
	struct str command = STR("exec tshark -n -r \"$COUNTERSIGN_CAPTURE\" -Y 'tcp.len > 0 or "
				 "exported_pdu' -T json");

	for (size_t i = 0; recording_fields[i]; i++)
		command = arena_fmt(a, "%.*s -e %s", STR_ARG(command), recording_fields[i]);
	return command;
}

/* Until it ends; what it writes is appended to out. */
static int listen(struct child *c, const struct world *world, struct buf *out, struct err *err)
{
	int64_t end_ms = world_mono_ms(world) + TSHARK_MS;
	struct err end = { 0 };

	while (c->pid) {
		int bad = child_exchange(c, 1000, &end);

		buf_str(out, buf_view(&c->from));
		buf_clear(&c->from);
		if (bad && c->pid)
			return err_set(err, ERR_INPUT, "tshark %s", end.text);
		if (!buf_ok(out))
			return err_set(err, ERR_INPUT,
				       "tshark tells more than 256 MiB of it: cut the "
				       "conversation out, with editcap or a display filter");
		if (world_mono_ms(world) > end_ms)
			return err_set(err, ERR_INPUT, "tshark does not end");
	}
	if (c->status == COMMAND_MISSES)
		return err_set(err, ERR_INPUT,
			       "captures are read by tshark, which is not installed: apt install "
			       "tshark, or record a HAR");
	/* One that was cut short in mid-packet is told so, and read all the same. */
	if (c->status && str_chr(buf_view(out), '{') == (size_t)-1)
		return err_set(err, ERR_INPUT, "tshark %s", end.text);
	return 0;
}

/* What is there cannot be heard: say what to do about it. */
static int is_heard(struct arena *a, struct str path, const struct recording *rec, struct err *err)
{
	struct str clear = arena_concat(a, path, STR(".clear.pcapng"));

	if (rec->n || !(rec->n_tls || rec->n_http2))
		return 0;
	if (!rec->n_tls)
		return err_set(err, ERR_INPUT,
			       "%.*s: HTTP/2 in it, expected HTTP/1: let the client speak that, or "
			       "record a HAR",
			       STR_ARG(path));
	return err_set(err, ERR_INPUT,
		       "%.*s: TLS in it, expected HTTP in clear: where the keys were logged "
		       "(SSLKEYLOGFILE), tshark -r %.*s -o tls.keylog_file:KEYS "
		       "-U 'OSI layer 7' -w %.*s makes a capture that can be judged",
		       STR_ARG(path), STR_ARG(path), STR_ARG(clear));
}

static void stop(struct child *c)
{
	child_stop(c, false);
}

static int read_capture(struct arena *a, struct str path, const struct world *world,
			struct recording *out, struct err *err)
{
	const struct child_variable file = { "COUNTERSIGN_CAPTURE", path };
	struct buf text DEFER(buf_free);
	char **told = child_environment(a, &file, 1);
	struct str command = tshark_command(a);
	struct child tshark;
	int bad;

	buf_init(&text, RECORDING_OCTETS);
	if (!told || child_start(&tshark, command.p, told, err))
		return told ? -1 : arena_check(a, err);
	child_end_input(&tshark);
	bad = listen(&tshark, world, &text, err);
	stop(&tshark);
	if (bad)
		return err_prefix(err, "%.*s", STR_ARG(path));
	if (!text.n)
		buf_puts(&text, "[]");
	return recording_capture(a, path, buf_view(&text), out, err) || is_heard(a, path, out, err)
		       ? -1
		       : 0;
}

/* --- which one it is --- */

/* Or nothing at all: its reader says so. */
static bool is_folder(struct str path)
{
	struct stat s;

	return !str_eq(path, STR("-")) && (stat(path.p, &s) || S_ISDIR(s.st_mode));
}

/* By its first octets: pcap of both orders and resolutions, pcapng, and both in gzip. */
static bool is_capture(struct str head)
{
	static const char *const magic[] = { "\x0a\x0d\x0d\x0a", "\xa1\xb2\xc3\xd4",
					     "\xd4\xc3\xb2\xa1", "\xa1\xb2\x3c\x4d",
					     "\x4d\x3c\xb2\xa1", "\x1f\x8b\x08" };

	for (size_t i = 0; i < COUNT(magic); i++)
		if (str_starts(head, str(magic[i])))
			return true;
	return false;
}

/* The folder that a results.json stands in. */
static struct str folder_of(struct arena *a, struct str path)
{
	size_t slash = path.n;

	while (slash && path.p[slash - 1] != '/')
		slash--;
	return slash ? arena_str(a, str_sub(path, 0, slash)) : STR(".");
}

static bool has_member(struct str text, const char *name)
{
	return str_find(str_sub(text, 0, 4096), str(name)) != (size_t)-1;
}

int recording_look(struct arena *a, struct str path, struct recorded_file *out, struct err *err)
{
	*out = (struct recorded_file){ .kind = RECORDED_RUN, .path = path };
	if (is_folder(path))
		return 0;
	if (file_read(a, path, RECORDING_OCTETS, "a recording", &out->text, err))
		return -1;
	if (is_capture(out->text)) {
		out->kind = RECORDED_CAPTURE;
	} else if (str_starts(str_trim(out->text), STR("{")) && has_member(out->text, "\"log\"")) {
		out->kind = RECORDED_HAR;
	} else if (str_ends(path, STR("results.json")) || str_ends(path, STR("manifest.json"))) {
		out->path = folder_of(a, path);
	} else {
		return err_set(err, ERR_INPUT,
			       "%.*s: no recording, expected an HTTP Archive, a capture (pcap or "
			       "pcapng), or a folder of --results",
			       STR_ARG(path));
	}
	return 0;
}

int recording_read(struct arena *a, const struct recorded_file *file, const struct record *record,
		   const struct world *world, struct recording *out, struct err *err)
{
	int bad;

	if (file->kind == RECORDED_RUN)
		bad = recording_results(a, record, out, err);
	else if (file->kind == RECORDED_HAR)
		bad = recording_har(a, file->path, file->text, out, err);
	else
		bad = read_capture(a, file->path, world, out, err);
	if (bad)
		return -1;
	return recording_close(out, a, err) ? err_prefix(err, "%.*s", STR_ARG(file->path)) : 0;
}
