using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace ImageAspire.Vision.Models;

/// <summary>Reads files of an npm package, without npm. The registry is npm's: <c>npm_config_registry</c>, <c>.npmrc</c> in the home folder, else the public one.</summary>
internal static class NpmPackage
{
    private const string PublicRegistry = "https://registry.npmjs.org/";
    private const long MaxBytes = 200_000_000;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(5), ConnectTimeLimit = TimeSpan.FromSeconds(10);

    /// <summary>The contents of files by their path in the package.</summary>
    /// <param name="package">With its integrity, which is checked before anything is unpacked.</param>
    /// <param name="paths">Without the folder <c>package/</c>.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    /// <exception cref="ModelException">The archive is not the one of the lock file, or lacks a file.</exception>
    /// <exception cref="HttpRequestException">The registry does not answer.</exception>
    public static async Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(ModelPackage package, IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { ConnectTimeout = ConnectTimeLimit };
        using var client = new HttpClient(handler) { Timeout = TimeLimit, MaxResponseContentBufferSize = MaxBytes };
        var archive = await client.GetByteArrayAsync(AddressOf(Registry(), package), cancellationToken);
        if (package.Integrity != "sha512-" + Convert.ToBase64String(SHA512.HashData(archive)))
            throw new ModelException($"What the registry sent for {package.Name} {package.Version} is not the package of the lock file.");
        using var unpacked = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress);
        await using var tar = new TarReader(unpacked);
        var contents = new Dictionary<string, byte[]>();
        while (await tar.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
        {
            var path = entry.Name[(entry.Name.IndexOf('/', StringComparison.Ordinal) + 1)..];
            if (entry.DataStream is null || !paths.Contains(path))
                continue;
            using var content = new MemoryStream();
            await entry.DataStream.CopyToAsync(content, cancellationToken);
            contents[path] = content.ToArray();
        }

        return paths.FirstOrDefault(path => !contents.ContainsKey(path)) is { } absent
            ? throw new ModelException($"{package.Name} {package.Version} has no file {absent}.") : contents;
    }

    /// <summary>Where a registry has the archive of a package.</summary>
    internal static Uri AddressOf(Uri registry, ModelPackage package)
    {
        var plain = package.Name[(package.Name.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return new Uri(registry, $"{package.Name}/-/{plain}-{package.Version}.tgz");
    }

    private static Uri Registry()
    {
        var file = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".npmrc");
        var address = Environment.GetEnvironmentVariable("npm_config_registry") ?? FromSettings(File.Exists(file) ? File.ReadAllLines(file) : []) ?? PublicRegistry;
        return Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var registry) && registry.Scheme is "http" or "https"
            ? registry : throw new ModelException("npm's setting 'registry' is not an http address.");
    }

    /// <summary>The registry that the lines of an <c>.npmrc</c> name; null when they name none.</summary>
    internal static string? FromSettings(IEnumerable<string> lines) => lines
        .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
        .LastOrDefault(parts => parts is ["registry", _])?[1].Trim('"');
}
