"""The agent's written conversations in a real browser: reply, send again, pass on."""

import shutil
import threading

import pytest
from werkzeug.serving import make_server

from acd.ids import AgentId
from cordboard.console.accounts import Role
from cordboard.runtime.board import ConversationLine
from cordboard.runtime.text_desk import Party, Thread
from cordboard.runtime.text_rows import TextRow
from tests.browser.test_browser_agent import CHROMIUM, DRIVER, FLAGS, board
from tests.cordboard.console.console_doubles import accounts_of, console_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.skipif(
        shutil.which("chromium") is None, reason="needs Debian's chromium and chromium-driver"
    ),
]

OPEN = ConversationLine(call_id="SM1", queue_id="letters", is_open=True)


class PaperDesk:
    """A desk whose replies never arrive; remembers what was done at it."""

    queues, agents = ("letters",), ("ana", "ben")

    def __init__(self):
        self.rows = [TextRow(name="SM1", at_ms=0, writer="", text="my card is lost")]
        self.again, self.passed = [], []

    def read(self, call_id):
        earlier = [TextRow(name="m1", at_ms=0, writer="flow", text="your link")]
        return Thread(earlier=earlier, rows=list(self.rows))

    def reply(self, agent_id, call_id, name, text):
        failed = {"state": "undelivered", "error_code": 30003}
        self.rows.append(TextRow(name=name, at_ms=60_000, writer=agent_id, text=text, **failed))

    def send_again(self, agent_id, call_id, name):
        self.again.append(name)

    def pass_on(self, agent_id, call_id, to, *, queue_id, note):
        self.passed.append((to, queue_id, note))


@pytest.fixture
def desk():
    return PaperDesk()


@pytest.fixture
def address(desk):
    app = console_of(
        accounts_of("correct horse", Role.AGENT, "ana"),
        board=lambda: board(conversations=(OPEN,)),
        agents={"texts": desk},
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def page(address, tmp_path):
    from selenium import webdriver
    from selenium.webdriver.common.by import By

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.get(f"{address}/agent/")
    driver.find_element(By.NAME, "name").send_keys("ana")
    driver.find_element(By.NAME, "password").send_keys("correct horse")
    driver.find_element(By.TAG_NAME, "button").click()
    yield driver
    driver.quit()


def test_agent_replies_reads_why_it_failed_sends_it_again_and_passes_on(page, desk):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait

    def until(holds):
        WebDriverWait(page, 60).until(lambda _: holds())

    def element(name):
        return page.find_element(By.ID, name)

    def shown():
        return page.find_element(By.TAG_NAME, "body").text

    until(lambda: "my card is lost" in shown() and element("text-send").is_displayed())
    assert "1 earlier message" in shown()
    element("reply").send_keys("哪张卡?")
    until(lambda: "4 characters, 1 part (70" in shown())
    element("text-send").click()
    until(lambda: "the phone was switched off" in shown())
    until(lambda: not element("reply").get_attribute("value"))
    buttons = page.find_elements(By.XPATH, "//button[contains(., 'Send again')]")
    assert len(buttons) == 1
    element("reply").send_keys("another")  # a page that goes on, with a button nobody has pressed
    until(lambda: "7 characters" in shown())
    assert desk.again == []
    buttons[0].click()
    until(lambda: desk.again == [desk.rows[1].name])
    element("text-note").send_keys("old phone")
    element("text-party").click()
    element("text-party").send_keys("ben", Keys.ARROW_DOWN, Keys.ENTER)
    until(lambda: element("text-party").get_attribute("value") == "ben")
    element("text-pass").click()
    until(lambda: desk.passed == [(Party(agent_id=AgentId("ben")), "letters", "old phone")])
