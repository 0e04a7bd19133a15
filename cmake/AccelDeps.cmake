# SPDX-License-Identifier: MIT
# The libraries that more than one folder may link:
#   Threads::Threads PkgConfig::LIBUDEV PkgConfig::LIBISAL DNNL::dnnl
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBUDEV REQUIRED IMPORTED_TARGET GLOBAL libudev)
pkg_check_modules(LIBISAL REQUIRED IMPORTED_TARGET GLOBAL libisal)

# oneDNN's own package file requires the OpenCL headers, which this project does not need.
if(NOT TARGET DNNL::dnnl)
	find_library(DNNL_LIBRARY dnnl REQUIRED)
	find_path(DNNL_INCLUDE_DIR oneapi/dnnl/dnnl.hpp REQUIRED)
	mark_as_advanced(DNNL_LIBRARY DNNL_INCLUDE_DIR)
	add_library(DNNL::dnnl UNKNOWN IMPORTED)
	set_target_properties(DNNL::dnnl PROPERTIES
		IMPORTED_LOCATION ${DNNL_LIBRARY}
		INTERFACE_INCLUDE_DIRECTORIES ${DNNL_INCLUDE_DIR})
endif()
