// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tensors of other libraries as arrays and back, without copies.
#include <horn/dlpack.h>

#include <functional>
#include <gtest/gtest.h>

using namespace horn;

namespace {
/// A tensor of another library; counts how often it is given back.
struct Foreign {
  std::vector<float> numbers = {1, 2, 3, 4, 5, 6};
  std::vector<int64_t> shape = {2, 3}, strides = {3, 1};
  int deleted = 0;
  DLManagedTensor managed = {};
  DLManagedTensorVersioned versioned = {};

  Foreign() {
    managed.dl_tensor = {numbers.data(), {kDLCPU, 0},    2, {kDLFloat, 32, 1},
                         shape.data(),   strides.data(), 0};
    managed.manager_ctx = versioned.manager_ctx = this;
    managed.deleter = [](DLManagedTensor *self) {
      ++static_cast<Foreign *>(self->manager_ctx)->deleted;
    };
    versioned.version = {1, 0};
    versioned.dl_tensor = managed.dl_tensor;
    versioned.deleter = [](DLManagedTensorVersioned *self) {
      ++static_cast<Foreign *>(self->manager_ctx)->deleted;
    };
  }
  DLTensor &tensor() { return managed.dl_tensor; }
};
} // namespace

/// The message of taking a tensor that was changed; it must stay the caller's.
static std::string refusal(const std::function<void(Foreign &)> &change) {
  Foreign foreign;
  change(foreign);
  try {
    from_dlpack(&foreign.managed);
  } catch (const Error &error) {
    EXPECT_EQ(foreign.deleted, 0);
    return error.what();
  }
  return "no error";
}

TEST(Dlpack, AnArrayGoesOutWithoutACopy) {
  Array array({2, 3}, DType::int16);
  std::byte *bytes = array.bytes();
  DLManagedTensor *tensor = to_dlpack(array);
  array = Array(); // the tensor keeps the elements
  EXPECT_EQ(tensor->dl_tensor.data, bytes);
  EXPECT_EQ(tensor->dl_tensor.ndim, 2);
  EXPECT_EQ(tensor->dl_tensor.shape[1], 3);
  EXPECT_EQ(tensor->dl_tensor.strides[0], 3);
  EXPECT_EQ(tensor->dl_tensor.device.device_type, kDLCPU);
  EXPECT_EQ(tensor->dl_tensor.dtype.code, kDLInt);
  EXPECT_EQ(tensor->dl_tensor.dtype.bits, 16);
  EXPECT_EQ(tensor->dl_tensor.byte_offset, 0u);
  static_cast<int16_t *>(tensor->dl_tensor.data)[5] = 7;
  tensor->deleter(tensor);
}

TEST(Dlpack, EveryElementTypeComesBack) {
  for (DType dtype : {
#define HORN_DTYPE(name, bytes, safetensors) DType::name,
#include "frontend/core/DTypes.def"
       }) {
    Array array({3}, dtype);
    array.set(1, 1);
    Array again = from_dlpack(to_dlpack(array));
    EXPECT_EQ(again.dtype(), dtype);
    EXPECT_EQ(again.bytes(), array.bytes());
    EXPECT_EQ(from_dlpack(to_dlpack_versioned(array)).at(1), 1);
  }
}

TEST(Dlpack, TheTensorIsGivenBackOnceWithTheLastCopy) {
  Foreign foreign;
  {
    Array copy;
    {
      Array array = from_dlpack(&foreign.managed);
      EXPECT_EQ(array.shape(), (Shape{2, 3}));
      EXPECT_EQ(array.bytes(), reinterpret_cast<std::byte *>(foreign.numbers.data()));
      copy = array;
    }
    EXPECT_EQ(foreign.deleted, 0);
    EXPECT_EQ(copy.at(5), 6);
  }
  EXPECT_EQ(foreign.deleted, 1);
}

