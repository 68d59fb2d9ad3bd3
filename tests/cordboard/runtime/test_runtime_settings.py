"""Settings files and the environment: what they become, and what a mistake is told like."""

import re
from pathlib import Path

import pytest

from acd.ids import AgentId, QueueId
from cordboard.runtime.settings import SettingsError, load_settings, read_environment
from dialer.ids import CampaignId
from tests.cordboard.runtime.live_site import CENTRE, write_site

ENVIRON = {
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "t",
    "CORDBOARD_SECRET": "0123456789abcdef",
    "CORDBOARD_PUBLIC_URL": "https://cc.example.com/",
}


@pytest.fixture
def folder(tmp_path):
    return write_site(tmp_path / "site", "shop", leads=1)


def test_times_in_seconds_become_milliseconds(folder):
    settings = load_settings(folder)
    (queue,) = settings.centre.acd.queues
    assert (queue.queue_id, queue.ring_ms, queue.wait_ms_max) == (QueueId("sales"), 10_000, 600_000)
    assert settings.centre.campaigns[0].wrap_up_ms == 2_000
    assert settings.centre.campaigns[0].calls_per_s_max == 5
    assert settings.endpoints[AgentId("ana")] == "client:ana"
    assert settings.campaigns[CampaignId("renewals")].caller_id == "+442079460101"
    assert settings.lines["+442079460100"].flow == "main"


def test_what_is_left_out_has_the_default_of_its_setting(folder):
    (queue,) = load_settings(folder).centre.acd.queues
    assert queue.service_level_ms == 20_000


def test_equal_settings_have_equal_digests(folder, tmp_path):
    again = load_settings(write_site(tmp_path / "again", "shop", leads=1))
    assert load_settings(folder).digest == again.digest
    text = CENTRE.format(site="shop").replace("ring_s: 10", "ring_s: 11")
    (folder / "centre.yaml").write_text(text)
    assert load_settings(folder).digest != again.digest


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (
            "ring_s: 10",
            "ring_s: 0.5",
            "centre.yaml:9: at queues.sales queue 'sales': ring_s is 0.5; it must be 1 to 600",
        ),
        ("ring_s: 10", "ring_s: soon", "expected `float`, got `str`"),
        ("ring_s: 10", "rings: 10", "unknown field `rings`"),
        ("overflow: goodbye", "overflow: bye", "use one of voicemail, goodbye, flow"),
        ("site: shop", "site: Shop!", "at site"),
        ("sales: {skills", "sales: {channel: mail, skills", "use one of voice, task, message"),
        ("ring_s: 10", "ring_s: .nan", "at queues.sales"),
        ("Europe/London", "Europe/Londres", "there is no time zone 'Europe/Londres'"),
        ("flow: main", "flow: mian", "there is no flows/mian.yaml; there are: main"),
        ("+442079460100", "0207946", "at lines"),
        ("client:ana", "ana's phone", "at agents"),
        ("standing: true", "standing: false", "no agent has a standing leg"),
        ("leads: leads.csv", "leads: list.csv", "there is no file"),
        ("pacer: progressive", "detection: later", "detection is 'later'; use one of"),
        ("site: shop", "site: shop\nsite: shop", "is written twice"),
        ("queues:", "queues", "is not YAML"),
    ],
)
def test_mistake_is_told_with_file_place_value_and_what_is_right(folder, right, wrong, message):
    text = CENTRE.format(site="shop")
    assert right in text
    (folder / "centre.yaml").write_text(text.replace(right, wrong))
    with pytest.raises(SettingsError) as told:
        load_settings(folder)
    assert message in str(told.value)
    assert "centre.yaml" in str(told.value)
    assert "\n" not in str(told.value)


def test_missing_file_is_one_line(tmp_path):
    with pytest.raises(SettingsError, match=r"centre.yaml: cannot be read \(No such file"):
        load_settings(tmp_path)


def test_folder_without_flows_says_where_to_put_one(folder):
    (folder / "flows" / "main.yaml").unlink()
    with pytest.raises(SettingsError, match="there is no call flow; put one there"):
        load_settings(folder)


def test_wrong_flow_is_told_with_its_file(folder):
    (folder / "flows" / "main.yaml").write_text("name: main\n")
    with pytest.raises(SettingsError, match=r"flows/main.yaml"):
        load_settings(folder)


