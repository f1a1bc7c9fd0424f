using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Catalog;

/// <summary>
/// Maintains the full-text index, and a list of all words that were ever in it. FTS5 can list its words too, but scans every position of a
/// frequent word to reach the next one. The words come from the tokenizer itself: a temporary table of this connection takes the text and
/// returns its words.
/// </summary>
/// <param name="session">The write connection.</param>
internal sealed class TextIndex(SqliteSession session)
{
    public void Add(long rowid, string text)
    {
        session.Run("INSERT INTO images_text(rowid, words) VALUES(@1, @2)", rowid, text);
        AddWords(text);
    }

    public void Replace(long rowid, string text)
    {
        session.Run("UPDATE images_text SET words=@2 WHERE rowid=@1", rowid, text);
        AddWords(text);
    }

    // Its words stay in the list: a superfluous one costs a search only a look-up.
    public void Remove(long rowid) => session.Run("DELETE FROM images_text WHERE rowid=@1", rowid);

    private void AddWords(string text)
    {
        if (session.Scalar("SELECT 1 FROM sqlite_temp_master WHERE name='splitter'") is null)
        {
            session.Run($"""
                CREATE VIRTUAL TABLE temp.splitter USING fts5(words, content='', columnsize=0, detail=none, tokenize="{CatalogSchema.Tokenizer}");
                CREATE VIRTUAL TABLE temp.splitter_words USING fts5vocab(temp, splitter, row);
                """);
        }

        session.Run("INSERT INTO temp.splitter(rowid, words) VALUES(1, @1)", text);
        session.Run("INSERT OR IGNORE INTO words(word) SELECT term FROM temp.splitter_words");
        session.Run("INSERT INTO temp.splitter(splitter) VALUES('delete-all')");
    }
}
