// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes docs/support.md from the registries: each class of Keras and what Horn does with it.
#include "frontend/core/LayerRegistry.h"
#include "frontend/ops/Operation.h"
#include "frontend/saving/ConfigJson.h"
#include "frontend/saving/FileBytes.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <set>

namespace {
struct Row {
  std::string_view name, state;
};
} // namespace

static constexpr Row unsupported_layers[] = {
#define HORN_UNSUPPORTED(Class, reason, alternative) {#Class, reason "; " alternative},
#include "frontend/saving/Unsupported.def"
    {"Lambda", "it holds Python code; write it as a layer in C++ under the name Lambda"},
};

static constexpr std::string_view augmentations[] = {
#define HORN_AUGMENTATION(Class) #Class,
#include "frontend/layers/preprocessing/Augmentation.def"
};

static constexpr Row missing_operations[] = {
#define HORN_MISSING_OPERATION(Class, reason, alternative) {#Class, reason "; " alternative},
#include "frontend/ops/tables/Missing.def"
};

static void write_layers(std::ostream &out) {
  std::set<std::string_view> random(std::begin(augmentations), std::end(augmentations));
  out << "## Layers\n\n| class | state |\n|---|---|\n";
  for (const std::string &name : horn::layer_names())
    out << "| " << name << " | " << (random.contains(name) ? "identity at inference" : "supported")
        << " |\n";
  for (const Row &row : unsupported_layers)
    out << "| " << row.name << " | not supported: " << row.state << " |\n";
}

/// Classes of the cases whose numbers the tests compare with Keras's.
static std::set<std::string> compared_classes(const std::string &path) {
  std::set<std::string> classes;
  horn::saving::FileBytes file = horn::saving::map_file(path);
  horn::ConfigValue index = horn::saving::parse_config(file.text(), path);
  for (const horn::ConfigValue &entry : index.at("cases").as_list())
    for (const horn::ConfigValue &name : entry.at("classes").as_list())
      classes.insert(std::string(name.as_string()));
  return classes;
}

static void write_operations(std::ostream &out, const std::set<std::string> &compared) {
  std::set<std::string> names;
  for (const horn::OperationEntry *entry : horn::all_operations())
    names.insert(std::string(entry->class_name));
  out << "\n## Operations\n\nFunctions of `keras.ops` by the class that files hold. "
         "Untested ones are there, but no test compares them with Keras's numbers.\n\n"
      << "| class | state |\n|---|---|\n";
  for (const std::string &name : names)
    out << "| " << name << " | " << (compared.contains(name) ? "supported" : "untested") << " |\n";
  for (const Row &row : missing_operations)
    out << "| " << row.name << " | not supported: " << row.state << " |\n";
}

int main(int argc, char **argv) {
  if (argc != 3) {
    std::cerr << "usage: horn-support CASES FILE\n";
    return 2;
  }
  std::ofstream out(argv[2]);
  out << "# What of Keras is supported\n\nMade by `ninja support_page` from the registries; do not "
         "edit.\nAn argument that Horn does not know and that changes the result is an error that "
         "names it.\n\n";
  write_layers(out);
  write_operations(out, compared_classes(argv[1]));
  return out.good() ? 0 : 1;
}
