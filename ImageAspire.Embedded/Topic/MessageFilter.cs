using ImageAspire.Core.Ports;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>A subscription's filter, as stored and as SQL.</summary>
/// <param name="Types">Event types separated by spaces, with one at each end; null for all.</param>
/// <param name="Subject">Image id; null for all.</param>
internal sealed record MessageFilter(string? Types, byte[]? Subject)
{
    /// <summary>Condition on a row of messages or scheduled; <c>@1</c> are the types, <c>@2</c> the subject.</summary>
    public const string Sql = "(@1 IS NULL OR instr(@1, ' ' || type || ' ') > 0) AND (@2 IS NULL OR subject = @2)";

    /// <summary>The filter of a subscription.</summary>
    public static MessageFilter Of(SubscriptionOptions options) => new(
        options.Types is null ? null : $" {string.Join(' ', options.Types)} ", options.Subject?.ToByteArray(bigEndian: true));

    /// <summary>The filter in two columns of a row.</summary>
    public static MessageFilter Read(SqliteDataReader row, int column) => new(
        row.IsDBNull(column) ? null : row.GetString(column), row.IsDBNull(column + 1) ? null : row.GetFieldValue<byte[]>(column + 1));
}
