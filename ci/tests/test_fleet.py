"""Inventories, shards and merge, from outside."""
import json
import urllib.parse

import jsonschema
import pytest

import park
from blackbox import ROOT, SCHEMA, validate

KINDS = park.KINDS[:11]
FLEET = json.loads((ROOT / "reports/fleet.schema.json").read_text())
urllib.parse.uses_relative.append("urn")  # else "#/..." within a urn leads nowhere
FLEET_SCHEMA = jsonschema.Draft202012Validator(
    FLEET, resolver=jsonschema.RefResolver.from_schema(
        FLEET, store={SCHEMA.schema["$id"]: SCHEMA.schema}))


def test_every_verdict_of_a_fleet_is_that_of_a_single_run(tmp_path):
    # A pause of a second is as good as one of nine, which would be all that is waited for here.
    some = ("--only", "digest.*", "--only", "token.*", "--only", "access.*",
            "--skip", "token.nonce.reused-soon[pause=3s]",
            "--skip", "token.nonce.reused-soon[pause=9s]", "-q")
    alone = park.singles(tmp_path, KINDS, *some)
    with park.park(tmp_path, KINDS * 2) as served:
        status, out = park.run(tmp_path, "--targets", served, "--junit", "fleet.xml",
                               "--html", "page.html", *some)
    assert status == 1
    assert "22 devices are good" in out
    validate(tmp_path / "fleet.xml", "--relaxng", ROOT / "reports/junit.rng")
    found = park.verdicts(tmp_path / "fleet.xml")
    assert found == {f"dev-{i}": alone[KINDS[i % len(KINDS)]] for i in range(22)}
    assert any("fail" in verdicts.values() for verdicts in found.values())
    page = (tmp_path / "page.html").read_text()
    assert page.count("<tr>") == 24
    assert "http://127.0.0.1:" in page and "<script" not in page


def test_each_device_has_its_folder_and_the_page_links_to_it(call, tmp_path):
    (tmp_path / "t.ini").write_text(
        "[a]\npersona = onvif\n[B.2]\npersona = http\nvendor = <Acme>\n"
    )
    done = call("run", "--targets", "t.ini", "--results", "out", "--only", "challenge.*")
    assert done.status == 0, done.err
    for name, index in (("a", 1), ("B.2", 2)):
        results = json.loads((tmp_path / "out" / name / "results.json").read_text())
        assert results["inventory"]["device"] == name
        assert (results["inventory"]["index"], results["inventory"]["total"]) == (index, 2)
    page = (tmp_path / "out/index.html").read_text()
    assert '<a href="a/report.html">a</a>' in page
    assert "&lt;Acme&gt;" in page and "<Acme>" not in page
    assert "2 of 2 devices are good" in done.out


@pytest.mark.parametrize("text, gist", [
    ("", ("t.ini:1: no device",)),
    ("[a]\n", ("t.ini:1: an empty section",)),
    ("[a]\nuser = x\n", ("t.ini:1: [a]: no url",)),
    ("[a]\nusr = x\n", ("t.ini:2: no entry \"usr\"", "user perhaps")),
    ("[a]\npassword = x\n", ("t.ini:2: password: a password does not stand",)),
    ("[a]\nurl = ftp://x\n", ("t.ini:2: ",)),
    ("[a]\nurl = http://h/\nrisk = some\n", ("t.ini:3: risk some: expected one of safe",)),
    ("[a]\nurl = http://h/\nlab = perhaps\n", ("t.ini:3: lab perhaps: expected yes or no",)),
    ("[a]\npersona = onvif\n[A]\npersona = onvif\n", ("t.ini:3: [A]: its name is that of line 1",)),
    ("[a]\nurl = http://h/\n[b]\nurl = http://h/\n", ("t.ini:3: [b]: its url",)),
    ("[a/b]\nurl = http://h/\n", ("t.ini:1: [a/b]: expected a name",)),
    ("[a]\npersona = onvfi\n", ("t.ini:1: [a]: --persona onvfi: expected one of",)),
    ("[a]\nurl = http://h/\npersona = http\n", ("t.ini:1: [a]: persona and fault",)),
    ("[a]\nurl = http://h/\npassword-env = NO_SUCH\n", ("t.ini:1: [a]: the variable NO_SUCH",)),
    ("[a]\nurl = http://h/\npassword-file = -\n", ("t.ini:3: password-file: standard input",)),
])
def test_a_bad_inventory_is_refused_before_anything_is_sent(call, tmp_path, text, gist):
    (tmp_path / "t.ini").write_text(text)
    call("run", "--targets", "t.ini").complains(*gist)


