#!/usr/bin/env python3
"""Runs one end-to-end case: the real binary on real files, down to the words.

usage: run_case.py BINARY CASE.test WORK_FOLDER

A case is text. `#` begins a comment at the start of a line. Blocks end at an
empty line; inside one, the line `<empty>` stands for an empty line.

  file NAME            followed by its lines
  file NAME gz         the same, compressed (also zst; hex: bytes as hex digits)
  file NAME = PYTHON   text or bytes from an expression; see `HELPERS` below
  env NAME=VALUE       for all runs that follow
                       $EXAMPLES is the folder examples/
  setup COMMAND        a shell command that must succeed; the case is skipped
                       (exit code 77) when it does not
  run COMMAND          a shell command; `plumbline` is the binary under test
  exit N               of the last run
  stdout               followed by exactly its lines; nothing: empty
  stderr               the same
  stdout contains      followed by lines, each of which it contains
  stdout lacks         followed by lines, none of which it contains
  stderr contains, stderr lacks
  json FILE PATH == VALUE
                       FILE may be stdout; PATH such as groups[0].n,
                       findings[code=PB603].severity or groups.length; also !=,
                       <, <=, >, >=, contains; VALUE is JSON
  exists PATH, absent PATH
"""

import gzip
import json
import operator
import os
import pathlib
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile

TIMEOUT_SECONDS = 300
SKIPPED = 77
SHOWN = 4000  # characters of each stream when a case fails


class CaseError(Exception):
    pass


class Skip(Exception):
    pass


def zst(text):
    """A Zstandard frame of raw blocks (RFC 8878), as the library cannot."""
    data = text if isinstance(text, bytes) else text.encode()
    frame = bytes.fromhex("28b52ffda0") + len(data).to_bytes(4, "little")
    blocks = [data[i:i + 65536] for i in range(0, len(data), 65536)] or [b""]
    for i, block in enumerate(blocks):
        last = i + 1 == len(blocks)
        frame += (last | len(block) << 3).to_bytes(3, "little") + block
    return frame


def gz(text):
    data = text if isinstance(text, bytes) else text.encode()
    return gzip.compress(data, mtime=0)


def predictions(rows, gap=0.0, seed=1, per_subject=1):
    """Labels at 30 %, scores that separate them, groups F and M of equal size,
    ages 20 to 89. `gap`: the share of F's positives that score low besides."""
    draw = random.Random(seed)
    lines = ["id,y,score,sex,age,split"]
    for row in range(rows):
        subject = row // per_subject
        sex = "FM"[subject % 2]
        y = int(draw.random() < 0.3)
        score = min(max(draw.gauss(0.65 if y else 0.35, 0.15), 0), 1)
        if draw.random() < gap and y and sex == "F":
            score /= 4
        age = 20 + subject * 7 % 70
        split = "val" if subject // 2 % 4 == 0 else "test"
        lines.append(f"s{subject},{y},{score:.6f},{sex},{age},{split}")
    return "\n".join(lines) + "\n"


def two_models(rows, harm=0.0, seed=1, per_subject=1):
    """As predictions, with the scores of two models, old and new, and an image
    id. `harm`: the share of F's positives that score low with the new one."""
    draw = random.Random(seed + 1)
    lines = ["image,id,y,old,new,sex,age,split"]
    for row, line in enumerate(predictions(
            rows, seed=seed, per_subject=per_subject).splitlines()[1:]):
        subject, y, old, sex, age, split = line.split(",")
        new = min(max(float(old) + draw.gauss(0, 0.05), 0), 1)
        if draw.random() < harm and y == "1" and sex == "F":
            new /= 4
        lines.append(f"i{row},{subject},{y},{old},{new:.6f},{sex},{age},"
                     f"{split}")
    return "\n".join(lines) + "\n"


