# The network half: what links to LibTorch. Built where LibTorch is installed
# (Debian: libtorch-dev libopenblas0-openmp; a wheel: give CMAKE_PREFIX_PATH).
# Nothing else of the house may link to it: it takes most of a second to load.
option(PLUMBLINE_NETWORKS "Build training and networks where LibTorch is found"
  ON)
set(PLUMBLINE_HAS_TORCH OFF)
if(PLUMBLINE_NETWORKS)
  find_package(Torch QUIET)
  if(Torch_FOUND)
    set(PLUMBLINE_HAS_TORCH ON)
  else()
    message(STATUS "LibTorch: not found; `plumbline train` and own networks are "
      "left out")
  endif()
endif()

if(PLUMBLINE_HAS_TORCH)
  add_library(plumbline_torch INTERFACE)
  separate_arguments(plumbline_torch_flags UNIX_COMMAND "${TORCH_CXX_FLAGS}")
  target_compile_options(plumbline_torch INTERFACE ${plumbline_torch_flags})
  target_include_directories(plumbline_torch SYSTEM INTERFACE
    ${TORCH_INCLUDE_DIRS})
  target_link_libraries(plumbline_torch INTERFACE
    Plumbline::flags ${TORCH_LIBRARIES})
  # Debian's LibTorch takes whatever BLAS is installed, and the one that a plain
  # installation leaves is thirty times slower than OpenBLAS. RPATH, not
  # RUNPATH: it must hold for the libraries of the libraries.
  set(plumbline_openblas
    /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-openmp)
  if(EXISTS ${plumbline_openblas})
    target_link_options(plumbline_torch INTERFACE
      "LINKER:--disable-new-dtags,-rpath,${plumbline_openblas}")
  endif()

  # Its headers compiled once, for libraries and for tests.
  plumbline_headers(plumbline_torch_headers
    HEADERS <ATen/ATen.h> PRIVATE plumbline_torch)
  if(PLUMBLINE_TESTS)
    plumbline_headers(plumbline_torch_test_headers
      HEADERS <ATen/ATen.h> <gtest/gtest.h> <gmock/gmock.h>
      PRIVATE plumbline_torch GTest::gtest GTest::gmock)
    target_compile_options(plumbline_torch_test_headers PRIVATE
      ${plumbline_test_options})
    set_target_properties(plumbline_torch_test_headers PROPERTIES
      POSITION_INDEPENDENT_CODE OFF)
  endif()
endif()

# plumbline_network_library(NAME SOURCES a.cc [PUBLIC libs...] [PRIVATE libs...])
# Like plumbline_library, linked to LibTorch; not installed, because the part
# "network" holds it.
function(plumbline_network_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE")
  add_library(plumbline_${name} STATIC ${arg_SOURCES})
  add_library(Plumbline::${name} ALIAS plumbline_${name})
  target_link_libraries(plumbline_${name}
    PUBLIC plumbline_torch ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  target_precompile_headers(plumbline_${name}
    REUSE_FROM plumbline_torch_headers)
endfunction()

# plumbline_network_test(NAME SOURCES a_test.cc [PRIVATE libs...] [LABELS ...])
# One thread each: two OpenMP threads on a busy machine are slower than one.
function(plumbline_network_test name)
  plumbline_test(${name} ${ARGN})
  if(TARGET ${name})
    target_precompile_headers(${name}
      REUSE_FROM plumbline_torch_test_headers)
    set_tests_properties(${name} PROPERTIES
      ENVIRONMENT "OMP_NUM_THREADS=1;OMP_WAIT_POLICY=PASSIVE")
  endif()
endfunction()
