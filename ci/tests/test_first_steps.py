"""What a newcomer meets: the bare name, a terminal, a device that is not there yet, the install."""
import json
import os
import pty
import re
import signal
import socket
import subprocess

import pytest

from blackbox import LIMIT_S, PROGRAM, ROOT, Device

BASE = {"PATH": os.environ["PATH"], "TERM": "xterm", "XDG_CONFIG_HOME": "/nonexistent"}
FINDING = ("--fault", "token-ignored-after-http", "--only", "layers.right-http.*")


def on_terminal(folder, *arguments, **variables):
    """Status and what a terminal shows; both streams go there."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execve(PROGRAM, ["countersign", *arguments], {**BASE, **variables})
    shown = b""
    while True:
        try:
            octets = os.read(terminal, 65536)
        except OSError:  # EIO: the other side is closed
            break
        if not octets:
            break
        shown += octets
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), shown.decode()


@pytest.fixture(name="port")
def port_fixture():
    """A socket that has its port but does not listen: nobody else gets the port meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.settimeout(LIMIT_S)
        yield taken


def url_of(taken):
    return f"http://127.0.0.1:{taken.getsockname()[1]}/"


def test_the_bare_name_tells_a_person_what_to_do(tmp_path, call):
    status, shown = on_terminal(tmp_path)
    assert status == 4
    for words in ("countersign run --fault", "countersign survey http://HOST", "chmod 600"):
        assert words in shown
    done = call()
    assert done.status == 4 and not done.out
    assert done.err.startswith("countersign ") and "Commands:\n" in done.err


def test_each_first_step_works(tmp_path, call):
    """The commands that the message shows for the built-in device."""
    _, shown = on_terminal(tmp_path)
    steps = re.findall(r"^ +countersign (run(?: --fault [a-z-]+)?)\r?$", shown, re.M)
    assert len(steps) == 2
    assert [call(*step.split(), "--only", "layers.right-http.*").status for step in steps] == [0, 1]


def test_a_run_of_the_built_in_device_says_what_comes_next(call):
    assert "Yours:" in call("run", "--only", "digest.nc.reused").out
    assert "Yours:" not in call("run", "--only", "digest.nc.reused", "--quiet").out


@pytest.mark.parametrize("variables, colours, progress", [
    ({}, True, True),
    ({"NO_COLOR": "1"}, False, True),
    ({"CI": "true"}, True, False),
    ({"TERM": "dumb"}, False, False),
    ({"FORCE_COLOR": "0"}, False, True),
])
def test_a_terminal_gets_colours_and_progress(tmp_path, variables, colours, progress):
    status, shown = on_terminal(tmp_path, "run", *FINDING,
                                **variables)
    assert status == 1
    assert (re.search("\x1b\\[[0-9;]*m", shown) is not None) == colours
    assert (re.search("[0-9]+ of [0-9]+ judged", shown) is not None) == progress


def test_a_file_gets_neither(call):
    done = call("run", *FINDING)
    assert done.status == 1 and "judged" not in done.err
    # Call has looked for control characters.


@pytest.mark.parametrize("options, variables, colours", [
    ((), {}, False),
    ((), {"FORCE_COLOR": "1"}, True),
    ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    (("--colour", "always"), {"NO_COLOR": "1"}, True),
    (("--colour", "never"), {"FORCE_COLOR": "1"}, False),
])
def test_a_pipe_gets_colours_only_when_told(tmp_path, options, variables, colours):
    done = subprocess.run([PROGRAM, "run", *FINDING, *options], cwd=tmp_path, check=False,
                          env={**BASE, **variables}, capture_output=True, text=True)
    assert done.returncode == 1 and ("\x1b[" in done.stdout) == colours
    assert "judged" not in done.stderr


def test_who_said_what_is_printed_without_secrets(tmp_path, call):
    (tmp_path / "countersign.ini").write_text(
        "[defaults]\ntimeout = 7s\nseed = ours\n[run]\nslow = yes\nuser = has-hunter22-in-it\n")
    done = call("run", "http://192.0.2.10/", "--print-config", "--seed", "mine", environment={
        "COUNTERSIGN_PASSWORD": "hunter22", "COUNTERSIGN_TIMEOUT": "5s",
        "COUNTERSIGN_HTML": "hunter22.html"})
    assert done.status == 0 and "hunter22" not in done.out + done.err
    told = {line.split(" ;")[0].strip(): line.split(" ; ")[1] for line in done.out.splitlines()
            if " = " in line}
    assert told["seed = mine"] == "arguments" and told["slow = yes"] == "countersign.ini:5"
    assert told["timeout = 5s"] == "COUNTERSIGN_TIMEOUT" and told["kind = onvif"] == "built-in"
    assert told["user = has-[redacted]-in-it"] == "countersign.ini:6"
    assert told["html = [redacted].html"] == "COUNTERSIGN_HTML"
    assert "; the password: of COUNTERSIGN_PASSWORD; it is never shown" in done.out


