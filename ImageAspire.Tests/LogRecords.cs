using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ImageAspire.Tests;

/// <summary>Short ways to look at a captured log. Tests ask for events and their values, not for sentences.</summary>
internal static class LogRecords
{
    /// <summary>Warnings and errors, oldest first.</summary>
    public static IReadOnlyList<FakeLogRecord> Warnings(this FakeLogCollector log) => [.. log.GetSnapshot().Where(record => record.Level >= LogLevel.Warning)];

    /// <summary>The records of an event, oldest first.</summary>
    public static IReadOnlyList<FakeLogRecord> Of(this FakeLogCollector log, string name) => [.. log.GetSnapshot().Where(record => record.Id.Name == name)];

    public static bool HasEvent(this FakeLogCollector log, string name) => log.Of(name).Count > 0;
}
