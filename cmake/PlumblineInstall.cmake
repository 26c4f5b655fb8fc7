# cmake --install BUILD --prefix PREFIX gives
#   bin/plumbline                     the command
#   lib/plumbline/libplumbline_*.so   its parts that are loaded on demand
#   include/plumbline/**.h            the headers, as the sources include them
#   lib/libplumbline_*.a              one static library for each folder
#   lib/cmake/Plumbline/              find_package(Plumbline), Plumbline::audit
#   share/doc/Plumbline/              licence, changes, documentation
include(CMakePackageConfigHelpers)

# Which package gives the imported targets that our libraries link to:
# "prefix of the target|package", or "PkgConfig::NAME|pkg-config module" for
# packages without a CMake configuration of their own.
set(PLUMBLINE_PACKAGES
  "Boost|Boost"
  "CLI11|CLI11"
  "DCMTK|DCMTK"
  "FastFloat|FastFloat"
  "OpenSSL|OpenSSL"
  "JPEG|JPEG"
  "PkgConfig::EXIF|libexif"
  "PkgConfig::LCMS2|lcms2"
  "PkgConfig::LIBELF|libelf"
  "PkgConfig::OPENJP2|libopenjp2"
  "PkgConfig::SPNG|spng"
  "PkgConfig::XXHASH|libxxhash"
  "PkgConfig::ZSTD|libzstd"
  "TIFF|TIFF"
  "Threads|Threads"
  "ZLIB|ZLIB"
  "fmt|fmt"
  "hwy|HWY"
  "nlohmann_json|nlohmann_json"
  "spdlog|spdlog"
  "tomlplusplus|tomlplusplus"
  "zstd|zstd")

# plumbline_dependencies(OUT TARGETS...): the lines of the installed
# configuration that find what our libraries link to, read off their own link
# lines so that the two cannot disagree. Headers that only the build needs are
# linked as $<BUILD_INTERFACE:...> and left out.
function(plumbline_dependencies out)
  set(linked "")
  foreach(target ${ARGN})
    get_target_property(libraries ${target} INTERFACE_LINK_LIBRARIES)
    foreach(library ${libraries})
      if(library MATCHES "BUILD_INTERFACE")
        continue()
      elseif(library MATCHES "(PkgConfig::[A-Za-z0-9_]+)")
        list(APPEND linked ${CMAKE_MATCH_1})
      elseif(library MATCHES "([A-Za-z0-9_]+)::")
        list(APPEND linked ${CMAKE_MATCH_1})
      endif()
    endforeach()
  endforeach()
  list(REMOVE_ITEM linked Plumbline)
  list(REMOVE_DUPLICATES linked)
  list(SORT linked)

  set(lines "")
  foreach(name ${linked})
    set(package "")
    foreach(entry ${PLUMBLINE_PACKAGES})
      if(entry MATCHES "^${name}\\|(.*)$")
        set(package ${CMAKE_MATCH_1})
      endif()
    endforeach()
    if(NOT package)
      message(FATAL_ERROR "A library links to ${name}, and "
        "cmake/PlumblineInstall.cmake does not know which package gives it: "
        "add a line to PLUMBLINE_PACKAGES")
    endif()
    if(name MATCHES "^PkgConfig::(.*)$")
      string(APPEND lines "find_dependency(PkgConfig)\n"
        "pkg_check_modules(${CMAKE_MATCH_1} REQUIRED IMPORTED_TARGET "
        "${package})\n")
    else()
      string(APPEND lines "find_dependency(${package})\n")
    endif()
  endforeach()
  set(${out} "${lines}" PARENT_SCOPE)
endfunction()

get_property(plumbline_libraries GLOBAL PROPERTY PLUMBLINE_LIBRARIES)
plumbline_dependencies(PLUMBLINE_FIND_DEPENDENCIES
  plumbline_flags ${plumbline_libraries})

set(plumbline_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Plumbline)
install(TARGETS plumbline_flags ${plumbline_libraries}
  EXPORT PlumblineTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT PlumblineTargets NAMESPACE Plumbline::
  DESTINATION ${plumbline_package_dir})
get_property(plumbline_parts GLOBAL PROPERTY PLUMBLINE_PARTS)
if(TARGET plumbline)
  install(TARGETS plumbline RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  # Where base/on_demand.cc looks for them, whatever CMAKE_INSTALL_LIBDIR is.
  install(TARGETS ${plumbline_parts} LIBRARY DESTINATION lib/plumbline)
  # Programs that hold a vendor's face-recognition library, and one to try.
  get_property(plumbline_hosts GLOBAL PROPERTY PLUMBLINE_HOSTS)
  if(plumbline_hosts)
    install(TARGETS ${plumbline_hosts} RUNTIME DESTINATION lib/plumbline)
    install(TARGETS plumbline_face_toy_toy
      LIBRARY DESTINATION lib/plumbline/toys)
  endif()
endif()

configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/PlumblineConfig.cmake.in
  ${PROJECT_BINARY_DIR}/PlumblineConfig.cmake
  INSTALL_DESTINATION ${plumbline_package_dir})
# Before 1.0 a minor version may change the headers.
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/PlumblineConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/PlumblineConfig.cmake
  ${PROJECT_BINARY_DIR}/PlumblineConfigVersion.cmake
  DESTINATION ${plumbline_package_dir})

# The command's own headers are no part of the library, nor are those of tests.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/src/plumbline
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h" PATTERN "cli" EXCLUDE
  PATTERN "test_*.h" EXCLUDE)
# Headers that CMake writes (version.h) lie in an include folder of a library
# below the build folder.
foreach(target plumbline_flags ${plumbline_libraries})
  get_target_property(folders ${target} INTERFACE_INCLUDE_DIRECTORIES)
  foreach(folder ${folders})
    string(REGEX REPLACE "^\\$<BUILD_INTERFACE:(.*)>$" "\\1" folder ${folder})
    string(FIND "${folder}" "${PROJECT_BINARY_DIR}" at)
    if(at EQUAL 0)
      file(GLOB_RECURSE headers RELATIVE ${folder} ${folder}/plumbline/*.h)
      foreach(header ${headers})
        cmake_path(GET header PARENT_PATH header_folder)
        install(FILES ${folder}/${header}
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${header_folder})
      endforeach()
    endif()
  endforeach()
endforeach()

install(FILES
  ${PROJECT_SOURCE_DIR}/LICENSE
  ${PROJECT_SOURCE_DIR}/NOTICE
  ${PROJECT_SOURCE_DIR}/README.md
  ${PROJECT_SOURCE_DIR}/CHANGELOG.md
  ${PROJECT_SOURCE_DIR}/CITATION.cff
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/examples
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
