// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// All functions that saved models may name: Keras's class to a function of ops::.
#include "frontend/ops/tables/OperationTable.h"

#include <unordered_map>

namespace horn {

std::vector<const OperationEntry *> all_operations() {
  std::vector<const OperationEntry *> all;
  for (std::span<const OperationEntry> table :
       {tables::elementwise_operations(), tables::reduce_operations(), tables::shape_operations(),
        tables::join_operations(), tables::nn_operations(), tables::activation_operations(),
        tables::image_operations(), tables::math_operations(), tables::order_operations(),
        tables::create_operations(), tables::scatter_operations(), tables::bit_operations(),
        tables::fourier_operations(), tables::linear_algebra_operations(),
        tables::transform_operations(), tables::filter_operations(), tables::ctc_operations()})
    for (const OperationEntry &entry : table)
      all.push_back(&entry);
  return all;
}

const OperationEntry *find_operation(std::string_view class_name) {
  static const auto table = [] {
    std::unordered_map<std::string_view, const OperationEntry *> table;
    for (const OperationEntry *entry : all_operations())
      table[entry->class_name] = entry;
    return table;
  }();
  auto found = table.find(class_name);
  return found == table.end() ? nullptr : found->second;
}

} // namespace horn
