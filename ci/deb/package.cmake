# What `cpack` puts into a .deb and a .tgz.  The suites, vectors and schemas are for people and for
# other programs: countersign itself has what it needs inside.
set(data ${CMAKE_INSTALL_DATADIR}/countersign)

install(DIRECTORY suites DESTINATION ${data}
	FILES_MATCHING PATTERN *.xml PATTERN *.rng PATTERN *.md PATTERN *kill-matrix.txt
	PATTERN driver EXCLUDE)
install(DIRECTORY vectors DESTINATION ${data}
	FILES_MATCHING PATTERN *.json PATTERN *.md PATTERN adapters EXCLUDE PATTERN making EXCLUDE)
install(DIRECTORY vectors/adapters DESTINATION ${data}/vectors USE_SOURCE_PERMISSIONS
	PATTERN __pycache__ EXCLUDE)
install(DIRECTORY reports DESTINATION ${data}
	FILES_MATCHING PATTERN *.rng PATTERN *.schema.json PATTERN *.md
	PATTERN guide EXCLUDE PATTERN html EXCLUDE PATTERN out EXCLUDE)
install(DIRECTORY ci/jobs DESTINATION ${data} USE_SOURCE_PERMISSIONS)
install(DIRECTORY ci/pipelines DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples USE_SOURCE_PERMISSIONS)
# The README with all that it links to, so that it can be read in a browser.
foreach(page README.md ci/interop/README.md ci/pipelines/README.md harness/README.md
	reports/README.md suites/CATALOGUE.md suites/README.md suites/driver/README.md
	vectors/README.md vectors/adapters/README.md)
	get_filename_component(folder ${page} DIRECTORY)
	install(FILES ${page} DESTINATION ${CMAKE_INSTALL_DOCDIR}/${folder})
endforeach()
install(DIRECTORY reports/guide DESTINATION ${CMAKE_INSTALL_DOCDIR}/reports)
install(FILES reports/html/page.webp DESTINATION ${CMAKE_INSTALL_DOCDIR}/reports/html)

# The pytest plugin, found by pytest through the entry point in its dist-info.
set(plugin ${PROJECT_SOURCE_DIR}/suites/driver)
if(EXISTS ${plugin}/pytest_countersign)
	set(python lib/python3/dist-packages)
	install(DIRECTORY ${plugin}/pytest_countersign DESTINATION ${python}
		PATTERN __pycache__ EXCLUDE)
	foreach(file METADATA entry_points.txt)
		configure_file(${CMAKE_CURRENT_LIST_DIR}/${file}.in dist-info/${file} @ONLY)
	endforeach()
	install(DIRECTORY ${PROJECT_BINARY_DIR}/dist-info/
		DESTINATION ${python}/pytest_countersign-${PROJECT_VERSION}.dist-info)
	install(DIRECTORY ${plugin} DESTINATION ${data}/suites
		FILES_MATCHING PATTERN *.md PATTERN examples/*.py PATTERN conftest.py
		PATTERN pytest_countersign EXCLUDE PATTERN __pycache__ EXCLUDE)
	set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "python3-pytest")
endif()

# Debian's policy (5.6.2) wants a name and an address at which it is read.  Nobody here can promise
# one, so it says itself that it is none (RFC 6761, 6.4) until who builds the package sets it.
set(COUNTERSIGN_MAINTAINER "The Countersign authors <countersign@packages.invalid>" CACHE STRING
	"Who answers for the packages: NAME <ADDRESS>")
if(NOT COUNTERSIGN_MAINTAINER MATCHES "^[^<>@,\n]+ <[^<>@, \n]+@[^<>@, \n]+>$")
	message(FATAL_ERROR
		"COUNTERSIGN_MAINTAINER is \"${COUNTERSIGN_MAINTAINER}\": expected NAME <ADDRESS>")
endif()

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME countersign)
set(CPACK_PACKAGE_VENDOR "The Countersign authors")
set(CPACK_PACKAGE_CONTACT "${COUNTERSIGN_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
	"judges HTTP and ONVIF authentication of cameras and libraries")
set(CPACK_PACKAGE_DESCRIPTION
"Judges how a network camera, recorder or authentication library keeps the
rules of HTTP Basic, HTTP Digest and WS-Security UsernameToken, the three ways
in which ONVIF devices ask who is there. It sends correct requests and faulty
ones, says for each whether the device decided as the specifications ask,
cites the clause, and writes reports for JUnit, people and other programs.
.
Each refusal is proved by accepted controls before and after it, and failed
logins are a budget, since cameras lock accounts.")
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/tidy.cmake)
# What umask the builder has is no part of a package.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
	OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
string(TOLOWER ${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR} system)
set(CPACK_PACKAGE_FILE_NAME countersign-${PROJECT_VERSION}-${system})

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "python3")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
# For tidy.cmake, which knows only what begins with CPACK_.
set(CPACK_COUNTERSIGN_SOURCE ${PROJECT_SOURCE_DIR})
include(CPack)
