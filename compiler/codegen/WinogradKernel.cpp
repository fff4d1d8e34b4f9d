// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/WinogradKernel.h"

#include "compiler/codegen/Epilogue.h"
#include "compiler/codegen/KernelFunction.h"
#include "compiler/codegen/RegisterTile.h"
#include "compiler/codegen/WinogradBlocks.h"
#include "dialects/horn/Winograd.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace horn::ir::winograd;

namespace horn::codegen {

namespace {
/// What both kernels share: channels in lanes, and index arithmetic.
class WinogradEmitter {
public:
  WinogradEmitter(KernelFunction &kernel, int64_t pixels, const Target &target)
      : kernel_(kernel), b_(kernel.b), loc_(kernel.loc), element_(b_.getF32Type()),
        lanes_(b_, loc_, target.vectorBytes / elementBytes(element_)), form_(*formOf(pixels)),
        pixels_(form_.pixels), points_(form_.points()) {}

protected:
  Value index(int64_t value) { return indexConstant(b_, loc_, value); }
  Value add(Value x, Value y) { return addIndex(b_, loc_, x, y); }
  Value mul(Value x, Value y) { return mulIndex(b_, loc_, x, y); }
  Value sub(Value x, Value y) { return arith::SubIOp::create(b_, loc_, x, y); }
  Value moved(Value base, Value offset, Type element) {
    return elementAt(b_, loc_, element, base, {offset}, {index(1)});
  }
  Value moved(Value base, Value offset) { return moved(base, offset, element_); }
  Value load(Value base, Value channel, Value mask) {
    return lanes_.load(element_, base, channel, LaneStride::Contiguous, mask);
  }
  /// The matrix times a vector of values.
  SmallVector<Value> transform(const Matrix &matrix, ArrayRef<Value> values);
  /// Element i of a square in scratch memory.
  Value scratchIndex(int64_t i) { return index(i * lanes_.count); }

