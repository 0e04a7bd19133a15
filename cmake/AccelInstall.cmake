# SPDX-License-Identifier: MIT
# Installs the public headers, the pkg-config file and the CMake package `Accel` (target Accel::accel).
# Each folder installs its own programs and libraries; libaccel joins the export set accel-targets.
include(CMakePackageConfigHelpers)
set(accel_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Accel)

# A separate folder, because /usr/include/uapi would take a name of the kernel.
set(accel_include_dir ${CMAKE_INSTALL_INCLUDEDIR}/accel-core)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ DESTINATION ${accel_include_dir}
	FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")

file(RELATIVE_PATH accel_prefix_from_pc
	${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(${PROJECT_SOURCE_DIR}/cmake/accel.pc.in ${PROJECT_BINARY_DIR}/accel.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/accel.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/AccelConfig.cmake.in
	${PROJECT_BINARY_DIR}/AccelConfig.cmake INSTALL_DESTINATION ${accel_package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/AccelConfigVersion.cmake
	COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/AccelConfig.cmake ${PROJECT_BINARY_DIR}/AccelConfigVersion.cmake
	DESTINATION ${accel_package_dir})
install(EXPORT accel-targets NAMESPACE Accel:: DESTINATION ${accel_package_dir})
