namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>The stores of the embedded backend: one folder.</summary>
/// <param name="folder">The data folder.</param>
internal sealed class EmbeddedStores(string folder) : ICrashStores
{
    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string> { ["Embedded__DataFolder"] = folder };

    public IReadOnlyList<StoreProcess> Processes => [];

    public Task<IReadOnlySet<string>> BlobsAsync() => Task.FromResult<IReadOnlySet<string>>(StoreCheck.Blobs(folder));

    public Task<bool> HasUnpublishedAsync() => Task.FromResult(false); // a record and its messages are one transaction

    public string? HolderProblem(int running) => StoreCheck.Holders(folder) is var holders && holders != running ? $"{holders} processes hold a lock file; {running} run." : null;

    public IEnumerable<string> Problems() => StoreCheck.Databases(folder);

    public IReadOnlyList<string> AgeUploads()
    {
        var uploads = Path.Combine(folder, "uploads");
        string[] files = Directory.Exists(uploads) ? Directory.GetFiles(uploads, "*", SearchOption.AllDirectories) : [];
        foreach (var file in files)
        {
            try
            {
                File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-2));
            }
            catch (FileNotFoundException)
            {
                // Removed meanwhile.
            }
        }

        return [.. files.Select(file => Path.GetFileName(file))];
    }
}
