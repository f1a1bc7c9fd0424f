using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.Imaging.Isolation;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;

namespace ImageAspire.Tests.Hostile;

/// <summary>Pictures behind the wall, and the pool below them.</summary>
internal sealed class Decoders : IDisposable
{
    private readonly IsolatedImageDecoder _pictures;

    public Decoders(DecoderCommand command, ImagingOptions? options = null, TimeProvider? time = null, FakeLogger? log = null)
    {
        options ??= new ImagingOptions { Decoders = 2 };
        var logger = (ILogger?)log ?? NullLogger.Instance;
        Pool = new DecoderPool(options, command, time ?? TimeProvider.System, logger);
        _pictures = new IsolatedImageDecoder(Pool, options, time ?? TimeProvider.System, logger);
    }

    public DecoderPool Pool { get; }

    public IImageDecoder Pictures => _pictures;

    /// <summary>The process of the only idle decoder.</summary>
    public int OnlyIdle => Pool.Idle.ShouldHaveSingleItem();

    /// <summary>Everything that the Worker does with a file.</summary>
    public async Task<(ImageHeader Header, DecodedImage? Rendered)> InspectAsync(byte[] file, ImageFormat? format = null, CancellationToken cancellationToken = default)
    {
        using var picture = new MemoryStream(file);
        var header = await Pictures.ReadHeaderAsync(picture, format ?? ImageFormat.Sniff(file)!, cancellationToken);
        return (header, await Pictures.DecodeAsync(picture, header, cancellationToken));
    }

    public void Dispose() => _pictures.Dispose();
}
