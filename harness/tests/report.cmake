harness_test(compare report)
harness_test(diff report)
harness_test(report_console report)
harness_test(report_file report)
harness_test(report_github report)
harness_test(report_html report LibXml2::LibXml2)
harness_test(report_json report PkgConfig::JANSSON)
harness_test(report_junit report LibXml2::LibXml2)
harness_test(report_markdown report)
harness_test(report_message report)
harness_test(report_results report PkgConfig::JANSSON)
harness_test(report_secrets report)
harness_test(report_tap report)
harness_test(text report)
# These make the run that they report with run_fixture.c.
foreach(unit
		report_github
		report_markdown
		report_secrets
		report_tap)
	target_sources(t_${unit} PRIVATE run_fixture.c)
endforeach()
		compare
		report_console
		report_json
		report_junit
		report_results
# No test by itself: ci/tests hands what it writes to the programs that read reports.
add_executable(hostile_reports hostile_reports.c run_fixture.c)
target_link_libraries(hostile_reports PRIVATE report harness_flags PkgConfig::CMOCKA)
target_sources(t_report_html PRIVATE run_fixture.c)
