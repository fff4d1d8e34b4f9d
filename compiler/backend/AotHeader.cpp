// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The C header of an ahead-of-time program.
#include "compiler/backend/AotModule.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace horn::backend {

namespace {
struct DtypeNames {
  const char *c, *keras;
};
} // namespace

static DtypeNames dtypeNames(horn_dtype dtype) {
  switch (dtype) {
  case HORN_FLOAT32:
    return {"float", "float32"};
  case HORN_FLOAT64:
    return {"double", "float64"};
  case HORN_FLOAT16:
    return {"uint16_t", "float16, as its bits"};
  case HORN_BFLOAT16:
    return {"uint16_t", "bfloat16, as its bits"};
  case HORN_INT8:
    return {"int8_t", "int8"};
  case HORN_INT16:
    return {"int16_t", "int16"};
  case HORN_INT32:
    return {"int32_t", "int32"};
  case HORN_INT64:
    return {"int64_t", "int64"};
  case HORN_UINT8:
    return {"uint8_t", "uint8"};
  case HORN_UINT16:
    return {"uint16_t", "uint16"};
  case HORN_UINT32:
    return {"uint32_t", "uint32"};
  case HORN_UINT64:
    return {"uint64_t", "uint64"};
  case HORN_BOOL:
    return {"uint8_t", "bool, a byte of 0 or 1"};
  }
  llvm_unreachable("no horn_dtype");
}

/// " *   image [batch, 8, 8, 1], float32"
static std::string describe(const TensorInfo &tensor, llvm::StringRef parameter) {
  return llvm::formatv(" *   {0} [{1}], {2}\n", parameter, llvm::join(tensor.dims, ", "),
                       dtypeNames(tensor.dtype).keras)
      .str();
}

static std::string parameters(const ProgramInfo &program, const EntryNames &names) {
  llvm::SmallVector<std::string> list;
  for (auto [input, name] : llvm::zip_equal(program.inputs, names.inputs))
    list.push_back(llvm::formatv("const {0} *{1}", dtypeNames(input.dtype).c, name));
  for (const std::string &name : names.symbols)
    list.push_back("int64_t " + name);
  for (auto [output, name] : llvm::zip_equal(program.outputs, names.outputs))
    list.push_back(llvm::formatv("{0} *{1}", dtypeNames(output.dtype).c, name));
  return list.empty() ? "void" : llvm::join(list, ", ");
}

static constexpr char kHeader[] = R"(/* {0}: a model compiled by Horn. Do not edit. */
#ifndef {1}_H
#define {1}_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {{
#endif

/* Runs the model. Arrays are dense and row-major; the caller provides all memory.
 *
 * reads
{2} * writes
{3} *
 * Returns 0, or another number after a mistake: {0}_error() says which. Any thread may call it; calls
 * wait for each other. The first one starts the threads: HORN_NUM_THREADS, or one per core. */
int {0}_run({4});

/* The message of the last mistake on this thread; never null. */
const char *{0}_error(void);

/* Frees memory and threads; the next run makes them again. To be called before a library is closed. */
void {0}_release(void);

/* The program for the functions of <horn/runtime.h>: several sessions at once, own thread pools. */
struct horn_program;
const struct horn_program *{0}_program(void);

#ifdef __cplusplus
}
#endif

#endif
)";

std::string headerText(const ProgramInfo &program, llvm::StringRef given) {
  std::string name = identifier(given.empty() ? program.name : given);
  EntryNames names = entryNames(program);
  std::string reads, writes;
  for (auto [input, parameter] : llvm::zip_equal(program.inputs, names.inputs))
    reads += describe(input, parameter);
  for (auto [output, parameter] : llvm::zip_equal(program.outputs, names.outputs))
    writes += describe(output, parameter);
  return llvm::formatv(kHeader, name, llvm::StringRef(name).upper(), reads, writes,
                       parameters(program, names))
      .str();
}

} // namespace horn::backend
