"""Spoken and keyed values: what each way of saying them is worth."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.slots.amounts import amount_in
from ivr.slots.dates import date_in, keyed_date, spoken_date
from ivr.slots.digits import digits_in, luhn_holds, mask_cards, masked, mod97_holds
from ivr.slots.numbers import number_in
from ivr.slots.values import SlotRules, read_value

MONDAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("one two three four", "1234"),
        ("double four, triple seven", "44777"),
        ("my number is forty-two oh nine", "4209"),
        ("Oh, it's 12 34", "1234"),
        ("oh oh seven", "007"),
        ("twenty five", "25"),
        ("twenty fifteen", "2015"),
        ("thirty", "30"),
        ("quadruple 5", "5555"),
        ("一二三四", "1234"),
        ("我的号码是幺三八零零两五", "1380025"),
        ("１２３－４５６", "123456"),
        ("no idea", ""),
        ("oh dear", ""),
        ("", ""),
    ],
)
def test_digit_string_is_heard(said, digits):
    assert digits_in(said) == digits


@given(st.text(alphabet="0123456789", min_size=1, max_size=20))
def test_digits_read_one_by_one_come_back(digits):
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    assert digits_in(" ".join(words[int(digit)] for digit in digits)) == digits
    assert digits_in("".join("零一二三四五六七八九"[int(digit)] for digit in digits)) == digits


@pytest.mark.parametrize(
    ("digits", "holds"),
    [("79927398713", True), ("79927398710", False), ("12345674", True), ("", False), ("1a", False)],
)
def test_luhn_digit(digits, holds):
    assert luhn_holds(digits) is holds


@given(st.text(alphabet="0123456789", min_size=8, max_size=19), st.integers(0, 18))
def test_one_wrong_digit_never_passes_the_luhn_check(digits, place):
    place %= len(digits)
    wrong = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]
    assert not (luhn_holds(digits) and luhn_holds(wrong))


def test_mod97_digits():
    assert mod97_holds("3214282912345698765432161182")
    assert not mod97_holds("3214282912345698765432161183")
    assert not mod97_holds("GB82")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("my card is 4111 1111 1111 1111 thanks", "my card is " + "•" * 16 + " thanks"),
        ("order 4111111111111112 please", "order 4111111111111112 please"),
        ("four one one one " + "one " * 12, "•" * 16),
        ("call +14155550100", "call +14155550100"),
        ("１２３", "123"),
    ],
)
def test_card_numbers_are_hidden_and_nothing_else(text, shown):
    assert mask_cards(text.strip()) == shown
    assert masked("123") == "•••"


@pytest.mark.parametrize(
    ("said", "worth"),
    [
        ("forty-two", "42"),
        ("one hundred and five", "105"),
        ("a hundred", "100"),
        ("two thousand and twenty six", "2026"),
        ("two hundred thousand and five", "200005"),
        ("twelve hundred", "1200"),
        ("three grand", "3000"),
        ("1.5 million", "1500000"),
        ("12,500.50", "12500.50"),
        ("two point five", "2.5"),
        ("minus 3", "-3"),
        ("zero", "0"),
        ("一百二十三", "123"),
        ("三千五", "3500"),
        ("一百二", "120"),
        ("一百零二", "102"),
        ("十五", "15"),
        ("两万三", "23000"),
        ("一万零五百", "10500"),
        ("2.5万", "25000"),
        ("一亿二千万", "120000000"),
        ("二点五", "2.5"),
        ("二〇二六", "2026"),
        ("负三", "-3"),
        ("三 千", None),
        ("五和七", None),
        ("five seven", None),
        ("twenty twenty", None),
        ("two point", None),
        ("two point twenty", None),
        ("nothing", None),
    ],
)
def test_number_is_worth(said, worth):
    assert number_in(said) == (None if worth is None else Decimal(worth))


@given(st.integers(0, 999_999_999))
def test_digits_are_worth_themselves(value):
    assert number_in(str(value)) == value


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("twelve pounds fifty", "12.50"),
        ("three hundred and five dollars and ten cents", "305.10"),
        ("$1,250.99", "1250.99"),
        ("fifty pence", "0.50"),
        ("about 20 quid", "20.00"),
        ("三百块", "300.00"),
        ("三百块五", "300.50"),
        ("十二元五角", "12.50"),
        ("三块五毛二", "3.52"),
        ("五毛", "0.50"),
        ("两万三", "23000.00"),
        ("12.345", None),
        ("minus five pounds", None),
        ("five pounds two hundred", None),
        ("pounds five pounds six", None),
        ("毛", None),
        ("a lot", None),
    ],
)
def test_amount_is_heard(said, amount):
    assert amount_in(said) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("the fifth of March", "2027-03-05"),
        ("March 5th 2026", "2026-03-05"),
        ("may twenty first twenty twenty six", "2026-05-21"),
        ("the second of january two thousand and twenty seven", "2027-01-02"),
        ("5 sept", "2027-09-05"),
        ("next Tuesday", "2026-12-01"),
        ("next monday", "2026-11-30"),
        ("Tuesday", "2026-11-24"),
        ("last friday", "2026-11-20"),
        ("tomorrow please", "2026-11-24"),
        ("the day after tomorrow", "2026-11-25"),
        ("29 February", "2028-02-29"),
        ("5/3/2026", "2026-03-05"),
        ("2026-03-05", "2026-03-05"),
        ("05032026", "2026-03-05"),
        ("三月五号", "2027-03-05"),
        ("二〇二六年三月五号", "2026-03-05"),
        ("26年3月5日", "2026-03-05"),
        ("民国115年三月五日", "2026-03-05"),
        ("明天", "2026-11-24"),
        ("大后天", "2026-11-26"),
        ("周三", "2026-11-25"),
        ("上周三", "2026-11-18"),
        ("下周三", "2026-12-02"),
        ("下下周日", "2026-12-13"),
        ("31 February", None),
        ("March 5th fifty", None),
        ("March", None),
        ("2026-13-05", None),
        ("1234", None),
        ("maybe", None),
    ],
)
def test_date_is_heard(said, day):
    found = date_in(said, today=MONDAY, language="en-GB", prefer="future")
    assert (found and found.isoformat()) == day


@pytest.mark.parametrize(
    ("said", "day"),
    [("5 December", "2025-12-05"), ("Friday", "2026-11-20"), ("Monday", "2026-11-16")],
)
def test_date_that_must_lie_in_the_past_is_looked_for_there(said, day):
    found = date_in(said, today=MONDAY, language="en-GB", prefer="past")
    assert found is not None
    assert found.isoformat() == day


@pytest.mark.parametrize(
    ("digits", "language", "day"),
    [
        ("05032026", "en-GB", dt.date(2026, 3, 5)),
        ("05032026", "en-US", dt.date(2026, 5, 3)),
        ("20260305", "zh-CN", dt.date(2026, 3, 5)),
        ("31022026", "en-GB", None),
        ("0503", "en-GB", None),
    ],
)
def test_keyed_date_follows_the_order_of_the_language(digits, language, day):
    assert keyed_date(digits, language=language) == day


def test_date_is_read_back_with_its_month_by_name():
    assert spoken_date(dt.date(2026, 3, 5), language="en-GB") == "5 March 2026"
    assert spoken_date(dt.date(2026, 3, 5), language="zh-TW") == "2026年3月5日"


def test_american_slashes_put_the_month_first():
    found = date_in("3/5/2026", today=MONDAY, language="en-US", prefer="future")
    assert found == dt.date(2026, 3, 5)


KEYED, SAID = True, False


@pytest.mark.parametrize(
    ("kind", "limits", "text", "how", "value"),
    [
        ("digits", {}, "123", KEYED, "123"),
        ("digits", {}, "12*", KEYED, None),
        ("digits", {}, "one two", SAID, "12"),
        ("account", {"length_min": 8, "check_digit": "luhn"}, "12345674", KEYED, "12345674"),
        ("account", {"length_min": 8, "check_digit": "luhn"}, "12345678", KEYED, None),
        ("account", {"length_min": 8}, "123", KEYED, None),
        ("phone", {"length_max": 5}, "123456", KEYED, None),
        ("number", {}, "42", KEYED, "42"),
        ("number", {}, "4*2", KEYED, None),
        ("number", {"maximum": 10}, "forty", SAID, None),
        ("number", {"minimum": 10}, "forty", SAID, "40"),
        ("number", {}, "hello", SAID, None),
        ("amount", {}, "12*5", KEYED, "12.50"),
        ("amount", {}, "12", KEYED, "12.00"),
        ("amount", {}, "*50", KEYED, "0.50"),
        ("amount", {}, "12*505", KEYED, None),
        ("amount", {}, "", KEYED, None),
        ("amount", {}, "twelve pounds", SAID, "12.00"),
        ("amount", {"minimum": 20}, "twelve pounds", SAID, None),
        ("amount", {}, "hello", SAID, None),
        ("date", {}, "05032027", KEYED, "2027-03-05"),
        ("date", {}, "99999999", KEYED, None),
        ("date", {"minimum": 0, "maximum": 30}, "tomorrow", SAID, "2026-11-24"),
        ("date", {"minimum": 0, "maximum": 30}, "in March 2027 the 5th", SAID, None),
        ("date", {"maximum": 0}, "5 December", SAID, "2025-12-05"),
        ("date", {}, "hello", SAID, None),
        ("yes_no", {}, "1", KEYED, "yes"),
        ("yes_no", {}, "3", KEYED, None),
        ("yes_no", {}, "没错", SAID, "yes"),
        ("yes_no", {}, "hm", SAID, None),
        ("free_text", {}, " a  b ", SAID, "a b"),
        ("free_text", {}, "  ", SAID, None),
    ],
)
def test_value_is_read(kind, limits, text, how, value):
    rules = SlotRules(type=kind, language="en-GB", today=MONDAY, **limits)
    found = read_value(rules, text, is_keyed=how)
    assert (found and found.text) == value


def test_only_what_nothing_proves_is_in_doubt():
    plain = SlotRules(type="account", language="en-GB", today=MONDAY)
    checked = SlotRules(type="account", language="en-GB", today=MONDAY, check_digit="mod97")
    assert read_value(plain, "one two", is_keyed=False).is_in_doubt
    assert not read_value(plain, "12", is_keyed=True).is_in_doubt
    assert not read_value(checked, "nine eight", is_keyed=False).is_in_doubt
