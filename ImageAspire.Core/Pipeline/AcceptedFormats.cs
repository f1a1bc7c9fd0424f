using ImageAspire.Core.Images;

namespace ImageAspire.Core.Pipeline;

/// <summary>The formats that uploads may have: all of <see cref="ImageFormat.All"/> that the settings do not refuse.</summary>
/// <param name="refused">Formats that are switched off.</param>
public sealed class AcceptedFormats(IEnumerable<ImageFormat> refused)
{
    private readonly List<ImageFormat> _accepted = [.. ImageFormat.All.Except(refused)];

    /// <summary>Every format.</summary>
    public static AcceptedFormats All { get; } = new([]);

    /// <summary>What people call them, for example <c>JPEG, PNG and AVIF</c>.</summary>
    public string Labels => _accepted.Count == 1 ? _accepted[0].Label : $"{string.Join(", ", _accepted.SkipLast(1).Select(format => format.Label))} and {_accepted[^1].Label}";

    /// <summary>The format of a file.</summary>
    /// <param name="head">Its first bytes; <see cref="ImageFormat.SniffLength"/> of them are enough.</param>
    /// <exception cref="UploadRefusedException">It is none of the accepted ones.</exception>
    public ImageFormat Of(ReadOnlySpan<byte> head) =>
        ImageFormat.Sniff(head) is { } format && _accepted.Contains(format) ? format : throw UploadRefusedException.UnsupportedFormat(this);
}
