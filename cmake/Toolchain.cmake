# Compiler settings and packages, chosen once for the whole project.
option(HORN_BUILD_TESTS "build the tests" ON)
option(HORN_BUILD_BENCHMARKS "build the benchmarks" OFF)
set(HORN_SANITIZER "" CACHE STRING "sanitizers to build with, as in -fsanitize=: address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# Installed tools find LLVM where it was linked from.
set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# The version is asked for as 22.1: MLIR's package refuses plain 22.
find_package(MLIR 22.1 REQUIRED CONFIG HINTS /usr/lib/llvm-22/lib/cmake/mlir)
find_package(Threads REQUIRED)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)

# What every target of the project is compiled with.
add_library(horn_options INTERFACE)
target_include_directories(horn_options INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}>)
target_compile_options(horn_options INTERFACE
  -Wall -Wextra -Wno-unused-parameter -Wno-missing-designated-field-initializers -ffp-contract=off)
if(HORN_SANITIZER)
  target_compile_options(horn_options INTERFACE
    -fsanitize=${HORN_SANITIZER} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(horn_options INTERFACE -fsanitize=${HORN_SANITIZER})
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  find_program(LLD ld.lld-22)
  if(LLD)
    target_link_options(horn_options INTERFACE --ld-path=${LLD})
  endif()
endif()

# What targets that include MLIR headers need besides: Debian builds LLVM without RTTI.
# Linked are either the shared libraries or, by the tools, the static ones: both together would
# bring two copies of all TypeIDs.
include(StaticTools)
add_library(horn_mlir INTERFACE)
target_include_directories(horn_mlir SYSTEM INTERFACE ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})
target_compile_options(horn_mlir INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>)
target_link_libraries(horn_mlir INTERFACE
  "$<IF:$<BOOL:$<TARGET_PROPERTY:HORN_IS_STATIC>>,horn_static_llvm,MLIR;LLVM>")
