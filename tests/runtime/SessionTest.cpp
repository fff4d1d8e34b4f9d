// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/runtime/Program.h"

#include <gtest/gtest.h>
#include <thread>

namespace {
class SessionTest : public testing::Test {
protected:
  Example example;
  Model model = example.model();
  Session session = makeSession(model);

  /// A run of `call` must be refused with this message.
  void expectRefused(Call &call, const std::string &message) {
    const int before = forwardCalls;
    EXPECT_EQ(call.run(session), HORN_INVALID_ARGUMENT);
    EXPECT_EQ(horn_last_error(), message);
    EXPECT_EQ(forwardCalls, before);
  }
};
} // namespace

static void expectResult(const Call &call) {
  for (size_t i = 0; i < call.y.size(); ++i)
    ASSERT_EQ(call.y[i], call.image[i] * 2 * float(i % 3 + 1) + call.mask[i / 3]) << i;
}

TEST_F(SessionTest, runsAtAnyShape) {
  for (auto [batch, time] : {std::pair{2, 3}, {1, 1}, {7, 5}, {2, 3}}) {
    Call call(batch, time);
    ASSERT_EQ(call.run(session), HORN_OK) << horn_last_error();
    expectResult(call);
  }
}

TEST_F(SessionTest, resultsDoNotDependOnThreads) {
  for (int threads : {1, 2, 3, 8}) {
    Pool pool = makePool(threads);
    Session parallel = makeSession(model, pool.get());
    Call call(33, 3);
    ASSERT_EQ(call.run(parallel), HORN_OK);
    EXPECT_EQ(lastPool, pool.get());
    expectResult(call);
  }
}

TEST_F(SessionTest, plansOncePerShapeAndArenaOnlyGrows) {
  Call small(2, 2), large(40, 2);
  EXPECT_EQ(horn_session_arena_bytes(session.get()), 0);
  ASSERT_EQ(small.run(session), HORN_OK);
  ASSERT_EQ(small.run(session), HORN_OK);
  EXPECT_EQ(planCalls, 1);
  EXPECT_EQ(horn_session_arena_bytes(session.get()), 128 + 2 * 2 * 12);
  ASSERT_EQ(large.run(session), HORN_OK);
  EXPECT_EQ(planCalls, 2);
  EXPECT_EQ(horn_session_arena_bytes(session.get()), 128 + 40 * 2 * 12);
  const void *arena = lastArena;
  EXPECT_EQ(reinterpret_cast<uintptr_t>(arena) % 64, 0u);
  ASSERT_EQ(small.run(session), HORN_OK);
  EXPECT_EQ(lastArena, arena);
  EXPECT_EQ(horn_session_arena_bytes(session.get()), 128 + 2 * 2 * 12);
  expectResult(small);
}

TEST_F(SessionTest, emptyBatchRuns) {
  Call call(0, 4);
  for (auto *tensor : {&call.inputs[0], &call.inputs[1], &call.outputs[0]})
    tensor->data = nullptr;
  ASSERT_EQ(call.run(session), HORN_OK) << horn_last_error();
  EXPECT_EQ(forwardCalls, 1);
  EXPECT_EQ(call.calls, 11);
}

TEST_F(SessionTest, stateBelongsToTheSession) {
  Session other = makeSession(model);
  Call call(1, 1);
  call.run(session);
  call.run(session);
  EXPECT_EQ(call.calls, 12);
  call.run(other);
  EXPECT_EQ(call.calls, 11);
  ASSERT_EQ(horn_session_reset_state(session.get()), HORN_OK);
  call.run(session);
  EXPECT_EQ(call.calls, 11);
  EXPECT_EQ(example.count[0], 10);
}

TEST_F(SessionTest, outputShapesLookAtNoData) {
  Call call(5, 6);
  call.inputs[0].data = call.inputs[1].data = nullptr;
  horn_tensor outputs[2] = {};
  ASSERT_EQ(horn_session_output_shapes(session.get(), call.inputs, 2, outputs, 2), HORN_OK);
  EXPECT_EQ(outputs[0].rank, 3);
  EXPECT_EQ(outputs[0].shape[0], 5);
  EXPECT_EQ(outputs[0].shape[1], 6);
  EXPECT_EQ(outputs[0].shape[2], 3);
  EXPECT_EQ(outputs[1].dtype, HORN_INT64);
  EXPECT_EQ(outputs[1].rank, 1);
  EXPECT_EQ(planCalls, 0);
  EXPECT_EQ(horn_session_output_shapes(session.get(), call.inputs, 2, outputs, 1),
            HORN_INVALID_ARGUMENT);
  EXPECT_STREQ(horn_last_error(), "expected 2 outputs, found 1");
}

