"""The files for CI services: the script of each job runs here, in a stand-in for its service."""
import json
import os
import pathlib
import re
import subprocess

import pytest
import yaml

from blackbox import PROGRAM, ROOT, Device, held_port, validate

FILES = ROOT / "ci/pipelines"
INSTALLED = "/usr/share/countersign/jobs"
GITHUB = yaml.safe_load((FILES / "github/countersign.yml").read_text())
ACTION = yaml.safe_load((FILES / "github/action.yml").read_text())
GITLAB = yaml.safe_load((FILES / "gitlab/countersign.gitlab-ci.yml").read_text())
AZURE = yaml.safe_load((FILES / "azure/azure-pipelines.yml").read_text())
POD = yaml.safe_load((FILES / "kubernetes/indexed-job.yaml").read_text())

# What a service provides, as commands that write down that they were called.  A certification
# judges the built-in device: on a real one its waits, which nothing may leave out, take hours.
STAND_INS = {
    "apt-get": "",
    "sudo": "",
    "gh": 'case "$*" in "release download "*) mkdir -p baseline && cp "$LAST" baseline/ ;; esac',
    "git": "echo v1.0",
    "curl": """config=$(cat) # its standard input
        case $config in *'"PRIVATE-TOKEN: token"'*) ;; *) exit 22 ;; esac
        while [ "$1" != --output ]; do shift; done
        cp "$LAST" "$2" """,
    "countersign": """if [ "$1 ${3-}" = "run --certify" ]; then shift 2; set -- run "$@"; fi
        exec "$PROGRAM" "$@" """,
}
SECRET = "secure"
RAN = []  # scripts, by the tests so far


class Service:
    """A folder as a service's workspace; run() is a script of a job in it."""

    def __init__(self, folder, url, last):
        self.folder, self.log = folder, folder / "called.txt"
        commands = folder / "commands"
        commands.mkdir()
        for name, text in STAND_INS.items():
            path = commands / name
            path.write_text(f'#!/bin/sh\necho "{name} $*" >>"$CALLED"\n{text}\n')
            path.chmod(0o755)
        self.variables = {"PATH": f"{commands}:/usr/bin:/bin", "LC_ALL": "C.UTF-8",
                          "CALLED": str(self.log), "LAST": str(last), "PROGRAM": PROGRAM,
                          "HOME": str(folder), "TMPDIR": str(folder)}
        self.settings = {"url": url, "password": SECRET}
        lab = folder / "lab"
        lab.mkdir()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                        "-subj", "/CN=lab", "-keyout", lab / "key.pem", "-out", lab / "cert.pem"],
                       check=True, capture_output=True)
        (lab / "ca.pem").write_bytes((lab / "cert.pem").read_bytes())
        (lab / "key.pem").chmod(0o644)  # as GitLab keeps it

    def run(self, script, variables, shell=("bash", "-e")):
        RAN.append(script)
        assert "${{" not in script, "expressions in a script are commands of whoever fills them"
        for name, value in variables.items():
            assert "$(" not in value and "${{" not in value, f"{name} is not filled in: {value}"
        done = subprocess.run([*shell, "-c", script], cwd=self.folder, check=False,
                              env={**self.variables, **variables}, capture_output=True, text=True)
        assert SECRET not in self.called() and "BEGIN" not in self.called()
        return done

    def called(self):
        return self.log.read_text() if self.log.exists() else ""

    def kept(self, *patterns):
        """Each pattern of files that the service is told to keep is there."""
        for pattern in patterns:
            assert list(self.folder.glob(pattern.rstrip("/"))), pattern


# --- how each service fills in a job: its script and variables, and the files that it keeps ---

COMMON = {"JOBS": str(ROOT / "ci/jobs")}


def secrets(service, job):
    """What a person sets in a service's settings, by the name that our files read."""
    client = ('exec /usr/bin/curl -sS --$SCHEME -u "$USERNAME:$PASSWORD" -X "$METHOD" '
              '--data-binary @- "$URL"')
    return {"url": service.settings["url"], "password": SECRET,
            "key": str(service.folder / "lab/key.pem"),
            "adapter": f"/usr/bin/python3 {ROOT}/vectors/adapters/urllib/adapter.py",
            "client": client, "job": job}


