# SPDX-License-Identifier: MIT
# The helpers with which a folder adds its tests and fuzz targets.
#
#   accel_test(NAME [SOURCES] file... [LIBS library...] [TIMEOUT seconds])
#     One GoogleTest program, build/test-bin/NAME; each of its cases is a ctest entry "NAME.Suite.Case".
#     TIMEOUT is for one case (60 s unless told); a sanitizer or coverage build gets five times that.
#   accel_fuzz(fuzz_NAME [SOURCES] file... [LIBS library...])
#     One libFuzzer target, build-fuzz/bin/fuzz_NAME, part of the target accel-fuzz; does nothing
#     unless ACCEL_FUZZ.
if(ACCEL_TESTS)
	enable_testing()
	find_package(GTest CONFIG REQUIRED)
	include(GoogleTest)
endif()
if(ACCEL_FUZZ)
	add_custom_target(accel-fuzz)
endif()

function(accel_test name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;LIBS")
	if(NOT ACCEL_TESTS)
		return()
	endif()
	if(NOT arg_TIMEOUT)
		set(arg_TIMEOUT 60)
	endif()
	if(ACCEL_SANITIZE OR ACCEL_COVERAGE)
		math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 5")
	endif()
	add_executable(${name} ${arg_SOURCES} ${arg_UNPARSED_ARGUMENTS})
	add_dependencies(${name} accel-gen)
	target_link_libraries(${name} PRIVATE ${arg_LIBS} GTest::gmock_main)
	set_target_properties(${name} PROPERTIES
		RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test-bin)
	gtest_discover_tests(${name}
		TEST_PREFIX ${name}.
		DISCOVERY_MODE PRE_TEST
		DISCOVERY_TIMEOUT 120
		PROPERTIES TIMEOUT ${arg_TIMEOUT})
endfunction()

function(accel_fuzz name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
	if(NOT ACCEL_FUZZ)
		return()
	endif()
	if(NOT name MATCHES "^fuzz_")
		message(FATAL_ERROR "accel_fuzz: ${name} must begin with fuzz_; ./dev fuzz finds it by that")
	endif()
	add_executable(${name} ${arg_SOURCES} ${arg_UNPARSED_ARGUMENTS})
	add_dependencies(${name} accel-gen)
	target_link_libraries(${name} PRIVATE ${arg_LIBS})
	target_link_options(${name} PRIVATE -fsanitize=fuzzer)
	add_dependencies(accel-fuzz ${name})
endfunction()
