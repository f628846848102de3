# Checks that a project which fetches the library installs its own files and no others.
# Usage: cmake -DSOURCE_DIR=... -DWORK_DIR=... -DCXX=... -P run.cmake
file(REMOVE_RECURSE "${WORK_DIR}")
execute_process(
  COMMAND ${CMAKE_COMMAND} -G Ninja -S "${CMAKE_CURRENT_LIST_DIR}" -B "${WORK_DIR}/build" "-DLINREG_SOURCE=${SOURCE_DIR}"
          "-DCMAKE_CXX_COMPILER=${CXX}"
  COMMAND_ERROR_IS_FATAL ANY)
# Nothing was built: a rule that installs the library would fail.
execute_process(COMMAND ${CMAKE_COMMAND} --install "${WORK_DIR}/build" --prefix "${WORK_DIR}/prefix" COMMAND_ERROR_IS_FATAL ANY)
file(GLOB_RECURSE installed LIST_DIRECTORIES false RELATIVE "${WORK_DIR}/prefix" "${WORK_DIR}/prefix/*")
if(NOT installed STREQUAL "share/CMakeLists.txt")
  message(FATAL_ERROR "installed: ${installed}")
endif()
