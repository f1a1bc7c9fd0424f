using System.Threading.Channels;
using ImageAspire.Core.Failpoints;

namespace ImageAspire.Embedded.Database;

/// <summary>The one thread that writes: takes what has queued up, runs it in one transaction, answers everybody after the commit.</summary>
internal sealed class GroupCommitter : IAsyncDisposable
{
    private const int MaxQueued = 4096;
    private const int MaxGroup = 512;
    private readonly Channel<Unit> _queue = Channel.CreateBounded<Unit>(new BoundedChannelOptions(MaxQueued) { SingleReader = true });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteSession _session;
    private readonly string _path;
    private readonly WriteScope _scope;
    private readonly WriteTurn _turn;
    private Durability _current = Durability.Disk;

    public GroupCommitter(SqliteSession session, string path, string turnName)
    {
        (_session, _path) = (session, path);
        _scope = new WriteScope(session);
        _turn = new WriteTurn(turnName);
        new Thread(Loop) { IsBackground = true, Name = "sqlite-writer" }.Start();
    }

    public async Task<T> EnqueueAsync<T>(Func<WriteScope, T> work, Durability durability, CancellationToken cancellationToken)
    {
        var unit = new Unit<T>(work, durability, cancellationToken);
        await _queue.Writer.WriteAsync(unit, cancellationToken);
        return await unit.Answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (_queue.Writer.TryComplete())
            await _ended.Task;
    }

    private void Loop()
    {
        var group = new List<Unit>(MaxGroup);
        try
        {
            while (WaitForWork())
            {
                while (group.Count < MaxGroup && _queue.Reader.TryRead(out var unit))
                {
                    if (!unit.GivenUp())
                        group.Add(unit);
                }

                if (group.Count > 0)
                    Commit(group);
                group.Clear();
            }
        }
        finally
        {
            _turn.Dispose();
            _session.Dispose();
            _ended.SetResult();
        }
    }

    // This thread belongs to the writer alone, so it may block.
    private bool WaitForWork()
    {
        var ready = _queue.Reader.WaitToReadAsync();
        return ready.IsCompleted ? ready.GetAwaiter().GetResult() : ready.AsTask().GetAwaiter().GetResult();
    }

    private void Commit(List<Unit> group)
    {
        try
        {
            using (_turn.Take())
            {
                SetDurability(group.Exists(unit => unit.Durability == Durability.Disk) ? Durability.Disk : Durability.Process);
                _session.Run("BEGIN IMMEDIATE");
                Failpoint.Hit(FailpointNames.DatabaseBegun);
                // Or it would write into a file that has no name any more, and be lost with it, although it was acknowledged.
                if (SqliteFile.HasMoved(_session.Connection.Handle!))
                    throw StoreErrors.Moved(_path);
                foreach (var unit in group)
                    RunOne(unit);
                Failpoint.Hit(FailpointNames.DatabaseBeforeCommit);
                _session.Run("COMMIT");
                Failpoint.Hit(FailpointNames.DatabaseCommitted);
            }

            _scope.Committed();
        }
        catch (Exception cause)
        {
            _scope.RolledBack();
            RollBack();
            var error = StoreErrors.Translate(cause, _path);
            foreach (var unit in group)
                unit.Fail(error);
            return;
        }

        foreach (var unit in group)
            unit.Succeed();
    }

    private void RunOne(Unit unit)
    {
        _session.Run("SAVEPOINT unit");
        try
        {
            unit.Run(_scope);
            _session.Run("RELEASE unit");
        }
        catch (Exception error) when (!IsFatal())
        {
            _session.Run("ROLLBACK TO unit");
            _session.Run("RELEASE unit");
            unit.Fail(StoreErrors.Translate(error, _path));
        }
    }

    // A full disk or an I/O error makes SQLite end the whole transaction; then nothing of the group stands.
    private bool IsFatal() => SQLitePCL.raw.sqlite3_get_autocommit(_session.Connection.Handle) != 0;

    private void RollBack()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_session.Connection.Handle) == 0)
            _session.Run("ROLLBACK");
    }

    private void SetDurability(Durability wanted)
    {
        if (wanted == _current)
            return;
        _session.Run(wanted == Durability.Disk ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
        _current = wanted;
    }

    private abstract class Unit(Durability durability)
    {
        public Durability Durability { get; } = durability;

        public abstract bool GivenUp();

        public abstract void Run(WriteScope scope);

        public abstract void Succeed();

        public abstract void Fail(Exception error);
    }

    private sealed class Unit<T>(Func<WriteScope, T> work, Durability durability, CancellationToken cancellationToken) : Unit(durability)
    {
        private T? _result;

        // Continuations must not run on the writer's thread.
        public TaskCompletionSource<T> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool GivenUp() => cancellationToken.IsCancellationRequested && Answer.TrySetCanceled(cancellationToken);

        public override void Run(WriteScope scope) => _result = work(scope);

        public override void Succeed() => Answer.TrySetResult(_result!);

        public override void Fail(Exception error) => Answer.TrySetException(error);
    }
}
