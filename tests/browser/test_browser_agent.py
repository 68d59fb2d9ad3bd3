"""The agent's page in a real browser: it becomes a telephone, is rung, answers, mutes, renews.

The carrier's script is a double (`voice_double.js`); policy, digest, token and our own script are
the real ones.
"""

import base64
import hashlib
import shutil
import threading
from pathlib import Path

import pytest
from flask import Response
from twilio.jwt.access_token import AccessToken
from werkzeug.serving import make_server

from cordboard.console.accounts import Role
from cordboard.runtime.board import AgentLine, Board
from cordboard.runtime.softphones import Softphones, VoiceSdk
from tests.cordboard.console.console_doubles import accounts_of, console_of
from webhooks.access_tokens import AgentAccess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--window-size=1200,900",
)

DOUBLE = Path(__file__).with_name("voice_double.js").read_bytes()
DIGEST = "sha384-" + base64.b64encode(hashlib.sha384(DOUBLE).digest()).decode()
SECRET = "s" * 32
ACCESS = AgentAccess(account_sid="AC" + "1" * 32, key_sid="SK" + "2" * 32, key_secret=SECRET)


def board(state="idle", **more):
    line = AgentLine(
        agent_id="ana",
        presence="ready",
        reason="",
        state=state,
        since_ms=4_000,
        queue_id="cards",
        handled=7,
        occupancy=0.81,
        **more,
    )
    return Board(
        at_ms=1_795_600_800_000,
        scale=1,
        calls_in_flow=0,
        self_served=0,
        voicemails=0,
        refused=0,
        queues=(),
        agents=(line,),
        campaigns=(),
    )


@pytest.fixture
def site():
    """Return a function: the address of a console whose script has this digest (none: no script).

    What agents do is kept in `of.journal`, what they see is `of.board`.
    """
    servers = []

    def of(digest=DIGEST):
        server = make_server("127.0.0.1", 0, lambda _environ, _start: [], threaded=True)
        address = f"http://127.0.0.1:{server.port}"
        sdk = VoiceSdk(f"{address}/console/voice_double.js", digest) if digest else None
        phones = Softphones(endpoints={"ana": "client:ana"}, access=ACCESS, sdk=sdk)
        app = console_of(
            accounts_of("correct horse", Role.AGENT, "ana"),
            board=lambda: of.board,
            journal=of,
            agents={"phones": phones},
        )
        app.add_url_rule(
            "/console/voice_double.js",
            "voice_double",
            view_func=lambda: Response(DOUBLE, content_type="text/javascript"),
        )
        server.app = app
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        servers.append((server, thread))
        return address

    of.board, of.journal = board(), []
    of.append = of.journal.extend
    yield of
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def desk(tmp_path):
    """Return a function: the signed-in agent's page at an address."""
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("needs Debian's chromium and chromium-driver")
    from selenium import webdriver
    from selenium.webdriver.common.by import By

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))

    def at(address):
        driver.get(f"{address}/agent/")
        driver.find_element(By.NAME, "name").send_keys("ana")
        driver.find_element(By.NAME, "password").send_keys("correct horse")
        driver.find_element(By.TAG_NAME, "button").click()
        return driver

    yield at
    driver.quit()


def waits(page, words):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    def shown(_page):
        found = page.find_elements(By.ID, "softphone-says")
        return found and words in found[0].text

    WebDriverWait(page, 30, ignored_exceptions=[Exception]).until(shown, words)


def press(page, name):
    page.find_element("id", name).click()


def complaints(page):
    return [line for line in page.get_log("browser") if line["level"] == "SEVERE"]


def test_browser_is_rung_answers_and_mutes(desk, site):
    page = desk(site())
    waits(page, "Ready: calls ring here")
    token = page.execute_script("return device.taken[0]")
    granted = AccessToken.from_jwt(token, SECRET).payload["grants"]
    assert granted["identity"] == "ana"
    assert page.execute_script("return device.options.edge") == "roaming"
    page.execute_script("device.ring()")
    waits(page, "Your telephone rings")
    press(page, "softphone-answer")
    waits(page, "You are on the line")
    press(page, "softphone-mute")
    waits(page, "You are muted")
    assert page.find_element("id", "softphone-mute").text == "Unmute"
    press(page, "softphone-mute")
    waits(page, "You are on the line")
    page.execute_script("device.call.end()")
    waits(page, "Ready: calls ring here")
    assert not page.find_element("id", "softphone-mute").is_displayed()
    assert complaints(page) == []


def test_taking_the_call_answers_the_browser_too(desk, site):
    from selenium.webdriver.support.ui import WebDriverWait

    site.board = board("reserved", reservation_id="1.7")
    page = desk(site())
    waits(page, "Ready: calls ring here")
    page.execute_script("device.ring()")
    take = page.find_element("xpath", "//button[normalize-space()='Take the call']")
    WebDriverWait(page, 30).until(lambda _: take.is_displayed())
    take.click()
    waits(page, "You are on the line")
    WebDriverWait(page, 30).until(lambda _: site.journal)
    assert site.journal[0].event.reservation_id == "1.7"


def test_token_is_renewed_before_it_ends(desk, site):
    from selenium.webdriver.support.ui import WebDriverWait

    page = desk(site())
    waits(page, "Ready: calls ring here")
    assert page.execute_script("return device.options.tokenRefreshMs") == 60_000
    page.execute_script("device.heeded.tokenWillExpire()")
    WebDriverWait(page, 30).until(lambda _: page.execute_script("return device.taken.length") == 2)
    renewed = page.execute_script("return device.taken[1]")
    assert AccessToken.from_jwt(renewed, SECRET).payload["grants"]["identity"] == "ana"


def test_script_of_another_digest_is_not_run_and_the_desk_works(desk, site):
    page = desk(site("sha384-" + "A" * 64))
    waits(page, "not the one that the settings name")
    assert page.execute_script("return typeof window.Twilio") == "undefined"
    assert "Ready" in page.find_element("tag name", "body").text


def test_page_without_a_script_says_what_to_do(desk, site):
    page = desk(site(""))
    waits(page, "voice_sdk in centre.yaml")
    # A refusal by the centre is in the browser's log; nothing else is.
    assert [line for line in complaints(page) if "409" not in line["message"]] == []
