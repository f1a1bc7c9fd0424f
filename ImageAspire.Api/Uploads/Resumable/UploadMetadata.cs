using System.Text;
using ImageAspire.Core.Images;

namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>What a client tells about a file: <c>name base64,name base64,…</c>. It is data of a stranger: bounded, and never believed.</summary>
/// <param name="Name">Clean display name.</param>
/// <param name="Text">The header as it came, to be told again; null when there was none.</param>
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
            return ""; // some other encoding: a value that we do not know is as good as none
        }
    }
}
