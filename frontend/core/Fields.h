// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The arguments of a layer, said once: a struct with a table of its fields. The table drives
// reading from Keras configurations, get_config and the docs.
#pragma once

#include "frontend/core/Layer.h"
#include "frontend/ops/Activation.h"

#include <array>

namespace horn {

class LayerReader;

/// One size, or one for each spatial axis: `.strides = 2` or `.strides = {2, 1}`.
class IntList : public std::vector<int64_t> {
public:
  IntList() = default;
  IntList(int64_t value) : vector{value} {}
  IntList(std::initializer_list<int64_t> values) : vector(values) {}
  IntList(std::vector<int64_t> values) : vector(std::move(values)) {}
  /// `count` values: itself, or its only value repeated; `otherwise` when empty. Throws Error that
  /// names `what` for another number of values or one below `least`.
  IntList expanded(size_t count, std::string_view what, int64_t least = 1,
                   const IntList &otherwise = {}) const;
};

/// Amounts before and after each spatial axis: `1`, `{1, 2}` or `{{0, 1}, {0, 1}}`.
class PairList {
public:
  struct Pair {
    int64_t before = 0, after = 0;
    bool single = false; ///< given as one number
    Pair(int64_t both) : before(both), after(both), single(true) {}
    Pair(int64_t before, int64_t after) : before(before), after(after) {}
  };
  PairList() = default;
  PairList(int64_t all) : pairs_{Pair(all)} {}
  PairList(std::initializer_list<Pair> pairs) : pairs_(pairs) {}
  explicit PairList(std::vector<Pair> pairs) : pairs_(std::move(pairs)) {}
  const std::vector<Pair> &pairs() const { return pairs_; }
  /// One pair for each of `rank` axes; for rank 1, two numbers are before and after.
  PairList expanded(size_t rank, std::string_view what) const;

private:
  std::vector<Pair> pairs_;
};

/// A field's place in memory, whatever its type.
using FieldRef = std::variant<bool *, int64_t *, double *, std::string *, std::optional<int64_t> *,
                              std::optional<double> *, IntList *, PairList *, ConfigValue *,
                              Initializer *, Regularizer *, Constraint *, Activation *, LayerPtr *,
                              std::vector<LayerPtr> *, DTypePolicy *>;
struct Field {
  std::string_view key; ///< Keras's name, which is also the member's
  FieldRef value;
};
using Fields = std::vector<Field>;

/// Reads fields from a configuration of class `class_name`. Older names are mapped, harmless
/// unknown ones ignored (frontend/saving/ConfigCompat). Layers inside are read by `reader`.
/// **Errors** a wrong kind of value, naming the key; UnsupportedError for an unknown key.
void read_fields(const Fields &fields, const ConfigValue &config, std::string_view class_name,
                 LayerReader &reader);
/// The fields as a configuration: name, trainable and dtype first.
ConfigValue write_fields(const Fields &fields);

/// The configuration of a layer with these fields: its present name, trainable and dtype, and the
/// arguments that Horn has no use for from the file it was loaded from.
ConfigValue write_config(const Layer &layer, const Fields &fields);

/// The envelope that files hold for a layer: module, class, configuration, registered name, and
/// the shapes it was built for. Layers that stand in a SharingScope several times are marked.
ConfigValue envelope_of(const Layer &layer);

/// Runs the check of a layer's arguments; errors name the layer, or its class as long as it has no
/// name.
void check_arguments(std::string_view class_name, const std::string &name,
                     const std::function<void()> &check);

/// A layer whose arguments are the struct C. A layer of one's own derives from it too: it then is
/// made as Keras's are, `Handle<Scale>({.factor = 2})`, and read back from files.
template <class C> class Configured : public Layer {
public:
  using Config = C;
  explicit Configured(C config)
      : Layer(config.name, config.trainable, config.dtype), config(std::move(config)) {
    track_activations();
  }
  C config; ///< the arguments, with lists expanded
  ConfigValue get_config() const override {
    return write_config(*this, const_cast<C &>(config).fields());
  }

protected:
  /// Checks and expands arguments; a layer that has something to check declares its own.
  void check_config() {}

private:
  /// Layers that stand for activation functions are known to files by the argument's name.
  void track_activations() {
    for (const Field &field : config.fields())
      if (auto activation = std::get_if<Activation *>(&field.value))
        if ((*activation)->layer())
          track(std::string(field.key), (*activation)->layer());
  }
};

} // namespace horn

#define HORN_PARENTHESES ()
#define HORN_EXPAND(...) HORN_EXPAND3(HORN_EXPAND3(HORN_EXPAND3(HORN_EXPAND3(__VA_ARGS__))))
#define HORN_EXPAND3(...) HORN_EXPAND2(HORN_EXPAND2(HORN_EXPAND2(HORN_EXPAND2(__VA_ARGS__))))
#define HORN_EXPAND2(...) HORN_EXPAND1(HORN_EXPAND1(HORN_EXPAND1(HORN_EXPAND1(__VA_ARGS__))))
#define HORN_EXPAND1(...) __VA_ARGS__
#define HORN_EACH_FIELD(field, ...)                                                                \
  ::horn::Field{#field, &field}, __VA_OPT__(HORN_NEXT_FIELD HORN_PARENTHESES(__VA_ARGS__))
#define HORN_NEXT_FIELD() HORN_EACH_FIELD

/// Ends the struct of a layer's arguments: adds name, trainable and dtype, and the table of fields.
#define HORN_FIELDS(...)                                                                           \
  std::string name = {};                                                                           \
  bool trainable = true;                                                                           \
  ::horn::DTypePolicy dtype = {};                                                                  \
  ::horn::Fields fields() {                                                                        \
    return {HORN_EXPAND(HORN_EACH_FIELD(name, trainable, dtype __VA_OPT__(, ) __VA_ARGS__))};      \
  }

/// In the class of a Keras layer: constructor, class name and configuration. `Kind##Layer` is the
/// class, `base` what it derives from. HORN_DEFINE_LAYER goes to the source file.
#define HORN_LAYER(Kind, base) HORN_LAYER_OF(Kind, base, "keras.layers")
/// The same for a layer that Keras keeps in another module.
#define HORN_LAYER_OF(Kind, base, module_name)                                                     \
public:                                                                                            \
  explicit Kind##Layer(Config config = {});                                                        \
  std::string class_name() const override { return #Kind; }                                        \
  std::string module() const override { return module_name; }                                      \
  ::horn::ConfigValue get_config() const override;                                                 \
  static ::horn::LayerPtr from_config(const ::horn::ConfigValue &, ::horn::LayerReader &);         \
                                                                                                   \
private:                                                                                           \
  using Base = base;                                                                               \
                                                                                                   \
public:

#define HORN_DEFINE_LAYER(Kind)                                                                    \
  Kind##Layer::Kind##Layer(Config config) : Base(std::move(config)) {                              \
    ::horn::check_arguments(#Kind, this->config.name, [this] { this->check_config(); });           \
  }                                                                                                \
  ::horn::ConfigValue Kind##Layer::get_config() const {                                            \
    return ::horn::write_config(*this, const_cast<Config &>(this->config).fields());               \
  }                                                                                                \
  ::horn::LayerPtr Kind##Layer::from_config(const ::horn::ConfigValue &value,                      \
                                            ::horn::LayerReader &reader) {                         \
    Config config;                                                                                 \
    ::horn::read_fields(config.fields(), value, #Kind, reader);                                    \
    return std::make_shared<Kind##Layer>(std::move(config));                                       \
  }
