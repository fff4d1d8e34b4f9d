// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes docs/support.md from the registries: each class of Keras and what Horn does with it.
#include "frontend/core/LayerRegistry.h"
#include "frontend/ops/Operation.h"

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

static void write_operations(std::ostream &out) {
  std::set<std::string> names;
  for (const horn::OperationEntry *entry : horn::all_operations())
    names.insert(std::string(entry->class_name));
  out << "\n## Operations\n\nFunctions of `keras.ops` by the class that files hold.\n\n"
      << "| class | state |\n|---|---|\n";
  for (const std::string &name : names)
    out << "| " << name << " | supported |\n";
  for (const Row &row : missing_operations)
    out << "| " << row.name << " | not supported: " << row.state << " |\n";
}

int main(int argc, char **argv) {
  if (argc != 2) {
    std::cerr << "usage: horn-support FILE\n";
    return 2;
  }
  std::ofstream out(argv[1]);
  out << "# What of Keras is supported\n\nMade by `ninja support_page` from the registries; do not "
         "edit.\nAn argument that Horn does not know and that changes the result is an error that "
         "names it.\n\n";
  write_layers(out);
  write_operations(out);
  return out.good() ? 0 : 1;
}