  KernelFunction &kernel_;
  OpBuilder &b_;
  Location loc_;
  Type element_;
  Lanes lanes_;
  const Form &form_;
  const int64_t pixels_, points_; ///< along an axis of a tile
};
} // namespace

SmallVector<Value> WinogradEmitter::transform(const Matrix &matrix, ArrayRef<Value> values) {
  SmallVector<Value> results;
  for (int64_t number = 0; number < matrix.rows(); ++number) {
    ArrayRef<double> row = matrix.row(number);
    Value sum;
    for (int64_t i = 0; i < matrix.columns; ++i) {
      if (row[i] == 0)
        continue;
      if (!sum)
        sum =
            row[i] == 1
                ? values[i]
                : Value(arith::MulFOp::create(b_, loc_, values[i], lanes_.real(row[i], element_)));
      else if (row[i] == 1)
        sum = arith::AddFOp::create(b_, loc_, sum, values[i]);
      else if (row[i] == -1)
        sum = arith::SubFOp::create(b_, loc_, sum, values[i]);
      else
        sum = math::FmaOp::create(b_, loc_, values[i], lanes_.real(row[i], element_), sum);
    }
    results.push_back(sum);
  }
  return results;
}

// ---- tiles --------------------------------------------------------------------------------------

namespace {
class TilesEmitter : protected WinogradEmitter {
public:
  using WinogradEmitter::WinogradEmitter;
  void run();

protected:
  /// Transforms a tile to a place in y.
  void emitTask(Value task, Value place);

private:
  /// The transform of a tile that lies inside, or of one that may not.
  void emitTile(bool inside);
  Value isInside();

protected:
  Value y_, x_, batch_, rows_, columns_, channels_, height_, width_, paddingH_, paddingW_;
  SmallVector<Value> yStrides_, xStrides_;
  Value scratch_;

private:
  Value top_, left_, source_, target_; ///< of the current tile
};
} // namespace

void TilesEmitter::run() {
  y_ = kernel_.pointer();
  x_ = kernel_.pointer();
  for (Value *size :
       {&batch_, &rows_, &columns_, &channels_, &height_, &width_, &paddingH_, &paddingW_})
    *size = kernel_.size();
  yStrides_ = kernel_.sizes(2);
  xStrides_ = kernel_.sizes(3);
  scratch_ = kernel_.scratch(element_, points_ * points_ * lanes_.count);
  kernel_.forEachTask([&](Value task) { emitTask(task, task); });
}

void TilesEmitter::emitTask(Value task, Value place) {
  SmallVector<Value> at = splitIndex(b_, loc_, task, {batch_, rows_, columns_});
  top_ = sub(mul(at[1], index(pixels_)), paddingH_);
  left_ = sub(mul(at[2], index(pixels_)), paddingW_);
  source_ = elementAt(b_, loc_, element_, x_, {at[0], top_, left_}, xStrides_);
  target_ = moved(y_, mul(place, yStrides_[1]));
  auto branch = scf::IfOp::create(b_, loc_, isInside(), /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b_);
  b_.setInsertionPointToStart(branch.thenBlock());
  emitTile(/*inside=*/true);
  b_.setInsertionPointToStart(branch.elseBlock());
  emitTile(/*inside=*/false);
}

Value TilesEmitter::isInside() {
  Value inside;
  auto require = [&](arith::CmpIPredicate how, Value x, Value y) {
    Value holds = arith::CmpIOp::create(b_, loc_, how, x, y);
    inside = inside ? Value(arith::AndIOp::create(b_, loc_, inside, holds)) : holds;
  };
  for (auto [first, size] : {std::pair(top_, height_), std::pair(left_, width_)}) {
    require(arith::CmpIPredicate::sge, first, index(0));
    require(arith::CmpIPredicate::sle, add(first, index(points_)), size);
  }
  return inside;
}

void TilesEmitter::emitTile(bool inside) {
  // An unsigned comparison also refuses what is below 0.
  auto exists = [&](Value first, int64_t i, Value size) -> Value {
    return arith::CmpIOp::create(b_, loc_, arith::CmpIPredicate::ult, add(first, index(i)), size);
  };
  emitVectors(lanes_, index(0), channels_, [&](Value channel, Value mask) {
    for (int64_t j = 0; j < points_; ++j) {
      SmallVector<Value> column;
      for (int64_t i = 0; i < points_; ++i) {
        Value pixelMask = mask;
        if (!inside) {
          Value is =
              arith::AndIOp::create(b_, loc_, exists(top_, i, height_), exists(left_, j, width_));
          pixelMask =
              lanes_.maskBelow(channel, arith::SelectOp::create(b_, loc_, is, channels_, index(0)));
        }
        Value offset = add(mul(index(i), xStrides_[1]), mul(index(j), xStrides_[2]));
        column.push_back(load(moved(source_, offset), channel, pixelMask));
      }
      for (auto [i, value] : llvm::enumerate(transform(form_.input, column)))
        lanes_.store(value, scratch_, scratchIndex(i * points_ + j), Value());
    }
    for (int64_t i = 0; i < points_; ++i) {
      SmallVector<Value> line;
      for (int64_t j = 0; j < points_; ++j)
        line.push_back(load(scratch_, scratchIndex(i * points_ + j), Value()));
      for (auto [j, value] : llvm::enumerate(transform(form_.input, line)))
        lanes_.store(value, moved(target_, mul(index(i * points_ + j), yStrides_[0])), channel,
                     mask);
    }
  });
}

void emitWinogradTilesKernel(ModuleOp module, StringRef name, Location location, int64_t pixels,
                             const Target &target) {
  KernelFunction kernel(module, name, location);
  TilesEmitter(kernel, pixels, target).run();
}

// ---- pixels -------------------------------------------------------------------------------------

namespace {
/// y or an operand of the epilogue.
struct Picture {
  Access access;
  Value base;
  SmallVector<Value> strides;
  Value start; ///< its first pixel in the current tile
};

class PixelsEmitter : protected WinogradEmitter {
public:
  PixelsEmitter(KernelFunction &kernel, const WinogradPixelsSpec &spec, const Target &target)
      : WinogradEmitter(kernel, spec.pixels, target), spec_(spec) {}
  void run();

protected:
  /// Transforms the tile at a place in x.
  void emitTask(Value task, Value place);

private:
  void emitChannels(Value channel, Value mask);
  void finishPixel(Value row, Value column, Value channel, Value mask);

protected:
  const WinogradPixelsSpec &spec_;
  Picture y_;
  SmallVector<Picture> operands_;
  Value x_, batch_, rows_, columns_, channels_, height_, width_;
  SmallVector<Value> xStrides_;
  Value scratch_, result_;
  Value firstChannel_, endChannel_; ///< that x has

private:
  Value source_, countH_, countW_; ///< of the current tile: points, pixels that exist
};
} // namespace

void PixelsEmitter::run() {
  y_ = {{element_, LaneStride::Contiguous}, kernel_.pointer(), {}, {}};
  x_ = kernel_.pointer();
  for (const Access &access : spec_.epilogueOperands)
    operands_.push_back({access, kernel_.pointer(), {}, {}});
  for (Value *size : {&batch_, &rows_, &columns_, &channels_, &height_, &width_})
    *size = kernel_.size();
  xStrides_ = kernel_.sizes(2);
  y_.strides = kernel_.sizes(3);
  for (Picture &operand : operands_)
    operand.strides = kernel_.sizes(3);
  scratch_ = kernel_.scratch(element_, pixels_ * points_ * lanes_.count);
  result_ = kernel_.scratch(element_, pixels_ * pixels_ * lanes_.count);
  firstChannel_ = index(0);
  endChannel_ = channels_;
  kernel_.forEachTask([&](Value task) { emitTask(task, task); });
}

void PixelsEmitter::emitTask(Value task, Value place) {
  SmallVector<Value> at = splitIndex(b_, loc_, task, {batch_, rows_, columns_});
  at[1] = mul(at[1], index(pixels_));
  at[2] = mul(at[2], index(pixels_));
  auto count = [&](Value first, Value size) {
    return arith::MinSIOp::create(b_, loc_, index(pixels_), sub(size, first));
  };
  countH_ = count(at[1], height_);
  countW_ = count(at[2], width_);
  source_ = moved(x_, mul(place, xStrides_[1]));
  auto locate = [&](Picture &picture) {
    picture.start = elementAt(b_, loc_, picture.access.element, picture.base, at, picture.strides);
  };
  locate(y_);
  llvm::for_each(operands_, locate);
  emitVectors(lanes_, firstChannel_, endChannel_,
              [&](Value channel, Value mask) { emitChannels(channel, mask); });
}

void PixelsEmitter::emitChannels(Value channel, Value mask) {
  Value at = sub(channel, firstChannel_);
  for (int64_t j = 0; j < points_; ++j) {
    SmallVector<Value> points;
    for (int64_t i = 0; i < points_; ++i)
      points.push_back(load(moved(source_, mul(index(i * points_ + j), xStrides_[0])), at, mask));
    for (auto [i, value] : llvm::enumerate(transform(form_.output, points)))
      lanes_.store(value, scratch_, scratchIndex(i * points_ + j), Value());
  }
  for (int64_t i = 0; i < pixels_; ++i) {
    SmallVector<Value> line;
    for (int64_t j = 0; j < points_; ++j)
      line.push_back(load(scratch_, scratchIndex(i * points_ + j), Value()));
    for (auto [j, value] : llvm::enumerate(transform(form_.output, line)))
      lanes_.store(value, result_, scratchIndex(i * pixels_ + j), Value());
  }
  // In loops: a tile at the edge has fewer pixels, and an epilogue may be long.
  emitLoop(b_, loc_, index(0), countH_, index(1), [&](Value row) {
    emitLoop(b_, loc_, index(0), countW_, index(1),
             [&](Value column) { finishPixel(row, column, channel, mask); });
  });
}

void PixelsEmitter::finishPixel(Value row, Value column, Value channel, Value mask) {
  auto pixelOf = [&](const Picture &picture) {
    Value offset = add(mul(row, picture.strides[1]), mul(column, picture.strides[2]));
    return moved(picture.start, offset, picture.access.element);
  };
  Value at = mul(add(mul(row, index(pixels_)), column), index(lanes_.count));
  Value value = load(result_, at, Value());
  SmallVector<Value> rows;
  for (const Picture &operand : operands_)
    rows.push_back(pixelOf(operand));
  value = emitEpilogue(lanes_, spec_.epilogue, value, spec_.epilogueOperands, rows, channel, mask);
  lanes_.store(value, pixelOf(y_), channel, mask);
}

void emitWinogradPixelsKernel(ModuleOp module, StringRef name, Location location,
                              const WinogradPixelsSpec &spec, const Target &target) {
  KernelFunction kernel(module, name, location);
  PixelsEmitter(kernel, spec, target).run();
}

// ---- all in one ---------------------------------------------------------------------------------

namespace {
class InBlocks : public TilesEmitter {
public:
  using TilesEmitter::TilesEmitter;
  friend class ConvEmitter;
};
class OutOfBlocks : public PixelsEmitter {
public:
  using PixelsEmitter::PixelsEmitter;
  friend class ConvEmitter;
};

/// A block of tiles from x to y. Its tiles lie in scratch memory as [P^2, tiles, c], their products
/// with a panel as [P^2, tiles, columns of the panel].
class ConvEmitter : WinogradEmitter {
public:
  ConvEmitter(KernelFunction &kernel, const WinogradConvSpec &spec, const Target &target)
      : WinogradEmitter(kernel, spec.pixels, target), spec_(spec), in_(kernel, spec.pixels, target),
        out_(kernel, spec, target) {}
  void run();

private:
  void takeArguments();
  void emitBlock(Value first, Value count);
  /// The products of all tiles of the block with a panel.
  void multiply(Value panel);
  void multiplyRows(Value tiles, Value panel, Value products);
  int64_t width() const { return static_cast<int64_t>(spec_.vectors) * lanes_.count; }