def expand(value, names):
    """${{ name }} and $(name) in the value of a variable, as the services do before a script."""
    value = re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda m: names[m.group(1)], str(value))
    return re.sub(r"\$\(([\w.]+)\)", lambda m: names[m.group(1)], value)


def github(service, job, options):
    """The composite action as the workflow calls it, and the workflow's own scripts around it."""
    want, steps = secrets(service, job), GITHUB["jobs"][job]["steps"]
    names = {"vars.DEVICE_URL": want["url"], "secrets.DEVICE_PASSWORD": SECRET,
             "secrets.SIGNING_KEY": pathlib.Path(want["key"]).read_text(),
             "vars.ADAPTER": want["adapter"], "vars.CLIENT": want["client"],
             "github.token": "token"}
    done, kept = None, []
    for step in steps:
        if "run" in step and (not done or done.returncode == 0):
            env = {k: expand(v, names) for k, v in step["env"].items()}
            other = service.run(step["run"], {**env, "GITHUB_REF_NAME": "v2.0"})
            assert other.returncode == 0, other.stderr
        if not step.get("uses", "").startswith("./"):
            continue
        given = {k: expand(v, names) for k, v in step["with"].items()}
        assert set(given) <= set(ACTION["inputs"])
        values = {f"inputs.{k}": given.get(k, v.get("default")) for k, v in
                  ACTION["inputs"].items()}
        assert None not in values.values()
        values["inputs.options"] = options
        for inner in ACTION["runs"]["steps"]:
            if "run" in inner and not (inner["name"] == "Install" and "package" not in given):
                (service.folder / "countersign.deb").touch()
                env = {k: expand(v, values) for k, v in inner["env"].items()}
                assert env.get("JOBS", INSTALLED) == INSTALLED
                done = service.run(inner["run"], {**env, **COMMON,
                                                  "RUNNER_TEMP": str(service.folder)})
            elif "with" in inner:
                kept.append(expand(inner["with"]["path"], values))
    return done, kept


def gitlab(service, job, options):
    want, base = secrets(service, job), GITLAB[".countersign"]
    found = GITLAB[f"countersign-{job}"]
    assert found["extends"] == ".countersign" and GITLAB["variables"]["JOBS"] == INSTALLED
    settings = {"DEVICE_URL": want["url"], "COUNTERSIGN_PASSWORD": SECRET, "API_TOKEN": "token",
                "SIGNING_KEY": want["key"], "SIGNING_CERT": "lab/cert.pem",
                "SIGNING_CA": "lab/ca.pem", "CI_API_V4_URL": "https://gitlab.example/api/v4",
                "CI_PROJECT_ID": "7", "CI_NODE_TOTAL": "1", "GITLAB_CI": "true"}
    settings.update({"ADAPTER": want["adapter"], "CLIENT": want["client"]}
                    if job == "library" else {})
    variables = {**GITLAB["variables"], **found.get("variables", {}), **settings, **COMMON,
                 "OPTIONS": options}
    script = "\n".join(base["before_script"] + found["script"])
    artifacts = {**base["artifacts"], **found.get("artifacts", {})}
    return service.run(script, variables), [*artifacts["paths"], artifacts["reports"]["junit"]]


