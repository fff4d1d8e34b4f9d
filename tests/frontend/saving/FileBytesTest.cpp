// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/frontend/saving/TestFiles.h"

using namespace horn;
using namespace horn::saving;
using namespace horn::saving::test;

TEST(FileBytes, MapsAFile) {
  Folder folder;
  std::ofstream(folder / "a") << "hello";
  EXPECT_EQ(map_file(folder / "a").text(), "hello");
}

TEST(FileBytes, WritingToAMappingLeavesTheFile) {
  Folder folder;
  std::ofstream(folder / "a") << "hello";
  map_file(folder / "a").data()[0] = std::byte{'j'};
  EXPECT_EQ(file_text(folder / "a"), "hello");
}

TEST(FileBytes, RefusesWhatIsNoFile) {
  Folder folder;
  expect_refused("missing", [&] { map_file(folder / "none"); }, "cannot open");
  expect_refused("folder", [&] { map_file(folder / ""); }, "not a regular file");
}

TEST(FileBytes, LimitIsExact) {
  Folder folder;
  std::ofstream(folder / "a") << "hello";
  EXPECT_EQ(map_file(folder / "a", {.file_bytes = 5}).size(), 5u);
  expect_refused("5 of 4", [&] { map_file(folder / "a", {.file_bytes = 4}); }, "file_bytes");
}

TEST(FileBytes, EmptyFileIsEmpty) {
  Folder folder;
  std::ofstream(folder / "a") << "";
  EXPECT_EQ(map_file(folder / "a").size(), 0u);
}

TEST(WriteAtomically, ReplacesTheFile) {
  Folder folder;
  std::ofstream(folder / "a") << "old";
  write_file_atomically(folder / "a",
                        [](const ByteSink &sink) { sink(copy_bytes("new one").span()); });
  EXPECT_EQ(file_text(folder / "a"), "new one");
  EXPECT_EQ(folder.count(), 1u);
}

TEST(WriteAtomically, LeavesTheOldFileWhenTheWriterFails) {
  Folder folder;
  std::ofstream(folder / "a") << "old";
  auto fail = [](const ByteSink &sink) {
    sink(copy_bytes("half").span());
    throw Error("stop");
  };
  EXPECT_THROW(write_file_atomically(folder / "a", fail), Error);
  EXPECT_EQ(file_text(folder / "a"), "old");
  EXPECT_EQ(folder.count(), 1u);
}

TEST(WriteAtomically, RefusesAMissingFolder) {
  EXPECT_THROW(write_file_atomically("/no/such/folder/a", [](const ByteSink &) {}), Error);
}
