# How everything in this repository is compiled, and the helpers that each
# folder's CMakeLists.txt uses: plumbline_library, plumbline_executable,
# plumbline_test.
include(GNUInstallDirs)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET default)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# Debug information doubles the size of the libraries and nobody reads it in a
# release; the debug, asan and tsan presets have it.
set(CMAKE_CXX_FLAGS_RELEASE "-O2")

find_program(PLUMBLINE_CCACHE ccache)
if(PLUMBLINE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Without these it stores nothing that uses precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros ${PLUMBLINE_CCACHE})
endif()

find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Threads REQUIRED)
if(PLUMBLINE_TESTS)
  find_package(GTest REQUIRED)
endif()

add_library(plumbline_flags INTERFACE)
add_library(Plumbline::flags ALIAS plumbline_flags)
set_target_properties(plumbline_flags PROPERTIES EXPORT_NAME flags)
target_compile_features(plumbline_flags INTERFACE cxx_std_20)
# The same bytes on every instruction set: no fused multiply-add behind the
# back of the code.
target_compile_options(plumbline_flags INTERFACE
  $<BUILD_INTERFACE:-Wall;-Wextra;-Werror;-Wno-missing-field-initializers>
  $<BUILD_INTERFACE:-ffp-contract=off>
  # g++ 12 warns about overlapping copies inside std::string where there are
  # none (GCC bug 105651).
  $<BUILD_INTERFACE:$<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
  # -fpch-preprocess: ccache needs it. With std::string precompiled, g++ 12
  # warns of overflows inside it that cannot happen.
  target_compile_options(plumbline_flags INTERFACE
    $<BUILD_INTERFACE:-fpch-preprocess;-Wno-array-bounds;-Wno-stringop-overflow>)
endif()
target_include_directories(plumbline_flags INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

# plumbline_headers(NAME HEADERS <a.h>... PRIVATE libs...)
# Headers of others that are compiled once, for all that
# target_precompile_headers(... REUSE_FROM NAME). A source still includes what it
# uses: the presets debug, asan, tsan and fuzz build without.
function(plumbline_headers name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;PRIVATE")
  set(source ${PROJECT_BINARY_DIR}/${name}.cc)
  file(CONFIGURE OUTPUT ${source} CONTENT "")
  add_library(${name} OBJECT ${source})
  target_link_libraries(${name} PRIVATE Plumbline::flags ${arg_PRIVATE})
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
endfunction()

# What most sources include.
set(plumbline_usual_headers
  <algorithm> <array> <cmath> <cstdint> <filesystem> <functional> <limits> <map>
  <memory> <optional> <span> <string> <string_view> <utility> <variant> <vector>
  <fmt/format.h> <nlohmann/json.hpp>)
set(plumbline_usual_libraries fmt::fmt nlohmann_json::nlohmann_json)
plumbline_headers(plumbline_core_headers
  HEADERS ${plumbline_usual_headers} PRIVATE ${plumbline_usual_libraries})
if(PLUMBLINE_TESTS)
  set(plumbline_test_usual_headers
    <gtest/gtest.h> <gmock/gmock.h> ${plumbline_usual_headers})
  set(plumbline_test_usual_libraries
    GTest::gtest GTest::gmock ${plumbline_usual_libraries})
  plumbline_headers(plumbline_test_headers
    HEADERS ${plumbline_test_usual_headers}
    PRIVATE ${plumbline_test_usual_libraries})
endif()

# plumbline_library(NAME SOURCES a.cc b.cc [PUBLIC libs...] [PRIVATE libs...])
# One folder, one static library, known to others as Plumbline::NAME.
function(plumbline_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE")
  add_library(plumbline_${name} STATIC ${arg_SOURCES})
  add_library(Plumbline::${name} ALIAS plumbline_${name})
  set_target_properties(plumbline_${name} PROPERTIES EXPORT_NAME ${name})
  target_link_libraries(plumbline_${name}
    PUBLIC Plumbline::flags ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  target_precompile_headers(plumbline_${name}
    REUSE_FROM plumbline_core_headers)
  set_property(GLOBAL APPEND PROPERTY PLUMBLINE_LIBRARIES plumbline_${name})
endfunction()

# plumbline_executable(NAME SOURCES a.cc [PRIVATE libs...])
function(plumbline_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PRIVATE")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE Plumbline::flags ${arg_PRIVATE})
endfunction()

# plumbline_part(NAME SOURCES a.cc [PRIVATE libs...])
# A part that the binary loads on demand (base/on_demand.h):
# lib/plumbline/libplumbline_NAME.so, installed beside the binary.
function(plumbline_part name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PRIVATE")
  add_library(plumbline_part_${name} MODULE ${arg_SOURCES})
  set_target_properties(plumbline_part_${name} PROPERTIES
    OUTPUT_NAME plumbline_${name}
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/plumbline)
  target_link_libraries(plumbline_part_${name} PRIVATE
    Plumbline::flags ${arg_PRIVATE})
  set_property(GLOBAL APPEND PROPERTY PLUMBLINE_PARTS plumbline_part_${name})
endfunction()

# plumbline_loads_parts(NAME): a program that loads parts gives them its own
# state (shared_with_parts.list says how).
function(plumbline_loads_parts name)
  set(list ${PROJECT_SOURCE_DIR}/cmake/shared_with_parts.list)
  target_link_options(${name} PRIVATE "LINKER:--dynamic-list=${list}")
  set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS ${list})
endfunction()

# plumbline_test(NAME SOURCES a_test.cc [PRIVATE libs...] [LABELS labels...]
#                [READS_SOURCES] [HEADERS target])
# A GoogleTest program, one ctest entry. READS_SOURCES: it reads files of this
# tree, found by PLUMBLINE_SOURCE_DIR. HEADERS: a target of plumbline_headers.
# Tests labelled `slow` run only with scripts/test.sh --all; those labelled
# `data` need the data of PLUMBLINE_TEST_DATA.
function(plumbline_test name)
  if(NOT PLUMBLINE_TESTS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "READS_SOURCES" "HEADERS"
    "SOURCES;PRIVATE;LABELS")
  if(NOT arg_HEADERS)
    set(arg_HEADERS plumbline_test_headers)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE
    Plumbline::flags ${arg_PRIVATE} GTest::gtest GTest::gmock GTest::gtest_main)
  # Tests themselves hold little that runs for long.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  # Code as for libraries, because that is what the headers were compiled for.
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${name} PRIVATE -fPIC)
  target_precompile_headers(${name} REUSE_FROM ${arg_HEADERS})
  if(arg_READS_SOURCES)
    target_compile_definitions(${name} PRIVATE
      PLUMBLINE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  endif()
  add_test(NAME ${name} COMMAND ${name})
  if(arg_LABELS)
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}")
  endif()
endfunction()
