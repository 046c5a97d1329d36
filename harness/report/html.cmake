target_sources(report PRIVATE
	diff.c html.c html_card.c html_cases.c html_coverage.c html_evidence.c html_finding.c
	html_group.c html_head.c html_pen.c html_picture.c)
set(page ${PROJECT_SOURCE_DIR}/reports/html)
embed(report html_page ${page} "" ${page}/page.css ${page}/page.js)
