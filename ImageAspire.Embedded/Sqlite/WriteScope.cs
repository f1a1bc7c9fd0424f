namespace ImageAspire.Embedded.Sqlite;

/// <summary>What a unit of work uses while it runs inside the writer's transaction.</summary>
/// <param name="session">The write connection.</param>
internal sealed class WriteScope(SqliteSession session)
{
    private readonly HashSet<Action> _afterCommit = [];

    /// <summary>The write connection; the transaction is open.</summary>
    public SqliteSession Session { get; } = session;

    /// <summary>Runs once after the commit of the whole group, however many units ask for it. Not run when the commit fails.</summary>
    public void AfterCommit(Action action) => _afterCommit.Add(action);

    /// <summary>Runs the actions.</summary>
    internal void Committed()
    {
        foreach (var action in _afterCommit)
            action();
        _afterCommit.Clear();
    }

    /// <summary>Drops the actions.</summary>
    internal void RolledBack() => _afterCommit.Clear();
}
