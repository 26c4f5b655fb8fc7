"""The page of each command names every option of the command, and no page names
an option that no command has.

usage: documentation.py PLUMBLINE FOLDER DOCS
"""
import os
import re
import subprocess
import sys

# The page of a command and the heading from which on it speaks of its options.
PAGES = {"audit": ("audit.md", ""), "compare": ("compare.md", ""),
         "convert": ("tables.md", "## plumbline convert"),
         "doctor": ("doctor.md", ""),
         "face": ("face.md", ""),
         "monitor": ("monitor.md", ""), "pack": ("pack.md", ""),
         "phantom": ("phantom.md", ""), "power": ("power.md", ""),
         "predict": ("predict.md", "## Options"),
         "split": ("cohort.md", "## plumbline split"),
         "survey": ("survey.md", "## Options"),
         "train": ("train.md", "## Options")}
# Commands made of subcommands: their page speaks of all.
SUBCOMMANDS = {"face": ["algorithms", "audit", "synth"]}
# Options of other programs that the pages speak of.
OF_OTHERS = {"--all", "--build", "--help", "--ignore-scripts", "--install",
             "--integer", "--oversubscribe", "--parallel", "--prefix",
             "--preset", "--version"}


def options(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))


def main():
    binary, _, docs = sys.argv[1:]
    texts = {}
    for name in sorted(os.listdir(docs)):
        with open(os.path.join(docs, name), encoding="utf-8") as file:
            texts[name] = file.read()
    wrong = []
    known = set(OF_OTHERS)
    for command, (page, heading) in PAGES.items():
        help_text = "".join(
            subprocess.run([binary, command, *subcommand, "--help"], text=True,
                           capture_output=True, check=True).stdout
            for subcommand in ([name] for name in SUBCOMMANDS[command])
        ) if command in SUBCOMMANDS else subprocess.run(
            [binary, command, "--help"], text=True, capture_output=True,
            check=True).stdout
        offered = options(help_text) - {"--help"}
        if len(offered) < 4:
            wrong.append(f"only {len(offered)} options in the help of {command}")
        known |= offered
        named = options(texts[page][texts[page].index(heading):]) - (
            OF_OTHERS - offered)
        wrong += [f"docs/{page} lacks {name}" for name in offered - named]
        wrong += [f"docs/{page} has {name}, which plumbline {command} does not "
                  "know" for name in named - offered]
    for page, text in texts.items():
        wrong += [f"docs/{page} has {name}, which no command knows"
                  for name in options(text) - known]
    sys.exit("\n".join(sorted(wrong)) if wrong else 0)


if __name__ == "__main__":
    main()
