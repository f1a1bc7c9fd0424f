using System.IO.Compression;
using System.Security.Cryptography;

namespace ImageAspire.Dashboard.Components;

/// <summary>A file for the browser, out of the assembly. Compressed once, when it is first asked for, and kept: they are few and fixed.</summary>
internal sealed class AssetFile
{
    private readonly Lazy<byte[]> _brotli;
    private readonly Lazy<byte[]> _gzip;

    public AssetFile(string name, byte[] content)
    {
        Content = content;
        ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"";
        ContentType = Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".woff2" => "font/woff2",
            _ => "application/octet-stream",
        };
        IsCompressible = !name.EndsWith(".woff2", StringComparison.Ordinal);
        _brotli = new(() => Compress(static (to, size) => new BrotliStream(to, new BrotliCompressionOptions { Quality = size > 100_000 ? 6 : 11 })));
        _gzip = new(() => Compress(static (to, _) => new GZipStream(to, CompressionLevel.Optimal)));
    }

    public byte[] Content { get; }

    public string ETag { get; }

    public string ContentType { get; }

    public bool IsCompressible { get; }

    /// <summary>The bytes to send, and their encoding: null for none.</summary>
    public (byte[] Bytes, string? Encoding) For(string acceptEncoding)
    {
        if (IsCompressible && acceptEncoding.Contains("br", StringComparison.OrdinalIgnoreCase))
            return (_brotli.Value, "br");
        return IsCompressible && acceptEncoding.Contains("gzip", StringComparison.OrdinalIgnoreCase) ? (_gzip.Value, "gzip") : (Content, null);
    }

    private byte[] Compress(Func<Stream, int, Stream> begin)
    {
        using var to = new MemoryStream();
        using (var stream = begin(to, Content.Length))
            stream.Write(Content);
        return to.ToArray();
    }
}