def azure(service, job, options):
    want = secrets(service, job)
    found, = [j for j in AZURE["jobs"] if j["job"] == job]
    names = {"deviceUrl": want["url"], "devicePassword": SECRET, "adapter": want["adapter"],
             "signingKey.secureFilePath": want["key"], "Pipeline.Workspace": str(service.folder)}
    (service.folder / "baseline").mkdir()
    (service.folder / "baseline/results.json").write_bytes(
        pathlib.Path(service.variables["LAST"]).read_bytes())
    done, kept = None, []
    for step in found["steps"]:
        if "script" in step:
            env = {k: expand(v, names) for k, v in step.get("env", {}).items()}
            # A variable that is no secret is in the environment of each script, in capitals.
            env.update({"ADAPTER": want["adapter"], "CLIENT": want["client"]})
            assert AZURE["variables"]["JOBS"] == INSTALLED
            done = service.run(step["script"], {**AZURE["variables"], **env, **COMMON,
                                                "OPTIONS": options, "TF_BUILD": "True"})
        elif step.get("task", "").startswith("PublishTestResults@2"):
            kept.append(step["inputs"]["testResultsFiles"])
        elif "publish" in step:
            kept.append(step["publish"])
    return done, kept


def jenkins(service, job, options):
    want = secrets(service, job)
    text = (FILES / f"jenkins/Jenkinsfile.{job}").read_text()
    assert text.count("{") == text.count("}") and text.count("(") == text.count(")")
    block = re.search(r"environment \{\n(.*?)\n    \}", text, re.S).group(1)
    variables = dict(re.findall(r"(\w+) = '([^']*)'", block))
    assert variables["JOBS"] == INSTALLED
    given = {"DEVICE_URL": want["url"], "ADAPTER": want["adapter"], "CLIENT": want["client"]}
    asked = re.findall(r"string\(name: '(\w+)'", text)
    assert asked, "a job without parameters has nothing to judge"
    variables.update({name: given[name] for name in asked})
    for name, secret in re.findall(r"(\w+) = credentials\('([\w-]+)'\)", block):
        variables[name] = want["key"] if "key" in secret else SECRET
    copied = service.folder / variables.get("BASELINE", "unused/results.json")
    copied.parent.mkdir(parents=True)
    copied.write_bytes(pathlib.Path(service.variables["LAST"]).read_bytes())
    script, = re.findall(r"sh\(returnStatus: true, script: '''(.*?)'''\)", text, re.S)
    folder = re.findall(r"reportDir: '([^']*)', reportFiles: '([^']*)'", text)
    return service.run(script, {**variables, **COMMON, "OPTIONS": options}, ("sh", "-xe")), [
        *re.findall(r"(?:testResults|artifacts): '([^']*)'", text),
        *("/".join(pair) for pair in folder)]


SERVICES = [github, gitlab, azure, jenkins]
each_service = pytest.mark.parametrize("play", SERVICES, ids=lambda f: f.__name__)


@pytest.fixture(name="last", scope="module")
def last_fixture(tmp_path_factory):
    """What the last release was found to be: all good."""
    path = tmp_path_factory.mktemp("last") / "results.json"
    subprocess.run([PROGRAM, "run", "--persona", "http", "--only", "digest.nc.*", "--quiet",
                    "--json", path], check=True, capture_output=True)
    return path


@pytest.fixture(name="world")
def world_fixture(tmp_path, last):
    with Device("--persona", "http") as device:
        yield Service(tmp_path, device.url, last)


HTTP = "--kind http --only digest.nc.*"
QUICK = "--persona http-2069 --profile rfc2617"


@each_service
def test_firmware(play, world):
    done, kept = play(world, "firmware", HTTP)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no baseline" not in done.stderr and "countersign wait" in world.called()
    assert "--baseline" in world.called()
    world.kept(*kept, "countersign-results/report.html", "countersign-results/results.json")
    validate(world.folder / "countersign-results/TEST-countersign.xml", "--relaxng",
             ROOT / "reports/junit.rng")


@each_service
def test_a_firmware_that_got_worse_is_red(play, tmp_path, last):
    with Device("--persona", "http", "--fault", "nc-unchecked") as device:
        done, kept = play(Service(tmp_path, device.url, last), "firmware", HTTP)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "regressed" in done.stdout
    Service.kept(type("there", (), {"folder": tmp_path}), *kept)


def can_certify():
    """A build of who knows what, or of sources that were changed, cannot."""
    version = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True)
    return re.search(r"\(commit [0-9a-f]+\)", version.stdout)