def images(subjects):
    """Whose the rows of embeddings(subjects) are: two each, groups in turn."""
    return "subject,group\n" + "".join(
        f"{i // 2},{'AB'[i // 2 % 2]}\n" for i in range(2 * subjects))


def embeddings(subjects, dimensions=24, of_b=8):
    """A matrix of numbers in NumPy's format: two images of each subject, near
    one another; those of B use fewer dimensions, so B's are more alike."""
    generator = random.Random(5)
    rows = []
    for subject in range(subjects):
        used = of_b if subject % 2 else dimensions
        centre = [generator.gauss(0, 1) for _ in range(used)]
        for _ in range(2):
            rows += [x + 0.3 * generator.gauss(0, 1) for x in centre]
            rows += [0.0] * (dimensions - used)
    header = (f"{{'descr': '<f4', 'fortran_order': False, 'shape': "
              f"({2 * subjects}, {dimensions}), }}")
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return (b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") +
            header.encode() + struct.pack(f"<{len(rows)}f", *rows))


HELPERS = {"predictions": predictions, "two_models": two_models,
           "images": images, "embeddings": embeddings, "gz": gz, "zst": zst,
           "random": random}


def read_blocks(lines):
    """Yields (line number, directive line, lines of its block)."""
    i = 0
    while i < len(lines):
        line = lines[i]
        i += 1
        if not line.strip() or line.startswith("#"):
            continue
        first = i
        block = []
        word = line.split()[0]
        has_block = word == "file" and "=" not in line or \
            word in ("stdout", "stderr")
        while has_block and i < len(lines) and lines[i]:
            block.append("" if lines[i] == "<empty>" else lines[i])
            i += 1
        yield first, line, block


def select(value, path):
    """groups[0].n, findings[code=PB603].severity, groups.length"""
    steps = re.findall(r"\[([^\]]*)\]|([^.\[\]]+)", path)
    for index, key in steps:
        if key == "length":
            value = len(value)
        elif key:
            value = value[key]
        elif "=" in index:
            name, wanted = index.split("=", 1)
            found = [v for v in value if str(v.get(name)) == wanted]
            if not found:
                raise CaseError(f"nothing has {index} in {path}")
            value = found[0]
        else:
            value = value[int(index)]
    return value


OPERATORS = {"==": operator.eq, "!=": operator.ne, "<": operator.lt,
             "<=": operator.le, ">": operator.gt, ">=": operator.ge,
             "contains": operator.contains}


