# Run by cpack over the tree that it is about to pack.  Makes it what Debian's policy asks for:
# manual pages and changelogs are compressed (chapters 12.1, 12.7), the licence stands in
# /usr/share/doc/PACKAGE/copyright (12.5).  Octets depend on SOURCE_DATE_EPOCH, never on the clock.
cmake_minimum_required(VERSION 3.25)

function(run)
	execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# -n: neither name nor time of the file gets into the archive.
function(compress file)
	run(gzip -9nf ${file})
endfunction()

set(top ${CPACK_TEMPORARY_DIRECTORY})
file(GLOB_RECURSE files ${top}/*)
foreach(page IN LISTS files)
	if(page MATCHES "/man/man[1-9]/[^/]*\\.[1-9]$")
		compress(${page})
	endif()
endforeach()
set(readme ${files})
list(FILTER readme INCLUDE REGEX "/doc/countersign/README\\.md$")
list(LENGTH readme found)
if(NOT found EQUAL 1)
	message(FATAL_ERROR "expected doc/countersign/README.md once under ${top}: ${readme}")
endif()
get_filename_component(docs ${readme} DIRECTORY)
file(COPY_FILE ${CPACK_COUNTERSIGN_SOURCE}/CHANGELOG.md ${docs}/changelog)
compress(${docs}/changelog)
file(READ ${CPACK_COUNTERSIGN_SOURCE}/LICENSE LICENSE)

if(CPACK_GENERATOR STREQUAL DEB)
	# DEP 5: a blank line of the text is a dot, all others are indented.
	string(REGEX REPLACE "^MIT License\n\nCopyright ([^\n]*)\n\n" "" LICENSE "${LICENSE}")
	string(REGEX REPLACE "\n+$" "" LICENSE "${LICENSE}")
	string(REPLACE "\n\n" "\n.\n" LICENSE "${LICENSE}")
	string(REPLACE "\n" "\n " LICENSE " ${LICENSE}")
	string(TIMESTAMP DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
	configure_file(${CMAKE_CURRENT_LIST_DIR}/copyright.in ${docs}/copyright @ONLY)
	configure_file(${CMAKE_CURRENT_LIST_DIR}/changelog.in ${docs}/changelog.Debian @ONLY)
	compress(${docs}/changelog.Debian)
	cmake_path(GET docs PARENT_PATH share)
	file(MAKE_DIRECTORY ${share}/../lintian/overrides)
	file(COPY_FILE ${CMAKE_CURRENT_LIST_DIR}/lintian-overrides
		${share}/../lintian/overrides/countersign)
else()
	file(COPY_FILE ${CPACK_COUNTERSIGN_SOURCE}/LICENSE ${docs}/LICENSE)
endif()
run(chmod -R u=rwX,go=rX ${top})
