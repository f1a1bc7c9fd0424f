using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Events;

namespace ImageAspire.Embedded.Database;

/// <summary>The file that catalog and topic share, so that a record and its events are one transaction.</summary>
internal static class MainDatabase
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "imageaspire.db";

    /// <summary>Steps are only ever added at the end.</summary>
    public static readonly IReadOnlyList<Migration> Migrations = [CatalogSchema.Version1, TopicSchema.Version1, TopicSchema.Version2, TopicSchema.Version3, TopicSchema.Version4];

    /// <summary>Opens the file in a data folder.</summary>
    public static SqliteDatabase Open(EmbeddedOptions options) => SqliteDatabase.Open(options.PathOf(FileName), Migrations, TopicSchema.CreateSubscriptions);
}
