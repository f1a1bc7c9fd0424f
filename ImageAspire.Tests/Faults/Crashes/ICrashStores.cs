namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Where the processes of a crash run store everything, and what the harness finds there without the product.</summary>
internal interface ICrashStores
{
    /// <summary>Settings of Api and Worker.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The processes that the stores are, which are killed too; none where the stores are files.</summary>
    IReadOnlyList<StoreProcess> Processes { get; }

    /// <summary>The names of all blobs of images, without their folders.</summary>
    Task<IReadOnlySet<string>> BlobsAsync();

    /// <summary>Whether an event is stored that no message carries yet.</summary>
    Task<bool> HasUnpublishedAsync();

    /// <summary>What is wrong about the processes that say that they use the stores.</summary>
    /// <param name="running">How many run.</param>
    string? HolderProblem(int running);

    /// <summary>What is wrong inside the stores. No process uses them any more.</summary>
    IEnumerable<string> Problems();

    /// <summary>Makes everything that is left of resumable uploads look as if it had not been touched for two days.</summary>
    /// <returns>What is left, by name.</returns>
    IReadOnlyList<string> AgeUploads();
}

/// <summary>A store that is a process.</summary>
/// <param name="Role">What it is called in reports.</param>
/// <param name="Start">Starts it on its data.</param>
/// <param name="ReadyAsync">Returns when it answers, has ended, or does neither for a long time.</param>
internal sealed record StoreProcess(string Role, Func<ChildService> Start, Func<ChildService, Task> ReadyAsync);
