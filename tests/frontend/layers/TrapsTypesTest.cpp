// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is easy to get wrong in models of other types than float32.
#include "tests/frontend/layers/Traps.h"

using namespace horn;
using namespace horn::layers;
using namespace horn::traps;

static DTypePolicy policy(const char *name) { return DTypePolicy(name); }

/// A little of everything, with the result as float32.
static Model net(const DTypePolicy &dtype) {
  Tensor x = Input({5, 5, 2});
  Tensor y = Conv2D({.filters = 3, .kernel_size = 3, .padding = "same", .dtype = dtype})(x);
  y = layers::Activation({.activation = "gelu", .dtype = dtype})(y);
  y = BatchNormalization({.dtype = dtype})(y);
  y = DepthwiseConv2D({.kernel_size = 2, .dtype = dtype})(y);
  y = UpSampling2D({.interpolation = "bilinear", .dtype = dtype})(y);
  y = LayerNormalization({.dtype = dtype})(MaxPooling2D({.dtype = dtype})(y));
  y = Softmax({.dtype = dtype})(Dense({.units = 4, .dtype = dtype})(y));
  y = GlobalAveragePooling2D({.dtype = dtype})(y);
  Model model(x, layers::Activation({.activation = "linear", .dtype = policy("float32")})(y));
  set_pattern(model);
  return model;
}

/// Compiled, interpreted and in float32: near each other, as far as the type allows.
static void expect_near_float32(const char *name, double tolerance) {
  SCOPED_TRACE(name);
  Array input = numbers({2, 5, 5, 2});
  Model model = net(policy(name));
  Array expected = run(net(policy("float32")), {input});
  CompiledModel compiled(model);
  for (const Array &got :
       {Session(compiled).run({input}).front(), interpret(model, {input}).front()})
    for (size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(got.at(i), expected.at(i), tolerance) << "element " << i;
}

TEST(Traps, NarrowTypesAreCompiled) {
  expect_near_float32("float16", 5e-3);
  expect_near_float32("mixed_float16", 5e-3);
  expect_near_float32("bfloat16", 5e-2);
  expect_near_float32("mixed_bfloat16", 5e-2);
}

TEST(Traps, Float64IsComputedAsSuch) { expect_near_float32("float64", 1e-5); }

TEST(Traps, MixedPoliciesKeepVariablesInFloat32) {
  auto dense = Dense({.units = 2, .dtype = policy("mixed_bfloat16")});
  EXPECT_EQ(dense(Input({3})).dtype(), DType::bfloat16);
  EXPECT_EQ(dense->kernel->dtype(), DType::float32);
}

TEST(Traps, FloatingInputsAreCastAndIntegersAreNot) {
  auto identity = Identity({.dtype = policy("float16")});
  EXPECT_EQ(identity(Input({3})).dtype(), DType::float16);
  EXPECT_EQ(identity(Input({3}, {.dtype = DType::int32})).dtype(), DType::int32);
}

TEST(Traps, IntegersStayIntegersWhereNothingIsComputed) {
  Tensor x = Input({4, 4, 1}, {.dtype = DType::uint8});
  EXPECT_EQ(Flatten()(x).dtype(), DType::uint8);
  EXPECT_EQ(ZeroPadding2D()(x).dtype(), DType::uint8);
  EXPECT_EQ(Resizing({.height = 2, .width = 2})(x).dtype(), DType::uint8);
  EXPECT_EQ(Rescaling({.scale = 0.5})(x).dtype(), DType::float32);
}