class TestEnvironment:
    def test_variables_become_an_environment_that_does_not_show_secrets(self):
        environment = read_environment(ENVIRON)
        assert environment.public_url == "https://cc.example.com"
        assert environment.data_folder == Path("data")
        assert "0123456789abcdef" not in repr(environment)

    def test_missing_variables_are_all_named_at_once(self):
        with pytest.raises(SettingsError, match="TWILIO_AUTH_TOKEN, CORDBOARD_SECRET"):
            read_environment({"TWILIO_ACCOUNT_SID": "AC1", "CORDBOARD_PUBLIC_URL": "https://x.org"})

    @pytest.mark.parametrize(
        ("name", "value", "message"),
        [
            ("CORDBOARD_SECRET", "short", "use 16 or more"),
            ("CORDBOARD_PUBLIC_URL", "cc.example.com", "CORDBOARD_PUBLIC_URL"),
            ("CORDBOARD_METRICS_PORT", "many", "a port is 1 to 65535"),
        ],
    )
    def test_value_that_cannot_be_right_is_refused(self, name, value, message):
        with pytest.raises(SettingsError, match=message):
            read_environment(ENVIRON | {name: value})


ROUTING = """
  texts: {channel: message, idle_s_max: 600, auto_accept: true}
  desk: {channel: task}
  general:
    follow_up_queue: desk
    follow_up_s: 7200
    length_max: 20
    relaxation:
      - {after_s: 60, levels: {general: 0}, share_with: [sales]}
      - {after_s: 120.5, queue: sales, only_if: nobody_free}
missed_offers_max: 2
reject_retry_s: 9
segments:
  gold: {priority: 20, queues: {general: sales}, follow_up_percent: 50}
"""


def test_routing_of_every_kind_is_read(folder):
    centre = CENTRE.format(site="shop")
    (folder / "centre.yaml").write_text(centre.replace("\nmissed_offers_max: 100\n", ROUTING))
    acd = load_settings(folder).centre.acd
    _, texts, _, general = acd.queues

    assert (texts.channel, texts.idle_ms_max, texts.auto_accept) == ("message", 600_000, True)
    assert (general.follow_up_queue_id, general.follow_up_ms) == ("desk", 7_200_000)
    assert [(step.after_ms, step.queue_id, step.share_with) for step in general.relaxation] == [
        (60_000, None, ("sales",)),
        (120_500, "sales", ()),
    ]
    assert acd.reject_retry_ms == 9_000
    assert acd.segments[0].queue_ids == {"general": "sales"}


TEXTS = """
queues:
  texts: {channel: message, skills: {sales: 1}}"""


def test_line_names_the_queue_of_what_is_written_to_it(folder):
    text = CENTRE.format(site="shop").replace("\nqueues:", TEXTS)
    (folder / "centre.yaml").write_text(text.replace("flow: main}", "flow: main, texts: texts}"))
    assert load_settings(folder).lines["+442079460100"].texts == "texts"


@pytest.mark.parametrize(
    ("queues", "named", "message"),
    [
        (TEXTS, "sales", "'sales' is no queue of channel message; there are: texts"),
        ("\nqueues:", "sales", "'sales' is no queue of channel message; give one"),
        (TEXTS, "letters", "at lines.main.texts '"),
    ],
)
def test_texts_need_a_queue_of_messages(folder, queues, named, message):
    text = CENTRE.format(site="shop").replace("\nqueues:", queues)
    text = text.replace("flow: main}", f"flow: main, texts: {named}}}")
    (folder / "centre.yaml").write_text(text)
    with pytest.raises(SettingsError, match=re.escape(message)):
        load_settings(folder)


KEY = {"TWILIO_API_KEY": "SK1", "TWILIO_API_SECRET": "s"}
REGION = {"TWILIO_REGION": "ie1", "TWILIO_EDGE": "dublin"}


def test_api_key_and_region_are_read_and_the_secret_is_in_no_text():
    environment = read_environment(ENVIRON | KEY | {"TWILIO_API_SECRET": "hush"} | REGION)
    assert (environment.api_key, environment.api_secret) == ("SK1", "hush")
    assert (environment.region, environment.edge) == ("ie1", "dublin")
    assert "hush" not in repr(environment)


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"TWILIO_API_KEY": "SK1"}, "TWILIO_API_SECRET belong together"),
        ({"TWILIO_API_SECRET": "s"}, "TWILIO_API_SECRET belong together"),
        (KEY | {"TWILIO_API_KEY": "AC1"}, "begins with SK"),
        ({"TWILIO_REGION": "ie1"}, "set both, such as ie1 and dublin"),
        ({"TWILIO_EDGE": "dublin"}, "set both, such as ie1 and dublin"),
        (REGION | {"TWILIO_EDGE": "evil.example.com/"}, "TWILIO_EDGE is 'evil"),
    ],
)
def test_half_a_key_or_half_a_region_stops_the_start(told, message):
    with pytest.raises(SettingsError, match=re.escape(message)):
        read_environment(ENVIRON | told)


