#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""filter.py HEADER: a header as Doxygen is to read it, on standard output.

Layers say their arguments once, in structs whose names end in Config, and share them with their
family; what each of Keras's arguments means is said once too, in docs/arguments.txt. Here the two
are put together, and the macros that declare layers are written out with their texts.
"""
import pathlib
import re
import sys

TABLE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "arguments.txt"
FIELDS = """std::string name = {}; ///< %(name)s
  bool trainable = true; ///< %(trainable)s
  DTypePolicy dtype = {}; ///< %(dtype)s
  /// The table of these arguments, by which configurations are read and written.
  Fields fields();"""
LAYER = """public:
  /// A layer with these arguments. Throws Error when one of them is wrong.
  explicit {0}Layer(Config config = {{}});
  /// A layer from its configuration in a file. Throws Error that names the argument.
  static LayerPtr from_config(const ConfigValue &config, LayerReader &reader);
private: typedef {1} Base;
public:"""
FAMILY = """/// The layer behind {0}. Source: keras.layers.{0}.
class {0}Layer : public {1} {{
{2}
}};
/// Source: keras.layers.{0}. Its arguments are those of {1}.
using {0} = Handle<{0}Layer>;"""
MEMBER = re.compile(r"^(\s+(?:const )?[\w:]+(?:<[^;=]*?>)? )(\w+(?: = [^;,]+)?(?:, \w+(?: = [^;,]+)?)*);\s*$")
STRUCT = re.compile(r"^(?:struct|class) \w+(?:Config|Options|Layer|Base|Cell|Cell\w*)\b.*{")
# What a layer overrides is said at what it overrides, or is no matter of who uses it.
HIDDEN = re.compile(r"\boverride;|\boverride {|\bcheck_config\(|\) (?:const )?= 0;|^\s*using (?:Base|Config|Configured)\b|"
                    r"^  (?:explicit )?\w+(?:Layer|Base|Cell)\(\w*Config config|^  \w+Config config;")
FAMILY_USE = re.compile(r"^HORN_(?!REGISTER|DEFINE|FIELDS|LAYER\b|LAYER_OF)\w+\((\w+)(?:, (\w+))?[^()]*\)$")


def arguments():
    """The text of each argument."""
    lines = [line for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split(": ", 1) for line in lines)


def without_macro_bodies(text):
    """Definitions of macros are not for readers of the reference."""
    return re.sub(r"(?:^///[^\n]*\n)*^#define HORN_(?!REGISTER)(?:[^\n]*\\\n)*[^\n]*\n", "", text, flags=re.M)


def member_with_text(line, texts):
    """A declaration of members, one a line, each with the table's text; unchanged unless all have one."""
    match = MEMBER.match(line)
    if not match:
        return line
    parts = re.split(r", (?=\w+(?: = |,|$))", match[2])
    names = [part.split(" ")[0] for part in parts]
    if not all(name in texts for name in names):
        return line
    return "\n".join(f"{match[1]}{part}; ///< {texts[name]}" for name, part in zip(names, parts))


def without_hidden(text):
    """Statements of a layer's class that say nothing to who uses it are left out."""
    result, skipping = [], False
    for line in text.splitlines():
        if not skipping and line.startswith("  ") and not line.strip().startswith("//"):
            skipping = bool(HIDDEN.search(line))
        if skipping:
            skipping = not line.rstrip().endswith((";", "}"))
            continue
        result.append(line)
    return "\n".join(result) + "\n"


def config_structs(text, texts):
    """Arguments without a text of their own get the table's."""
    result, inside, documented = [], False, False
    for line in text.splitlines():
        if STRUCT.match(line):
            inside = True
        elif line.startswith("}"):
            inside = False
        if inside and not documented and "///<" not in line:
            line = member_with_text(line, texts)
        documented = line.strip().startswith("///")
        result.append(line)
    return "\n".join(result) + "\n"


def family_uses(text):
    result, documented = [], False
    for line in text.splitlines():
        match = FAMILY_USE.match(line)
        if match:
            base = match[2] if match[2] and match[2][0].isupper() else "Layer"
            line = FAMILY.format(match[1], base, LAYER.format(match[1], base))
            if documented:
                line = line.split("\n", 1)[1]
        alias = re.match(r"using (\w+) = (?:horn::)?Handle<\w+>;$", line)
        if alias and not documented:
            line = f"/// Source: keras.layers.{alias[1]}. Its arguments are the layer's Config.\n{line}"
        documented = "\n" not in line and line.strip().startswith("///")
        result.append(line)
    return "\n".join(result) + "\n"


def of_c(text):
    """Comments of a header in C, where they say something about what follows or stands before."""
    text = re.sub(r"^/\* ----.*?\*/$", "", text, flags=re.M)
    text = re.sub(r"([,;{]|= \d+) */\*(?![*<]) ?", r"\1 /**< ", text)
    text = re.sub(r"^( *)/\*(?!\*)((?:(?!\*/).)*\*/\n)(?=\1[a-zA-Z#])", r"\1/**\2", text, flags=re.M | re.S)
    return re.sub(r"^( +\w+)( /\*)(?!\*)", r"\1 /**<", text, flags=re.M)


def main():
    text = pathlib.Path(sys.argv[1]).read_text()
    if sys.argv[1].endswith("runtime.h"):
        sys.stdout.write(of_c(text))
        return
    texts = arguments()
    text = without_macro_bodies(text)
    if "/layers/" in sys.argv[1]:
        text = without_hidden(text)
    text = config_structs(text, texts)
    text = re.sub(r"^  HORN_FIELDS\([^()]*\)", lambda _: "  " + FIELDS % texts, text, flags=re.M)
    text = family_uses(text)
    text = re.sub(r"^\s*HORN_LAYER\((\w+), ([^()]+)\)", lambda m: LAYER.format(m[1], m[2]), text, flags=re.M)
    text = re.sub(r"^\s*HORN_LAYER_OF\((\w+), ([^()]+), \"[^\"]*\"\)", lambda m: LAYER.format(m[1], m[2]), text, flags=re.M)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