TEST_F(SessionTest, askingForShapesDoesNotDisturbThePlan) {
  Call small(1, 1), large(50, 50);
  horn_tensor outputs[2];
  ASSERT_EQ(small.run(session), HORN_OK);
  ASSERT_EQ(horn_session_output_shapes(session.get(), large.inputs, 2, outputs, 2), HORN_OK);
  ASSERT_EQ(small.run(session), HORN_OK);
  EXPECT_EQ(planCalls, 1);
  ASSERT_EQ(large.run(session), HORN_OK);
  EXPECT_EQ(planCalls, 2);
  expectResult(large);
}

TEST_F(SessionTest, refusesNullPointersAndCounts) {
  Call call(1, 1);
  horn_session *made = nullptr;
  EXPECT_EQ(horn_session_create(nullptr, nullptr, &made), HORN_INVALID_ARGUMENT);
  EXPECT_EQ(horn_session_create(model.get(), nullptr, nullptr), HORN_INVALID_ARGUMENT);
  EXPECT_EQ(call.run(Session()), HORN_INVALID_ARGUMENT);
  EXPECT_STREQ(horn_last_error(), "the session is null");
  EXPECT_EQ(horn_session_reset_state(nullptr), HORN_INVALID_ARGUMENT);
  EXPECT_EQ(horn_session_output_shapes(nullptr, nullptr, 0, nullptr, 0), HORN_INVALID_ARGUMENT);
  EXPECT_EQ(horn_session_arena_bytes(nullptr), 0);
  horn_session_destroy(nullptr);

  EXPECT_EQ(horn_session_run(session.get(), call.inputs, 1, call.outputs, 2),
            HORN_INVALID_ARGUMENT);
  EXPECT_STREQ(horn_last_error(), "expected 2 inputs, found 1");
  EXPECT_EQ(horn_session_run(session.get(), nullptr, 2, call.outputs, 2), HORN_INVALID_ARGUMENT);
  EXPECT_STREQ(horn_last_error(), "the array of inputs is null");
  EXPECT_EQ(horn_session_run(session.get(), call.inputs, 2, call.outputs, 3),
            HORN_INVALID_ARGUMENT);
  EXPECT_STREQ(horn_last_error(), "expected 2 outputs, found 3");
}

TEST_F(SessionTest, refusesWrongInputs) {
  Call call(2, 4);
  call.inputs[0].dtype = HORN_FLOAT64;
  expectRefused(call, "input 'image': expected type float32, found float64");
  call.inputs[0] = {call.image.data(), HORN_FLOAT32, 2, {8, 3}};
  expectRefused(call, "input 'image': expected shape (None, None, 3), found (8, 3)");
  call.inputs[0] = {call.image.data(), HORN_FLOAT32, 1000000, {8, 3}};
  expectRefused(call, "input 'image': expected shape (None, None, 3), found of rank 1000000");
  call.inputs[0] = {call.image.data(), HORN_FLOAT32, 3, {2, 4, 2}};
  expectRefused(call, "input 'image': expected shape (None, None, 3), found (2, 4, 2)");
  call.inputs[0] = {call.image.data(), HORN_FLOAT32, 3, {-1, 4, 3}};
  expectRefused(call, "input 'image': dimension 0 is negative: -1");
  call.inputs[0] = {call.image.data(), HORN_FLOAT32, 3, {2, (int64_t{1} << 40) + 1, 3}};
  expectRefused(call, "input 'image': dimension 1 is too large: 1099511627777, "
                      "at most 1099511627776");
  call.inputs[0] = {call.image.data(), HORN_FLOAT32, 3, {int64_t{1} << 40, int64_t{1} << 40, 3}};
  expectRefused(call, "input 'image': shape (1099511627776, 1099511627776, 3) is too large");
  call.inputs[0] = {nullptr, HORN_FLOAT32, 3, {2, 4, 3}};
  expectRefused(call, "input 'image': the data is null");
  call.inputs[0].data = reinterpret_cast<char *>(call.image.data()) + 2;
  expectRefused(call, "input 'image': the data is not aligned to 4 bytes");
}