SDK = "voice_sdk: {{url: {url}, integrity: {integrity}}}\n"
DIGEST = "sha384-" + "A" * 64


def test_script_for_browsers_is_off_unless_it_is_named_with_its_digest(folder):
    assert load_settings(folder).voice_sdk is None
    told = SDK.format(url="https://static.example.com/voice-2.18.1.js", integrity=DIGEST)
    centre = folder / "centre.yaml"
    centre.write_text(centre.read_text() + told)
    sdk = load_settings(folder).voice_sdk
    assert (sdk.url, sdk.integrity) == ("https://static.example.com/voice-2.18.1.js", DIGEST)


@pytest.mark.parametrize(
    ("url", "integrity"),
    [
        ("http://static.example.com/voice.js", DIGEST),
        ("https://static.example.com/a.js; script-src *", DIGEST),
        ("https://static.example.com/voice.js", "md5-AAAA"),
        ("https://static.example.com/voice.js", "''"),
    ],
)
def test_script_that_cannot_be_trusted_is_refused(folder, url, integrity):
    centre = folder / "centre.yaml"
    centre.write_text(centre.read_text() + SDK.format(url=f"'{url}'", integrity=integrity))
    with pytest.raises(SettingsError, match="voice_sdk"):
        load_settings(folder)


def test_two_people_cannot_have_one_telephone(folder):
    centre = folder / "centre.yaml"
    centre.write_text(centre.read_text().replace("client:ben", "client:ana"))
    with pytest.raises(SettingsError, match="is also the endpoint of 'ana'"):
        load_settings(folder)


@pytest.mark.parametrize(
    ("endpoint", "is_asked"),
    [
        ('"+442079460111"', True),
        ('"+442079460111", asks_for_key: false', False),
        ('"sip:ana@pbx.example.com"', False),
        ('"sip:ana@pbx.example.com", asks_for_key: true', True),
        ('"client:ana"', False),
    ],
)
def test_telephone_that_a_voicemail_may_answer_asks_for_a_key(folder, endpoint, is_asked):
    centre = folder / "centre.yaml"
    centre.write_text(centre.read_text().replace('"client:ana"', endpoint))
    settings = load_settings(folder)
    agent = next(one for one in settings.centre.acd.agents if one.agent_id == "ana")
    assert (agent.accept_by_button, agent.key_ms > 0) == (is_asked, is_asked)
    assert (AgentId("ana") in settings.confirming) is is_asked


def test_standing_telephone_asks_once_and_takes_calls_by_itself(folder):
    centre = folder / "centre.yaml"
    centre.write_text(centre.read_text().replace("client:dee", "+442079460111"))
    settings = load_settings(folder)
    agent = next(one for one in settings.centre.acd.agents if one.agent_id == "dee")
    assert (agent.standing, agent.accept_by_button) == (True, False)
    assert settings.confirming == {"dee"}


def test_browser_asks_for_no_key(folder):
    centre = folder / "centre.yaml"
    centre.write_text(
        centre.read_text().replace('"client:ana"', '"client:ana", asks_for_key: true')
    )
    with pytest.raises(SettingsError, match=r"agents\.ana\.asks_for_key has no use in a browser"):
        load_settings(folder)


@pytest.mark.parametrize(
    "endpoint",
    [
        "+442",
        "+0442079460111",
        "442079460111",
        "client:",
        "client:ana lopez",
        "client:" + "a" * 122,
        "sip:ana",
        "sip:@pbx.example.com",
        "sip:ana@pbx example.com",
        "sip:ana@pbx.example.com:99999x",
        "sip:ana@pbx.example.com/?X-Evil=1",
        "sip:ana@pbx.example.com;transport=smtp",
        "sip:ana:password@pbx.example.com",
        "https://example.com",
    ],
)
def test_endpoint_that_cannot_be_rung_is_refused(folder, endpoint):
    centre = folder / "centre.yaml"
    centre.write_text(centre.read_text().replace("client:ana", endpoint))
    with pytest.raises(SettingsError, match="endpoint"):
        load_settings(folder)


@pytest.mark.parametrize(
    "endpoint",
    [
        "sip:ana@example.sip.twilio.com",
        "sips:ana.l+desk_1@pbx.example.com:5061",
        "sip:4401@192.0.2.7:5060;transport=tcp",
        "sip:ana@pbx.example.com;transport=tls;edge=dublin?X-Desk=7&X-Site=north",
    ],
)
def test_sip_telephones_are_addressed_as_the_carrier_reads_it(folder, endpoint):
    centre = folder / "centre.yaml"
    centre.write_text(centre.read_text().replace("client:ana", endpoint))
    assert load_settings(folder).endpoints["ana"] == endpoint
