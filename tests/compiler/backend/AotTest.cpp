// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/backend/Aot.h"

#include "tests/compiler/backend/SampleModule.h"

#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Program.h"

#include <gtest/gtest.h>

namespace horn::backend {

namespace {
/// A temporary folder and the lowered sample program.
class AotTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("horn-aot-test", folder));
    module = lowerText(*context, kSampleText);
    ASSERT_TRUE(module);
    for (int64_t i = 0; i < kColumns; ++i)
      bias2.push_back(2.0f * i);
    values["bias2"] = llvm::StringRef(reinterpret_cast<const char *>(bias2.data()), 4 * kColumns);
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  std::string path(llvm::StringRef name) { return (folder + "/" + name).str(); }
  AotOptions options(llvm::StringRef cpu = "native") {
    return {.target = llvm::cantFail(codegen::Target::named(cpu)),
            .name = "",
            .runtime = HORN_TEST_RUNTIME};
  }
  std::string compile(AotOutput output, llvm::StringRef cpu = "native") {
    auto bytes = compileAhead(*module, values, options(cpu), output);
    EXPECT_TRUE(static_cast<bool>(bytes)) << llvm::toString(bytes.takeError());
    return bytes ? (*bytes)->getBuffer().str() : "";
  }
  std::string header() { return headerText(llvm::cantFail(describeProgram(*module)), "sum"); }

  /// Runs a shell command in the folder and returns its output; fails if it does.
  std::string shell(const std::string &command) {
    std::string log = path("log"), all = "cd " + folder.str().str() + " && " + command;
    std::optional<llvm::StringRef> redirects[] = {std::nullopt, log, log};
    llvm::sys::fs::remove(log);
    int status = llvm::sys::ExecuteAndWait("/bin/sh", {"sh", "-c", all}, std::nullopt, redirects);
    auto text = llvm::MemoryBuffer::getFile(log);
    std::string output = text ? (*text)->getBuffer().str() : "";
    EXPECT_EQ(status, 0) << command << "\n" << output;
    return output;
  }
  void write(llvm::StringRef name, llvm::StringRef bytes) {
    ASSERT_FALSE(static_cast<bool>(writeFile(path(name), bytes)));
  }

  std::unique_ptr<mlir::MLIRContext> context = makeContext();
  mlir::OwningOpRef<mlir::ModuleOp> module;
  llvm::SmallString<64> folder;
  std::vector<float> bias2;
  WeightValues values;
};
} // namespace

static constexpr char kMain[] = R"(
#include "sum.h"
#include <stdio.h>
int main(void) {
  float x[40], y[40];
  int64_t wide[6];
  for (int i = 0; i < 40; ++i) x[i] = i;
  if (sum_run(x, 2, y, wide)) return puts(sum_error()), 1;
  for (int i = 0; i < 40; ++i) if (y[i] != 2 * i + 2 * (i % 20)) return 2;
  if (wide[5] != 2 || sum_run(x, -1, y, wide) == 0) return 3;
  puts(sum_error());
  sum_release();
  return sum_run(x, 1, y, wide) + (wide[0] != 1);
}
)";

TEST_F(AotTest, archiveRunsFromC) {
  for (const char *cpu : {"native", "x86-64", "x86-64-v3"}) {
    write("sum.h", header());
    write("main.c", kMain);
    write("libsum.a", compile(AotOutput::Archive, cpu));
    shell("cc -std=c11 -Wall -Wextra -Werror -pedantic main.c libsum.a -lpthread -lm -o main");
    EXPECT_NE(shell("./main").find("-1"), std::string::npos);
  }
}

TEST_F(AotTest, sharedLibraryRunsFromC) {
  write("sum.h", header());
  write("main.c", kMain);
  write("libsum.so", compile(AotOutput::SharedLibrary));
  shell("cc main.c -L. -lsum -Wl,-rpath,. -o main && ./main");
  EXPECT_EQ(shell("nm -D --defined-only libsum.so | cut -d' ' -f3"),
            "sum_error\nsum_program\nsum_release\nsum_run\n");
}

TEST_F(AotTest, objectWantsTheRuntimeAlone) {
  write("sum.o", compile(AotOutput::Object));
  std::string undefined =
      shell("nm -u sum.o | awk '{print $2}' | grep -vE '^(horn_|pthread_mutex_)' || true");
  EXPECT_EQ(undefined, "");
  EXPECT_EQ(shell("nm --defined-only --extern-only sum.o | cut -d' ' -f3"),
            "sum_error\nsum_program\nsum_release\nsum_run\n");
  EXPECT_EQ(shell("strings sum.o | grep -E '/tmp|/work|/home' || true"), "");
  EXPECT_EQ(shell("readelf -S sum.o | grep -E 'init_array|eh_frame' || true"), "");
  std::string sections = shell("readelf -S sum.o | grep -E 'rodata|data.rel.ro'");
  EXPECT_NE(sections.find("rodata"), std::string::npos);
}

TEST_F(AotTest, sameBytesTwice) {
  std::string first[4], second[4];
  AotOutput outputs[] = {AotOutput::Object, AotOutput::Archive, AotOutput::SharedLibrary,
                         AotOutput::LlvmText};
  for (int i = 0; i < 4; ++i)
    first[i] = compile(outputs[i]);
  module = {}; // before its context
  context = makeContext();
  module = lowerText(*context, kSampleText);
  for (int i = 0; i < 4; ++i)
    EXPECT_TRUE(compile(outputs[i]) == first[i]) << "output " << i;
}

TEST_F(AotTest, preparedValuesReplacePrepare) {
  std::string text = compile(AotOutput::LlvmText);
  EXPECT_EQ(text.find("@prepare"), std::string::npos);
  EXPECT_NE(text.find("@twice"), std::string::npos); // forward needs it as well
  EXPECT_EQ(compile(AotOutput::Assembly).find(".section\t.init_array"), std::string::npos);
}

TEST_F(AotTest, missingValueIsNamed) {
  auto text = [&] {
    auto bytes = compileAhead(*module, values, options(), AotOutput::Object);
    return bytes ? std::string() : llvm::toString(bytes.takeError());
  };
  values["bias2"] = "short";
  EXPECT_EQ(text(), "the value of variable 'bias2' has 5 bytes, expected 80");
  values.clear();
  EXPECT_EQ(text(), "the value of variable 'bias2' is missing");
}

TEST_F(AotTest, headerStatesShapes) {
  std::string text = header();
  EXPECT_NE(text.find(" *   x [batch, 20], float32\n"), std::string::npos) << text;
  EXPECT_NE(text.find(" *   wide [max(batch, 3), 2], int64\n"), std::string::npos);
  EXPECT_NE(text.find("int sum_run(const float *x, int64_t batch, float *y, int64_t *wide);"),
            std::string::npos);
}

} // namespace horn::backend
