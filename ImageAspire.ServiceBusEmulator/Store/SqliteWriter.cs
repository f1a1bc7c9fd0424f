using Microsoft.Data.Sqlite;

namespace ImageAspire.ServiceBusEmulator.Store;

/// <summary>Writes changes with prepared statements. Not thread-safe.</summary>
internal sealed class SqliteWriter(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    /// <summary>Writes all batches in one transaction: all of them, or none.</summary>
    public void Write(IReadOnlyList<StoreBatch> batches)
    {
        using var transaction = connection.BeginTransaction();
        foreach (var command in _commands.Values)
            command.Transaction = transaction;
        foreach (var change in batches.SelectMany(batch => batch.Changes))
            Apply(change, transaction);
        transaction.Commit();
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
    }

    private void Apply(StoreChange change, SqliteTransaction transaction)
    {
        switch (change)
        {
            case StoreChange.Put({ } m):
                Run(transaction, "INSERT OR REPLACE INTO messages(queue, sequence, content, state, deliveries, enqueued_at, enqueue_sequence, source) VALUES(@1,@2,@3,@4,@5,@6,@7,@8)",
                    m.Queue, m.Sequence, m.Content, m.State, m.Deliveries, m.EnqueuedAt, m.EnqueueSequence, m.Source);
                break;
            case StoreChange.Update u:
                Run(transaction, "UPDATE messages SET state=@3, deliveries=@4 WHERE queue=@1 AND sequence=@2", u.Queue, u.Sequence, u.State, u.Deliveries);
                break;
            case StoreChange.Remove r:
                Run(transaction, "DELETE FROM messages WHERE queue=@1 AND sequence=@2", r.Queue, r.Sequence);
                break;
            case StoreChange.PutEntity({ } e):
                Run(transaction, "INSERT OR REPLACE INTO entities(number, kind, path, settings) VALUES(@1,@2,@3,@4)", e.Number, e.Kind, e.Path, e.Settings);
                break;
            case StoreChange.RemoveEntity e:
                Run(transaction, "DELETE FROM entities WHERE number=@1", e.Number);
                foreach (var table in (string[])["messages", "sessions", "duplicates", "reserved"])
                    Run(transaction, $"DELETE FROM {table} WHERE queue IN (@1, @1 + 1)", e.Number);
                break;
            case StoreChange.PutSession { State: null } s:
                Run(transaction, "DELETE FROM sessions WHERE queue=@1 AND session=@2", s.Queue, s.Session);
                break;
            case StoreChange.PutSession s:
                Run(transaction, "INSERT OR REPLACE INTO sessions(queue, session, state) VALUES(@1,@2,@3)", s.Queue, s.Session, s.State);
                break;
            case StoreChange.PutDuplicate({ } d):
                Run(transaction, "INSERT OR REPLACE INTO duplicates(queue, message_id, until) VALUES(@1,@2,@3)", d.Queue, d.MessageId, d.Until);
                break;
            case StoreChange.RemoveDuplicates d:
                Run(transaction, "DELETE FROM duplicates WHERE queue=@1 AND until<=@2", d.Queue, d.Until);
                break;
            case StoreChange.Reserve r:
                Run(transaction, "INSERT OR REPLACE INTO reserved(queue, sequence) VALUES(@1,@2)", r.Queue, r.Sequence);
                break;
            default:
                throw new NotSupportedException(change.ToString());
        }
    }

    private void Run(SqliteTransaction transaction, string sql, params ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this class
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 0; i < values.Length; i++)
                command.Parameters.Add(new SqliteParameter($"@{i + 1}", null));
            command.Transaction = transaction;
            _commands[sql] = command;
        }

        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        command.ExecuteNonQuery();
    }
}