  const WinogradConvSpec &spec_;
  InBlocks in_;
  OutOfBlocks out_;
  Value panels_, block_, numTiles_;
};
} // namespace

void ConvEmitter::takeArguments() {
  out_.y_ = {{element_, LaneStride::Contiguous}, kernel_.pointer(), {}, {}};
  in_.x_ = kernel_.pointer();
  panels_ = kernel_.pointer();
  for (const Access &access : spec_.epilogueOperands)
    out_.operands_.push_back({access, kernel_.pointer(), {}, {}});
  for (Value *size : {&in_.batch_, &in_.rows_, &in_.columns_, &in_.channels_, &in_.height_,
                      &in_.width_, &out_.channels_, &out_.height_, &out_.width_, &block_})
    *size = kernel_.size();
  in_.xStrides_ = kernel_.sizes(3);
  out_.y_.strides = kernel_.sizes(3);
  for (Picture &operand : out_.operands_)
    operand.strides = kernel_.sizes(3);
}

void ConvEmitter::run() {
  takeArguments();
  out_.batch_ = in_.batch_;
  out_.rows_ = in_.rows_;
  out_.columns_ = in_.columns_;
  in_.paddingH_ = in_.paddingW_ = index(spec_.low);
  int64_t elementBytes = codegen::elementBytes(element_);
  in_.y_ = kernel_.scratch(element_, kBlockTileBytes / elementBytes);
  out_.x_ = kernel_.scratch(element_, kBlockProductBytes / elementBytes);
  in_.scratch_ = out_.scratch_ = kernel_.scratch(element_, points_ * points_ * lanes_.count);
  out_.result_ = kernel_.scratch(element_, pixels_ * pixels_ * lanes_.count);
  in_.yStrides_ = {mul(block_, in_.channels_), in_.channels_};
  out_.xStrides_ = {mul(block_, index(width())), index(width())};
  numTiles_ = mul(mul(in_.batch_, in_.rows_), in_.columns_);
  kernel_.forEachTask([&](Value task) {
    Value first = mul(task, block_);
    emitBlock(first, arith::MinSIOp::create(b_, loc_, block_, sub(numTiles_, first)));
  });
}

void ConvEmitter::emitBlock(Value first, Value count) {
  emitLoop(b_, loc_, index(0), count, index(1),
           [&](Value place) { in_.emitTask(add(first, place), place); });
  Value panelSize = mul(index(points_ * points_ * width()), in_.channels_);
  emitLoop(b_, loc_, index(0), out_.channels_, index(width()), [&](Value column) {
    Value number = arith::DivUIOp::create(b_, loc_, column, index(width()));
    multiply(moved(panels_, mul(number, panelSize)));
    out_.firstChannel_ = column;
    out_.endChannel_ =
        arith::MinSIOp::create(b_, loc_, add(column, index(width())), out_.channels_);
    emitLoop(b_, loc_, index(0), count, index(1),
             [&](Value place) { out_.emitTask(add(first, place), place); });
  });
}

void ConvEmitter::multiply(Value panel) {
  // Rows beyond the last tile are multiplied too, and not used.
  emitLoop(b_, loc_, index(0), index(points_ * points_), index(1), [&](Value point) {
    Value tiles = moved(in_.y_, mul(point, in_.yStrides_[0]));
    Value products = moved(out_.x_, mul(point, out_.xStrides_[0]));
    Value matrix = moved(panel, mul(point, mul(in_.channels_, index(width()))));
    emitLoop(b_, loc_, index(0), block_, index(spec_.rows), [&](Value row) {
      multiplyRows(moved(tiles, mul(row, in_.channels_)), matrix,
                   moved(products, mul(row, index(width()))));
    });
  });
}

void ConvEmitter::multiplyRows(Value tiles, Value panel, Value products) {
  SmallVector<Value> rows, zeros(spec_.rows * spec_.vectors, lanes_.real(0, element_));
  for (unsigned row = 0; row < spec_.rows; ++row)
    rows.push_back(moved(tiles, mul(index(row), in_.channels_)));
  SmallVector<Value> sums = emitLoop(
      b_, loc_, index(0), in_.channels_, index(1), zeros, [&](Value k, ValueRange carried) {
        return emitTileStep(lanes_, element_, rows, k, panel, mul(k, index(width())),
                            SmallVector<Value>(spec_.vectors), carried);
      });
  for (unsigned i = 0; i < sums.size(); ++i)
    lanes_.store(sums[i], products, scratchIndex(i), Value());
}

void emitWinogradConvKernel(ModuleOp module, StringRef name, Location location,
                            const WinogradConvSpec &spec, const Target &target) {
  KernelFunction kernel(module, name, location);
  ConvEmitter(kernel, spec, target).run();
}

} // namespace horn::codegen
