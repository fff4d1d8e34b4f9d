// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/Fields.h"

#include "frontend/core/ErrorPath.h"
#include "frontend/core/LayerRegistry.h"
#include "frontend/saving/ConfigCompat.h"

#include <algorithm>

namespace horn {

IntList IntList::expanded(size_t count, std::string_view what, int64_t least,
                          const IntList &otherwise) const {
  const IntList &given = empty() ? otherwise : *this;
  IntList result = given;
  if (given.size() == 1)
    result.assign(count, given.front());
  bool fits = result.size() == count &&
              std::all_of(result.begin(), result.end(), [&](int64_t v) { return v >= least; });
  require(fits, {.what = "wrong " + std::string(what),
                 .expected = std::to_string(count) + " integers of at least " +
                             std::to_string(least) + ", or one for all",
                 .found = ConfigValue(static_cast<const std::vector<int64_t> &>(given)).str()});
  return result;
}

PairList PairList::expanded(size_t rank, std::string_view what) const {
  std::vector<Pair> result = pairs_;
  if (rank == 1 && result.size() == 2 && result[0].single && result[1].single)
    result = {Pair(result[0].before, result[1].before)};
  if (result.size() == 1 && result[0].single)
    result.assign(rank, result[0]);
  bool fits = result.size() == rank && std::all_of(result.begin(), result.end(), [](Pair &pair) {
                pair.single = false;
                return pair.before >= 0 && pair.after >= 0;
              });
  require(fits, {.what = "wrong " + std::string(what),
                 .expected = "one integer, or " + std::to_string(rank) +
                             " integers or pairs of integers, none negative",
                 .found = std::to_string(pairs_.size()) + " entries"});
  return PairList(std::move(result));
}

static PairList read_pairs(const ConfigValue &value) {
  if (!value.is_list())
    return PairList(value.as_int());
  std::vector<PairList::Pair> pairs;
  for (const ConfigValue &item : value.as_list())
    if (!item.is_list())
      pairs.emplace_back(item.as_int());
    else if (std::vector<int64_t> both = item.as_ints(); both.size() == 2)
      pairs.emplace_back(both[0], both[1]);
    else
      throw Error({.what = "wrong pair", .expected = "two integers", .found = item.str()});
  return PairList(std::move(pairs));
}

static ConfigValue write_pairs(const PairList &list) {
  ConfigValue::List values;
  for (const PairList::Pair &pair : list.pairs())
    values.push_back(std::vector<int64_t>{pair.before, pair.after});
  // Keras keeps the pair of a single axis flat.
  return values.size() == 1 ? values.front() : ConfigValue(std::move(values));
}

namespace {
/// Reads one field; null leaves those that have "none" at none and the others at their default.
struct Read {
  const ConfigValue &value;
  LayerReader &reader;

  void operator()(bool *to) { *to = value.as_bool(); }
  void operator()(int64_t *to) { *to = value.as_int(); }
  void operator()(double *to) { *to = value.as_number(); }
  void operator()(std::string *to) {
    if (!value.is_null())
      *to = value.as_string();
  }
  void operator()(std::optional<int64_t> *to) {
    *to = value.is_null() ? std::nullopt : std::optional(value.as_int());
  }
  void operator()(std::optional<double> *to) {
    *to = value.is_null() ? std::nullopt : std::optional(value.as_number());
  }
  void operator()(IntList *to) { *to = value.is_null() ? IntList() : IntList(value.as_ints()); }
  void operator()(PairList *to) { *to = read_pairs(value); }
  void operator()(ConfigValue *to) { *to = value; }
  void operator()(Initializer *to) {
    if (!value.is_null())
      *to = Initializer::from_config(value);
  }
  void operator()(Regularizer *to) { *to = Regularizer::from_config(value); }
  void operator()(Constraint *to) { *to = Constraint::from_config(value); }
  void operator()(Activation *to) {
    // An activation may be a layer such as LeakyReLU.
    if (value.is_dict() && find_layer(value.string_or("class_name", "")))
      *to = Activation(reader.read_layer(value));
    else
      *to = Activation::from_config(value);
  }
  void operator()(LayerPtr *to) { *to = value.is_null() ? nullptr : reader.read_layer(value); }
  void operator()(std::vector<LayerPtr> *to) {
    for (const ConfigValue &item : value.as_list())
      to->push_back(reader.read_layer(item));
  }
  void operator()(DTypePolicy *to) { *to = DTypePolicy::from_config(value); }
};

struct Write {
  ConfigValue operator()(IntList *from) {
    return from->empty() ? ConfigValue()
                         : ConfigValue(static_cast<const std::vector<int64_t> &>(*from));
  }
  ConfigValue operator()(PairList *from) { return write_pairs(*from); }
  ConfigValue operator()(LayerPtr *from) { return *from ? envelope_of(**from) : ConfigValue(); }
  ConfigValue operator()(std::vector<LayerPtr> *from) {
    ConfigValue::List list;
    for (const LayerPtr &layer : *from)
      list.push_back(envelope_of(*layer));
    return list;
  }
  ConfigValue operator()(auto *from) {
    if constexpr (requires { from->get_config(); })
      return from->get_config();
    else if constexpr (requires { from->has_value(); })
      return *from ? ConfigValue(**from) : ConfigValue();
    else
      return *from;
  }
};
} // namespace

void read_fields(const Fields &fields, const ConfigValue &given, std::string_view class_name,
                 LayerReader &reader) {
  ConfigValue config = saving::modernize_config(class_name, given);
  for (const Field &field : fields) {
    const ConfigValue *value = config.find(field.key);
    if (!value)
      continue;
    try {
      std::visit(Read{*value, reader}, field.value);
    } catch (const Error &error) {
      rethrow_within(error, std::string(field.key));
    }
  }
  for (const auto &[key, value] : config.as_dict()) {
    bool known = std::any_of(fields.begin(), fields.end(),
                             [&, &key = key](const Field &field) { return field.key == key; });
    if (!known)
      saving::check_unknown_key(class_name, key, value);
  }
}

void check_arguments(std::string_view class_name, const std::string &name,
                     const std::function<void()> &check) {
  try {
    check();
  } catch (const Error &error) {
    rethrow_within(error, name.empty() ? std::string(class_name) : name);
  }
}

ConfigValue write_fields(const Fields &fields) {
  ConfigValue config = ConfigValue::dict();
  for (const Field &field : fields)
    config.set(field.key, std::visit(Write{}, field.value));
  return config;
}

} // namespace horn
