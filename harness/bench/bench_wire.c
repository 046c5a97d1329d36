/* bench_wire - exchanges per second of both transports, and of libcurl alone on the same server.
 *
 *	bench_wire [EXCHANGES [CONNECTIONS]]
 *
 * Every exchange is an anonymous GetSystemDateAndTime, so that the price of a hash is not measured.
 * The bare libcurl loop is the ceiling for one connection: the gap to it is what recording costs.
 */
#include "base/mem.h"
#include "device/device.h"
#include "wire/wire.h"

#include <curl/curl.h>
#include <stdio.h>

#define DEFAULT_EXCHANGES   20000
#define DEFAULT_CONNECTIONS 8
#define EXCHANGE_BYTES      ((size_t)1024 * 1024)
#define MEDIA_TYPE          "application/soap+xml; charset=utf-8"

static const char envelope[] =
	"<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>"
	"<GetSystemDateAndTime xmlns=\"http://www.onvif.org/ver10/device/wsdl\"/>"
	"</s:Body></s:Envelope>";

struct bench {
	struct world real;
	uint64_t exchanges;
	struct str target;
};

static void print_rate(const struct bench *b, const char *name, uint64_t connections,
		       int64_t from_ms)
{
	const int64_t took_ms = world_mono_ms(&b->real) - from_ms;

	printf("%-28s %3llu connections %10.0f exchanges/s\n", name,
	       (unsigned long long)connections,
	       1000.0 * (double)b->exchanges / (double)(took_ms > 0 ? took_ms : 1));
}

static int submit(const struct bench *b, struct wire *w, struct exchange *x, struct arena *a,
		  struct err *err)
{
	arena_free(a);
	*x = (struct exchange){ .a = a, .owner = a };
	x->request.method = STR("POST");
	x->request.target = b->target;
	x->request.body = str(envelope);
	http_add(a, &x->request.fields, STR("Content-Type"), STR(MEDIA_TYPE));
	return w->ops->submit(w, x, err);
}

/* As many in flight as there are exchanges in x. */
static int pump(const struct bench *b, struct wire *w, struct exchange *x, struct arena *a,
		uint64_t in_flight, struct err *err)
{
	struct exchange *done;

	for (uint64_t i = 0; i < in_flight; i++)
		if (submit(b, w, &x[i], &a[i], err))
			return -1;
	for (uint64_t finished = 0; finished < b->exchanges;) {
		if (w->ops->next(w, 10000, &done, err))
			return -1;
		if (!done || done->fate != WIRE_ANSWERED || done->response.status != 200)
			return err_set(err, ERR_IO, "no answer with status 200: %s",
				       done ? done->why : "nothing");
		finished++;
		if (finished + in_flight <= b->exchanges && submit(b, w, done, done->owner, err))
			return -1;
	}
	return 0;
}

/* Takes w, which may be NULL with err set. */
static int measure(const struct bench *b, const char *name, struct wire *w, uint64_t connections,
		   struct err *err)
{
	struct exchange *x = mem_alloc(connections * sizeof(*x));
	struct arena *a = mem_alloc(connections * sizeof(*a));
	const int64_t from_ms = world_mono_ms(&b->real);
	int failed = -1;

	if (!x || !a)
		err_set(err, ERR_NOMEM, "no memory for %llu exchanges",
			(unsigned long long)connections);
	for (uint64_t i = 0; a && i < connections; i++)
		arena_init(&a[i], EXCHANGE_BYTES);
	if (w && x && a)
		failed = pump(b, w, x, a, connections, err);
	if (!failed)
		print_rate(b, name, connections, from_ms);
	if (w)
		w->ops->free(w);
	for (uint64_t i = 0; a && i < connections; i++)
		arena_free(&a[i]);
	mem_free(a);
	mem_free(x);
	return failed;
}

static void close_device(struct device **d)
{
	device_free(*d);
}

