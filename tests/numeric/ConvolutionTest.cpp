// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Convolutions in groups, depthwise ones with several filters a channel, and transposed ones, at
// the sizes where their forms begin and end, for each width of vectors; batches that are run in
// parts.
#include "tests/numeric/Support.h"

namespace horn::numeric {

TEST(Groups, sizes) {
  struct Case {
    int64_t groups, inputs, filters; // of a group
  };
  // Several groups in a vector, one, and more than one vector a group; and those that fit none of
  // these.
  for (const Case &c :
       {Case{8, 4, 4}, Case{5, 4, 4}, Case{6, 8, 8}, Case{3, 16, 16}, Case{2, 5, 16}, Case{4, 2, 4},
        Case{4, 8, 2}, Case{2, 32, 4}, Case{9, 1, 2}, Case{3, 20, 24}, Case{2, 64, 64},
        Case{3, 3, 3}, Case{2, 7, 9}, Case{4, 4, 1}}) {
    SCOPED_TRACE(std::to_string(c.groups) + " x " + std::to_string(c.inputs) + " to " +
                 std::to_string(c.filters));
    Tensor x = Input({6, 9, c.groups * c.inputs});
    check_everywhere(Model(x, layers::Conv2D({.filters = c.groups * c.filters,
                                              .kernel_size = 3,
                                              .padding = "same",
                                              .groups = c.groups,
                                              .activation = "relu"})(x)),
                     {2});
  }
}

TEST(Groups, windows) {
  for (int64_t filters : {4, 16, 24}) {
    SCOPED_TRACE(std::to_string(filters) + " filters a group");
    Tensor x = Input({11, 10, 4 * filters});
    for (int64_t size : {1, 2, 5})
      for (const char *padding : {"same", "valid"}) {
        layers::ConvConfig args{.filters = 4 * filters, .kernel_size = size, .padding = padding};
        args.groups = 4;
        args.strides = 2;
        check_model(Model(x, layers::Conv2D(args)(x)), {1, 3});
        args.strides = 1;
        args.dilation_rate = 2;
        check_model(Model(x, layers::Conv2D(args)(x)), {2});
      }
  }
}

TEST(Groups, otherRanks) {
  Tensor line = Input({21, 32});
  check_everywhere(
      Model(line, layers::Conv1D({.filters = 32, .kernel_size = 5, .padding = "same", .groups = 4})(
                      line)),
      {1, 2});
  Tensor block = Input({5, 6, 7, 16});
  check_everywhere(
      Model(block, layers::Conv3D(
                       {.filters = 32, .kernel_size = 3, .padding = "same", .groups = 4})(block)),
      {2});
}

TEST(Groups, epilogues) {
  for (int64_t channels : {32, 64, 96}) { // of 4 groups
    SCOPED_TRACE(std::to_string(channels) + " channels");
    Tensor x = Input({7, 8, channels});
    layers::ConvConfig args{.filters = channels, .kernel_size = 3, .padding = "same"};
    args.groups = 4;
    Tensor y = layers::Conv2D(args)(x);
    check_everywhere(Model(x, layers::Activation({.activation = "silu"})(layers::Add()({y, x}))),
                     {2});
    check_everywhere(
        Model(x, layers::ZeroPadding2D({.padding = 1})(layers::BatchNormalization()(y))), {1});
    check_model(Model(x, layers::Activation({.activation = "softmax"})(y)), {2});
  }
}

TEST(Groups, unknownSizes) {
  Tensor x = Input({None, None, 32});
  layers::ConvConfig args{.filters = 32, .kernel_size = 3, .padding = "same"};
  args.groups = 8;
  check_model(Model(x, layers::Conv2D(args)(x)), {1, 2, 9});
}

TEST(DepthMultiplier, sizes) {
  for (int64_t multiplier : {2, 3, 4, 8, 16})
    for (int64_t channels : {1, 8, 17}) {
      SCOPED_TRACE(std::to_string(channels) + " channels, " + std::to_string(multiplier) +
                   " filters");
      Tensor x = Input({6, 11, channels});
      check_everywhere(
          Model(x, layers::DepthwiseConv2D(
                       {.kernel_size = 3, .padding = "same", .depth_multiplier = multiplier})(x)),
          {2});
    }
}

TEST(Transposed, phases) {
  for (int64_t size : {1, 2, 3, 4, 5})
    for (int64_t stride : {1, 2, 3})
      for (const char *padding : {"same", "valid"}) {
        SCOPED_TRACE(std::string(padding) + " window " + std::to_string(size) + " stride " +
                     std::to_string(stride));
        Tensor x = Input({5, 6, 7});
        layers::ConvTransposeConfig args{.filters = 18, .kernel_size = size, .padding = padding};
        args.strides = stride;
        args.activation = "relu";
        check_model(Model(x, layers::Conv2DTranspose(args)(x)), {2});
      }
}

TEST(Transposed, otherRanksAndSizes) {
  Tensor line = Input({9, 5}), block = Input({3, 4, 2, 6}), any = Input({None, None, 5});
  check_model(
      Model(line, layers::Conv1DTranspose({.filters = 7, .kernel_size = 4, .strides = 3})(line)),
      {1, 3});
  check_model(
      Model(block, layers::Conv3DTranspose(
                       {.filters = 4, .kernel_size = 3, .strides = 2, .padding = "same"})(block)),
      {2});
  check_model(
      Model(any, layers::Conv2DTranspose(
                     {.filters = 4, .kernel_size = 3, .strides = 2, .padding = "same"})(any)),
      {2, 5});
}

TEST(Pooling, largeWindows) {
  // One axis after the other from 25 pixels on.
  for (const char *padding : {"same", "valid"})
    for (int64_t stride : {1, 2}) {
      Tensor x = Input({11, 12, 5}), z = Input({6, 7, 8, 3});
      check_model(
          Model(x, layers::MaxPooling2D(
                       {.pool_size = {5, 7}, .strides = {stride, 1}, .padding = padding})(x)),
          {2});
      check_model(Model(z, layers::MaxPooling3D(
                               {.pool_size = 3, .strides = stride, .padding = padding})(z)),
                  {1});
    }
}

TEST(Parts, sameBitsAsRowByRow) {
  // 1.2 MB of temporaries a row: a batch of 40 outgrows half of any last cache that counts (32 MB
  // at most).
  Tensor x = Input({64, 64, 8});
  Tensor y = layers::Conv2D({.filters = 64, .kernel_size = 3, .padding = "same"})(x);
  y = layers::Conv2D({.filters = 8, .kernel_size = 1, .activation = "tanh"})(y);
  Model model(x, layers::GlobalAveragePooling2D()(y));
  std::mt19937 generator(3);
  randomize_weights(model, generator);
  CompiledModel compiled(model);
  Session session(compiled), alone(compiled);
  Arrays inputs = random_inputs(model, 41, generator);
  Arrays outputs = session.run(inputs);
  EXPECT_LT(session.arena_bytes(), int64_t{20} << 20);
  EXPECT_TRUE(same_bits(session.run(inputs), outputs)) << "again";
  for (int64_t row : {0, 15, 16, 31, 39, 40})
    EXPECT_TRUE(same_bits(alone.run(rows(inputs, row, 1)), rows(outputs, row, 1))) << "row " << row;
}

} // namespace horn::numeric
