"""Every line of the output that README.md shows is one that the demo prints.

usage: readme.py PLUMBLINE FOLDER SOURCES
"""
import os
import re
import subprocess
import sys


def demo_command(sources, binary):
    """The audit of scripts/demo.sh without its folder for output."""
    with open(os.path.join(sources, "scripts", "demo.sh")) as file:
        words = re.search(r"audit=\((.*?)\s-o\s", file.read(),
                          re.DOTALL).group(1).split()
    return [binary] + words[1:]


def excerpt(sources):
    """The lines of the block of README.md that shows the report."""
    with open(os.path.join(sources, "README.md"), encoding="utf-8") as file:
        blocks = re.findall(r"^```\n(.*?)^```", file.read(),
                            re.DOTALL | re.MULTILINE)
    shown = [block for block in blocks if "VERDICT" in block]
    if len(shown) != 1:
        sys.exit(f"README.md has {len(shown)} blocks with a verdict, not one")
    return [line for line in shown[0].split("\n") if line.strip() != "..."]


def main():
    binary, _, sources = sys.argv[1:]
    ran = subprocess.run(demo_command(sources, binary), cwd=sources,
                         capture_output=True, text=True, check=True)
    printed = set(ran.stdout.split("\n"))
    wrong = [line for line in excerpt(sources) if line not in printed]
    if wrong:
        sys.exit("README.md shows lines that the demo does not print:\n" +
                 "\n".join(wrong))


if __name__ == "__main__":
    main()