TEST(Dlpack, ATensorWithoutDeleterIsNeverGivenBack) {
  Foreign foreign;
  foreign.managed.deleter = nullptr;
  EXPECT_EQ(from_dlpack(&foreign.managed).at(0), 1);
}

TEST(Dlpack, OffsetsAndStridesThatAreDense) {
  Foreign foreign;
  foreign.tensor().byte_offset = 8;
  foreign.shape = {1, 4};
  foreign.strides = {77, 1}; // of an axis of one element: says nothing
  EXPECT_EQ(from_dlpack(&foreign.managed).at(0), 3);
  foreign.tensor().strides = nullptr;
  EXPECT_EQ(from_dlpack(&foreign.managed).at(3), 6);
  foreign.tensor().ndim = 0;
  foreign.tensor().shape = nullptr;
  EXPECT_EQ(from_dlpack(&foreign.managed).shape(), Shape());
}

TEST(Dlpack, TensorsWithoutElementsNeedNoMemory) {
  Foreign foreign;
  foreign.shape = {0, 3};
  foreign.tensor().data = nullptr;
  Array array = from_dlpack(&foreign.managed);
  EXPECT_EQ(array.size(), 0u);
  EXPECT_TRUE(array.defined());
}

TEST(Dlpack, WhatCannotBeTakenStaysTheCallers) {
  EXPECT_EQ(refusal([](Foreign &f) { f.tensor().device.device_type = kDLCUDA; }),
            "a DLPack tensor is not in the memory of the CPU; expected device type 1, found "
            "device type 2; copy it to the CPU first");
  EXPECT_EQ(refusal([](Foreign &f) { f.strides = {1, 2}; }),
            "a DLPack tensor of shape (2, 3) is not dense; expected row-major elements without "
            "gaps; make it contiguous first");
  EXPECT_EQ(refusal([](Foreign &f) { f.tensor().dtype = {kDLComplex, 64, 1}; }),
            "a DLPack tensor has an element type that Horn does not have; expected one lane of a "
            "number or bool, found code 5, 64 bits, 1 lanes");
  EXPECT_EQ(refusal([](Foreign &f) { f.tensor().dtype.lanes = 4; }),
            "a DLPack tensor has an element type that Horn does not have; expected one lane of a "
            "number or bool, found code 2, 32 bits, 4 lanes");
  EXPECT_EQ(refusal([](Foreign &f) { f.tensor().byte_offset = 2; }),
            "a DLPack tensor is not aligned to its elements; expected a multiple of 4 bytes");
  EXPECT_EQ(refusal([](Foreign &f) { f.shape[0] = -1; }),
            "a DLPack tensor has sizes that are negative or too large; found (None, 3)");
  EXPECT_EQ(refusal([](Foreign &f) { f.shape = {INT64_MAX, INT64_MAX}; }),
            "a DLPack tensor has sizes that are negative or too large; found "
            "(9223372036854775807, 9223372036854775807)");
  EXPECT_EQ(refusal([](Foreign &f) { f.tensor().ndim = -1; }),
            "a DLPack tensor has a wrong number of axes; found -1");
  EXPECT_EQ(refusal([](Foreign &f) { f.tensor().data = nullptr; }),
            "a DLPack tensor of shape (2, 3) has no data");
}

TEST(Dlpack, VersionsAndReadOnlyElements) {
  Foreign foreign;
  foreign.versioned.flags = DLPACK_FLAG_BITMASK_READ_ONLY;
  EXPECT_THROW(from_dlpack(&foreign.versioned), Error);
  EXPECT_EQ(foreign.deleted, 0);
  EXPECT_EQ(from_dlpack(&foreign.versioned, ReadOnly::accept).at(2), 3);
  EXPECT_EQ(foreign.deleted, 1);
  foreign.versioned.version.major = 2;
  EXPECT_THROW(from_dlpack(&foreign.versioned, ReadOnly::accept), Error);
  EXPECT_EQ(foreign.deleted, 1);
  EXPECT_THROW(to_dlpack(Array()), Error);
}
