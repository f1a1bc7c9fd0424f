namespace ImageAspire.Tests.Hostile;

/// <summary>Valid files of every format that end too early, at many points.</summary>
internal static class TruncatedFiles
{
    private const int Points = 20;

    // Where the signature is whole, so that the Api would accept it.
    private const int Least = 32;

    public static IEnumerable<HostileFile> Files()
    {
        foreach (var (name, file) in ValidImages.All())
        {
            for (var i = 0; i < Points; i++)
                yield return new HostileFile($"{name}, cut off", file[..(Least + (file.Length - Least) * i / Points)]);
        }
    }
}
