using ImageAspire.Embedded.Database;

namespace ImageAspire.Embedded.Catalog;

/// <summary>
/// Keeps the full-text index, and beside it the list of all words that ever were in it. FTS5 can list its words too, but has to
/// step over every place of a frequent word to reach the next one. The tokenizer itself says what the words are: a table in
/// memory, of this connection only, takes the text and gives its words.
/// </summary>
/// <param name="session">The write connection.</param>
internal sealed class TextIndex(SqliteSession session)
{
    public void Add(long rowid, string text)
    {
        session.Run("INSERT INTO images_text(rowid, words) VALUES(@1, @2)", rowid, text);
        Remember(text);
    }

    public void Replace(long rowid, string text)
    {
        session.Run("UPDATE images_text SET words=@2 WHERE rowid=@1", rowid, text);
        Remember(text);
    }

    // Its words stay in the list: one too many costs a search nothing but a look.
    public void Remove(long rowid) => session.Run("DELETE FROM images_text WHERE rowid=@1", rowid);

    private void Remember(string text)
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
