# The page, whose style and script are embedded with their hashes.
set(page ${PROJECT_SOURCE_DIR}/reports/html)
add_custom_command(OUTPUT embedded_page.c
	COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/embed_page.py
		${CMAKE_CURRENT_BINARY_DIR}/embedded_page.c ${page}/page.css ${page}/page.js
	DEPENDS embed_page.py ${page}/page.css ${page}/page.js
	COMMENT "Embedding the page"
	VERBATIM)
target_sources(report PRIVATE
	diff.c html.c html_card.c html_cases.c html_coverage.c html_evidence.c html_finding.c
	html_group.c html_head.c html_pen.c html_picture.c
	${CMAKE_CURRENT_BINARY_DIR}/embedded_page.c)