static int in_memory(struct bench *b, const struct device_options *o, struct err *err)
{
	struct virtual_world v;
	struct world world;
	struct device *d DEFER(close_device) = NULL;

	virtual_world_init(&v, world_wall_ms(&b->real), 1);
	world = world_virtual(&v);
	d = device_new(o, &world, err);
	if (!d)
		return -1;
	b->target = str(device_path(d));
	return measure(b, "in memory", wire_memory_new(d, &v, 1, 1000, err), 1, err);
}

static int over_http(const struct bench *b, struct str url, uint64_t connections, struct err *err)
{
	const struct wire_options o = {
		.url = url,
		.timeout_ms = 10000,
		.connections = (int)connections,
	};

	return measure(b, "wire_http, loopback", wire_http_new(&o, &b->real, err), connections,
		       err);
}

static size_t drop(char *p, size_t one, size_t n, void *unused)
{
	(void)p;
	(void)unused;
	return one * n;
}

static int bare_loop(const struct bench *b, CURL *easy, struct err *err)
{
	const int64_t from_ms = world_mono_ms(&b->real);

	for (uint64_t i = 0; i < b->exchanges; i++) {
		const CURLcode code = curl_easy_perform(easy);

		if (code != CURLE_OK)
			return err_set(err, ERR_IO, "libcurl: %s", curl_easy_strerror(code));
	}
	print_rate(b, "bare libcurl, loopback", 1, from_ms);
	return 0;
}

static int bare_libcurl(const struct bench *b, struct str url, struct err *err)
{
	CURL *easy = curl_easy_init();
	struct curl_slist *lines = curl_slist_append(NULL, "Content-Type: " MEDIA_TYPE);
	int failed = -1;

	if (easy && lines) {
		curl_easy_setopt(easy, CURLOPT_URL, url.p);
		curl_easy_setopt(easy, CURLOPT_PROXY, "");
		curl_easy_setopt(easy, CURLOPT_HTTPHEADER, lines);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, envelope);
		curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
		curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
		failed = bare_loop(b, easy, err);
	} else {
		err_set(err, ERR_NOMEM, "libcurl does not start");
	}
	curl_slist_free_all(lines);
	curl_easy_cleanup(easy);
	return failed;
}

static int over_network(const struct bench *b, const struct device_options *o, uint64_t connections,
			struct err *err)
{
	struct device *d DEFER(close_device) = device_new(o, &b->real, err);
	struct arena a DEFER(arena_free);
	struct device_server *s;
	struct url_parts parts;
	struct str url;
	int failed = -1;

	arena_init(&a, EXCHANGE_BYTES);
	s = d ? device_server_start(d, STR("127.0.0.1:0"), &a, &url, err) : NULL;
	if (!s)
		return -1;
	if (!url_parse(url, &parts, err)) {
		url = arena_concat(&a, parts.origin, b->target);
		failed = over_http(b, url, 1, err) || over_http(b, url, connections, err) ||
			 bare_libcurl(b, url, err);
	}
	device_server_stop(s);
	return failed ? -1 : 0;
}

int main(int argc, char **argv)
{
	struct bench b = { .real = world_real(), .exchanges = DEFAULT_EXCHANGES };
	uint64_t connections = DEFAULT_CONNECTIONS;
	struct device_options o = { .persona = persona_find(STR("onvif")) };
	struct err err = { 0 };

	if ((argc > 1 && str_to_u64(str(argv[1]), 100000000, &b.exchanges)) ||
	    (argc > 2 && str_to_u64(str(argv[2]), 256, &connections)) || connections == 0 ||
	    b.exchanges < connections) {
		fprintf(stderr, "usage: bench_wire [EXCHANGES [CONNECTIONS]]\n");
		return 4;
	}
	curl_global_init(CURL_GLOBAL_DEFAULT);
	if (in_memory(&b, &o, &err) || over_network(&b, &o, connections, &err)) {
		fprintf(stderr, "bench_wire: %s\n", err.text);
		return 3;
	}
	curl_global_cleanup();
	return 0;
}