def test_a_file_of_defaults_is_heeded_and_named(tmp_path, call):
    (tmp_path / "countersign.ini").write_text("[run]\nonly = digest.nc.reused\n")
    done = call("run")
    assert done.status == 0 and "defaults of countersign.ini\n" in done.out
    assert "plan: profile onvif-core, 1 case" in done.out
    report = call("run", "--json", "-", environment={"COUNTERSIGN_SEED": "7"}).out
    assert json.loads(report)["command"] == (
        "countersign run --json - --only=digest.nc.reused --seed=7")
    assert "only = basic.*" in call("run", "--print-config", "--only", "basic.*").out
    (tmp_path / "countersign.ini").write_text("[run]\npassword = x\n")
    call("run").complains("countersign.ini:2: no entry password")
    assert call("help").status == 0


def test_a_device_that_is_there_is_not_waited_for(call):
    with Device() as device:
        done = call("wait", device.url)
        assert done.status == 0 and not done.err
        assert re.fullmatch(rf"{device.url} answers: [2-5][0-9]{{2}} .*, after [0-9.]+ s and 1 "
                            r"request\n", done.out)
        assert call("wait", device.url, "--quiet").out == ""


def test_a_device_that_is_not_there_is_inconclusive(call, port):
    url = url_of(port)
    done = call("wait", url, "--timeout", "2s", "--interval", "100ms")
    assert done.status == 6
    assert re.search(f"{url} does not answer: closed: .* and [1-9][0-9]* request", done.err)
    assert call("wait", url, "--timeout", "50ms", "--quiet").out == ""


def test_what_cannot_be_waited_for_is_said(call):
    call("wait").complains("expected URL")
    call("wait", "camera").complains("expected http://HOST")
    call("wait", "http://127.0.0.1/", "--interval", "often").complains("expected a duration")


def start_wait(url, folder):
    """A call that has seen that nobody is there."""
    process = subprocess.Popen([PROGRAM, "wait", url, "--interval", "20ms"], cwd=folder,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=BASE)
    assert "closed: " in process.stdout.readline()
    return process


def test_a_device_that_comes_later_is_seen(tmp_path, port):
    waiting = start_wait(url_of(port), tmp_path)
    port.listen()
    answered, _ = port.accept()
    with answered:
        assert answered.recv(65536).startswith(b"GET / HTTP/1.1\r\n")
        answered.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
        out, err = waiting.communicate(timeout=LIMIT_S)
    assert waiting.returncode == 0, err
    assert " answers: 401 Unauthorized, after " in out


def test_a_signal_ends_the_waiting(tmp_path, port):
    waiting = start_wait(url_of(port), tmp_path)
    waiting.send_signal(signal.SIGTERM)
    _, err = waiting.communicate(timeout=LIMIT_S)
    assert waiting.returncode == 2 and "does not answer" in err


def test_version_is_one_line(call):
    assert re.fullmatch(r"countersign [0-9]+\.[0-9]+\.[0-9]+[^\n]*\n", call("--version").out)


def test_what_is_installed_lies_where_it_is_looked_for(tmp_path):
    build = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(PROGRAM))))
    if not os.path.exists(os.path.join(build, "cmake_install.cmake")):
        pytest.skip("the program is not in a build folder")
    subprocess.run(["cmake", "--install", build, "--prefix", str(tmp_path)], check=True,
                   stdout=subprocess.DEVNULL, cwd=ROOT)
    for name in ("bin/countersign", "share/man/man1/countersign.1",
                 "share/man/man5/countersign-suite.5",
                 "share/bash-completion/completions/countersign",
                 "share/zsh/site-functions/_countersign",
                 "share/fish/vendor_completions.d/countersign.fish"):
        assert (tmp_path / name).stat().st_size > 0, name
