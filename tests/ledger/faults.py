#!/usr/bin/env python3
"""A full disk, a file that cannot be written, a killed process: a clear sentence, nothing acknowledged lost, nothing doubled.

    faults.py BAOXUE [--times 12]

The workspace is that of tests/cases/pay.case, up to the file for the bank. Then `pay return` of the bank's answer (and
`pay propose` after it) meets each fault on a copy; afterwards the books have to be whole, the proof has to hold, and the same
commands again have to give what they give on a copy that met no fault.
"""
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cases"))
import run as cases  # noqa: E402

ANSWER = "回执1.csv"
COMMANDS = [["pay", "return", ANSWER], ["pay", "propose", "--at", "2020-11-25", "--scheme", "boarding_subsidy", "--retry"]]
NOBODY = 65534


def make_books(folder, environment):
    """The case up to the file for the bank; the bank's answer lies beside."""
    with open(os.path.join(HERE, "..", "cases", "pay.case"), encoding="utf-8") as file:
        files, steps = cases.parse(file.read())
    for number, step in enumerate(steps):
        for before, head, lines in files:
            if before == number:
                cases.write_file(folder, head, lines)
        if step.command.startswith("baoxue pay return"):
            return
        subprocess.run(["sh", "-c", step.command], cwd=folder, env=environment, check=False, capture_output=True)


class Trial:
    """A copy of the workspace."""

    def __init__(self, source, environment):
        self.folder = tempfile.mkdtemp(prefix="pay_fault")
        self.environment = environment
        for name in ("baoxue.db", "baoxue.db.key", ANSWER):
            shutil.copy(os.path.join(source, name), self.folder)

    def start(self, words, before=None):
        return subprocess.Popen(["baoxue", "--quiet", "--lang", "en", *words], cwd=self.folder, env=self.environment,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=before)

    def run(self, words, before=None):
        process = self.start(words, before)
        out, errors = process.communicate()
        return process.returncode, out.decode(), errors.decode()

    def state(self):
        """What the user sees of the money, when all commands have been given."""
        for words in COMMANDS:
            code, _, errors = self.run(words)
            if code != 0:
                return f"{words}: {errors}"
        code, proof, errors = self.run(["pay", "prove"])
        whole, _, said = self.run(["ledger", "verify"])
        if code != 0 or whole != 0:
            return f"not proven: {errors}{said}"
        return proof + self.run(["pay", "list"])[1] + self.run(["pay", "suspense"])[1]

    def close(self):
        shutil.rmtree(self.folder)


def full_disk():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def no_rights():
    if os.getuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def fails_clearly(trial, words, before, what):
    code, _, errors = trial.run(words, before)
    lines = [line for line in errors.split("\n") if line]
    print(f"{what}: {lines[-1] if lines else ''}")
    if code == 4 and lines and lines[-1].startswith("baoxue: "):
        return True
    print(f"{what}: exit {code}, {errors!r}")
    return False


def killed(trial, words, chance, seconds):
    """Ends the command at a random moment of the time that it takes; true when it was still at work."""
    process = trial.start(words)
    time.sleep(chance.random() * seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def try_faults(folder, environment, times):
    good, met = True, 0
    plain = Trial(folder, environment)
    start = time.monotonic()
    expected = plain.state()
    each = (time.monotonic() - start) / (len(COMMANDS) + 4)
    plain.close()
    if "P1-1" not in expected:
        print(f"the plain run failed: {expected}")
        return False
    chance = random.Random(20201125)
    for fault in ["full disk", "no rights"] + ["killed"] * times:
        trial = Trial(folder, environment)
        os.chmod(trial.folder, 0o755)
        for words in COMMANDS[:1] if fault != "killed" else COMMANDS:
            if fault == "full disk":
                good &= fails_clearly(trial, words, full_disk, fault)
            elif fault == "no rights":
                os.chmod(os.path.join(trial.folder, "baoxue.db"), 0o444)
                good &= fails_clearly(trial, words, no_rights, fault)
                os.chmod(os.path.join(trial.folder, "baoxue.db"), 0o644)
            else:
                met += killed(trial, words, chance, 1.3 * each)
        got = trial.state()
        if got != expected:
            good = False
            print(f"after {fault}:\n{got}\nexpected:\n{expected}")
        trial.close()
    print(f"{times} runs, {met} commands killed at work")
    return good and met > 0


def main():
    times = int(sys.argv[sys.argv.index("--times") + 1]) if "--times" in sys.argv else 12
    if os.environ.get("BAOXUE_TEST_LONG"):
        times *= 20
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        os.symlink(os.path.abspath(sys.argv[1]), os.path.join(folder, "baoxue"))
        environment = dict(os.environ, PATH=folder + os.pathsep + os.environ["PATH"], HOME=folder, LANG="C.UTF-8",
                           CASES=os.path.join(HERE, "..", "cases"))
        make_books(folder, environment)
        return 0 if try_faults(folder, environment, times) else 1


if __name__ == "__main__":
    sys.exit(main())