@each_service
def test_certify(play, world):
    done, kept = play(world, "certify", f"{QUICK} --risk unsafe --slow")
    if can_certify():
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        world.kept(*kept)
        bundle, = world.folder.glob("**/*.tar.gz")
        signed = subprocess.run([PROGRAM, "verify", bundle, "--ca", world.folder / "lab/ca.pem"],
                                capture_output=True, text=True, check=False)
        assert signed.returncode == 0, signed.stdout + signed.stderr
    else:  # it says so
        assert done.returncode > 1 and not list(world.folder.glob("**/*.tar.gz"))
    assert not list(world.folder.glob("tmp.*")) + list(world.folder.glob("signing.key"))


@each_service
def test_library(play, world):
    done, kept = play(world, "library", "--only digest.md5.*")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert ("FAIL" in done.stdout) == (done.returncode == 1), done.stdout
    validate(world.folder / "countersign-results/TEST-cases.xml", "--relaxng",
             ROOT / "reports/junit.rng")
    world.kept("countersign-results/cases.html")
    for kind in ("adapter", "client", "cases"):
        world.kept(*kept, f"countersign-results/TEST-{kind}.xml")
        found = json.loads((world.folder / f"countersign-results/{kind}.json").read_text())
        counts = found["counts"]
        assert counts["pass"] > 0 and counts["error"] == 0, done.stdout


def test_known_divergences_of_a_library(world):
    """The adapter and the client have a file each, which is heeded: what is gone is no good."""
    want = secrets(world, "library")
    known = {"library": "curl", "version": "7.88.1", "findings": [
        {"id": f"digest.md5.auth-int-{body}", "reason": "an empty body is hashed"}
        for body in ("soap", "binary", "nul-first", "crlf", "1k")]}
    gone = {**known, "findings": [{"id": "digest.md5.auth-get", "reason": "mended long ago"}]}
    for name, held in (("known", known), ("gone", gone)):
        (world.folder / f"{name}.json").write_text(json.dumps(held))

    def status(**variables):
        done = world.run('"$JOBS/library" --only "digest.md5.*"', {**COMMON, **variables})
        return done.returncode

    assert status(CLIENT=want["client"]) == 1
    (world.folder / "countersign-results/cases.json").rename(world.folder / "before.json")
    same = {"CLIENT": want["client"], "CLIENT_OPTIONS": "--baseline before.json"}
    assert status(**same, CLIENT_EXPECT="known.json") == 0
    assert status(**same) == 1
    assert status(CLIENT="exit 69") in (5, 6)  # who cannot be asked proves nothing
    assert status(ADAPTER=want["adapter"]) == 0
    assert status(ADAPTER=want["adapter"], EXPECT="gone.json") == 1


def test_a_job_starts_the_image_and_ends_it(tmp_path, last):
    with held_port() as port:
        start_and_end(port, Service(tmp_path, f"http://127.0.0.1:{port}/", last))


def start_and_end(port, service):
    url = service.settings["url"]
    script = '"$JOBS/firmware" --kind http --only "digest.nc.*"'
    start = f"{PROGRAM} device --persona http --listen 127.0.0.1:{port}"
    done = service.run(script, {**COMMON, "DEVICE_START": start, "DEVICE_URL": url,
                                "COUNTERSIGN_PASSWORD": SECRET})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no baseline" in done.stderr
    gone = service.run('"$JOBS/firmware" --kind http', {
        **COMMON, "DEVICE_URL": url, "DEVICE_WAIT": "1s", "COUNTERSIGN_PASSWORD": SECRET})
    assert gone.returncode == 6, gone.stdout + gone.stderr


