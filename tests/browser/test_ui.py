"""Prefect's UI as the person at the desk uses it: a real `dateline serve` in a real Chromium.

What is clicked is found by its words, never by a class or a place, and what is told is read off the page. A screenshot
of each step lies in the folder that pytest makes for the test. Skipped where Selenium, Chromium or its driver is not
there.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.integration.serving import call, deployment_of, serving

webdriver = pytest.importorskip("selenium.webdriver", reason="Selenium is not installed: it is in the group dev")
faults = pytest.importorskip("selenium.common")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="no Chromium or no chromedriver here; on Debian: apt-get install chromium-driver"
)
#: It may be root in a container, and nobody outside is to be asked anything.
FLAGS = (
    "headless", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "disable-quic", "no-first-run",
    "disable-background-networking", "disable-component-update", "disable-sync", "window-size=1280,1400",
)  # fmt: skip
PAGE_SECONDS, RUN_SECONDS = 30, 120
ONE_PROCESS = "\n[clean]\nprocesses = 1\n"  # to start a second takes longer than these texts take to read
ONLY_DUE = "//label[starts-with(normalize-space(), 'only_due')]"


class Page:
    """What the browser shows, and the hand that uses it. Each step waits for what it needs."""

    def __init__(self, browser: "webdriver.Chrome", shots: Path) -> None:
        self._browser, self._shots = browser, shots

    def open(self, url: str) -> None:
        """Go to the address."""
        self._browser.get(url)

    def path(self) -> str:
        """The path of the address where the browser is."""
        return urlsplit(self._browser.current_url).path

    def text(self) -> str:
        """All that can be read, each run of white space as one space."""
        return " ".join(self._browser.execute_script("return document.body.innerText").split())

    def click(self, xpath: str) -> None:
        """Click the first such element that can be clicked."""
        self._try(lambda: self._browser.find_element("xpath", xpath).click() or True, xpath)

    def press(self, button: str) -> None:
        """Click the button, link, tab or item of a menu that says this and nothing else."""
        kinds = "self::a or self::button or @role='menuitem' or @role='tab'"
        self.click(f"//*[{kinds}][normalize-space()='{button}']")

    def write(self, xpath: str, words: str) -> None:
        """Put the words in the place of what is in the field."""
        self.click(xpath)
        self._browser.switch_to.active_element.send_keys(webdriver.Keys.CONTROL + "a")
        self._browser.switch_to.active_element.send_keys(words)

    def read(self, words: str, seconds: float = PAGE_SECONDS) -> None:
        """Wait until the page says the words."""
        self._try(lambda: words in self.text(), words, seconds)

    def see(self, words: str, seconds: float = PAGE_SECONDS) -> None:
        """Wait until something on the page says these words and nothing else."""
        xpath = f"//*[normalize-space()='{words}']"
        self._try(lambda: self._browser.find_element("xpath", xpath).is_displayed(), words, seconds)

    def shoot(self, name: str) -> None:
        """Keep what is seen now, once it moves no more."""
        time.sleep(0.5)
        assert self._browser.save_screenshot(self._shots / f"{name}.png")

    def _try(self, step: Callable[[], bool], what: str, seconds: float = PAGE_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if step():
                    return
            except (
                faults.NoSuchElementException,
                faults.StaleElementReferenceException,  # the page was drawn anew in between
                faults.ElementNotInteractableException,  # or something still moves over it
            ):
                pass
            time.sleep(0.1)
        self.shoot("at the fault")
        pytest.fail(f"{what!r} is not there after {seconds} s at {self.path()}: {self.text()}")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("served"), settings=ONE_PROCESS) as api:
        yield api


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator["webdriver.Chrome"]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(f"--{flag}")
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield browser
    browser.quit()


@pytest.fixture
def page(api: str, browser: "webdriver.Chrome", tmp_path: Path) -> Page:
    """The front page of the UI."""
    page = Page(browser, tmp_path)
    page.open(api.removesuffix("/api"))
    return page


def open_form(page: Page) -> None:
    """From the front page to the form of a custom run of ingest, as somebody goes there who knows no address."""
    page.press("Deployments")
    page.click("//a[normalize-space()='ingest']")
    page.press("Run")
    page.press("Custom run")
    page.read("Enforce Parameter Schema")


def started_runs(api: str) -> list[dict]:
    """The runs of ingest that somebody started, and not the schedule."""
    runs = call(api, "/flow_runs/filter", {"flows": {"name": {"any_": ["ingest"]}}})
    return [run for run in runs if not run["auto_scheduled"]]


def test_a_wrong_value_is_refused_in_the_form(page: Page, api: str):
    open_form(page)
    page.click(f"{ONLY_DUE}/following::button[@aria-haspopup='menu'][1]")
    page.press("Use JSON Input")
    page.write(f"{ONLY_DUE}/following::*[@contenteditable='true'][1]", '"perhaps"')
    page.press("Submit")
    page.read("'perhaps' is not of type 'boolean'")
    page.shoot("refused")
    assert page.path().endswith("/run"), "the form is still there to be mended"
    assert started_runs(api) == []


def test_a_run_is_started_in_the_form_watched_and_its_report_read(page: Page, api: str):
    open_form(page)
    deployment = deployment_of(api, "ingest")
    for name, schema in deployment["parameter_openapi_schema"]["properties"].items():
        page.read(f"{name} (Optional) {' '.join(schema['description'].split())}")
    page.shoot("form as it comes")
    page.click(f"{ONLY_DUE}/following::button[@role='switch'][1]")
    page.shoot("form filled in")
    page.press("Submit")
    page.press("View run")
    page.see("Completed", RUN_SECONDS)
    page.see("ingest: 6 new, 0 revised of 7 entries (1 sources)")
    page.shoot("completed")
    (run,) = started_runs(api)
    assert page.path().endswith(run["id"]) and run["parameters"]["only_due"] is False
    page.press("Parameters")
    page.read('"only_due": false')
    page.press("Artifacts")
    page.read("ingest-progress")
    page.shoot("artifacts")
    page.click("//a[contains(., 'ingest-report')]")
    page.click("//a[contains(@href, '/artifacts/artifact/')]")  # of the report's versions, which this run's is alone
    page.see("dated_text_invalid")
    page.read("7 in = 6 landed + 1 dropped (1 dated_text_invalid)")
    page.shoot("report")
