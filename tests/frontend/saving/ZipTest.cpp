// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/ZipReader.h"
#include "frontend/saving/ZipWriter.h"
#include "tests/frontend/saving/TestFiles.h"

#include <zlib.h>

using namespace horn;
using namespace horn::saving;
using namespace horn::saving::test;

namespace {
/// A member as it is written; the directory's and the local header's fields can be made to lie.
struct Member {
  std::string name;
  std::string stored;  // bytes in the archive
  uint32_t size = 0;   // declared size
  uint16_t method = 0; // 0 stored, 8 deflated
  uint16_t flags = 0;  // 1 encrypted
  uint32_t crc = 0;
  std::string localName; // when it differs
};
} // namespace

static uint32_t crcOf(const std::string &text) {
  return static_cast<uint32_t>(
      crc32(0, reinterpret_cast<const Bytef *>(text.data()), static_cast<uInt>(text.size())));
}

static Member stored(const std::string &name, const std::string &text) {
  return {.name = name,
          .stored = text,
          .size = static_cast<uint32_t>(text.size()),
          .crc = crcOf(text),
          .localName = name};
}

static Member deflated(const std::string &name, const std::string &text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef *>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  Member member = stored(name, text);
  member.stored = out;
  member.method = 8;
  return member;
}

template <typename... Numbers> static std::string joined(Numbers... numbers) {
  return (bytes_of(numbers) + ...);
}

static std::string commonPart(const Member &member, const std::string &name) {
  return joined(uint16_t(20), member.flags, member.method, uint32_t(33) << 16, member.crc,
                static_cast<uint32_t>(member.stored.size()), member.size,
                static_cast<uint16_t>(name.size()), uint16_t(0));
}

static std::string archiveOf(const std::vector<Member> &members, int countError = 0) {
  std::string body, directory;
  for (const Member &member : members) {
    auto offset = static_cast<uint32_t>(body.size());
    body += joined(uint32_t(0x04034b50)) + commonPart(member, member.localName) + member.localName +
            member.stored;
    directory += joined(uint32_t(0x02014b50), uint16_t(20)) + commonPart(member, member.name) +
                 joined(uint16_t(0), uint16_t(0), uint16_t(0), uint32_t(0), offset) + member.name;
  }
  auto count = static_cast<uint16_t>(static_cast<int>(members.size()) + countError);
  return body + directory +
         joined(uint32_t(0x06054b50), uint32_t(0), count, count,
                static_cast<uint32_t>(directory.size()), static_cast<uint32_t>(body.size()),
                uint16_t(0));
}

static void readAll(const std::string &archive, const Limits &limits = default_limits) {
  ZipReader reader(copy_bytes(archive), "test.zip", limits);
  for (const ZipMember &member : reader.members())
    reader.read(member.name);
}

TEST(ZipReader, ReadsAKerasFile) {
  ZipReader reader(data("trained/digits_cnn.keras"));
  ASSERT_EQ(reader.members().size(), 3u);
  EXPECT_EQ(reader.members()[1].name, "config.json");
  EXPECT_TRUE(reader.read("config.json").text().starts_with("{\"module\""));
  EXPECT_EQ(reader.read("model.weights.h5").size(), 321032u);
}

TEST(ZipReader, ReadsStoredAndDeflatedMembers) {
  std::string text(100000, 'x');
  ZipReader reader(copy_bytes(archiveOf({stored("a", "hello"), deflated("assets/b", text)})), "z");
  EXPECT_EQ(reader.read("a").text(), "hello");
  EXPECT_EQ(reader.read("assets/b").text(), text);
  EXPECT_FALSE(reader.has("c"));
  expect_refused("missing", [&] { reader.read("c"); }, "no such member");
}

TEST(ZipReader, StoredMembersAreViews) {
  FileBytes archive = copy_bytes(archiveOf({stored("a", "hello"), deflated("b", "bb")}));
  auto isView = [&](const FileBytes &bytes) {
    return bytes.data() >= archive.data() && bytes.data() < archive.data() + archive.size();
  };
  ZipReader reader(archive, "z");
  EXPECT_TRUE(isView(reader.read("a")));
  EXPECT_FALSE(isView(reader.read("b")));
  FileBytes kept;
  kept = ZipReader(data("trained/digits_cnn.keras")).read("config.json");
  EXPECT_TRUE(kept.text().starts_with("{\"module\""));
}

TEST(ZipReader, LeavesFoldersOut) {
  ZipReader reader(copy_bytes(archiveOf({stored("assets/", ""), stored("assets/b", "1")})), "z");
  EXPECT_EQ(reader.members().size(), 1u);
}

TEST(ZipReader, MemberLimitIsExact) {
  std::string archive = archiveOf({stored("a", ""), stored("b", "")});
  EXPECT_NO_THROW(readAll(archive, {.zip_members = 2}));
  expect_refused("2 of 1", [&] { readAll(archive, {.zip_members = 1}); }, "zip_members");
}

TEST(ZipReader, NameLimitIsExact) {
  std::string archive = archiveOf({stored("abcd", "")});
  EXPECT_NO_THROW(readAll(archive, {.name_bytes = 4}));
  expect_refused("4 of 3", [&] { readAll(archive, {.name_bytes = 3}); }, "name_bytes");
}

TEST(ZipReader, SizeLimitIsExact) {
  std::string archive = archiveOf({stored("a", "1234")});
  EXPECT_NO_THROW(readAll(archive, {.zip_member_bytes = 4}));
  expect_refused("4 of 3", [&] { readAll(archive, {.zip_member_bytes = 3}); }, "zip_member_bytes");
}

