using ImageAspire.Embedded.Files;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Topic;
using ImageAspire.Embedded.Vectors;

namespace ImageAspire.Embedded.Catalog;

/// <summary>The database that catalog and topic share, so that a record and its events commit in one transaction.</summary>
internal static class MainDatabase
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "imageaspire.db";

    /// <summary>Steps are only ever added at the end.</summary>
    public static readonly IReadOnlyList<Migration> Migrations =
    [
        CatalogSchema.Version1, TopicSchema.Version1, TopicSchema.Version2, TopicSchema.Version3, TopicSchema.Version4, CatalogSchema.Version2,
        CatalogSchema.Version3, CatalogSchema.Version4, VectorSchema.Version1, TopicSchema.Version5, CatalogSchema.Version5,
    ];

    /// <summary>Opens the file in a data folder.</summary>
    public static SqliteDatabase Open(DataFolder folder) => SqliteDatabase.Open(folder.PrivateFile(FileName), Migrations, TopicSchema.CreateSubscriptions);
}
