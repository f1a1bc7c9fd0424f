using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ImageAspire.ServiceBusEmulator.Store;

/// <summary>
/// One SQLite file (WAL, synced at each commit). One task writes; what came while it was at it goes into the next transaction (group commit).
/// A write that fails is repeated until it succeeds: nothing is answered meanwhile.
/// </summary>
internal sealed partial class SqliteStore : IMessageStore
{
    public const string FileName = "servicebus.db";

    private const int MaxBatches = 2_000;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private readonly Channel<(StoreBatch Batch, Action Committed)> _work = Channel.CreateUnbounded<(StoreBatch, Action)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _giveUp = new();
    private readonly SqliteConnection _connection;
    private readonly TimeProvider _time;
    private readonly ILogger<SqliteStore> _logger;
    private Task _writing = Task.CompletedTask;
    private long _committed;

    /// <summary>Opens the file in a folder, which is made if it is missing.</summary>
    /// <exception cref="InvalidDataException">Another version of the emulator wrote the file.</exception>
    /// <exception cref="IOException">Another process has the file.</exception>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public SqliteStore(string folder, TimeProvider time, ILogger<SqliteStore> logger)
    {
        (_time, _logger) = (time, logger);
        Directory.CreateDirectory(folder);
        _connection = SqliteSchema.Open(Path.Combine(folder, FileName));
    }

    public long Committed => Volatile.Read(ref _committed);

    public string? Failure { get; private set; }

    public StoredState Load()
    {
        _writing = Task.Run(WriteAsync);
        return SqliteReader.Load(_connection);
    }

    public void Append(StoreBatch batch, Action committed) => _work.Writer.TryWrite((batch, committed));

    public async ValueTask DisposeAsync()
    {
        _work.Writer.TryComplete();
        await _giveUp.CancelAsync();
        await _writing;
        await _connection.DisposeAsync();
        _giveUp.Dispose();
    }

    private async Task WriteAsync()
    {
        using var writer = new SqliteWriter(_connection);
        var batches = new List<StoreBatch>();
        while (await _work.Reader.WaitToReadAsync())
        {
            Action? committed = null;
            while (batches.Count < MaxBatches && _work.Reader.TryRead(out var next))
            {
                batches.Add(next.Batch);
                committed = next.Committed;
            }

            if (!await TryWriteAsync(writer, batches))
                return;
            Volatile.Write(ref _committed, batches[^1].Ticket);
            batches.Clear();
            committed!();
        }
    }

    private async Task<bool> TryWriteAsync(SqliteWriter writer, List<StoreBatch> batches)
    {
        while (true)
        {
            try
            {
                writer.Write(batches);
                if (Failure is not null)
                    LogWritten();
                Failure = null;
                return true;
            }
            catch (SqliteException error)
            {
                if (Failure is null)
                    LogFailed(error.Message);
                Failure = error.Message;
            }

            try
            {
                await Task.Delay(RetryAfter, _time, _giveUp.Token);
            }
            catch (OperationCanceledException)
            {
                return false; // stopped while the disk is full: what was not committed was not acknowledged either
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The store cannot be written: {Reason} Nothing is acknowledged until it can; tried again each second.")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store is written again.")]
    private partial void LogWritten();
}
