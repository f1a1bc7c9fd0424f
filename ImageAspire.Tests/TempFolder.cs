using ImageAspire.Embedded.Files;

namespace ImageAspire.Tests;

/// <summary>A data folder of one test; gone with it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("imageaspire-").FullName;

    public DataFolder Data => new(Root);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