TEST_F(SessionTest, refusesInputsThatDisagree) {
  Call call(2, 4);
  call.inputs[1].shape[1] = 5;
  expectRefused(call, "input 'mask': expected shape (2, 4, 1), found (2, 5, 1); "
                      "dimension 1 must equal dimension 1 of input 'image'");
}

TEST_F(SessionTest, refusesWrongOutputs) {
  Call call(2, 4);
  call.outputs[0].shape[0] = 3;
  expectRefused(call, "output 'y': expected shape (2, 4, 3), found (3, 4, 3)");
  call.outputs[0].shape[0] = 2;
  call.outputs[1].dtype = HORN_INT32;
  expectRefused(call, "output 'calls': expected type int64, found int32");
  call.outputs[1].dtype = HORN_INT64;
  call.outputs[1].data = nullptr;
  expectRefused(call, "output 'calls': the data is null");
  call.outputs[1].data = call.y.data() + 2;
  expectRefused(call, "output 'calls': its memory overlaps that of output 'y'");
  call.outputs[1].data = &call.calls;
  call.outputs[0].data = call.image.data() + 23;
  expectRefused(call, "output 'y': its memory overlaps that of input 'image'");
}

TEST_F(SessionTest, worksAfterAnError) {
  Call call(2, 4), wrong(2, 4);
  wrong.inputs[1].shape[0] = 1;
  ASSERT_EQ(call.run(session), HORN_OK);
  EXPECT_NE(wrong.run(session), HORN_OK);
  ASSERT_EQ(call.run(session), HORN_OK);
  EXPECT_EQ(planCalls, 1);
  expectResult(call);
}

TEST_F(SessionTest, arenaTooLargeIsAnErrorAndNotTheEnd) {
  example.program.plan = [](const int64_t *symbols, int64_t *offsets) {
    offsets[0] = 128;
    return symbols[0] == 9 ? INT64_MAX : symbols[0] * symbols[1] * 12 + 128;
  };
  Call call(2, 4), huge(9, 1);
  ASSERT_EQ(call.run(session), HORN_OK);
  EXPECT_EQ(huge.run(session), HORN_OUT_OF_MEMORY);
  EXPECT_STREQ(horn_last_error(), "no memory for the arena of program 'example' at these shapes: "
                                  "9223372036854775807 bytes");
  ASSERT_EQ(call.run(session), HORN_OK);
  expectResult(call);
}

TEST_F(SessionTest, sessionsOfAModelRunAtTheSameTime) {
  // The example counts its calls in globals, which concurrent runs must not.
  example.program.forward = [](const horn_frame *frame) {
    horn_parallel_for(
        frame->pool,
        [](void *arguments, int64_t begin, int64_t end) {
          const auto *frame = static_cast<const horn_frame *>(arguments);
          const float *image = static_cast<const float *>(frame->inputs[0]);
          const float *mask = static_cast<const float *>(frame->inputs[1]);
          const float *scale2 = static_cast<const float *>(frame->weights[kScale2]);
          float *y = static_cast<float *>(frame->outputs[0]);
          for (int64_t i = begin; i < end; ++i)
            y[i] = image[i] * scale2[i % 3] + mask[i / 3];
        },
        const_cast<horn_frame *>(frame), frame->symbols[0] * frame->symbols[1] * 3, 1);
  };
  example.program.plan = [](const int64_t *symbols, int64_t *offsets) {
    offsets[0] = 0;
    return symbols[0];
  };
  Pool pool = makePool(3);
  std::vector<std::thread> users;
  for (int user = 0; user < 4; ++user)
    users.emplace_back([&, user] {
      Session own = makeSession(model, pool.get());
      for (int round = 0; round < 200; ++round) {
        Call call(1 + (user + round) % 9, 2);
        ASSERT_EQ(call.run(own), HORN_OK);
        expectResult(call);
      }
    });
  for (std::thread &user : users)
    user.join();
}
