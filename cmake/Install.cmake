# What `cmake --install` copies: headers, static libraries, the tools, and what find_package(Horn)
# and pkg-config need. All paths in installed files are relative to where they lie, so that the
# folder may be moved. Component `runtime` is all that compiled models need.
include(CMakePackageConfigHelpers)

set(HORN_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/Horn)
# In the order that a linker wants them.
set(frontend_libraries horn_emit horn_frontend horn_saving horn_core)
set(compiler_libraries horn_compiler horn_graph horn_lowering horn_memory horn_backend horn_reference
  horn_codegen horn_target horn_analysis horn_support horn_kernel horn_ir)

set_target_properties(horn_emit PROPERTIES EXPORT_NAME frontend)
set_target_properties(horn_frontend PROPERTIES EXPORT_NAME layers)
foreach(library horn_runtime horn_saving horn_core ${compiler_libraries})
  string(REPLACE "horn_" "" name ${library})
  set_target_properties(${library} PROPERTIES EXPORT_NAME ${name})
endforeach()

# The frontend.
install(TARGETS ${frontend_libraries} ${compiler_libraries} EXPORT HornFrontendTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT frontend)
install(DIRECTORY frontend/include/horn DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT frontend)
install(DIRECTORY frontend/core frontend/layers frontend/ops frontend/plot
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/horn/frontend COMPONENT frontend
  FILES_MATCHING PATTERN "*.h" PATTERN "*.def")
install(FILES frontend/emit/CompiledModel.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/horn/frontend/emit COMPONENT frontend)
foreach(header Csv FileBytes Image Limits Npy Safetensors)
  install(FILES frontend/saving/${header}.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/horn/frontend/saving COMPONENT frontend)
endforeach()

# The runtime and the compiler as a program.
install(TARGETS horn_runtime EXPORT HornRuntimeTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime)
install(DIRECTORY runtime/include/horn DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT runtime)
install(TARGETS horn EXPORT HornRuntimeTargets
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
install(TARGETS horn-opt horn-lsp-server horn-reduce
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tools)

# CMake.
foreach(part Runtime Frontend)
  string(TOLOWER ${part} component)
  install(EXPORT Horn${part}Targets NAMESPACE Horn:: DESTINATION ${HORN_CMAKE_DIR}
    COMPONENT ${component})
endforeach()
configure_package_config_file(cmake/HornConfig.cmake.in ${PROJECT_BINARY_DIR}/HornConfig.cmake
  INSTALL_DESTINATION ${HORN_CMAKE_DIR} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/HornConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/HornConfig.cmake ${PROJECT_BINARY_DIR}/HornConfigVersion.cmake
  cmake/HornAddModel.cmake DESTINATION ${HORN_CMAKE_DIR} COMPONENT runtime)

# pkg-config.
file(RELATIVE_PATH HORN_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" HORN_PC_PREFIX ${HORN_PC_PREFIX})
list(TRANSFORM frontend_libraries PREPEND -l OUTPUT_VARIABLE flags)
list(TRANSFORM compiler_libraries PREPEND -l OUTPUT_VARIABLE more)
list(JOIN flags " " HORN_PC_FRONTEND)
list(JOIN more " " HORN_PC_COMPILER)
foreach(name horn horn-runtime)
  configure_file(cmake/${name}.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
endforeach()
install(FILES ${PROJECT_BINARY_DIR}/horn.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT frontend)
install(FILES ${PROJECT_BINARY_DIR}/horn-runtime.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT runtime)
