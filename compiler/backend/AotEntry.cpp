// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The C functions of an ahead-of-time program: a model, a session and a pool of the process, made
// at the first call and used under a lock.
#include "compiler/backend/AotModule.h"
#include "compiler/backend/StructImage.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/SourceMgr.h"

#include <cstddef>

namespace horn::backend {

/// What is the same for all programs. A lock of zeros is an open one; 64 bytes are more than any C
/// library's takes.
static constexpr char kEntryText[] = R"(
@lock = internal global [64 x i8] zeroinitializer, align 64
@pool = internal global ptr null
@model = internal global ptr null
@session = internal global ptr null
@horn_program = external hidden constant i8

declare i32 @pthread_mutex_lock(ptr) nounwind
declare i32 @pthread_mutex_unlock(ptr) nounwind
declare i32 @horn_pool_create(i32, ptr) nounwind
declare i32 @horn_model_create(ptr, ptr, ptr, ptr, ptr) nounwind
declare i32 @horn_session_create(ptr, ptr, ptr) nounwind
declare i32 @horn_session_output_shapes(ptr, ptr, i32, ptr, i32) nounwind
declare i32 @horn_session_run(ptr, ptr, i32, ptr, i32) nounwind
declare void @horn_session_destroy(ptr) nounwind
declare void @horn_model_destroy(ptr) nounwind
declare void @horn_pool_destroy(ptr) nounwind
declare ptr @horn_last_error() nounwind

define internal void @stop() nounwind {
  %session = load ptr, ptr @session
  call void @horn_session_destroy(ptr %session)
  store ptr null, ptr @session
  %model = load ptr, ptr @model
  call void @horn_model_destroy(ptr %model)
  store ptr null, ptr @model
  %pool = load ptr, ptr @pool
  call void @horn_pool_destroy(ptr %pool)
  store ptr null, ptr @pool
  ret void
}

define internal i32 @start() nounwind {
  %session = load ptr, ptr @session
  %started = icmp ne ptr %session, null
  br i1 %started, label %done, label %make.pool
make.pool:
  %pool.status = call i32 @horn_pool_create(i32 0, ptr @pool)
  %pool.failed = icmp ne i32 %pool.status, 0
  br i1 %pool.failed, label %failed, label %make.model
make.model:
  %pool = load ptr, ptr @pool
  %model.status = call i32 @horn_model_create(ptr @horn_program, ptr null, ptr null, ptr %pool,
                                              ptr @model)
  %model.failed = icmp ne i32 %model.status, 0
  br i1 %model.failed, label %failed, label %make.session
make.session:
  %model = load ptr, ptr @model
  %session.status = call i32 @horn_session_create(ptr %model, ptr %pool, ptr @session)
  %session.failed = icmp ne i32 %session.status, 0
  br i1 %session.failed, label %failed, label %done
failed:
  %status = phi i32 [ %pool.status, %make.pool ], [ %model.status, %make.model ],
                    [ %session.status, %make.session ]
  call void @stop()
  ret i32 %status
done:
  ret i32 0
}

define internal i32 @run_locked(ptr %inputs, i32 %num_inputs, ptr %outputs, i32 %num_outputs) nounwind {
  call i32 @pthread_mutex_lock(ptr @lock)
  %start.status = call i32 @start()
  %start.failed = icmp ne i32 %start.status, 0
  br i1 %start.failed, label %done, label %shapes
shapes:
  %session = load ptr, ptr @session
  %shape.status = call i32 @horn_session_output_shapes(ptr %session, ptr %inputs, i32 %num_inputs,
                                                       ptr %outputs, i32 %num_outputs)
  %shape.failed = icmp ne i32 %shape.status, 0
  br i1 %shape.failed, label %done, label %run
run:
  %run.status = call i32 @horn_session_run(ptr %session, ptr %inputs, i32 %num_inputs, ptr %outputs,
                                           i32 %num_outputs)
  br label %done
done:
  %status = phi i32 [ %start.status, %0 ], [ %shape.status, %shapes ], [ %run.status, %run ]
  call i32 @pthread_mutex_unlock(ptr @lock)
  ret i32 %status
}

define ptr @NAME_program() nounwind {
  ret ptr @horn_program
}

define ptr @NAME_error() nounwind {
  %text = call ptr @horn_last_error()
  ret ptr %text
}

define void @NAME_release() nounwind {
  call i32 @pthread_mutex_lock(ptr @lock)
  call void @stop()
  call i32 @pthread_mutex_unlock(ptr @lock)
  ret void
}
)";

static std::string entryText(llvm::StringRef name) {
  static constexpr llvm::StringLiteral kPlaceholder = "@NAME";
  std::string text;
  llvm::StringRef rest = kEntryText;
  for (size_t at = rest.find(kPlaceholder); at != rest.npos; at = rest.find(kPlaceholder)) {
    text += rest.take_front(at).str() + "@" + name.str();
    rest = rest.drop_front(at + kPlaceholder.size());
  }
  return text + rest.str();
}

//===--- <name>_run
//----------------------------------------------------------------------------===//

