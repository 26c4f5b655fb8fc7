"""docs/audit.md and docs/monitor.md name every option of their command, and no
other.

usage: documentation.py PLUMBLINE FOLDER DOCS
"""
import os
import re
import subprocess
import sys


def options(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))


def check(binary, docs, command):
    help_text = subprocess.run([binary, command, "--help"], text=True,
                               capture_output=True, check=True).stdout
    with open(os.path.join(docs, command + ".md"), encoding="utf-8") as file:
        page = options(file.read()) - {"--help"}
    offered = options(help_text) - {"--help"}
    if len(offered) < 20:
        sys.exit(f"only {len(offered)} options found in the help text")
    return [f"docs/{command}.md lacks {name}" for name in offered - page] + \
        [f"docs/{command}.md has {name}, which plumbline {command} does not "
         "know" for name in page - offered]


def main():
    binary, _, docs = sys.argv[1:]
    wrong = check(binary, docs, "audit") + check(binary, docs, "monitor")
    sys.exit("\n".join(wrong) if wrong else 0)


if __name__ == "__main__":
    main()
