"""A headless Chromium, driven by its own driver; both are Debian's."""
import base64
import json
import pathlib

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

import hostile

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",  # a test may run as root, where the sandbox cannot
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
)


class Browser:
    """One page at a time; the logs are those since it was opened."""

    def __init__(self, script=True):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ARGUMENTS:
            options.add_argument(argument)
        if not script:
            options.add_experimental_option(
                "prefs", {"profile.managed_default_content_settings.javascript": 2}
            )
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        with hostile.held_port() as held:  # until the driver listens there
            service = Service("/usr/bin/chromedriver", port=held.getsockname()[1])
            self.driver = webdriver.Chrome(options=options, service=service)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def _do(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    def show(self, path, width=1200, scheme="light"):
        """Open a file of this machine in a window of that many pixels."""
        self._do("Emulation.setDeviceMetricsOverride", width=width, height=900,
                 deviceScaleFactor=1, mobile=width < 600)
        self._do("Emulation.setEmulatedMedia", media="",
                 features=[{"name": "prefers-color-scheme", "value": scheme}])
        for log in ("browser", "performance"):
            self.driver.get_log(log)
        self.driver.get(pathlib.Path(path).resolve().as_uri())
        return self

    def complaints(self):
        """What the page wrote to the console, refusals of its policy among it."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self):
        """Addresses of all that was asked for since the page was opened."""
        events = (json.loads(e["message"])["message"] for e in self.driver.get_log("performance"))
        return [e["params"]["request"]["url"] for e in events
                if e["method"] == "Network.requestWillBeSent"]

    def run(self, script, *arguments):
        """The value of a script, which a page without scripts of its own can be asked, too."""
        return self.driver.execute_script(script, *arguments)

    def visible(self, selector):
        return self.run(
            "return Array.from(document.querySelectorAll(arguments[0]))"
            ".filter((e) => e.checkVisibility()).length", selector)

    def count(self, selector):
        return self.run("return document.querySelectorAll(arguments[0]).length", selector)

    def on_paper(self):
        """Show the open page as it would be printed."""
        self._do("Emulation.setEmulatedMedia", media="print")

    def picture(self, path, height, width=1200):
        """The page's top, as WebP or PNG by the name of the file."""
        path = pathlib.Path(path)
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        shot = self._do("Page.captureScreenshot", format=path.suffix[1:], quality=80,
                        captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(shot["data"]))

    def paper(self):
        """The page as PDF."""
        return base64.b64decode(self._do("Page.printToPDF", preferCSSPageSize=True)["data"])
