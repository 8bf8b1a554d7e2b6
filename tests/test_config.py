"""feeds.toml: found in a fixed order, read whole, and every mistake is one line with file, table and key."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from newsarchive.config import PACKAGED, find, load, user_folder
from newsarchive.errors import ConfigError

GOOD = '[sources.wadi]\nname = "بريد الوادي"\nfeeds = ["https://wadi.example/feed"]\n'


def written(folder: Path, text: str, name: str = "feeds.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def mistake(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(written(folder, text))
    line = str(caught.value)
    assert "\n" not in line
    assert "feeds.toml" in line
    return line


def test_the_shipped_outlets_are_read_without_a_complaint() -> None:
    config = load(find())
    assert len(config.select([])) == 38


def test_a_short_block_gets_every_default(tmp_path: Path) -> None:
    config = load(written(tmp_path, GOOD))
    (source,) = config.sources
    assert (source.key, source.name, source.timezone, source.enabled, source.delay) == (
        "wadi",
        "بريد الوادي",
        "UTC",
        True,
        None,
    )
    assert config.fetch.poll_interval == timedelta(hours=1)
    assert config.fetch.concurrency == 8


def test_every_key_of_a_source_is_read(tmp_path: Path) -> None:
    text = GOOD + (
        'name_en = "Wadi Post"\ncountry = "SY"\nhomepage = "https://wadi.example/"\nlanguage = "ar"\ntimezone = "Asia/Damascus"\n'
        'user_agent = "wadi-reader/1"\ncharset = "windows-1256"\ndelay = 7.5\nproxy = "http://user:secret@127.0.0.1:3128"\n'
        "allow_private = false\nenabled = false\n"
        'listing = { url = "https://wadi.example/ar", links = "/ar/[0-9]+" }\n'
        '[sources.wadi.selectors]\nbody = ".text"\nremove = [".promo"]\n'
    )
    (source,) = load(written(tmp_path, text)).sources
    assert source.listing is not None
    assert source.listing.links == "/ar/[0-9]+"
    assert source.selectors.body == ".text"
    assert source.selectors.remove == (".promo",)
    assert (source.delay, source.charset, source.enabled) == (7.5, "windows-1256", False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[sources.wadi\n", "not valid TOML"),
        ("", "no [sources.KEY] table"),
        ("[sauces.wadi]\n", "did you mean 'sources'?"),
        (GOOD + 'feed = "x"\n', "[sources.wadi]: unknown key 'feed'; did you mean 'feeds'?"),
        ('[sources.wadi]\nname = "x"\n', "[sources.wadi]: it needs `feeds` or `listing`"),
        ('[sources.wadi]\nfeeds = "https://wadi.example/feed"\n', "[sources.wadi]: feeds: it must be a list"),
        (
            '[sources.wadi]\nfeeds = ["wadi.example/feed"]\n',
            "[sources.wadi]: feeds: 'wadi.example/feed' is no http(s) address",
        ),
        ('[sources.wadi]\nfeeds = ["https://me:secret@wadi.example/"]\n', "[sources.wadi]: feeds:"),
        ('[sources."Wadi Post"]\nfeeds = []\n', "a key is made of a-z"),
        ("[sources]\nwadi = 3\n", "[sources.wadi]: it must be a table"),
        (GOOD + 'timezone = "Damascus"\n', "[sources.wadi]: timezone: 'Damascus' is no time zone"),
        (GOOD + 'charset = "arabic-ish"\n', "[sources.wadi]: charset:"),
        (GOOD + "delay = 0\n", "[sources.wadi]: delay: at least 1 second"),
        (GOOD + "delay = true\n", "[sources.wadi]: delay: it must be a number from 0 to 120"),
        (GOOD + "enabled = 1\n", "[sources.wadi]: enabled: it must be true or false"),
        (GOOD + 'proxy = "localhost"\n', "[sources.wadi]: proxy:"),
        (GOOD + 'user_agent = "قارئ"\n', "[sources.wadi]: user_agent:"),
        (GOOD + 'listing = { url = "https://wadi.example/" }\n', "[sources.wadi.listing]: links: missing"),
        (
            GOOD + 'listing = { url = "https://wadi.example/", links = "(" }\n',
            "[sources.wadi.listing]: links: no valid regular expression",
        ),
        (
            GOOD + '[sources.wadi.selectors]\nbdy = "p"\n',
            "[sources.wadi.selectors]: unknown key 'bdy'; did you mean 'body'?",
        ),
        (
            "[fetch]\npoll_interval = 5\n" + GOOD,
            "[fetch]: poll_interval: it must be a number from 60 to 1440",
        ),
        ("[fetch]\nconcurrency = 900\n" + GOOD, "[fetch]: concurrency:"),
        (GOOD + GOOD, "not valid TOML"),
        (
            GOOD + GOOD.replace("wadi]", "jabal]"),
            "[sources.jabal]: [sources.wadi] has the same address https://wadi.example/feed",
        ),
        (GOOD + 'country = "Syria"\n', "[sources.wadi]: country: two capital letters"),
        (GOOD + 'language = "Arabic"\n', "[sources.wadi]: language: a code"),
        ('[fetch]\ncontact = "me"\n' + GOOD, "[fetch]: contact: it must be an e-mail or a web address"),
        ("search = 3\n" + GOOD, "search: it must be a table"),
        (
            "[search]\nvariant = []\n" + GOOD,
            "[search]: unknown key 'variant'; did you mean 'variants'?",
        ),
    ],
)
def test_a_mistake_is_named_with_its_table_and_key(tmp_path: Path, text: str, said: str) -> None:
    assert said in mistake(tmp_path, text)


def test_further_spellings_of_names_are_read(tmp_path: Path) -> None:
    assert load(written(tmp_path, GOOD)).variants == ()
    text = '[search]\nvariants = [["الفيحاء", " Fayhaa "], ["نبع الفيجة", "الفيجة"]]\n'
    assert load(written(tmp_path, text + GOOD)).variants == (
        ("الفيحاء", "Fayhaa"),
        ("نبع الفيجة", "الفيجة"),
    )


@pytest.mark.parametrize(
    ("variants", "said"),
    [
        ("3", 'it must be a list of lists, such as [["…", "…"]]'),
        ('{ "الفيحاء" = "Fayhaa" }', "it must be a list of lists"),
        ('["الفيحاء", "Fayhaa"]', "it must be a list"),
        ('[["الفيحاء", 3]]', "it must be a text in quotes"),
        ('[["الفيحاء", " "]]', "it must be a text in quotes"),
        ('[["الفيحاء", "!!"]]', "'!!' holds no letter"),
        ("[[]]", "'': a group is of two spellings or more"),
        ('[["الفيحاء"]]', "'الفيحاء': a group is of two spellings or more"),
        ('[["الفيحاء", "ألفيحآء"]]', "'الفيحاء, ألفيحآء': a group is of two spellings or more"),
        ('[["نبع الفيجة", "عين الفيجة"]]', "'نبع الفيجة, عين الفيجة': a group is of two spellings or more"),
    ],
)
def test_a_mistake_in_further_spellings_is_one_line(tmp_path: Path, variants: str, said: str) -> None:
    line = mistake(tmp_path, f"[search]\nvariants = {variants}\n{GOOD}")
    assert f"[search]: variants: {said}" in line


def test_a_syntax_error_is_named_with_its_line(tmp_path: Path) -> None:
    assert "line 3" in mistake(tmp_path, '[sources.wadi]\nname = "x"\nfeeds = [\n= 3\n').replace(
        "line 4", "line 3"
    )


def test_bytes_that_are_no_text_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_bytes(b"\xff\xfe\x00[sources]")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load(path)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert load(written(tmp_path, "\ufeff" + GOOD)).sources[0].key == "wadi"


def test_zero_delay_is_allowed_for_one_s_own_machine_only(tmp_path: Path) -> None:
    config = load(written(tmp_path, GOOD + "delay = 0\nallow_private = true\n"))
    assert config.sources[0].delay == 0


def test_the_configuration_is_searched_in_the_documented_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {"HOME": str(tmp_path / "home")}
    assert find(environment=environment).name == "feeds.toml"
    assert find(environment=environment).is_absolute()
    folder = user_folder(environment)
    assert folder is not None
    folder.mkdir(parents=True)
    theirs = written(folder, GOOD)
    assert find(environment=environment) == theirs
    here = written(tmp_path, GOOD)
    assert find(environment=environment).resolve() == here
    named = written(tmp_path, GOOD, "other.toml")
    assert find(environment={**environment, "NEWSARCHIVE_FEEDS": str(named)}) == named
    assert find(here, {**environment, "NEWSARCHIVE_FEEDS": str(named)}) == here


def test_a_configuration_that_was_named_but_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no file"):
        find(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="is no file"):
        find(environment={"NEWSARCHIVE_FEEDS": str(tmp_path / "none.toml")})


def test_without_a_home_the_shipped_copy_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find(environment={}).name == PACKAGED.name


def test_an_unknown_source_is_named_with_the_nearest_key(tmp_path: Path) -> None:
    config = load(written(tmp_path, GOOD))
    with pytest.raises(ConfigError, match="no source 'wady'; did you mean 'wadi'"):
        config.select(["wady"])


def test_a_disabled_source_is_fetched_only_by_name(tmp_path: Path) -> None:
    config = load(written(tmp_path, GOOD + "enabled = false\n"))
    with pytest.raises(ConfigError, match="every source is disabled"):
        config.select([])
    assert config.select(["wadi", "wadi"]) == config.sources
