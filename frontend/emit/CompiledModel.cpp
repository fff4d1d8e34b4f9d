// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/emit/CompiledModel.h"

#include "compiler/backend/Jit.h"
#include "frontend/core/Variable.h"
#include "frontend/emit/Compilation.h"

#include <horn/runtime.h>

#include <chrono>
#include <exception>
#include <malloc.h>
#include <map>

namespace horn {

static void check(horn_status status, const std::string &where) {
  if (status != HORN_OK)
    throw Error({.where = where, .what = horn_last_error()});
}

ThreadPool::ThreadPool(int threads) {
  horn_pool *pool = nullptr;
  check(horn_pool_create(threads, &pool), "thread pool");
  handle_ = pool;
}
ThreadPool::~ThreadPool() { horn_pool_destroy(static_cast<horn_pool *>(handle_)); }
int ThreadPool::threads() const { return horn_pool_threads(static_cast<horn_pool *>(handle_)); }

static horn_pool *pool_of(const std::shared_ptr<ThreadPool> &pool) {
  return pool ? static_cast<horn_pool *>(pool->handle()) : nullptr;
}

struct CompiledModel::Data {
  std::string name;
  emit::CompilationLog log;
  std::unique_ptr<backend::JitProgram> jit;
  std::map<std::string, Array> variables; ///< by symbol: those that the runtime points into
  horn_model *model = nullptr;

  ~Data() { horn_model_destroy(model); }
};

namespace {
/// Gives the runtime a model's variables. Those that only `prepare` reads are in memory while it
/// does.
struct VariableSource {
  VariableSource(const Model &model, std::map<std::string, Array> &held) : held(held) {
    for (const Weight &weight : model.network()->variables())
      variables.emplace(weight->symbol(), weight);
  }
  static const void *find(void *context, const horn_weight_info *info);
  static void release(void *context, const horn_weight_info *info, const void *) {
    static_cast<VariableSource *>(context)->held.erase(info->tensor.name);
  }

