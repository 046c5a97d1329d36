"""The HTML report in a browser: opens, asks for nothing, can be searched, needs no script."""
import re
import subprocess

import pytest
from selenium.webdriver.common.by import By

import hostile
from blackbox import LIMIT_S, SECRETS
from browser import Browser

FAULTY = ("--persona", "sarix", "--fault", "nc-unchecked", "--fault", "created-ignored")
EVIL = (b"</title></style><script>document.title='evil'</script>"
        b"<img src=http://127.0.0.1:1/x onerror=document.title='evil'>")


@pytest.fixture(name="browser", scope="module")
def browser_fixture():
    with Browser() as browser:
        yield browser


@pytest.fixture(name="page")
def page_fixture(call, tmp_path):
    """page(option, ...) is the file of a run of the built-in device, or of another target."""

    def make(*options, **more):
        done = call("run", *options, "--seed", "1", "--html", "page.html", **more)
        path = tmp_path / "page.html"
        # The page is XML as well as HTML.
        subprocess.run(["xmllint", "--noout", "--nonet", path], check=True)
        assert not any(secret in path.read_text() for secret in SECRETS)
        return done, path

    return make


def heading(browser):
    return browser.driver.find_element(By.TAG_NAME, "h1").text


def loads_only(browser, path):
    assert browser.requests() == [path.resolve().as_uri()]
    assert browser.complaints() == []


def test_clean_run(page, browser):
    done, path = page()
    assert done.status == 0
    browser.show(path)
    assert heading(browser) == "Pass"
    assert browser.visible("#windows svg") == 2
    assert browser.visible("#failures") == 0
    loads_only(browser, path)


def test_findings(page, browser):
    done, path = page(*FAULTY)
    assert done.status == 1
    browser.show(path)
    assert heading(browser) == "Fail"
    loads_only(browser, path)
    card = browser.driver.find_element(By.ID, "failures-digest.nc.reused")
    for words in ("pelco-sarix#http-digest", "Why", "Remedy", "expected refused",
                  "the controls before and after it were accepted"):
        assert words in card.text
    marked = [m.text for m in card.find_elements(By.CSS_SELECTOR, ".deciding mark")]
    assert "00000001" in marked  # the nonce count that was used before
    roles = [r.text for r in card.find_elements(By.CSS_SELECTOR, ".role")]
    assert [r for r in roles if r != "challenge"] == ["probe", "control", "probe", "control"]
    curl = card.find_element(By.CSS_SELECTOR, ".curl")
    curl.find_element(By.TAG_NAME, "summary").click()
    assert "curl" in curl.find_element(By.TAG_NAME, "pre").text
    assert curl.find_element(By.TAG_NAME, "button").text == "copy"
    created = browser.driver.find_element(By.ID, "failures-token.created.old")
    first = created.find_element(By.CSS_SELECTOR, ".deciding")
    marked = [m.text for m in first.find_elements(By.CSS_SELECTOR, "mark")]
    assert len(marked) == 1 and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}Z", marked[0])


def chip(browser, verdict):
    browser.driver.find_element(By.CSS_SELECTOR, f"button[data-verdict={verdict}]").click()


def test_search(page, browser):
    _, path = page(*FAULTY)
    browser.show(path)
    assert browser.visible(".case") == 0  # folded by family
    words = browser.driver.find_element(By.ID, "words")
    words.send_keys("nonce count digest.nc.reused")
    assert browser.visible(".case") == 1
    words.clear()
    words.send_keys("no such case")
    assert browser.visible(".case") == 0
    assert browser.driver.find_element(By.ID, "found").text.startswith("0 of ")
    words.clear()
    chip(browser, "fail")
    failing = browser.visible(".case")
    assert failing == len(browser.driver.find_elements(By.CSS_SELECTOR, "#failures > .finding"))
    browser.driver.find_element(By.XPATH, "//select[@id='family']/option[.='token']").click()
    assert 0 < browser.visible(".case") < failing
    browser.driver.find_element(By.XPATH, "//select[@id='level']/option[.='may']").click()
    assert browser.visible(".case") == 0
    browser.driver.find_element(By.XPATH, "//select[@id='level']/option[.='must']").click()
    assert browser.visible(".case") > 0
    assert browser.complaints() == []


def test_counts_lead_to_cases(page, browser):
    _, path = page(*FAULTY)
    browser.show(path)
    browser.driver.find_element(By.CSS_SELECTOR, "a[data-pick=fail]").click()
    assert browser.visible(".case") == browser.run(
        "return document.querySelectorAll('.case[data-v~=fail]').length")


def test_without_script(page):
    _, path = page(*FAULTY)
    with Browser(script=False) as browser:
        browser.show(path)
        assert heading(browser) == "Fail"
        assert browser.visible("#search") == 0  # only a script can search
        family = browser.driver.find_element(By.CSS_SELECTOR, ".family[data-f=digest] > summary")
        family.click()
        assert browser.visible(".family[data-f=digest] > .case") > 50
        assert browser.visible("#failures mark") > 5
        loads_only(browser, path)


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fits(page, browser, width, scheme):
    _, path = page(*FAULTY)
    browser.show(path, width, scheme)
    assert browser.run("return document.documentElement.scrollWidth") <= width
    paper, ink = (browser.run(
        f"return getComputedStyle(document.body).{what}") for what in ("backgroundColor", "color"))
    light, dark = (sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in (paper, ink))
    assert (light > dark) == (scheme == "light")


def test_paper(page, browser):
    _, path = page(*FAULTY)
    pages = len(re.findall(rb"/Type */Page\b", browser.show(path).paper()))
    assert 5 < pages < 60
    # Nobody can open anything on a sheet: what is folded on a screen stands there.
    lists = "#failures .others > ul > li"
    curls, more = browser.visible("#failures .curl pre"), browser.visible(lists)
    browser.on_paper()
    assert curls < browser.visible("#failures .curl pre")
    assert browser.visible("#failures .curl pre") == browser.count("#failures .curl pre")
    assert more < browser.visible(lists) == browser.count(lists)


def test_wrong_password(page, browser, device):
    with device() as target:
        done, path = page(target.url)
    assert done.status == 6
    browser.show(path)
    assert heading(browser) == "Inconclusive"
    assert "password" in browser.driver.find_element(By.ID, "cause").text
    assert browser.visible(".finding") == 0
    loads_only(browser, path)


def test_hostile_device(page, browser):
    fields = [(b"WWW-Authenticate", b"Digest realm=\"" + EVIL + b"\", nonce=\"" + EVIL + b"\""),
              (b"Server", EVIL)]
    answer = hostile.response(401, EVIL, fields)
    with hostile.Server(hostile.answers(lambda request: answer)) as server:
        _, path = page(server.url(), "--kind", "http", "--timeout", f"{LIMIT_S}s")
    browser.show(path)
    assert "evil" not in browser.driver.title
    assert "<script>" in browser.driver.find_element(By.ID, "device").text
    loads_only(browser, path)


def test_size(page):
    """A device that takes nearly everything, with every case: hundreds of findings."""
    faults = ("token-ignored-after-http", "nc-unchecked", "created-ignored", "realm-unchecked",
              "uri-unchecked", "method-unchecked", "opaque-unchecked", "anonymous-getusers")
    options = [word for fault in faults for word in ("--fault", fault)]
    done, path = page(*options, "--risk", "unsafe")
    assert done.status in (1, 6)
    assert path.stat().st_size < 4 << 20
