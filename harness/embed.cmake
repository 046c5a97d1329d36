# embed(target table top cut file...): the files, in that order, as a table of base/embedded.h.
# Their names are those below the folder top, without the ending cut.
function(embed target table top cut)
	add_custom_command(OUTPUT ${table}.c
		COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/harness/embed.py
			${CMAKE_CURRENT_BINARY_DIR}/${table}.c ${table} ${top} "${cut}" ${ARGN}
		DEPENDS ${PROJECT_SOURCE_DIR}/harness/embed.py ${ARGN}
		COMMENT "Embedding ${table}"
		VERBATIM)
	target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${table}.c)
endfunction()
