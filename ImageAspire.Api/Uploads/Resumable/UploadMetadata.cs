using System.Text;
using ImageAspire.Core.Images;

namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>Metadata that a client sends about a file: <c>name base64,name base64,…</c>. Untrusted: its size is limited and only the name is used.</summary>
/// <param name="Name">Clean display name.</param>
/// <param name="Text">The header as received, returned by HEAD; null when there was none.</param>
internal sealed record UploadMetadata(string Name, string? Text)
{
    private const int MaxLength = 4096;
    private const int MaxPairs = 20;
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the header; null when it is malformed or too long.</summary>
    public static UploadMetadata? Parse(string? header)
    {
        if (string.IsNullOrEmpty(header))
            return new UploadMetadata(ImageName.Clean(null), null);
        if (header.Length > MaxLength || header.AsSpan().ContainsAnyExceptInRange(' ', '~') || header.Split(',') is not { Length: <= MaxPairs } pairs)
            return null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var parts = pair.Trim().Split(' ');
            if (parts.Length > 2 || parts[0].Length == 0 || Decode(parts.ElementAtOrDefault(1)) is not { } value || !values.TryAdd(parts[0], value))
                return null;
        }

        return new UploadMetadata(ImageName.Clean(values.GetValueOrDefault("filename") ?? values.GetValueOrDefault("name")), header);
    }

    private static string? Decode(string? base64)
    {
        if (string.IsNullOrEmpty(base64))
            return "";
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
            return null;
        try
        {
            return Utf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return ""; // another encoding: treated as an absent value
        }
    }
}
