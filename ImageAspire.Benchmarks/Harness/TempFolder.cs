namespace ImageAspire.Benchmarks.Harness;

/// <summary>A folder that is gone when the benchmark ends.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder(string purpose) => Path = Directory.CreateTempSubdirectory($"imageaspire-{purpose}-").FullName;

    public string Path { get; }

    /// <summary>A path inside; nothing is created.</summary>
    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException error)
        {
            Console.Error.WriteLine($"'{Path}' could not be removed: {error.Message}");
        }
    }
}
