using ImageAspire.Core.Images;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Reads the data folder without the product.</summary>
internal static class StoreCheck
{
    /// <summary>Names of all blobs, without their folders.</summary>
    public static HashSet<string> Blobs(string dataFolder) => new[] { BlobNames.Originals, BlobNames.Thumbnails }.Select(folder => Path.Combine(dataFolder, "blobs", folder)).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)).Select(path => Path.GetFileName(path)).ToHashSet();

    /// <summary>How many processes hold a lock file.</summary>
    public static int Holders(string dataFolder) => Directory.GetFiles(Path.Combine(dataFolder, "holders")).Length;

    /// <summary>Every SQLite file of the folder, its indexes and its full-text index. No process may have them open.</summary>
    public static IEnumerable<string> Databases(string dataFolder)
    {
        foreach (var path in Directory.EnumerateFiles(dataFolder, "*.db"))
        {
            foreach (var problem in Problems(path))
                yield return $"{Path.GetFileName(path)}: {problem}";
        }
    }

    /// <summary>Makes the topic forget the event of an image, as no crash can.</summary>
    public static void LoseMessages(string dataFolder, string subscription)
    {
        using var database = Open(Path.Combine(dataFolder, "imageaspire.db"));
        Run(database, $"UPDATE subscriptions SET cursor=(SELECT seq FROM sqlite_sequence WHERE name='messages') WHERE name='{subscription}'");
        Run(database, $"DELETE FROM deliveries WHERE subscription='{subscription}'");
    }

    /// <summary>Leaves a blob of an image that does not exist, as old as a sweeper wants it.</summary>
    public static void PlantOrphan(string dataFolder)
    {
        var name = BlobNames.Original(new string('0', 64), Guid.CreateVersion7())[BlobNames.Originals.Length..];
        var folder = Directory.CreateDirectory(Path.Combine(dataFolder, "blobs", BlobNames.Originals, name[..2])).FullName;
        File.WriteAllBytes(Path.Combine(folder, name), [1]);
        File.SetLastWriteTimeUtc(Path.Combine(folder, name), TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-2));
    }

    private static List<string> Problems(string path)
    {
        using var database = Open(path);
        var problems = Rows(database, "PRAGMA integrity_check").Where(row => row != "ok").ToList();
        if (Path.GetFileName(path) == "operations.db") // nothing is damaged here: whatever the scrub finds is wrong
            problems.AddRange(Rows(database, "SELECT 'a finding of the scrub: ' || data FROM scrub_findings"));
        if (Path.GetFileName(path) != "imageaspire.db")
            return problems;
        try
        {
            Run(database, "INSERT INTO images_text(images_text, rank) VALUES('integrity-check', 1)");
        }
        catch (SqliteException error)
        {
            problems.Add($"full-text index: {error.Message}");
        }

        // Derived figures that are kept beside the records.
        Compare("SELECT status||' '||count FROM status_counts WHERE count<>0 ORDER BY 1", "SELECT status||' '||count(*) FROM images GROUP BY status ORDER BY 1");
        Compare("SELECT tag||' '||count FROM tag_counts ORDER BY 1", "SELECT tag||' '||count(*) FROM image_tags WHERE archived=0 GROUP BY tag ORDER BY 1");
        Compare("SELECT count(*) FROM images_text", "SELECT count(*) FROM images");
        return problems;

        void Compare(string kept, string counted)
        {
            var (one, other) = (string.Join(", ", Rows(database, kept)), string.Join(", ", Rows(database, counted)));
            if (one != other)
                problems.Add($"kept: {one}; counted: {other}");
        }
    }

    private static SqliteConnection Open(string path)
    {
        var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        database.Open();
        return database;
    }

    private static List<string> Rows(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetValue(0).ToString()!);
        return rows;
    }

    private static void Run(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
