"""docs/audit.md names every option of `plumbline audit`, and no other.

usage: documentation.py PLUMBLINE FOLDER DOCS
"""
import os
import re
import subprocess
import sys


def options(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))


def main():
    binary, _, docs = sys.argv[1:]
    help_text = subprocess.run([binary, "audit", "--help"], text=True,
                               capture_output=True, check=True).stdout
    with open(os.path.join(docs, "audit.md"), encoding="utf-8") as file:
        page = options(file.read()) - {"--help"}
    offered = options(help_text) - {"--help"}
    if len(offered) < 20:
        sys.exit(f"only {len(offered)} options found in the help text")
    wrong = [f"docs/audit.md lacks {name}" for name in offered - page]
    wrong += [f"docs/audit.md has {name}, which plumbline audit does not know"
              for name in page - offered]
    sys.exit("\n".join(wrong) if wrong else 0)


if __name__ == "__main__":
    main()
