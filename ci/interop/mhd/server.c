/* server.c - a page behind Digest as one writes it with libmicrohttpd's own functions.  Prints its
 * port, then serves until it is killed.
 *
 *   server md5|sha256
 */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define USER     "admin"
#define PASSWORD "secure"
#define REALM    "interop"
#define OPAQUE   "11733b200778ce33060f31c9af70a870ba96ddd4"

#define NONCE_S 300
#define NONCES  1000 /* the default of 4 forgets a nonce as soon as a few others were issued */

static const struct {
	const char *name;
	enum MHD_DigestAuthAlgorithm algorithm;
} algorithms[] = {
	{ "md5", MHD_DIGEST_ALG_MD5 },
	{ "sha256", MHD_DIGEST_ALG_SHA256 },
};

static enum MHD_Result page(struct MHD_Connection *connection, const char *url)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(
		strlen(url), (void *)(uintptr_t)url, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result queued;

	if (!response)
		return MHD_NO;
	queued = MHD_queue_response(connection, MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	return queued;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, int stale,
			      enum MHD_DigestAuthAlgorithm algorithm)
{
	static char text[] = "no\n";
	struct MHD_Response *response =
		MHD_create_response_from_buffer(sizeof(text) - 1, text, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result queued;

	if (!response)
		return MHD_NO;
	queued = MHD_queue_auth_fail_response2(connection, REALM, OPAQUE, response, stale,
					       algorithm);
	MHD_destroy_response(response);
	return queued;
}

/* As the manual's chapter on digest authentication, with the name that the account has. */
static enum MHD_Result private_page(struct MHD_Connection *connection, const char *url,
				    enum MHD_DigestAuthAlgorithm algorithm)
{
	char *user = MHD_digest_auth_get_username(connection);
	int checked;

	if (!user)
		return refuse(connection, MHD_NO, algorithm);
	MHD_free(user);
	checked = MHD_digest_auth_check2(connection, REALM, USER, PASSWORD, NONCE_S, algorithm);
	if (checked != MHD_YES)
		return refuse(connection, checked == MHD_INVALID_NONCE ? MHD_YES : MHD_NO,
			      algorithm);
	return page(connection, url);
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *body,
			      size_t *body_size, void **seen)
{
	const enum MHD_DigestAuthAlgorithm *algorithm = context;
	static int once;

	(void)method;
	(void)version;
	(void)body;
	if (!*seen) { /* only the header is here, and a body may follow */
		*seen = &once;
		return MHD_YES;
	}
	if (*body_size) {
		*body_size = 0;
		return MHD_YES;
	}
	if (strncmp(url, "/private/", sizeof("/private/") - 1) != 0)
		return page(connection, url);
	return private_page(connection, url, *algorithm);
}

static struct MHD_Daemon *start(enum MHD_DigestAuthAlgorithm *algorithm)
{
	static char secret[16];
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	if (getrandom(secret, sizeof(secret), 0) != (ssize_t)sizeof(secret))
		return NULL;
	return MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG, 0, NULL, NULL,
				handle, algorithm, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at,
				MHD_OPTION_DIGEST_AUTH_RANDOM, sizeof(secret), secret,
				MHD_OPTION_NONCE_NC_SIZE, NONCES, MHD_OPTION_END);
}

int main(int argc, char **argv)
{
	const union MHD_DaemonInfo *bound;
	struct MHD_Daemon *daemon;
	size_t i = 0, n = sizeof(algorithms) / sizeof(*algorithms);
	enum MHD_DigestAuthAlgorithm algorithm;

	while (i < n && (argc != 2 || strcmp(argv[1], algorithms[i].name) != 0))
		i++;
	if (i == n) {
		fprintf(stderr, "usage: server md5|sha256\n");
		return 4;
	}
	algorithm = algorithms[i].algorithm;
	daemon = start(&algorithm);
	bound = daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
	if (!bound) {
		fprintf(stderr, "the server does not start\n");
		return 1;
	}
	printf("%d\n", bound->port);
	fflush(stdout);
	for (;;)
		pause();
}
