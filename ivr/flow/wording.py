"""Standard sentences: what the interpreter itself has to say between the author's prompts.

Each can be replaced in a flow's `wording`. A language is looked up by its whole tag, then by its
first part, so `en-GB` speaks our `en`.
"""

from collections.abc import Mapping

STANDARD: Mapping[str, Mapping[str, str]] = {
    "no_input": {
        "en": "Sorry, I didn't hear anything.",
        "zh-CN": "对不起，我没有听到您的声音。",
        "zh-TW": "對不起，我沒有聽到您的聲音。",
    },
    "no_match": {
        "en": "Sorry, I didn't get that.",
        "zh-CN": "对不起，我没有听明白。",
        "zh-TW": "對不起，我沒有聽明白。",
    },
    "person": {
        "en": "Let me get you to a person.",
        "zh-CN": "我帮您转接人工服务。",
        "zh-TW": "我幫您轉接人工服務。",
    },
    "goodbye": {
        "en": "Thank you for calling. Goodbye.",
        "zh-CN": "感谢您的来电，再见。",
        "zh-TW": "感謝您的來電，再見。",
    },
    "confirm_value": {
        "en": "I have {value}. If that is right, say yes or press 1. If not, say no or press 2.",
        "zh-CN": "我记下的是{value}。正确请说是或按1,不正确请说不是或按2。",
        "zh-TW": "我記下的是{value}。正確請說是或按1,不正確請說不是或按2。",
    },
    "confirm_intent": {
        "en": "You'd like {value}, is that right? Say yes or press 1, or say no or press 2.",
        "zh-CN": "您要办理{value}，对吗？正确请说是或按1,不正确请说不是或按2。",
        "zh-TW": "您要辦理{value}，對嗎？正確請說是或按1,不正確請說不是或按2。",
    },
    "choose_intent": {
        "en": "For {value}, press {key} or say it.",
        "zh-CN": "{value}请按{key}或直接说出来。",
        "zh-TW": "{value}請按{key}或直接說出來。",
    },
    "something_else": {
        "en": "For something else, press {key} or say something else.",
        "zh-CN": "其他业务请按{key}或说其他。",
        "zh-TW": "其他業務請按{key}或說其他。",
    },
    "routing": {
        "en": "{value}. I'm putting you through.",
        "zh-CN": "{value}，正在为您转接。",
        "zh-TW": "{value}，正在為您轉接。",
    },
}


def standard(name: str, language: str, own: Mapping[str, Mapping[str, str]]) -> str | None:
    """Give a standard sentence; None when nobody has written it in that language."""
    for table in (own.get(name, {}), STANDARD[name]):
        found = table.get(language) or table.get(language.partition("-")[0])
        if found is not None:
            return found
    return None
