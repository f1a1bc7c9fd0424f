using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>What the services wrote to their consoles, and what the AppHost's own code logged.</summary>
internal sealed partial class ConsoleLines : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _all = new();

    /// <summary>All lines, in the order in which they came: <c>[api] …</c>.</summary>
    public IReadOnlyCollection<string> All => _all;

    /// <summary>Takes the lines of a service until the end.</summary>
    public async Task FollowAsync(string service, IAsyncEnumerable<IReadOnlyList<LogLine>> batches, CancellationToken cancellationToken)
    {
        await foreach (var batch in batches.WithCancellation(cancellationToken))
        {
            foreach (var line in batch)
                _all.Enqueue($"[{service}] {Timestamp().Replace(line.Content, "", 1)}");
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(_all);

    public void Dispose()
    {
    }

    // The orchestrator's, before each line.
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT[0-9:.]+Z ")]
    private static partial Regex Timestamp();

    private sealed class Logger(ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"[apphost] {formatter(state, exception)}");
    }
}
