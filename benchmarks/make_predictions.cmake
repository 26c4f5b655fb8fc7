# The generator of the benchmark table; the golden tests use it as well.
include_guard(GLOBAL)
find_package(OpenSSL REQUIRED)
plumbline_executable(make_predictions
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/make_predictions.cc
  PRIVATE OpenSSL::Crypto fmt::fmt)
