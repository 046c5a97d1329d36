# version.cmake - writes OUT, a C file with the tool's name, version and commit; run at each build:
#	cmake -DSOURCE=DIR -DVERSION=0.1.0 -DOUT=FILE -P version.cmake
# A commit says what was built only when the sources are those of the commit: else "+dirty".
cmake_policy(VERSION 3.25)
set(built "no git, commit unknown")
execute_process(COMMAND git -C ${SOURCE} rev-parse --show-cdup --short=12 HEAD
	OUTPUT_VARIABLE answer ERROR_QUIET RESULT_VARIABLE bad)
# An empty first line: SOURCE is the top of its repository, not a tarball inside another one.
if(NOT bad AND answer MATCHES "^\n([0-9a-f]+)\n$")
	set(built "commit ${CMAKE_MATCH_1}")
	execute_process(COMMAND git -C ${SOURCE} --no-optional-locks status --porcelain --
		CMakeLists.txt harness suites vectors
		OUTPUT_VARIABLE changed ERROR_QUIET RESULT_VARIABLE bad)
	if(bad OR NOT changed STREQUAL "")
		string(APPEND built "+dirty")
	endif()
endif()
string(CONCAT text
	"#include \"cli/command.h\"\n\n"
	"const char cli_tool[] = \"countersign ${VERSION} (${built})\";\n")
file(CONFIGURE OUTPUT ${OUT} CONTENT "${text}" @ONLY)