@pytest.mark.parametrize("kind", ["gitlab", "github", "azure", "kubernetes"])
def test_shards_are_merged(kind, world):
    """The shards of each service, one after the other, are together the whole run."""
    box = POD["spec"]["template"]["spec"]["containers"][0]
    github_options = GITHUB["jobs"]["shards"]["steps"][1]["with"]["options"]
    azure_shards, = [j for j in AZURE["jobs"] if j["job"] == "shards"]
    script = {
        "gitlab": GITLAB["countersign-shards"]["script"][0],
        "github": 'OUT="parts/$N" "$JOBS/firmware" $OPTIONS',
        "azure": 'export OUT="parts/$N"; ' + azure_shards["steps"][1]["script"],
        "kubernetes": box["args"][0].replace("/results/", "parts/"),
    }[kind]
    for number in (1, 2, 3):
        options = f" {HTTP}" if kind == "kubernetes" else ""
        done = world.run(script.replace("exec ", "") + options, {
            **COMMON, "N": str(number), "DEVICE_URL": world.settings["url"],
            "COUNTERSIGN_PASSWORD": SECRET,
            **{"gitlab": {"CI_NODE_INDEX": str(number), "CI_NODE_TOTAL": "3", "OPTIONS": HTTP},
               "github": {"OPTIONS": f"{HTTP} " + expand(github_options,
                                                         {"matrix.shard": str(number)})},
               "azure": {"SYSTEM_JOBPOSITIONINPHASE": str(number), "OPTIONS": HTTP,
                         "SYSTEM_TOTALJOBSINPHASE": "3"},
               "kubernetes": {"JOB_COMPLETION_INDEX": str(number - 1),
                              "COUNTERSIGN_SHARDS": "3"}}[kind]})
        assert done.returncode == 0, done.stdout + done.stderr
    done = world.run('"$JOBS/merge"', {**COMMON, "PARTS": "parts",
                                       "BASELINE": world.variables["LAST"]})
    assert done.returncode == 0, done.stdout + done.stderr
    world.kept("countersign-results/results.json", "countersign-results/TEST-*.xml")


def test_the_files_agree_on_their_parts():
    """What nobody runs here: the shapes that the services ask for."""
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert "uses" in step or step["shell"] == "bash"
    assert POD["apiVersion"] == "batch/v1" and POD["spec"]["completionMode"] == "Indexed"
    shards = {e["name"]: e.get("value") for e in
              POD["spec"]["template"]["spec"]["containers"][0]["env"]}["COUNTERSIGN_SHARDS"]
    assert str(POD["spec"]["completions"]) == shards
    assert len(GITHUB["jobs"]["shards"]["strategy"]["matrix"]["shard"]) == 3
    assert {"firmware", "certify", "library"} <= set(GITHUB["jobs"])
    assert {"firmware", "certify", "library"} <= {job["job"] for job in AZURE["jobs"]}
    assert os.access(FILES / "ssh/shards", os.X_OK)


def scripts():
    """Every script of every file, with where it stands."""
    for name, job in GITLAB.items():
        if name != "variables":
            for line in [*job.get("before_script", []), *job.get("script", [])]:
                yield f"gitlab {name}", line
    for name, job in GITHUB["jobs"].items():
        for step in job["steps"]:
            yield f"github {name}", step.get("run", "")
    for step in ACTION["runs"]["steps"]:
        yield f"action {step['name']}", step.get("run", "")
    for job in AZURE["jobs"]:
        for step in job["steps"]:
            yield f"azure {job['job']}", step.get("script", "")
    for path in (FILES / "jenkins").iterdir():
        for text in re.findall(r"\bsh\b[^']*'+([^']*)'", path.read_text()):
            yield path.name, text
    box = POD["spec"]["template"]["spec"]["containers"][0]
    yield "kubernetes", box["args"][0].replace("/results/", "parts/").replace("exec ", "")


def test_each_script_was_run(request):
    """The last one here: no file has a script that the tests above leave out."""
    asked = {item.originalname for item in request.session.items if item.module is request.module}
    if asked != {name for name in vars(request.module) if name.startswith("test_")}:
        pytest.skip("not all tests of this file were asked for")
    ran = [" ".join(script.split()) for script in RAN]
    left = [where for where, script in scripts()
            if not any(" ".join(script.split()) in other for other in ran)]
    # What GitHub does after a certification follows from none that was refused.
    assert left == ([] if can_certify() else ["github certify"])
