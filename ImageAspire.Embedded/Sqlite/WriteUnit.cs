namespace ImageAspire.Embedded.Sqlite;

/// <summary>A unit of work that waits for a group commit.</summary>
internal abstract class WriteUnit(Durability durability, bool mayUseReserve)
{
    /// <summary>What the caller wants.</summary>
    public Durability Durability { get; } = durability;

    /// <summary>Whether the reserve of space is given up for it when the disk is full.</summary>
    public bool MayUseReserve { get; } = mayUseReserve;

    /// <summary>Whether its caller cancelled it before it began; then it is not run.</summary>
    public abstract bool IsCancelled();

    /// <summary>Runs it inside the transaction.</summary>
    public abstract void Run(WriteScope scope);

    /// <summary>Completes the caller's task with the result.</summary>
    public abstract void Succeed();

    /// <summary>Completes the caller's task with an error.</summary>
    public abstract void Fail(Exception error);
}

/// <summary>A unit of work with a result.</summary>
internal sealed class WriteUnit<T>(Func<WriteScope, T> work, Durability durability, bool mayUseReserve, CancellationToken cancellationToken)
    : WriteUnit(durability, mayUseReserve)
{
    // Continuations must not run on the writer's thread.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    /// <summary>The result, after the commit.</summary>
    public Task<T> Completion => _completion.Task;

    public override bool IsCancelled() => cancellationToken.IsCancellationRequested && _completion.TrySetCanceled(cancellationToken);

    public override void Run(WriteScope scope) => _result = work(scope);

    public override void Succeed() => _completion.TrySetResult(_result!);

    public override void Fail(Exception error) => _completion.TrySetException(error);
}
