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
  set(CMAKE_CXX_COMPILER_LAUNCHER ${PLUMBLINE_CCACHE})
endif()

find_package(fmt REQUIRED)
find_package(Threads REQUIRED)

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
target_include_directories(plumbline_flags INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

# plumbline_library(NAME SOURCES a.cc b.cc [PUBLIC libs...] [PRIVATE libs...])
# One folder, one static library, known to others as Plumbline::NAME.
function(plumbline_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE")
  add_library(plumbline_${name} STATIC ${arg_SOURCES})
  add_library(Plumbline::${name} ALIAS plumbline_${name})
  set_target_properties(plumbline_${name} PROPERTIES EXPORT_NAME ${name})
  target_link_libraries(plumbline_${name}
    PUBLIC Plumbline::flags ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
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
#                [READS_SOURCES])
# A GoogleTest program, one ctest entry. READS_SOURCES: it reads files of this
# tree, found by PLUMBLINE_SOURCE_DIR. Tests labelled `slow` run only with
# scripts/test.sh --all; those labelled `data` need the data of
# PLUMBLINE_TEST_DATA.
function(plumbline_test name)
  if(NOT PLUMBLINE_TESTS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "READS_SOURCES" "" "SOURCES;PRIVATE;LABELS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE
    Plumbline::flags ${arg_PRIVATE} GTest::gtest GTest::gmock GTest::gtest_main)
  if(arg_READS_SOURCES)
    target_compile_definitions(${name} PRIVATE
      PLUMBLINE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  endif()
  add_test(NAME ${name} COMMAND ${name})
  if(arg_LABELS)
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}")
  endif()
endfunction()
