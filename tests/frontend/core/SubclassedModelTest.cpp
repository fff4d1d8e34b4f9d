// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Models whose call is C++: members, names of weights, saving.
#include "tests/frontend/core/Support.h"

#include "frontend/saving/WeightPaths.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

using namespace horn;
using namespace horn::test;

namespace {
struct Classifier : Model::Base {
  using Model::Base::Base;
  layers::Dense a{{.units = 4}}, z{{.units = 2}};
  std::vector<layers::Dense> blocks{layers::Dense({.units = 3}), layers::Dense({.units = 3})};
  HORN_TRACK(a, z, blocks)
  Tensor call(const Tensor &x) override {
    Tensor y = a(x);
    for (const layers::Dense &block : blocks)
      y = block(y);
    return z(y);
  }
};
HORN_REGISTER_LAYER("test>Classifier", Classifier);

struct Untracked : Model::Base {
  layers::Dense hidden{{.units = 4}}, head{{.units = 2}};
  Tensor call(const Tensor &x) override {
    Tensor y = hidden(x);
    add_loss(ops::mean(ops::square(y)));
    return head(y);
  }
};

struct TwoInputs : Model::Base {
  layers::Dense dense{{.units = 2}};
  std::vector<Tensor> call_with(const Arguments &arguments) override {
    std::vector<Tensor> inputs = arguments.inputs();
    Tensor sum = dense(inputs.at(0)) + dense(inputs.at(1));
    return {sum, sum * 2};
  }
};
} // namespace

static const Array row = floats({1, 3}, {1, 2, 3});

TEST(SubclassedModel, LearnsItsShapesFromItsFirstNumbers) {
  auto model = make_model<Classifier>();
  EXPECT_EQ(model.layers().size(), 0u);
  Array y = model.predict(row);
  EXPECT_EQ(y.shape(), (Shape{1, 2}));
  EXPECT_EQ(model.predict(floats({2, 3}, {1, 2, 3, 4, 5, 6})).shape(), (Shape{2, 2}));
  EXPECT_EQ(model.layers().size(), 4u);
  EXPECT_EQ(model.weights().size(), 8u);
  EXPECT_EQ(model.inputs()[0].shape(), (Shape{None, 3}));
  EXPECT_EQ(model->a->count_params(), 16);
}

TEST(SubclassedModel, IsBuiltForAShape) {
  auto model = make_model<Classifier>();
  model.build({None, 3});
  EXPECT_EQ(model.count_params(), 16 + 15 + 12 + 8);
  EXPECT_EQ(model.compute_output_shape({7, 3}), (Shape{7, 2}));
  std::ostringstream text;
  model.summary(text);
  EXPECT_NE(text.str().find("Total params: 51"), std::string::npos) << text.str();
}

TEST(SubclassedModel, MembersAreFrozenBeforeTheFirstCall) {
  auto model = make_model<Classifier>();
  model.set_trainable(false);
  model.build({None, 3});
  EXPECT_EQ(model.trainable_weights().size(), 0u);
}

TEST(SubclassedModel, KerasNamesOfWeights) {
  auto model = make_model<Classifier>();
  model.build({None, 3});
  std::vector<std::string> paths;
  for (const saving::WeightGroup &group : saving::weight_groups(*model.network()))
    if (!group.layer->own_weights().empty())
      paths.push_back(group.path);
  // As Keras 3 writes a class with these attributes: its property `layers` comes before z.
  EXPECT_EQ(paths,
            (std::vector<std::string>{"a", "blocks/dense", "blocks/dense_1", "layers/dense_1"}));
}

TEST(SubclassedModel, IsSavedAndLoaded) {
  auto path = std::filesystem::temp_directory_path() / "horn_subclassed_test.keras";
  auto model = make_model<Classifier>("named");
  Array y = model.predict(row);
  model.save(path);
  Model again = load_model(path);
  std::filesystem::remove(path);
  EXPECT_EQ(again.name(), "named");
  EXPECT_NE(dynamic_cast<Classifier *>(again.network().get()), nullptr);
  EXPECT_EQ(elements(again.predict(row)), elements(y));
}

TEST(SubclassedModel, IsALayerOfOtherModels) {
  auto inner = make_model<Classifier>();
  Tensor x = Input({3});
  Model outer(x, layers::Softmax()(inner(x)));
  EXPECT_EQ(outer.weights().size(), 8u);
  EXPECT_NEAR(outer.predict(row).at(0) + outer.predict(row).at(1), 1, 1e-6);
  Model again = model_from_json(outer.to_json());
  EXPECT_EQ(again.count_params(), outer.count_params());
}

TEST(SubclassedModel, LayersAreTrackedWhenCalledAndLossesKept) {
  auto model = make_model<Untracked>();
  Tensor x = Input({3});
  Tensor y = model(x);
  EXPECT_EQ(model.weights().size(), 4u);
  ASSERT_EQ(model.losses().size(), 1u);
  EXPECT_EQ(Model(x, model.losses()).predict(row).size(), 1u);
}

TEST(SubclassedModel, SeveralInputsAndOutputs) {
  auto model = make_model<TwoInputs>();
  std::vector<Array> outputs = model.predict({row, row});
  ASSERT_EQ(outputs.size(), 2u);
  EXPECT_NEAR(outputs[1].at(0), 2 * outputs[0].at(0), 1e-6);
  EXPECT_EQ(model.output_names(), (std::vector<std::string>{"output_0", "output_1"}));
}