  std::map<std::string, Weight> variables; ///< by symbol
  std::map<std::string, Array> &held;
  std::exception_ptr error; ///< why the last value could not be found
};
} // namespace

const void *VariableSource::find(void *context, const horn_weight_info *info) {
  auto &source = *static_cast<VariableSource *>(context);
  auto found = source.variables.find(info->tensor.name);
  if (found == source.variables.end())
    return nullptr;
  const Weight &weight = found->second;
  bool stays = info->in_forward || info->kind == HORN_WEIGHT_STATE;
  try { // the caller is C
    return (source.held[found->first] = stays ? weight->value() : weight->peek()).bytes();
  } catch (...) {
    source.error = std::current_exception();
    return nullptr;
  }
}

CompiledModel::CompiledModel(const Model &model, const CompileOptions &options)
    : data_(std::make_shared<Data>()) {
  data_->name = model.name();
  auto module = emit::compile_module(model, options, Phase::llvm, data_->log);
  auto timed = [&](const char *name, auto work) {
    auto begin = std::chrono::steady_clock::now();
    work();
    double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    data_->log.phases.push_back({name, seconds});
    if (options.on_phase)
      options.on_phase(name, seconds);
  };
  timed("code", [&] {
    backend::CompileOptions code{.target = emit::target_of(options), .numThreads = 0};
    if (!options.use_cache)
      code.cacheDirectory.clear();
    auto jit = backend::JitProgram::create(*module, code);
    if (!jit)
      emit::fail(model.name(), llvm::toString(jit.takeError()));
    data_->jit = std::move(*jit);
    // What compiling needed goes back to the system before the weights are prepared beside the raw
    // ones.
    module = nullptr;
    malloc_trim(0);
  });
  timed("prepare", [&] {
    VariableSource source(model, data_->variables);
    horn_variables variables{
        .find = VariableSource::find, .release = VariableSource::release, .context = &source};
    auto pool = std::make_shared<ThreadPool>();
    horn_status status =
        horn_model_create_from(data_->jit->program(), &variables, pool_of(pool), &data_->model);
    if (source.error)
      std::rethrow_exception(source.error);
    check(status, model.name());
    malloc_trim(0); // where the raw weights were
  });
}

CompiledModel::~CompiledModel() = default;
const std::vector<PhaseTime> &CompiledModel::phases() const { return data_->log.phases; }
const std::vector<Remark> &CompiledModel::remarks() const { return data_->log.remarks; }
int64_t CompiledModel::weight_bytes() const { return horn_model_weight_bytes(data_->model); }
int CompiledModel::num_kernels() const { return data_->jit->program()->num_kernels; }
const void *CompiledModel::program() const { return data_->jit->program(); }
const void *CompiledModel::runtime_model() const { return data_->model; }

// DType and horn_dtype list the same types in the same order.
static_assert(static_cast<int>(DType::float32) == HORN_FLOAT32 &&
              static_cast<int>(DType::bfloat16) == HORN_BFLOAT16 &&
              static_cast<int>(DType::int64) == HORN_INT64 &&
              static_cast<int>(DType::boolean) == HORN_BOOL);

static horn_tensor tensor_of(const Array &array) {
  if (array.shape().rank() > HORN_MAX_RANK)
    throw Error({.what = "an input of rank " + std::to_string(array.shape().rank()),
                 .expected = "at most " + std::to_string(HORN_MAX_RANK) + " axes"});
  horn_tensor tensor{.data = array.bytes(),
                     .dtype = static_cast<int32_t>(array.dtype()),
                     .rank = static_cast<int32_t>(array.shape().rank()),
                     .shape = {}};
  std::copy(array.shape().begin(), array.shape().end(), tensor.shape);
  return tensor;
}

static Shape shape_of(const horn_tensor &tensor) {
  return Shape(std::vector<int64_t>(tensor.shape, tensor.shape + tensor.rank));
}

struct Session::Data {
  std::shared_ptr<CompiledModel::Data> model;
  std::shared_ptr<ThreadPool> pool;
  horn_session *session = nullptr;
  std::vector<horn_tensor> inputs, outputs; ///< kept, so that a run need not allocate

  ~Data() { horn_session_destroy(session); }
};

Session::Session(const CompiledModel &model, std::shared_ptr<ThreadPool> pool)
    : data_(std::make_unique<Data>()) {
  data_->model = model.data_;
  data_->pool = std::move(pool);
  check(horn_session_create(data_->model->model, pool_of(data_->pool), &data_->session),
        data_->model->name);
}

Session::~Session() = default;

static void describe(const std::vector<Array> &arrays, std::vector<horn_tensor> &tensors) {
  tensors.clear();
  for (const Array &array : arrays)
    tensors.push_back(tensor_of(array));
}

std::vector<Shape> Session::output_shapes(const std::vector<Array> &inputs) {
  describe(inputs, data_->inputs);
  const horn_program *program = data_->model->jit->program();
  data_->outputs.resize(program->num_outputs);
  check(horn_session_output_shapes(data_->session, data_->inputs.data(),
                                   static_cast<int32_t>(inputs.size()), data_->outputs.data(),
                                   program->num_outputs),
        data_->model->name);
  std::vector<Shape> shapes;
  for (const horn_tensor &output : data_->outputs)
    shapes.push_back(shape_of(output));
  return shapes;
}

std::vector<Array> Session::run(const std::vector<Array> &inputs) {
  std::vector<Array> outputs;
  std::vector<Shape> shapes = output_shapes(inputs);
  for (size_t i = 0; i < shapes.size(); ++i)
    outputs.emplace_back(shapes[i], static_cast<DType>(data_->outputs[i].dtype));
  run(inputs, outputs);
  return outputs;
}

void Session::run(const std::vector<Array> &inputs, std::vector<Array> &outputs) {
  describe(inputs, data_->inputs);
  describe(outputs, data_->outputs);
  check(horn_session_run(data_->session, data_->inputs.data(), static_cast<int32_t>(inputs.size()),
                         data_->outputs.data(), static_cast<int32_t>(outputs.size())),
        data_->model->name);
}

int64_t Session::arena_bytes() const { return horn_session_arena_bytes(data_->session); }
void Session::reset_states() {
  check(horn_session_reset_state(data_->session), data_->model->name);
}

/// What Model::predict keeps between calls.
namespace {
class Prediction : public Compiled {
public:
  explicit Prediction(const Model &model)
      : compiled(model), session(compiled, std::make_shared<ThreadPool>()) {
    for (const Weight &weight : model.network()->variables()) {
      versions.push_back(weight->version());
      if (weight->kind() == VariableKind::state)
        states.push_back(weight);
    }
  }
  bool is_current(const Model &model) const {
    std::vector<uint64_t> now;
    for (const Weight &weight : model.network()->variables())
      now.push_back(weight->version());
    return now == versions;
  }
  bool reset_states() override {
    // The session goes back to the values at compilation: zeros, if nobody assigned others.
    for (const Weight &weight : states)
      if (weight->version())
        return false;
    session.reset_states();
    return true;
  }

