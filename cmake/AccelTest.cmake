# SPDX-License-Identifier: MIT
# The functions with which a folder adds its tests and fuzz targets.
#
#   accel_test(NAME [SINGLE_THREADED] [SLOW] [SOURCES] file... [LIBS library...] [TIMEOUT seconds])
#     Adds one GoogleTest program, build/test-bin/NAME. In the plain build each test case is a ctest entry
#     "NAME.Suite.Case" with TIMEOUT seconds (default 60). With sanitizers or coverage the whole program is one
#     entry, NAME, with 900 s, because starting it takes longer than most cases.
#     SINGLE_THREADED: the program has one thread; the ThreadSanitizer build omits it.
#     SLOW: the program gets the label slow; ./dev check omits it.
#   accel_fuzz(fuzz_NAME [SOURCES] file... [LIBS library...])
#     Adds one libFuzzer target, build-fuzz/bin/fuzz_NAME, to the target accel-fuzz. Without ACCEL_FUZZ it does
#     nothing.

# Tests of models, scripts and installed files run in the plain build only: sanitizers and coverage do not affect them.
if(ACCEL_SANITIZE OR ACCEL_COVERAGE)
	set(ACCEL_PLAIN_BUILD OFF)
else()
	set(ACCEL_PLAIN_BUILD ON)
endif()

if(ACCEL_TESTS)
	enable_testing()
	find_package(GTest CONFIG REQUIRED)
	include(GoogleTest)
endif()
if(ACCEL_FUZZ)
	add_custom_target(accel-fuzz)
endif()

function(accel_test name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "SINGLE_THREADED;SLOW" "TIMEOUT" "SOURCES;LIBS")
	if(NOT ACCEL_TESTS OR (arg_SINGLE_THREADED AND ACCEL_SANITIZE STREQUAL "thread"))
		return()
	endif()
	if(NOT arg_TIMEOUT)
		set(arg_TIMEOUT 60)
	endif()
	add_executable(${name} ${arg_SOURCES} ${arg_UNPARSED_ARGUMENTS})
	add_dependencies(${name} accel-gen)
	target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
	target_link_libraries(${name} PRIVATE ${arg_LIBS} GTest::gmock_main)
	set_target_properties(${name} PROPERTIES
		RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test-bin)
	if(NOT ACCEL_PLAIN_BUILD)
		add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
		set_tests_properties(${name} PROPERTIES TIMEOUT 900)
		return()
	endif()
	set(labels)
	if(arg_SLOW)
		set(labels LABELS slow)
	endif()
	gtest_discover_tests(${name}
		TEST_PREFIX ${name}.
		DISCOVERY_MODE PRE_TEST
		DISCOVERY_TIMEOUT 120
		PROPERTIES TIMEOUT ${arg_TIMEOUT} ${labels})
endfunction()

function(accel_fuzz name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
	if(NOT ACCEL_FUZZ)
		return()
	endif()
	if(NOT name MATCHES "^fuzz_")
		message(FATAL_ERROR "accel_fuzz: ${name} must begin with fuzz_, which ./dev fuzz searches for")
	endif()
	add_executable(${name} ${arg_SOURCES} ${arg_UNPARSED_ARGUMENTS})
	add_dependencies(${name} accel-gen)
	target_link_libraries(${name} PRIVATE ${arg_LIBS})
	target_link_options(${name} PRIVATE -fsanitize=fuzzer)
	add_dependencies(accel-fuzz ${name})
endfunction()
