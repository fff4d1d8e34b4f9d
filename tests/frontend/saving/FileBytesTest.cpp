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

TEST(FileBytes, FetchedBytesAreApartFromTheFile) {
  Folder folder;
  std::ofstream(folder / "a") << "hello";
  FileBytes file = map_file(folder / "a"), member = file.part(1, 3), fetched = member.fetch(1, 2);
  EXPECT_EQ(member.data(), file.data() + 1);
  EXPECT_EQ(fetched.text(), "ll");
  EXPECT_NE(fetched.data(), member.data() + 1);
  FileBytes memory = copy_bytes("hello");
  EXPECT_EQ(memory.fetch(1, 2).data(), memory.data() + 1);
}

TEST(FileBytes, FetchesMuchInParts) {
  Folder folder;
  std::string large;
  for (size_t i = 0; large.size() < 5 * MiB; ++i)
    large += std::to_string(i);
  std::ofstream(folder / "a") << large;
  FileBytes file = map_file(folder / "a");
  EXPECT_TRUE(file.fetch(3, large.size() - 3).text() == std::string_view(large).substr(3));
  std::filesystem::resize_file(folder / "a", 3 * MiB);
  expect_refused("cut", [&] { file.fetch(0, large.size()); }, "changed after it was opened");
}

TEST(FileBytes, FetchRefusesAFileThatChanged) {
  Folder folder;
  std::string large(100000, 'x');
  std::ofstream(folder / "a") << large;
  FileBytes file = map_file(folder / "a");
  write_file_atomically(folder / "a", [](const ByteSink &sink) { sink(copy_bytes("b").span()); });
  EXPECT_EQ(file.fetch(0, large.size()).text(), large);

  file = map_file(folder / "a");
  std::ofstream(folder / "a") << "longer";
  expect_refused("longer", [&] { file.fetch(0, 1); }, "changed after it was opened");
  file = map_file(folder / "a");
  std::filesystem::resize_file(folder / "a", 2);
  expect_refused("shorter", [&] { file.fetch(0, 6); }, "changed after it was opened");
}

TEST(FileBytes, ForgottenBytesAreReadAgain) {
  Folder folder;
  std::string large(100000, 'x');
  std::ofstream(folder / "a") << large;
  FileBytes file = map_file(folder / "a");
  file.part(5, 90000).forget();
  file.forget();
  file.part(10, 1).forget();
  EXPECT_EQ(file.text(), large);
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
