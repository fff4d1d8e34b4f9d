// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Connectionist temporal classification (Graves et al., 2006).
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/Tracer.h"
#include "frontend/ops/tables/OperationTable.h"

namespace horn::tables {

/// Stands for the logarithm of 0.
static constexpr double log_zero = -1e5;

/// Columns [start, stop) of [N, columns].
static Tensor columns(const Tensor &x, int64_t start, int64_t stop) {
  return ops::get_item(x, {ops::SliceAxis::all(), ops::SliceAxis::range(start, stop)});
}

/// phi[:, 1:] joined with another score by log(exp + exp).
static Tensor joined(const Tensor &phi, const Tensor &score) {
  constexpr int64_t open = ops::SliceAxis::open;
  return ops::concatenate({columns(phi, 0, 1), ops::logaddexp(columns(phi, 1, open), score)}, 1);
}

static Tensor ctc_loss(Call c) {
  Tensor target = ops::cast(c.tensor("target", 0), DType::int32), output = c.tensor("output", 1);
  Tensor target_length = ops::cast(c.tensor("target_length", 2), DType::int32);
  Tensor output_length = ops::cast(c.tensor("output_length", 3), DType::int32);
  output = ops::cast(output, ops::promote(output.dtype(), DType::float32));
  int64_t labels = target.dim(1), classes = output.dim(2), mask = c.integer("mask_index", 0);
  require(
      labels != None && labels > 0 && classes != None,
      {.what = "ctc_loss needs targets and outputs of known size", .found = target.shape().str()});
  DType dtype = output.dtype();
  Tensor logs = ops::log_softmax(output, -1);
  Tensor blank = ops::get_item(
      logs, {ops::SliceAxis::ellipsis(),
             ops::SliceAxis::range(mask, mask == -1 ? ops::SliceAxis::open : mask + 1)});
  Tensor hot = ops::one_hot(target, classes, -1, dtype); // [N, labels, classes]
  Tensor emitted = ops::matmul(logs, ops::swapaxes(hot, 1, 2));
  // repeat: whether the next label is the same.
  Tensor same = ops::equal(columns(target, 0, labels - 1), columns(target, 1, labels));
  Tensor repeat = ops::pad(ops::cast(same, dtype), {0, 0}, {0, 1});
  Tensor beyond =
      ops::cast(ops::greater_equal(ops::index_like(blank, 1),
                                   ops::reshape_codes(output_length, {ops::inferred, 1, 1})),
                dtype);
  Tensor line = ops::zeros_like(ops::cast(target, dtype));
  Tensor phi0 = ops::pad(line + log_zero, {0, 1}, {0, 0});
  std::vector<Tensor> last = current_tracer().scan(
      {phi0, line + log_zero}, {emitted, blank, beyond}, false,
      [&](const std::vector<Tensor> &c, const std::vector<Tensor> &x) {
        const Tensor &emit = x[0], &rest = x[1], &pad = x[2];
        // To a blank without one between, unless the next label repeats this one.
        Tensor phi = joined(c[0], c[1] + repeat * log_zero);
        Tensor next_emit = ops::logaddexp(columns(phi, 0, labels) + emit, c[1] + emit);
        Tensor next_phi = joined(phi + rest, c[1] + rest + (1 - repeat) * log_zero);
        return ScanStep{{pad * c[0] + (1 - pad) * next_phi, pad * c[1] + (1 - pad) * next_emit},
                        {}};
      });
  Tensor phi = joined(last[0], last[1]);
  Tensor own = ops::one_hot(ops::minimum(target_length, labels), labels + 1, -1, dtype);
  return -ops::sum(phi * own, -1);
}

/// The best class of each step, with repetitions and blanks taken out and -1 at the end.
static Outputs greedy_decode(Call c) {
  Tensor x = c.tensor("inputs", 0);
  Tensor lengths = ops::expand_dims(ops::cast(c.tensor("sequence_lengths", 1), DType::int32), 1);
  x = ops::cast(x, ops::promote(x.dtype(), DType::float32));
  int64_t classes = x.dim(2), steps = x.dim(1), mask = c.integer("mask_index", classes - 1);
  require(classes != None && steps != None && steps > 0,
          {.what = "ctc_decode needs inputs of known size", .found = x.shape().str()});
  Tensor best = ops::argmax(x, -1), scores = ops::max(x, -1);
  Tensor step = ops::index_like(best, 1), beyond = step >= lengths;
  best = ops::where(beyond, mask, best);
  scores = ops::where(beyond, 0.0, scores);
  if (c.flag("merge_repeated", true)) {
    Tensor same = ops::equal(columns(best, 1, steps), columns(best, 0, steps - 1));
    same = ops::cast(ops::pad(ops::cast(same, DType::int32), {0, 1}, {0, 0}), DType::boolean);
    best = ops::where(same, mask, best);
  }
  Tensor blank = ops::equal(best, mask);
  Tensor order = ops::argsort(ops::where(blank, steps, step), 1);
  best = ops::take_along_axis(ops::where(blank, -1, best), order, 1);
  return {ops::expand_dims(best, 0), -ops::sum(scores, 1, true)};
}

static Outputs ctc_decode(Call c) {
  std::string strategy = c.text("strategy", "greedy");
  if (strategy != "greedy")
    throw UnsupportedError({.what = "ctc_decode with strategy " + strategy,
                            .expected = "greedy",
                            .hint = "end the model before it and search in the program around it"});
  return greedy_decode(c);
}

std::span<const OperationEntry> ctc_operations() {
  static const OperationEntry entries[] = {
      HORN_OPERATION(CTCLoss, nn, ctc_loss(c)),
      {"CTCDecode", "nn", ctc_decode},
  };
  return entries;
}

} // namespace horn::tables