  CompiledModel compiled;
  Session session;
  std::vector<uint64_t> versions;
  std::vector<Weight> states;
};
} // namespace

/// Tensors of the types of arrays, of any batch size: what a model without inputs is built for.
static std::vector<Tensor> types_of(const std::vector<Array> &arrays) {
  std::vector<Tensor> types;
  for (const Array &array : arrays) {
    std::vector<int64_t> dims = array.shape().dims();
    if (!dims.empty())
      dims.front() = None;
    types.emplace_back(Shape(std::move(dims)), array.dtype());
  }
  return types;
}

/// The array as an input takes it: of its type, and with a last axis of size 1 more or less.
/// Source: Functional._adjust_input_rank in Keras.
static Array fit_input(const Array &given, const Tensor &input) {
  Array array = given.cast(input.dtype());
  const Shape &wanted = input.shape(), &found = array.shape();
  if (found.rank() + 1 == wanted.rank() && wanted.back() == 1)
    return array.reshape(found.concat({1}));
  if (found.rank() == wanted.rank() + 1 && found.back() == 1)
    return array.reshape(found.slice(0, found.rank() - 1));
  return array;
}

std::vector<Array> Model::predict(const std::vector<Array> &inputs) const {
  for (const Array &input : inputs)
    require(input.defined(), {.where = name(), .what = "an input of predict is an empty Array"});
  network_->accept(types_of(inputs));
  require(inputs.size() == this->inputs().size(),
          {.where = name(),
           .what = "wrong number of inputs",
           .expected = std::to_string(this->inputs().size()),
           .found = std::to_string(inputs.size())});
  auto prediction = std::static_pointer_cast<Prediction>(network_->compiled());
  if (!prediction || !prediction->is_current(*this)) {
    prediction = std::make_shared<Prediction>(*this);
    network_->compiled() = prediction;
  }
  std::vector<Array> converted;
  for (size_t i = 0; i < inputs.size(); ++i)
    converted.push_back(i < this->inputs().size() ? fit_input(inputs[i], this->inputs()[i])
                                                  : inputs[i]);
  return prediction->session.run(converted);
}

std::vector<Array> Model::predict(std::initializer_list<Array> inputs) const {
  return predict(std::vector<Array>(inputs));
}

Array Model::predict(const Array &input) const {
  std::vector<Array> outputs = predict(std::vector<Array>{input});
  require(outputs.size() == 1,
          {.where = name(),
           .what = "the model has " + std::to_string(outputs.size()) + " outputs, not one",
           .hint = "use predict({input}), which gives all"});
  return outputs.front();
}

} // namespace horn
