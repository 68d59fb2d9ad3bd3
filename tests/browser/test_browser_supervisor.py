"""The supervisor's page in a real browser: signs in, sees the wallboard, no script complains."""

import shutil
import threading

import pytest
from werkzeug.serving import make_server

from cordboard.console.accounts import Role
from cordboard.runtime.board import AgentLine, Board, QueueLine
from simulator.study import Estimate
from simulator.whatif import Outlook
from tests.cordboard.console.console_doubles import accounts_of, console_of

pytestmark = pytest.mark.browser

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--window-size=1400,1100",
)

BOARD = Board(
    at_ms=1_795_600_800_000,
    scale=20,
    calls_in_flow=3,
    self_served=14,
    voicemails=1,
    refused=0,
    queues=(
        QueueLine(
            queue_id="cards",
            waiting=2,
            longest_wait_ms=34_000,
            agents_ready=0,
            agents_signed_in=6,
            offered=40,
            answered=36,
            abandoned=2,
            short_abandons=1,
            service_level=0.78,
            service_level_ms=20_000,
            asa_ms=9_000,
            aht_ms=214_000,
        ),
    ),
    agents=(
        AgentLine(
            agent_id="ana",
            presence="ready",
            reason="",
            state="talking",
            since_ms=65_000,
            queue_id="cards",
            handled=7,
            occupancy=0.81,
        ),
    ),
    campaigns=(),
)


def look_ahead(wishes, minutes):
    level = {"service_level": Estimate(0.8, 0.05, 4)}
    return Outlook(minutes, 4, " ".join(wishes) or "nothing is changed", level, level, level)


@pytest.fixture
def address():
    app = console_of(
        accounts_of("correct horse", Role.SUPERVISOR, "sue"),
        board=lambda: BOARD,
        supervisors={"look_ahead": look_ahead},
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def browser(tmp_path):
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("needs Debian's chromium and chromium-driver")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_supervisor_signs_in_and_sees_the_centre(browser, address):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get(f"{address}/supervisor/")
    assert "/sign-in" in browser.current_url
    browser.find_element(By.NAME, "name").send_keys("sue")
    browser.find_element(By.NAME, "password").send_keys("correct horse")
    browser.find_element(By.TAG_NAME, "button").click()
    wait = WebDriverWait(browser, 30)
    wait.until(lambda page: page.find_elements(By.TAG_NAME, "table"))
    shown = browser.find_element(By.TAG_NAME, "body").text
    assert "Centre now" in shown
    assert "78 % in 20 s" in shown
    assert "talking" in shown
    browser.find_element(By.ID, "ahead-go").click()
    answer = browser.find_element(By.ID, "ahead-answer")
    wait.until(lambda _: "The next 30 minutes if nothing is changed; 4 futures" in answer.text)
    severe = [line for line in browser.get_log("browser") if line["level"] == "SEVERE"]
    assert severe == []
