from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from time import process_time

from bot.markdown import parse
from bot.models import Block, Run
from tests.unit.documents import COMMENTARY, STORIES, seed_like
from tests.unit.reading import bold, read, texts

SEED = Path(__file__).parents[1] / "seed" / "2025-10-12.md"


def test_parse__the_seed_whole_and_without_a_problem() -> None:
    parsed = parse(SEED.read_bytes(), name=SEED.name)
    digest = parsed.digest
    assert parsed.problems == ()
    assert digest.title == "2025.10.12 全球AI新闻速递"
    assert digest.day == date(2025, 10, 12)
    assert digest.written_at == datetime(2025, 10, 12, 9, 11, 34, 384000, timezone(timedelta(hours=8)))
    assert digest.categories == ("AI产业", "技术前沿", "芯片技术", "企业动态")
    assert len(digest.lead) == 1
    assert bold(digest.lead) == ["OpenAI", "Kimi K2"]
    assert [item.number for item in digest.items] == list(range(1, 12))
    assert all(len(item.body) == 1 and item.url and bold(item.body) for item in digest.items)
    assert digest.items[9].title == "戴尔版 DGX Spark：Dell Pro Max With GB10 亮相，算力高达 1000TOPS"
    assert digest.items[9].url == "https://www.ithome.com/0/888/771.htm"
    assert bold(digest.items[6].body) == ["OpenAI", "Perplexity AI", "Anthropic"]
    assert len(digest.commentary) == 5
    assert bold(digest.commentary) == ["又好又便宜"]


def test_parse__the_seed_keeps_every_letter() -> None:
    digest = parse(SEED.read_bytes(), name=SEED.name).digest
    source = SEED.read_text("utf-8").split("---\n", 2)[2].replace("**", "")
    read_back = [*texts(digest.lead), *texts(digest.commentary)]
    for item in digest.items:
        read_back += [item.title, item.url or "", *texts(item.body)]
    for text in read_back:
        assert text in source
        source = source.replace(text, "", 1)
    assert set("".join(source.split())) <= set("-0123456789.[]()")


def test_parse__the_seed_in_well_under_10_ms() -> None:
    source = SEED.read_bytes()
    parse(source)
    times = []
    for _ in range(10):
        start = process_time()
        parse(source)
        times.append(process_time() - start)
    assert min(times) < 0.01


def test_parse__a_document_in_the_shape_of_the_seed() -> None:
    digest = read(seed_like(), "2025-10-12.md")
    assert [(item.title, item.url) for item in digest.items] == [(story.title, story.url) for story in STORIES]
    assert digest.items[0].body[0].runs == (
        Run(text="小城把停用的船坞改成机房，"),
        Run(text="每天两次", bold=True),
        Run(text="借潮水散热。"),
    )
    assert digest.commentary == tuple(Block(runs=(Run(text=text),)) for text in COMMENTARY)


def test_parse__line_ends_make_no_difference() -> None:
    text = seed_like()
    mixed = "".join(line + ("\r\n", "\n", "\r")[at % 3] for at, line in enumerate(text.split("\n")))
    assert parse(text.replace("\n", "\r\n").encode()) == parse(text.encode())
    assert parse(mixed.encode()) == parse(text.encode())


def test_parse__one_item_without_anything_else() -> None:
    digest = read("---\ntitle: 短\ndate: 2025-10-12\n---\n1. 只有标题\n")
    assert [(item.title, item.url, item.body) for item in digest.items] == [("只有标题", None, ())]
    assert (digest.lead, digest.commentary) == ((), ())
