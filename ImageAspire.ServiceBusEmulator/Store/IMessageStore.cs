namespace ImageAspire.ServiceBusEmulator.Store;

/// <summary>Keeps what is in the broker.</summary>
internal interface IMessageStore : IAsyncDisposable
{
    /// <summary>The ticket of the latest batch that a crash cannot undo any more.</summary>
    long Committed { get; }

    /// <summary>Why nothing can be written now; null when all is well.</summary>
    string? Failure { get; }

    /// <summary>All that was kept. Called once, before the first <see cref="Append"/>.</summary>
    StoredState Load();

    /// <summary>Keeps a batch after all earlier ones. Returns at once; <paramref name="committed"/> is called, on any thread, after <see cref="Committed"/> has reached it.</summary>
    void Append(StoreBatch batch, Action committed);
}
