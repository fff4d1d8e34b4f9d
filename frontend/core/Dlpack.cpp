// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/Dlpack.h"

#include "frontend/core/DlpackAbi.h"

namespace horn {

static constexpr int32_t kMaxRank = 64;

static DLDataTypeCode code_of(DType dtype) {
  if (dtype == DType::boolean)
    return kDLBool;
  if (dtype == DType::bfloat16)
    return kDLBfloat;
  if (is_floating(dtype))
    return kDLFloat;
  return dtype_name(dtype).starts_with("u") ? kDLUInt : kDLInt;
}

static DLDataType type_of(DType dtype) {
  return {static_cast<uint8_t>(code_of(dtype)), static_cast<uint8_t>(8 * dtype_bytes(dtype)), 1};
}

static DType dtype_of(const DLDataType &type) {
#define HORN_DTYPE(name, bytes, safetensors)                                                       \
  if (DLDataType own = type_of(DType::name);                                                       \
      own.code == type.code && own.bits == type.bits && type.lanes == 1)                           \
    return DType::name;
#include "frontend/core/DTypes.def"
  throw Error({.what = "a DLPack tensor has an element type that Horn does not have",
               .expected = "one lane of a number or bool",
               .found = "code " + std::to_string(type.code) + ", " + std::to_string(type.bits) +
                        " bits, " + std::to_string(type.lanes) + " lanes"});
}

/// `what` with the message's usual beginning unless it holds.
static void check(bool holds, ErrorParts parts) {
  if (holds)
    return;
  parts.what = "a DLPack tensor " + parts.what;
  throw Error(std::move(parts));
}

static Shape shape_of(const DLTensor &tensor) {
  check(tensor.ndim >= 0 && tensor.ndim <= kMaxRank && (tensor.ndim == 0 || tensor.shape),
        {.what = "has a wrong number of axes", .found = std::to_string(tensor.ndim)});
  Shape shape(std::vector<int64_t>(tensor.shape, tensor.shape + tensor.ndim));
  check(shape.is_static() && shape.num_elements(),
        {.what = "has sizes that are negative or too large", .found = shape.str()});
  return shape;
}

static bool is_row_major(const DLTensor &tensor, const Shape &shape) {
  if (!tensor.strides || *shape.num_elements() == 0)
    return true;
  int64_t stride = 1;
  for (size_t axis = shape.rank(); axis-- > 0; stride *= shape[axis])
    if (shape[axis] != 1 && tensor.strides[axis] != stride)
      return false;
  return true;
}

static bool is_host_memory(DLDeviceType device) {
  return device == kDLCPU || device == kDLCUDAHost || device == kDLROCMHost;
}

/// An array without owner on the tensor's elements, checked.
static Array look_at(const DLTensor &tensor) {
  check(is_host_memory(tensor.device.device_type),
        {.what = "is not in the memory of the CPU",
         .expected = "device type " + std::to_string(kDLCPU),
         .found = "device type " + std::to_string(tensor.device.device_type),
         .hint = "copy it to the CPU first"});
  DType dtype = dtype_of(tensor.dtype);
  Shape shape = shape_of(tensor);
  check(is_row_major(tensor, shape), {.what = "of shape " + shape.str() + " is not dense",
                                      .expected = "row-major elements without gaps",
                                      .hint = "make it contiguous first"});
  // Tensors without elements may have no memory.
  alignas(8) static char nothing[8];
  bool empty = *shape.num_elements() == 0;
  check(empty || tensor.data, {.what = "of shape " + shape.str() + " has no data"});
  char *data = empty ? nothing : static_cast<char *>(tensor.data) + tensor.byte_offset;
  check(reinterpret_cast<uintptr_t>(data) % dtype_bytes(dtype) == 0,
        {.what = "is not aligned to its elements",
         .expected = "a multiple of " + std::to_string(dtype_bytes(dtype)) + " bytes"});
  return Array(std::move(shape), dtype, data, nullptr);
}

template <typename Managed> static Array take(Managed *tensor) {
  Array view = look_at(tensor->dl_tensor);
  std::shared_ptr<void> owner(tensor, [](void *pointer) {
    auto *managed = static_cast<Managed *>(pointer);
    if (managed->deleter)
      managed->deleter(managed);
  });
  return Array(view.shape(), view.dtype(), view.bytes(), std::move(owner));
}

Array from_dlpack(DLManagedTensor *tensor) { return take(tensor); }

Array from_dlpack(DLManagedTensorVersioned *tensor, ReadOnly read_only) {
  // Nothing but version and deleter may be looked at in a tensor of another major version.
  check(tensor->version.major == DLPACK_MAJOR_VERSION,
        {.what = "is of another version",
         .expected = std::to_string(DLPACK_MAJOR_VERSION),
         .found = std::to_string(tensor->version.major)});
  check(read_only == ReadOnly::accept || !(tensor->flags & DLPACK_FLAG_BITMASK_READ_ONLY),
        {.what = "must not be written",
         .hint = "ReadOnly::accept takes it for reading; else copy it first"});
  return take(tensor);
}

namespace {
/// A tensor and what it points to.
template <typename Managed> struct Export {
  Managed managed = {};
  Array array;
  std::vector<int64_t> shape, strides;
};
} // namespace

template <typename Managed> static Managed *give(const Array &array) {
  if (!array.defined())
    throw Error({.what = "an array that was never set cannot be a DLPack tensor"});
  auto *made = new Export<Managed>{{}, array, array.shape().dims(), {}};
  made->strides.resize(made->shape.size());
  int64_t stride = 1;
  for (size_t axis = made->shape.size(); axis-- > 0; stride *= made->shape[axis])
    made->strides[axis] = stride;
  made->managed.dl_tensor = {array.bytes(),
                             {kDLCPU, 0},
                             static_cast<int32_t>(made->shape.size()),
                             type_of(array.dtype()),
                             made->shape.data(),
                             made->strides.data(),
                             0};
  made->managed.manager_ctx = made;
  made->managed.deleter = [](Managed *self) {
    delete static_cast<Export<Managed> *>(self->manager_ctx);
  };
  return &made->managed;
}

DLManagedTensor *to_dlpack(const Array &array) { return give<DLManagedTensor>(array); }

DLManagedTensorVersioned *to_dlpack_versioned(const Array &array) {
  auto *tensor = give<DLManagedTensorVersioned>(array);
  tensor->version = {DLPACK_MAJOR_VERSION, DLPACK_MINOR_VERSION};
  return tensor;
}

} // namespace horn