TEST(ZipReader, RefusesNames) {
  for (const char *name : {"/etc/passwd", "../a", "a/../b", "a/..", "./a", "a//b", "a\\b", "C:/a"})
    expect_refused(name, [&] { readAll(archiveOf({stored(name, "x")})); });
  expect_refused("NUL", [&] { readAll(archiveOf({stored(std::string("a\0b", 3), "x")})); }, "NUL");
}

TEST(ZipReader, RefusesLies) {
  std::string text(5000, 'x');
  auto changed = [](Member member, auto change) {
    change(member);
    return archiveOf({member});
  };
  std::vector<std::pair<std::string, std::string>> cases = {
      {"duplicate", archiveOf({stored("a", "1"), stored("a", "2")})},
      {"encrypted", changed(stored("a", "1"), [](Member &m) { m.flags = 1; })},
      {"method", changed(stored("a", "1"), [](Member &m) { m.method = 99; })},
      {"stored sizes differ", changed(stored("a", "1"), [](Member &m) { m.size = 1u << 31; })},
      {"bomb", changed(deflated("a", text), [](Member &m) { m.size = 0xfffffff0; })},
      {"declared too long", changed(deflated("a", text), [](Member &m) { m.size += 1; })},
      {"declared too short", changed(deflated("a", text), [](Member &m) { m.size -= 1; })},
      {"checksum", changed(stored("a", "1"), [](Member &m) { m.crc ^= 1; })},
      {"checksum deflated", changed(deflated("a", text), [](Member &m) { m.crc ^= 1; })},
      {"stream", changed(deflated("a", text), [](Member &m) { m.stored[5] ^= 0x55; })},
      {"local name", changed(stored("a", "1"), [](Member &m) { m.localName = "b"; })},
      {"count too large", archiveOf({stored("a", "1")}, 1)},
      {"count too small", archiveOf({stored("a", "1"), stored("b", "1")}, -1)},
      {"prefix", "#!/bin/sh\n" + archiveOf({stored("a", "1")})},
      {"trailing", archiveOf({stored("a", "1")}) + "more"},
      {"two archives", archiveOf({stored("a", "1")}) + archiveOf({stored("a", "1")})},
      {"empty", ""},
      {"text", "this is not a zip archive, but it is long enough"},
  };
  for (const auto &[name, archive] : cases)
    expect_refused(name, [&] { readAll(archive); }, "test.zip");
}

TEST(ZipReader, RefusesAChangedByteOfALargeMember) {
  std::string text(5 * MiB + 3, 'x');
  Member member = stored("a", text);
  EXPECT_NO_THROW(readAll(archiveOf({member})));
  for (size_t place : {size_t(0), text.size() / 2, text.size() - 1}) {
    member.stored[place] = 'y';
    expect_refused(std::to_string(place), [&] { readAll(archiveOf({member})); }, "damaged");
    member.stored[place] = 'x';
  }
}

TEST(ZipReader, RefusesOverlap) {
  // Both entries of the directory point to the first member.
  std::string archive = archiveOf({stored("a", "1234"), stored("a", "1234")});
  size_t second = archive.rfind(joined(uint32_t(0x02014b50)));
  archive = patched(archive, second + 42, uint32_t(0));
  expect_refused("overlap", [&] { readAll(archive); }, "overlap");
}

TEST(ZipReader, RefusesEndRecordInComment) {
  std::string archive = archiveOf({stored("a", "1")});
  std::string inner = archiveOf({});
  archive = patched(archive, archive.size() - 2, static_cast<uint16_t>(inner.size())) + inner;
  expect_refused("comment", [&] { readAll(archive); }, "two end records");
}

TEST(ZipReader, RefusesEveryTruncation) {
  std::string archive = archiveOf({stored("a", "hello"), deflated("b", std::string(300, 'x'))});
  for (size_t size = 0; size < archive.size(); ++size)
    expect_refused(std::to_string(size), [&] { readAll(archive.substr(0, size)); });
}

TEST(ZipReader, SurvivesEveryChangedByte) {
  std::string archive = archiveOf({stored("a", "hello"), deflated("b", std::string(300, 'x'))});
  for (size_t at = 0; at < archive.size(); ++at)
    for (int change : {0x01, 0x80, 0xff}) {
      std::string damaged = archive;
      damaged[at] = static_cast<char>(damaged[at] ^ change);
      try {
        readAll(damaged);
      } catch (const Error &) {
      }
    }
}

TEST(ZipWriter, RoundTripAndSameBytes) {
  Folder folder;
  for (const char *name : {"one.zip", "two.zip"}) {
    ZipWriter writer;
    writer.add("metadata.json", "{}");
    writer.add("assets/x/vocabulary.txt", std::string(3 * MiB, 'q'));
    writer.save(folder / name);
  }
  ZipReader reader(folder / "one.zip");
  EXPECT_EQ(reader.read("metadata.json").text(), "{}");
  EXPECT_EQ(reader.members()[1].bytes, 3 * MiB);
  EXPECT_EQ(reader.members()[1].stored_bytes, 3 * MiB);
  EXPECT_EQ(file_text(folder / "one.zip"), file_text(folder / "two.zip"));
  EXPECT_EQ(folder.count(), 2u);
}

TEST(ZipWriter, RefusesNames) {
  ZipWriter writer;
  writer.add("a", "1");
  EXPECT_THROW(writer.add("a", "1"), Error);
  EXPECT_THROW(writer.add("../a", "1"), Error);
}
