# SPDX-License-Identifier: MIT
# Headers and codec of another day's specification, made by variant.py.

# accel_variant(NAME [file...]): the library accel_variant_NAME has the include paths of that day's
# headers and codec. The files are those of its gen/accel/uabi/ that somebody compiles.
function(accel_variant name)
	set(folder ${CMAKE_CURRENT_BINARY_DIR}/${name})
	list(TRANSFORM ARGN PREPEND ${folder}/gen/accel/uabi/ OUTPUT_VARIABLE sources)
	file(GLOB inputs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/spec/*.yaml
		${PROJECT_SOURCE_DIR}/gen/*.py ${PROJECT_SOURCE_DIR}/gen/templates/*.j2)
	add_custom_command(
		OUTPUT ${folder}/stamp
		BYPRODUCTS ${sources}
		COMMAND ${CMAKE_COMMAND} -E env PYTHONDONTWRITEBYTECODE=1
			${ACCEL_PYTHON} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/variant.py ${name} ${folder}
		COMMAND ${CMAKE_COMMAND} -E touch ${folder}/stamp
		DEPENDS ${inputs} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/variant.py
			${CMAKE_CURRENT_FUNCTION_LIST_DIR}/types.yaml
		WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
		COMMENT "Making the specification of ${name}"
		VERBATIM)
	set_source_files_properties(${sources} PROPERTIES GENERATED TRUE)
	add_custom_target(accel-variant-${name} DEPENDS ${folder}/stamp)
	add_library(accel_variant_${name} INTERFACE)
	target_include_directories(accel_variant_${name} INTERFACE
		${folder}/include ${folder}/gen ${PROJECT_SOURCE_DIR}/src)
	add_dependencies(accel_variant_${name} accel-variant-${name})
endfunction()
