// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Building code that works on one element or on a vector of them, by the same calls.
#pragma once

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace horn::codegen {

/// How an operand moves along the lanes of a vector.
enum class LaneStride { Broadcast, Contiguous, Strided };

/// A builder for `count` lanes; 1 means scalars.
class Lanes {
public:
  Lanes(mlir::OpBuilder &builder, mlir::Location location, unsigned count)
      : b(builder), loc(location), count(count) {}

  /// The type of `element` over all lanes.
  mlir::Type type(mlir::Type element) const;
  mlir::Value real(double value, mlir::Type element) const;
  mlir::Value integer(int64_t value, mlir::Type element) const;
  /// A scalar in every lane.
  mlir::Value splat(mlir::Value scalar) const;
  /// start, start + 1, ... as i64 lanes.
  mlir::Value indices(mlir::Value start) const;
  /// Lanes for which index < limit: true where start + lane < limit. Null for one lane.
  mlir::Value maskBelow(mlir::Value start, mlir::Value limit) const;

  /// Loads base[index + lane] (or base[index] for all lanes). Only lanes of `mask` are read.
  mlir::Value load(mlir::Type element, mlir::Value base, mlir::Value index, LaneStride stride,
                   mlir::Value mask) const;
  void store(mlir::Value value, mlir::Value base, mlir::Value index, mlir::Value mask) const;

  mlir::OpBuilder &b;
  mlir::Location loc;
  unsigned count;
};

/// The element type in registers: signless integers, i1 for bools.
mlir::Type registerType(mlir::Type element);
/// Bytes of an element in memory.
unsigned elementBytes(mlir::Type element);

/// Turns a square of as many vectors as they have lanes: lane j of vector i becomes lane i of
/// vector j.
llvm::SmallVector<mlir::Value> emitTranspose(const Lanes &lanes, llvm::ArrayRef<mlir::Value> rows);

/// i64 arithmetic for indices, with constants folded.
mlir::Value indexConstant(mlir::OpBuilder &b, mlir::Location loc, int64_t value);
mlir::Value addIndex(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, mlir::Value y);
mlir::Value mulIndex(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, mlir::Value y);
/// Where an operand is read for the lanes from `lane` on; `stride` is used if it is Strided.
mlir::Value laneOffset(mlir::OpBuilder &b, mlir::Location loc, LaneStride how, mlir::Value lane,
                       mlir::Value stride);

} // namespace horn::codegen
