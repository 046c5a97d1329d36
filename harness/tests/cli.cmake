harness_test(options cli)
harness_test(config cli)
harness_test(fleet cli)
target_sources(t_fleet PRIVATE call_fixture.c run_fixture.c)
harness_test(merge cli)
target_sources(t_merge PRIVATE call_fixture.c run_fixture.c)
harness_test(inventory cli)
harness_corpus(inventory cli)
harness_test(shard cli)
harness_test(wait cli)
harness_test(man cli)
harness_test(terminal cli)
harness_test(recording cli)
harness_test(secret cli)
harness_test(marker cli)
harness_test(measure cli)
harness_test(open cli)
harness_test(swarm cli)
harness_test(replay cli)
harness_test(cause cli)
harness_test(waiver cli)
target_sources(t_waiver PRIVATE run_fixture.c)
harness_test(cli base)
target_compile_definitions(t_cli PRIVATE COUNTERSIGN_PROGRAM="$<TARGET_FILE:countersign>")
add_dependencies(t_cli countersign)

# The catalogue proves itself on the reference device and the scripted client; what kills what is
# checked in, so that an unexpected kill shows in a diff.  To renew both: countersign selftest
# --matrix suites/kill-matrix.txt --client-matrix suites/client-kill-matrix.txt
if(COUNTERSIGN_SANITIZE)
	# Ten times slower, and no other code runs: a part of the faults will do.
	add_test(NAME selftest COMMAND countersign selftest --only "nonce-*")
else()
	add_test(NAME selftest COMMAND countersign selftest
		--matrix ${CMAKE_BINARY_DIR}/kill-matrix.txt
		--client-matrix ${CMAKE_BINARY_DIR}/client-kill-matrix.txt)
	add_test(NAME kill_matrix COMMAND ${CMAKE_COMMAND} -E compare_files
		${CMAKE_BINARY_DIR}/kill-matrix.txt ${PROJECT_SOURCE_DIR}/suites/kill-matrix.txt)
	add_test(NAME client_kill_matrix COMMAND ${CMAKE_COMMAND} -E compare_files
		${CMAKE_BINARY_DIR}/client-kill-matrix.txt
		${PROJECT_SOURCE_DIR}/suites/client-kill-matrix.txt)
	set_tests_properties(kill_matrix client_kill_matrix PROPERTIES FIXTURES_REQUIRED matrix)
endif()
set_tests_properties(selftest PROPERTIES FIXTURES_SETUP matrix TIMEOUT 1500)
add_test(NAME lint_catalogue COMMAND countersign lint)

# Pages that come out of the catalogue are current.
add_test(NAME docs COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/ci/docs --check)
set_tests_properties(docs PROPERTIES ENVIRONMENT COUNTERSIGN=$<TARGET_FILE:countersign>)

harness_test(vectors cli)
harness_test(vectors_net cli)
harness_test(vectors_json cli)
harness_corpus(vectors_json cli)
harness_test(decode cli)
harness_corpus(decode cli)
# The files are what their script writes.
add_test(NAME vectors_generate
	COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/vectors/generate --check)
