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

if(TORCH_CXX_FLAGS MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
  message(FATAL_ERROR "LibTorch in ${TORCH_INSTALL_PREFIX} was built for the "
    "std::string of before g++ 5, which no other library here has. Take "
    "PyTorch 2.7 or newer, or leave networks out: -DPLUMBLINE_NETWORKS=OFF")
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
    HEADERS <ATen/ATen.h> ${plumbline_usual_headers}
    PRIVATE plumbline_torch ${plumbline_usual_libraries})
  if(PLUMBLINE_TESTS)
    plumbline_headers(plumbline_torch_test_headers
      HEADERS <ATen/ATen.h> ${plumbline_test_usual_headers}
      PRIVATE plumbline_torch ${plumbline_test_usual_libraries})
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
  plumbline_test(${name} HEADERS plumbline_torch_test_headers ${ARGN})
  if(TARGET ${name})
    set_tests_properties(${name} PROPERTIES
      ENVIRONMENT "OMP_NUM_THREADS=1;OMP_WAIT_POLICY=PASSIVE")
  endif()
endfunction()
