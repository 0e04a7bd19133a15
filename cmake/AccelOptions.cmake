# SPDX-License-Identifier: MIT
# The options of the build, and the compiler flags of all targets.
set(ACCEL_SANITIZE "" CACHE STRING "Build with sanitizers: address (with undefined) or thread")
set_property(CACHE ACCEL_SANITIZE PROPERTY STRINGS "" address thread)
option(ACCEL_BENCH "Build the probes of bench/, which need the peers that they measure" OFF)
option(ACCEL_COVERAGE "Count the executed lines (gcov)" OFF)
option(ACCEL_FUZZ "Build the libFuzzer targets instead of the tests (clang)" OFF)
option(ACCEL_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(ACCEL_WERROR "Treat compiler warnings as errors" OFF)

if(NOT ACCEL_SANITIZE MATCHES "^(|address|thread)$")
	message(FATAL_ERROR "ACCEL_SANITIZE is '${ACCEL_SANITIZE}'; allowed are address and thread")
endif()
if(ACCEL_FUZZ AND NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
	message(FATAL_ERROR "ACCEL_FUZZ needs clang, for its libFuzzer; this is ${CMAKE_CXX_COMPILER_ID}")
endif()
if(ACCEL_FUZZ AND ACCEL_TESTS)
	message(FATAL_ERROR "ACCEL_FUZZ builds the fuzz targets alone; add -DACCEL_TESTS=OFF")
endif()

if(PROJECT_IS_TOP_LEVEL)
	if(NOT CMAKE_BUILD_TYPE)
		# The default build type is optimised and keeps assertions.
		set(CMAKE_BUILD_TYPE RelWithDebInfo)
		set(accel_optimisation "-O2 -g")
		if(ACCEL_SANITIZE)
			set(accel_optimisation "-O1 -g1") # compiles in half the time and keeps stacks readable
		endif()
		set(CMAKE_C_FLAGS_RELWITHDEBINFO "${accel_optimisation}")
		set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "${accel_optimisation}")
	endif()
	find_program(ACCEL_CCACHE ccache)
	mark_as_advanced(ACCEL_CCACHE)
	if(ACCEL_CCACHE)
		foreach(language C CXX)
			if(NOT CMAKE_${language}_COMPILER_LAUNCHER)
				set(CMAKE_${language}_COMPILER_LAUNCHER ${ACCEL_CCACHE})
			endif()
		endforeach()
	endif()
endif()

# The requirements of the code, so that an unsupported build fails here with the reason.
include(CheckCXXSourceCompiles)
if(NOT CMAKE_SIZEOF_VOID_P EQUAL 8)
	message(FATAL_ERROR "accel-core needs a 64-bit target: rings and messages hold 64-bit words that are read and "
		"written at once, and this target's pointers have ${CMAKE_SIZEOF_VOID_P} bytes")
endif()
check_cxx_source_compiles("
	#include <features.h>
	#if !defined(__GLIBC__) || !__GLIBC_PREREQ(2, 34)
	#error
	#endif
	int main() {}" ACCEL_HAS_GLIBC)
if(NOT ACCEL_HAS_GLIBC)
	message(FATAL_ERROR "accel-core needs the GNU C library 2.34 or later for strerrordesc_np(), dlinfo() and _Fork(), "
		"which other C libraries (musl) do not have")
endif()

set(CMAKE_C_STANDARD 11)
set(CMAKE_CXX_STANDARD 23)
foreach(language C CXX)
	set(CMAKE_${language}_STANDARD_REQUIRED ON)
	set(CMAKE_${language}_EXTENSIONS OFF)
	set(CMAKE_${language}_VISIBILITY_PRESET hidden)
endforeach()
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)

include(GNUInstallDirs)
# libaccel.so opens libaccel-soft.so by its soname on first use, so each searches its own folder.
file(RELATIVE_PATH accel_lib_from_bin
	${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
set(CMAKE_BUILD_RPATH "$ORIGIN:$ORIGIN/../lib")
set(CMAKE_INSTALL_RPATH "$ORIGIN:$ORIGIN/${accel_lib_from_bin}")

# Messages are filled by initialisers that name some members and leave the others zero.
set(accel_warnings -Wall -Wextra -Wshadow -Wundef -Wvla -Wpointer-arith -Wformat=2
	-Wno-format-nonliteral -Wimplicit-fallthrough -Wmissing-declarations -Wno-missing-field-initializers)
add_compile_options(${accel_warnings}
	"$<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor;-Woverloaded-virtual;-Wextra-semi>"
	"$<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>"
	"$<$<BOOL:${ACCEL_WERROR}>:-Werror>")

if(ACCEL_SANITIZE)
	# AddressSanitizer and UndefinedBehaviorSanitizer can be combined.
	set(accel_sanitizers ${ACCEL_SANITIZE})
	if(ACCEL_SANITIZE STREQUAL "address")
		set(accel_sanitizers address,undefined)
	endif()
	# With a sanitizer's checks, gcc 12 wrongly reports uninitialised members, also in its own <regex>. The
	# plain build keeps the warning.
	add_compile_options(-fsanitize=${accel_sanitizers} -fno-omit-frame-pointer -Wno-maybe-uninitialized
		# Also wrong where a test replaces operators and gcc inlines one of them.
		$<$<COMPILE_LANGUAGE:CXX>:-Wno-mismatched-new-delete>)
	add_link_options(-fsanitize=${accel_sanitizers})
endif()
if(ACCEL_FUZZ)
	add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer)
	add_link_options(-fsanitize=address,undefined)
endif()
if(ACCEL_SANITIZE STREQUAL "address" OR ACCEL_FUZZ)
	# The vptr check reads an object through a pipe. Some tests use up all file descriptors; the check then
	# reports every object. AddressSanitizer finds destroyed objects.
	add_compile_options(-fno-sanitize-recover=all -fno-sanitize=vptr)
endif()
if(ACCEL_SANITIZE OR ACCEL_FUZZ OR ACCEL_COVERAGE)
	add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()
if(ACCEL_COVERAGE)
	# Several threads update the same counters; without "atomic" some counts are lost.
	add_compile_options(--coverage -O0 -fprofile-update=atomic)
	add_link_options(--coverage)
endif()
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR NOT (ACCEL_SANITIZE OR ACCEL_FUZZ))
	# A shared library must link all that it needs. (With clang the sanitizer is linked to the program only.)
	add_link_options(LINKER:-z,defs)
endif()
