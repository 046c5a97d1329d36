#include "report/html.h"

#include "auth/base64.h"
#include "auth/hash.h"

#define DOCUMENT_MAX (128u << 20)

/* What the policy lets in: "'sha256-...'".  Without a hash it lets in nothing. */
static void put_source(struct html *h, struct str octets)
{
	uint8_t sum[HASH_MAX];
	struct err err = { 0 };

	if (hash_parts(HASH_SHA256, &octets, 1, sum, &err))
		html_put(h, "'none'");
	else
		html_fmt(h, "'sha256-%.*s'",
			 STR_ARG(base64_encode(&h->a, str_n(sum, hash_bytes(HASH_SHA256)))));
}

/* The policy lets in our style, our script and a picture for the tab that stands in the page
 * itself; nothing is ever loaded.
 */
static void open_document(struct html *h)
{
	html_put(h, "<!DOCTYPE html>\n"
		    "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" xml:lang=\"en\">\n"
		    "<head>\n<meta charset=\"utf-8\"/>\n"
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		    "base-uri 'none'; form-action 'none'; img-src data:; style-src ");
	put_source(h, embedded_find(html_page, STR("page.css")));
	html_put(h, "; script-src ");
	put_source(h, embedded_find(html_page, STR("page.js")));
	html_put(h,
		 "\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
		 "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
		 "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
		 "<link rel=\"icon\" href=\"data:,\"/>\n<title>");
	html_told(h, h->r->target, WRITE_MESSAGE);
	html_put(h, " - authentication conformance report</title>\n<style>");
	buf_str(&h->b, embedded_find(html_page, STR("page.css")));
	html_put(h, "</style>\n</head>\n");
}

static void close_document(struct html *h)
{
	html_put(h, "<script>");
	buf_str(&h->b, embedded_find(html_page, STR("page.js")));
	html_put(h, "</script>\n</body>\n</html>\n");
}

static void write_document(struct html *h)
{
	static void (*const parts[])(struct html * h) = {
		html_head,     html_card,    html_pictures, html_findings,
		html_coverage, html_numbers, html_cases,    html_foot,
	};

	html_group(h);
	open_document(h);
	for (size_t i = 0; i < COUNT(parts); i++) {
		parts[i](h);
		write_recycle(&h->one, &h->a);
	}
	close_document(h);
}

int report_html(const struct run_result *r, const struct report_options *o, const char *path,
		struct err *err)
{
	struct html h = { .r = r, .o = o };
	int bad;

	buf_init(&h.b, DOCUMENT_MAX);
	arena_init(&h.a, DOCUMENT_MAX);
	arena_init(&h.one, DOCUMENT_MAX);
	write_document(&h);
	bad = arena_check(&h.a, err) || arena_check(&h.one, err) ||
	      buf_check(&h.b, "the HTML report", err) || file_replace(path, buf_view(&h.b), err);
	buf_free(&h.b);
	arena_free(&h.a);
	arena_free(&h.one);
	return bad ? -1 : 0;
}
