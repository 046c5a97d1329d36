harness_test(compare report)
harness_test(report_console report)
harness_test(report_json report PkgConfig::JANSSON)
harness_test(report_junit report LibXml2::LibXml2)
harness_test(report_results report PkgConfig::JANSSON)
harness_test(report_secrets report)
harness_test(text report)
# These make the run that they report with run_fixture.c.
foreach(unit
		compare
		report_console
		report_json
		report_junit
		report_results
		report_secrets)
	target_sources(t_${unit} PRIVATE run_fixture.c)
endforeach()
