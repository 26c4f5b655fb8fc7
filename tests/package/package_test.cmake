# cmake -D build=... -D consumer=... -D work=... -P package_test.cmake
# Fails with what went wrong unless Plumbline, installed from `build` into an
# empty folder under `work`, is enough to build and run the program in
# `consumer`.

# step(WHAT COMMAND...): runs one command, stops with its output if it fails.
function(step what)
  execute_process(COMMAND ${ARGN}
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed (${result}):\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${work})
set(prefix ${work}/prefix)

step("cmake --install"
  ${CMAKE_COMMAND} --install ${build} --prefix ${prefix})
foreach(file
    bin/plumbline
    include/plumbline/audit/audit.h
    include/plumbline/base/version.h
    share/doc/Plumbline/LICENSE)
  if(NOT EXISTS ${prefix}/${file})
    message(FATAL_ERROR "${file} was not installed")
  endif()
endforeach()

step("the installed plumbline --version" ${prefix}/bin/plumbline --version)

step("configuring a program that uses Plumbline"
  ${CMAKE_COMMAND} -S ${consumer} -B ${work}/build -G ${generator}
    -D CMAKE_PREFIX_PATH=${prefix}
    -D CMAKE_CXX_COMPILER=${compiler}
    -D CMAKE_CXX_FLAGS=${flags}
    -D CMAKE_BUILD_TYPE=${build_type})
step("building it" ${CMAKE_COMMAND} --build ${work}/build)
step("running it" ${work}/build/consumer)
message(STATUS "${output}")