static bool isWordOfC(llvm::StringRef name) {
  static const llvm::StringSet<> words = {
      "auto",      "break",     "case",     "char",     "const",    "continue", "default",
      "do",        "double",    "else",     "enum",     "extern",   "float",    "for",
      "goto",      "if",        "inline",   "int",      "long",     "register", "restrict",
      "return",    "short",     "signed",   "sizeof",   "static",   "struct",   "switch",
      "typedef",   "union",     "unsigned", "void",     "volatile", "while",    "class",
      "new",       "delete",    "this",     "template", "operator", "private",  "public",
      "protected", "namespace", "using",    "virtual",  "bool",     "true",     "false",
      "try",       "catch",     "throw",    "friend",   "typename", "explicit", "export"};
  return words.contains(name);
}

EntryNames entryNames(const ProgramInfo &program) {
  llvm::StringSet<> used;
  auto distinct = [&](llvm::StringRef text) {
    std::string name = identifier(text);
    while (isWordOfC(name) || !used.insert(name).second)
      name += "_";
    return name;
  };
  EntryNames names;
  for (const std::string &symbol : program.symbols)
    names.symbols.push_back(distinct(symbol));
  for (const InputInfo &input : program.inputs)
    names.inputs.push_back(distinct(input.name));
  for (const TensorInfo &output : program.outputs)
    names.outputs.push_back(distinct(output.name));
  return names;
}

namespace {
/// Writes `int <name>_run(const void *input..., int64_t symbol..., void *output...)`.
class RunWriter {
public:
  RunWriter(llvm::Module &module, const ProgramInfo &program)
      : module(module), program(program), b(module.getContext()) {}
  void write(llvm::StringRef name);

private:
  template <typename Tensor> llvm::Value *tensors(const std::vector<Tensor> &infos);
  void set(llvm::Value *tensors, size_t index, size_t offset, llvm::Value *value);

  llvm::Module &module;
  const ProgramInfo &program;
  llvm::IRBuilder<> b;
};
} // namespace

/// An array of horn_tensor on the stack, with the types and known sizes set.
template <typename Tensor> llvm::Value *RunWriter::tensors(const std::vector<Tensor> &infos) {
  std::vector<horn_tensor> values;
  for (const TensorInfo &info : infos) {
    horn_tensor &tensor = values.emplace_back();
    tensor = {};
    tensor.dtype = info.dtype;
    tensor.rank = static_cast<int32_t>(info.shape.size());
    llvm::copy(info.shape, tensor.shape);
  }
  size_t bytes = values.size() * sizeof(horn_tensor);
  llvm::AllocaInst *array = b.CreateAlloca(llvm::ArrayType::get(b.getInt8Ty(), bytes));
  array->setAlignment(llvm::Align(alignof(horn_tensor)));
  if (llvm::GlobalVariable *constants = StructImage<horn_tensor>(values).emit(module, "tensors"))
    b.CreateMemCpy(array, llvm::Align(8), constants, llvm::Align(8), bytes);
  return array;
}

void RunWriter::set(llvm::Value *tensors, size_t index, size_t offset, llvm::Value *value) {
  size_t bytes = index * sizeof(horn_tensor) + offset;
  b.CreateAlignedStore(value, b.CreateConstInBoundsGEP1_64(b.getInt8Ty(), tensors, bytes),
                       llvm::Align(8));
}

void RunWriter::write(llvm::StringRef name) {
  size_t numInputs = program.inputs.size(), numSymbols = program.symbols.size();
  llvm::SmallVector<llvm::Type *> types(numInputs, b.getPtrTy());
  types.append(numSymbols, b.getInt64Ty());
  types.append(program.outputs.size(), b.getPtrTy());
  auto *function =
      llvm::Function::Create(llvm::FunctionType::get(b.getInt32Ty(), types, false),
                             llvm::GlobalValue::ExternalLinkage, name.str() + "_run", module);
  function->setDoesNotThrow();
  b.SetInsertPoint(llvm::BasicBlock::Create(b.getContext(), "entry", function));
  llvm::Value *inputs = tensors(program.inputs), *outputs = tensors(program.outputs);
  for (size_t i = 0; i < numInputs; ++i) {
    set(inputs, i, offsetof(horn_tensor, data), function->getArg(i));
    for (auto [axis, symbol] : llvm::enumerate(program.inputs[i].symbols))
      if (symbol >= 0)
        set(inputs, i, offsetof(horn_tensor, shape) + axis * sizeof(int64_t),
            function->getArg(numInputs + symbol));
  }
  for (size_t i = 0; i < program.outputs.size(); ++i)
    set(outputs, i, offsetof(horn_tensor, data), function->getArg(numInputs + numSymbols + i));
  b.CreateRet(
      b.CreateCall(module.getFunction("run_locked"),
                   {inputs, b.getInt32(numInputs), outputs, b.getInt32(program.outputs.size())}));
}

llvm::Expected<std::unique_ptr<llvm::Module>>
makeEntryModule(const ProgramInfo &program, llvm::StringRef name, llvm::LLVMContext &context) {
  llvm::SMDiagnostic diagnostic;
  std::unique_ptr<llvm::Module> module =
      llvm::parseAssemblyString(entryText(name), diagnostic, context);
  if (!module)
    return llvm::createStringError("the entry functions do not parse, line " +
                                   llvm::Twine(diagnostic.getLineNo()) + ": " +
                                   diagnostic.getMessage());
  module->setModuleIdentifier(name);
  module->setSourceFileName(name);
  RunWriter(*module, program).write(name);
  return module;
}

} // namespace horn::backend
