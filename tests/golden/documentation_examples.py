"""The examples in docs/ are true: every command of a page that is followed by
what it prints is run as it stands there, and must print each of these lines.
Every key of the documents that these runs write is named in the pages.

On a page, a block of Python is run before what follows it, a block of TOML
that begins with `# FILE` is written to FILE, and `...` stands for lines that are
left out. Commands on the reader's own `preds` are not run.

usage: documentation_examples.py PLUMBLINE FOLDER SOURCES
"""
import json
import os
import re
import shutil
import subprocess
import sys

# Each document's pages.
PAGES_OF = {
    "plumbline.audit/1": ["audit-json.md"],
    "plumbline.compare/1": ["compare.md", "audit-json.md"],
    "plumbline.monitor/1": ["monitor.md", "audit-json.md"],
    "plumbline.pack/1": ["pack.md"],
    "plumbline.power/1": ["power.md", "audit-json.md"],
    "plumbline.survey/1": ["survey.md"],
    "plumbline.face/1": ["face-json.md"],
    "plumbline.face_algorithms/1": ["face-json.md"],
}
# Objects whose keys are names from the table or of the gates' numbers.
FREE = {"attributes", "conditions", "group", "reference", "bins", "numbers",
        "at_of_target", "expected"}
# Commands that write no document.
WITHOUT_JSON = ("plumbline phantom ", "plumbline split ")


def blocks(path):
    with open(path, encoding="utf-8") as file:
        return re.findall(r"^```(\w*)\n(.*?)^```", file.read(),
                          re.DOTALL | re.MULTILINE)


def is_command(block):
    return re.match(r"(plumbline|scripts/setup.sh|sha256sum|zcat) ", block) is not None


def examples(path):
    """Yields (kind, text) to run: 'python', 'file', or a command with the lines
    that it prints."""
    of_page = blocks(path)
    for index, (language, text) in enumerate(of_page):
        following = of_page[index + 1] if index + 1 < len(of_page) else None
        if language == "python":
            yield "python", text, None
        elif language == "toml" and re.match(r"# \S+\.toml\n", text):
            yield "file", text, None
        elif language in ("", "sh") and is_command(text) and following and \
                following[0] == "" and not is_command(following[1]) and \
                "preds" not in text:
            yield "command", text, following[1]


def keys(value, free=False):
    """All keys of a document but those that the table names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not free and "=" not in key:
                yield key
            yield from keys(inner, key in FREE)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def words(paths):
    """The words of the pages that stand in code."""
    found = set()
    for path in paths:
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"^```.*?^```", "", file.read(),
                          flags=re.DOTALL | re.MULTILINE)
        for code in re.findall(r"`[^`]+`", text):
            found.update(re.findall(r"\w+", code))
    return found


class Check:
    def __init__(self, binary, folder, sources):
        self.docs = os.path.join(sources, "docs")
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(os.path.join(folder, "bin"))
        os.symlink(os.path.abspath(binary),
                   os.path.join(folder, "bin", "plumbline"))
        os.symlink(os.path.join(sources, "examples"),
                   os.path.join(folder, "examples"))
        self.environment = dict(
            os.environ, PATH=os.path.join(folder, "bin") + os.pathsep +
            os.environ["PATH"], PYTHONWARNINGS="ignore",
            XDG_CACHE_HOME=os.path.join(os.path.abspath(folder), "cache"))
        self.wrong = []
        self.commands = 0
        self.documents = set()

    def run(self, page, command, lines):
        self.commands += 1
        result = os.path.join(self.folder, "result.json")
        if os.path.exists(result):
            os.remove(result)
        has_json = not command.startswith(WITHOUT_JSON)
        ran = subprocess.run(command.rstrip("\n") +
                             (" --json result.json" if has_json else ""),
                             shell=True, cwd=self.folder, text=True,
                             env=self.environment, capture_output=True)
        if ran.returncode not in (0, 1, 4):
            self.wrong.append(f"{page}: {command}ends with {ran.returncode}: "
                              f"{ran.stderr}")
            return
        printed = set(ran.stdout.split("\n"))
        for line in lines.split("\n"):
            if line not in printed and line.strip() != "...":
                self.wrong.append(f"{page} shows a line that is not printed: "
                                  f"{line}")
        if not has_json:
            return
        with open(result, encoding="utf-8") as file:
            document = json.load(file)
        self.documents.add(document["schema"])
        pages = PAGES_OF[document["schema"]]
        known = words(os.path.join(self.docs, name) for name in pages)
        for key in sorted(set(keys(document)) - known):
            self.wrong.append(f"{pages[0]} lacks the key {key} of "
                              f"{document['schema']}")

    def page(self, page):
        for kind, text, lines in examples(os.path.join(self.docs, page)):
            if kind == "python":
                subprocess.run([sys.executable, "-c", text], cwd=self.folder,
                               env=self.environment, check=True)
            elif kind == "file":
                name = text.split("\n", 1)[0][2:]
                with open(os.path.join(self.folder, name), "w") as file:
                    file.write(text)
            else:
                self.run(page, text, lines)


def main():
    binary, folder, sources = sys.argv[1:]
    check = Check(binary, folder, sources)
    for page in sorted(os.listdir(check.docs)):
        if page.endswith(".md"):
            check.page(page)
    if check.commands < 11 or check.documents != set(PAGES_OF):
        check.wrong.append(f"only {check.commands} examples found, of "
                           f"{sorted(check.documents)}")
    sys.exit("\n".join(dict.fromkeys(check.wrong)) if check.wrong else 0)


if __name__ == "__main__":
    main()
