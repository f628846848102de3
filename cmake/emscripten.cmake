# The toolchain file of the wasm presets. `./dev setup` finds or installs Emscripten and writes down where it is.
set(LINREG_EMSCRIPTEN_FILE "${CMAKE_CURRENT_LIST_DIR}/../.toolchain/emscripten.cmake")
if(NOT EXISTS "${LINREG_EMSCRIPTEN_FILE}")
  message(FATAL_ERROR "Emscripten is not set up yet: run ./dev setup first.")
endif()
include("${LINREG_EMSCRIPTEN_FILE}")
# 64-bit integers cross to JavaScript as BigInt; npm's binaryen lacks the tool that would legalise them.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-sWASM_BIGINT")
# What the core is told of its host: nothing throws, and what is downloaded should be small.
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
set(LINREG_CORE_OPTIONS -fno-exceptions CACHE STRING "Further compiler options of the library")
set(LINREG_COLD_OPTIONS -Oz CACHE STRING "Further compiler options of those of its sources whose speed does not matter")
