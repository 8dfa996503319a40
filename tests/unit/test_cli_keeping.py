from tests.unit.commandline import SAMPLE, CommandLine


def test_backup__and_back(digestbot: CommandLine) -> None:
    assert digestbot("load", SAMPLE).code == 0
    assert "Backed up to b.db" in digestbot("backup", "b.db").out
    restored = digestbot("restore", "b.db")
    assert restored.code == 0
    assert "digestbot.db.before-restore" in restored.out
    assert "may go out again" in restored.err
    assert "2025-10-13" in digestbot("days").out


def test_backup__a_file_that_is_there_is_kept(digestbot: CommandLine) -> None:
    digestbot("load", SAMPLE)
    notes = digestbot.write("b.db", "my notes")
    ended = digestbot("backup", notes)
    assert ended.code == 2
    assert ended.err == f"error: {notes} is there already; choose another name, or overwrite it with --force\n"
    assert notes.read_text() == "my notes"
    assert digestbot("backup", notes, "--force").code == 0


def test_backup__of_no_database_says_where_one_is_looked_for(digestbot: CommandLine) -> None:
    ended = digestbot("backup", "b.db")
    assert ended.code == 2
    assert "there is no database digestbot.db yet" in ended.err
    assert "DIGESTBOT_DATABASE_URL says where the database is" in ended.err


def test_restore__what_is_no_backup_ends_with_a_message(digestbot: CommandLine) -> None:
    ended = digestbot("restore", digestbot.write("b.db", "my notes" * 1000))
    assert ended.code == 2
    assert "not a backup of digestbot" in ended.err
    assert "DIGESTBOT_DATABASE_URL" not in ended.err, "the database is well"


def test_backup__postgresql_has_its_own_tool(digestbot: CommandLine) -> None:
    digestbot.set(database_url="postgresql+psycopg://digestbot:geheim@localhost/digests")
    ended = digestbot("backup", "b.db")
    assert ended.code == 2
    assert "pg_dump" in ended.err
    assert "geheim" not in ended.err