def judge_shard(call, shard, name, *more, **environment):
    return call("run", "--fault", "nc-unchecked", "--persona", "sarix", "--seed", "1", "--only",
                "digest.*", "--shard", shard, "--json", name, *more, environment=environment)


def essence(path):
    results = json.loads(path.read_text())
    return results["counts"], results["exit_code"], [
        (v["id"], v["verdict"], v["reason"], v["message"]) for v in results["variants"]
    ]


def test_shards_that_are_merged_are_the_whole(call, tmp_path):
    whole = call("run", "--fault", "nc-unchecked", "--persona", "sarix", "--seed", "1", "--only",
                 "digest.*", "--json", "whole.json")
    judge_shard(call, "1/3", "1.json")
    judge_shard(call, "auto", "2.json", CI_NODE_INDEX="2", CI_NODE_TOTAL="3")
    judge_shard(call, "auto", "3.json", JOB_COMPLETION_INDEX="2", COUNTERSIGN_SHARDS="3")
    done = call("merge", "3.json", "1.json", "2.json", "--json", "all.json", "--junit", "all.xml")
    assert done.status == whole.status == 1
    assert essence(tmp_path / "all.json") == essence(tmp_path / "whole.json")
    SCHEMA.validate(json.loads((tmp_path / "all.json").read_text()))
    assert all(json.loads((tmp_path / f"{i}.json").read_text())["variants"] for i in (1, 2, 3))
    validate(tmp_path / "all.xml", "--relaxng", ROOT / "reports/junit.rng")
    missing = call("merge", "1.json", "3.json", "--junit", "part.xml")
    assert "of 3 shards these are missing: 2" in missing.out
    assert missing.status in (1, 6)
    assert "of 3 shards these are missing: 2" in (tmp_path / "part.xml").read_text()
    call("merge", "1.json", "2.json", "1.json").complains("1.json", "as the same shard")
    call("merge", "1.json", "whole.json").complains("expected each part once")
    judge_shard(call, "1/2", "half.json")
    call("merge", "half.json", "2.json").complains("the number of shards")


def test_devices_are_sharded_and_merged(call, tmp_path):
    (tmp_path / "t.ini").write_text(park.inventory(KINDS[:5]))
    common = ("run", "--targets", "t.ini", "--seed", "1", "--only", "challenge.*")
    call(*common, "--junit", "whole.xml")
    for i in (1, 2):
        call(*common, "--shard", f"{i}/2", "--json", f"{i}.json")
    call("merge", "2.json", "1.json", "--junit", "all.xml", "--html", "page.html", "--json",
         "all.json")
    for name in ("1.json", "2.json", "all.json"):
        FLEET_SCHEMA.validate(json.loads((tmp_path / name).read_text()))
    runs = json.loads((tmp_path / "all.json").read_text())["runs"]
    assert [run["inventory"]["index"] for run in runs] == [1, 2, 3, 4, 5]
    assert park.verdicts(tmp_path / "all.xml") == park.verdicts(tmp_path / "whole.xml")
    done = call("merge", "1.json")
    assert done.status == 6
    assert "2 of the 5 devices of the inventory are missing: number 2, 4" in done.out
    call("merge", "1.json", "1.json").complains("expected each part once")


def test_a_shard_without_a_device_is_merged(call, tmp_path):
    (tmp_path / "t.ini").write_text("[a]\npersona = http\n")
    common = ("run", "--targets", "t.ini", "--seed", "1", "--only", "challenge.*")
    for i, status in ((1, 0), (2, 5)):
        done = call(*common, "--shard", f"{i}/2", "--json", f"{i}.json")
        assert done.status == status, done.err
        FLEET_SCHEMA.validate(json.loads((tmp_path / f"{i}.json").read_text()))
    assert not json.loads((tmp_path / "2.json").read_text())["runs"]
    assert call("merge", "2.json", "1.json").status == 0
    assert call("merge", "2.json").status == 5


@pytest.mark.parametrize("shard", ["0/3", "4/3", "x", "1/", "1/1001", "auto"])
def test_a_bad_shard_is_refused(call, shard):
    environment = {"CI_NODE_INDEX": None, "CI_NODE_TOTAL": None, "JOB_COMPLETION_INDEX": None}
    call("run", "--shard", shard, environment=environment).complains("--shard")


@pytest.mark.parametrize("text, gist", [
    ("{", "expected what countersign run --json writes"),
    ("{}", "format, expected 1"),
    ('{"format": 1, "variants": []}', "target, expected a text"),
])
def test_what_is_no_result_is_not_merged(call, tmp_path, text, gist):
    (tmp_path / "x.json").write_text(text)
    call("merge", "x.json").complains("x.json:1: ", gist)
