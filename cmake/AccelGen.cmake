# SPDX-License-Identifier: MIT
# Runs the generator: spec/*.yaml -> ${ACCEL_GEN_DIR}/accel/uabi/*.hpp and more.
# A target that includes generated headers needs add_dependencies(TARGET accel-gen).
set(ACCEL_PYTHON /usr/bin/python3 CACHE FILEPATH "Python 3 that has jinja2, PyYAML and jsonschema")
set(ACCEL_GEN_DIR ${CMAKE_BINARY_DIR}/gen)

file(GLOB accel_gen_inputs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/spec/*)
file(GLOB_RECURSE accel_gen_sources CONFIGURE_DEPENDS
	${PROJECT_SOURCE_DIR}/gen/*.py ${PROJECT_SOURCE_DIR}/gen/*.j2)
set(accel_gen_command
	${CMAKE_COMMAND} -E env PYTHONDONTWRITEBYTECODE=1
	${ACCEL_PYTHON} -m gen --build ${ACCEL_GEN_DIR})

# Ninja must know the names of the outputs to notice their changes; the first run creates them.
execute_process(COMMAND ${accel_gen_command} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
	RESULT_VARIABLE accel_gen_failed)
if(accel_gen_failed)
	message(FATAL_ERROR "The generator refused spec/; the reason is printed above")
endif()
file(GLOB_RECURSE accel_gen_outputs ${ACCEL_GEN_DIR}/*)

add_custom_command(
	OUTPUT ${CMAKE_BINARY_DIR}/gen.stamp
	BYPRODUCTS ${accel_gen_outputs}
	COMMAND ${accel_gen_command}
	COMMAND ${CMAKE_COMMAND} -E touch ${CMAKE_BINARY_DIR}/gen.stamp
	DEPENDS ${accel_gen_inputs} ${accel_gen_sources}
	WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
	COMMENT "Generating from spec/"
	VERBATIM)
add_custom_target(accel-gen DEPENDS ${CMAKE_BINARY_DIR}/gen.stamp)
