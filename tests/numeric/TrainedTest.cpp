// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Models that Keras trained on real data: by interpreter, JIT and AOT, Keras's numbers come out.
#include "tests/numeric/Support.h"

#include <cmath>

namespace horn::numeric {

namespace {
class TrainedTest : public testing::TestWithParam<size_t> {
protected:
  const TrainedCase &entry = trained_cases()[GetParam()];
  Model model = entry.load();
};
} // namespace

TEST_P(TrainedTest, byInterpreter) {
  EXPECT_TRUE(is_close(interpret(model, entry.inputs), entry.outputs, entry.rtol, entry.atol));
}

TEST_P(TrainedTest, byInterpreterInDouble) {
  Arrays outputs = interpret(model, entry.inputs, /*in_double=*/true);
  EXPECT_EQ(outputs[0].dtype(), DType::float64);
  EXPECT_TRUE(is_close(outputs, entry.outputs, entry.rtol, entry.atol));
}

TEST_P(TrainedTest, byJit) {
  CompiledModel compiled(model);
  Session session(compiled, std::make_shared<ThreadPool>(2));
  EXPECT_TRUE(is_close(session.run(entry.inputs), entry.outputs, entry.rtol, entry.atol));
}

TEST_P(TrainedTest, byPredict) {
  EXPECT_TRUE(is_close(model.predict(entry.inputs), entry.outputs, entry.rtol, entry.atol));
}

TEST_P(TrainedTest, aheadOfTime) {
  EXPECT_TRUE(
      is_close(run_ahead_of_time(model, entry.inputs), entry.outputs, entry.rtol, entry.atol));
}

INSTANTIATE_TEST_SUITE_P(All, TrainedTest, testing::Range<size_t>(0, trained_cases().size()),
                         [](const auto &info) {
                           const TrainedCase &entry = trained_cases()[info.param];
                           std::string name = entry.file + "_" + entry.data;
                           for (char &c : name)
                             c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
                           return name;
                         });

TEST(TrainedMetrics, theManifestIsComplete) { EXPECT_EQ(trained_cases().size(), 7u); }

/// The manifest gives metrics to four digits.
static double rounded(double value) { return std::round(value * 1e4) / 1e4; }

/// The share of rows whose output, above a half or largest of the row, is the label.
static double accuracy(const Array &output, const Array &labels) {
  size_t columns = static_cast<size_t>(output.shape().back()), correct = 0;
  for (size_t row = 0; row < labels.size(); ++row) {
    size_t best = 0;
    for (size_t column = 1; column < columns; ++column)
      if (output.at(row * columns + column) > output.at(row * columns + best))
        best = column;
    double answer = columns == 1 ? output.at(row) > 0.5 : static_cast<double>(best);
    correct += answer == labels.at(row);
  }
  return static_cast<double>(correct) / static_cast<double>(labels.size());
}

TEST(TrainedMetrics, accuracyIsKerass) {
  const struct {
    const char *file, *labels;
  } models[] = {{"digits_cnn.keras", "y_test"},
                {"digits_cnn.h5", "y_test"},
                {"names_bilstm.keras", "y_test"},
                {"tumor_two_inputs.keras", "malignant_test"}};
  for (const auto &[file, labels] : models) {
    const TrainedCase &entry = trained_case(file);
    Array output = entry.load().predict(entry.inputs)[0];
    EXPECT_EQ(rounded(accuracy(output, trained_array(entry.data, labels))),
              entry.metrics.at("test_accuracy"))
        << file;
  }
}

TEST(TrainedMetrics, sunspotsAreForecastAsWell) {
  const TrainedCase &entry = trained_case("sunspots_gru.keras");
  Array forecast = entry.load().predict(entry.inputs)[0];
  Array truth = trained_array(entry.data, "y_test");
  double sum = 0;
  for (size_t i = 0; i < truth.size(); ++i)
    sum += std::abs(forecast.at(i) - truth.at(i));
  EXPECT_EQ(rounded(sum / static_cast<double>(truth.size())), entry.metrics.at("test_mae"));
}

TEST(TrainedMetrics, reconstructionIsAsGood) {
  const TrainedCase &entry = trained_case("tumor_two_inputs.keras");
  Array made = entry.load().predict(entry.inputs)[1];
  Array truth = trained_array(entry.data, "standard_test");
  double sum = 0;
  for (size_t i = 0; i < truth.size(); ++i)
    sum += std::pow(made.at(i) - truth.at(i), 2);
  EXPECT_EQ(rounded(sum / static_cast<double>(truth.size())),
            entry.metrics.at("test_reconstruction_mse"));
}

} // namespace horn::numeric