class Case:
    def __init__(self, binary, work):
        self.work = work
        self.result = None
        tools = work.parent / (work.name + ".bin")
        shutil.rmtree(tools, ignore_errors=True)
        tools.mkdir(parents=True)
        (tools / "plumbline").symlink_to(binary)
        kept = ("HOME", "XDG_DATA_HOME", "PLUMBLINE_DUCKDB",
                "PLUMBLINE_ONNXRUNTIME", "ASAN_OPTIONS", "UBSAN_OPTIONS",
                "TSAN_OPTIONS")
        self.environment = {k: os.environ[k] for k in kept if k in os.environ}
        self.environment.update(
            PATH=f"{tools}:{os.environ['PATH']}", LANG="C.UTF-8", TERM="dumb",
            EXAMPLES=str(pathlib.Path(__file__).resolve().parents[2] /
                         "examples"))
        # mpirun makes and removes a folder there that it shares with every
        # other mpirun, and fails where the two cross.
        self.temporary = tempfile.TemporaryDirectory(prefix="case")
        self.environment["TMPDIR"] = self.temporary.name

    def shell(self, command):
        process = subprocess.Popen(
            ["bash", "-c", command], cwd=self.work, env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True)
        try:
            out, err = process.communicate(timeout=TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise CaseError(f"took longer than {TIMEOUT_SECONDS} s: {command}")
        code = process.returncode
        return (code if code >= 0 else 128 - code,
                out.decode(errors="replace"), err.decode(errors="replace"))

    def stream(self, name):
        if self.result is None:
            raise CaseError("there is no run before this line")
        return self.result[1 if name == "stdout" else 2]

    def do(self, line, block):
        word, _, rest = line.partition(" ")
        action = getattr(self, "do_" + word, None)
        if action is None:
            raise CaseError(f"unknown directive {word}")
        action(rest.strip(), block)

    def do_file(self, rest, block):
        if " = " in rest:
            name, expression = rest.split(" = ", 1)
            data = eval(expression, dict(HELPERS))  # the case is our own
        else:
            name, *form = rest.split()
            text = "".join(line + "\n" for line in block)
            data = {"": lambda: text, "gz": lambda: gz(text),
                    "zst": lambda: zst(text),
                    "hex": lambda: bytes.fromhex(text)}[" ".join(form)]()
        path = self.work / name.strip()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())

    def do_env(self, rest, block):
        name, value = rest.split("=", 1)
        self.environment[name] = value

    def do_setup(self, rest, block):
        code, out, err = self.shell(rest)
        if code != 0:
            raise Skip(f"`{rest}` is not possible here: {out}{err}")

    def do_run(self, rest, block):
        self.result = self.shell(rest)

    def do_exit(self, rest, block):
        if self.result is None or self.result[0] != int(rest):
            raise CaseError(f"expected exit code {rest}")

    def check_stream(self, name, rest, block):
        text = self.stream(name)
        if rest == "":
            expected = "".join(line + "\n" for line in block)
            if text != expected:
                raise CaseError(f"expected {name}:\n{expected}")
        elif rest in ("contains", "lacks"):
            for line in block:
                if (line in text) != (rest == "contains"):
                    raise CaseError(f"{name} {rest}: {line}")
        else:
            raise CaseError(f"unknown check {name} {rest}")

    def do_stdout(self, rest, block):
        self.check_stream("stdout", rest, block)

    def do_stderr(self, rest, block):
        self.check_stream("stderr", rest, block)

    def do_json(self, rest, block):
        match = re.fullmatch(
            r"(\S+) (.+) (==|!=|<=|>=|<|>|contains) (\S.*)", rest)
        if not match:
            raise CaseError("expected: json FILE PATH == VALUE")
        file, path, name, value = match.groups()
        text = (self.stream("stdout") if file == "stdout" else
                (self.work / file).read_text())
        found = select(json.loads(text), path)
        if not OPERATORS[name](found, json.loads(value)):
            raise CaseError(f"{path} is {json.dumps(found)}")

    def do_exists(self, rest, block):
        if not (self.work / rest).exists():
            raise CaseError(f"{rest} does not exist")

    def do_absent(self, rest, block):
        if (self.work / rest).exists():
            raise CaseError(f"{rest} exists")


def unmount_below(work):
    for line in pathlib.Path("/proc/self/mounts").read_text().splitlines():
        place = line.split()[1]
        if place.startswith(f"{work}/"):
            subprocess.run(["umount", place], check=False)


def main():
    binary, case_file, work = (pathlib.Path(p).resolve() for p in sys.argv[1:])
    unmount_below(work)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    case = Case(binary, work)
    number, line = 0, ""
    try:
        for number, line, block in read_blocks(
                case_file.read_text().splitlines()):
            case.do(line, block)
    except Skip as skip:
        print(f"{case_file.name}: skipped, {skip}")
        return SKIPPED
    except (CaseError, OSError, KeyError, IndexError, TypeError,
            ValueError) as error:
        print(f"{case_file}:{number}: {line}\n"
              f"{type(error).__name__}: {error}")
        if case.result:
            code, out, err = case.result
            print(f"--- exit code {code}\n--- stdout\n{out[:SHOWN]}"
                  f"--- stderr\n{err[:SHOWN]}")
        return 1
    finally:
        unmount_below(work)
        case.temporary.cleanup()
    shutil.rmtree(work, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
