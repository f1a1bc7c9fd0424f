using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.Imaging.Isolation;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;

namespace ImageAspire.Tests.Hostile;

/// <summary>The decoder in child processes, and the pool below them.</summary>
internal sealed class Decoders : IDisposable
{
    private readonly IsolatedImageDecoder _decoder;

    public Decoders(DecoderCommand command, ImagingOptions? options = null, TimeProvider? time = null, FakeLogger? log = null)
    {
        options ??= new ImagingOptions { Decoders = 2 };
        var logger = (ILogger?)log ?? NullLogger.Instance;
        Pool = new DecoderPool(options, command, time ?? TimeProvider.System, logger);
        _decoder = new IsolatedImageDecoder(Pool, options, time ?? TimeProvider.System, logger);
    }

    public DecoderPool Pool { get; }

    public IImageDecoder Decoder => _decoder;

    /// <summary>The process of the only idle decoder.</summary>
    public int OnlyIdle => Pool.Idle.ShouldHaveSingleItem();

    /// <summary>Everything that the Worker does with a file.</summary>
    public async Task<InspectedImage> InspectAsync(byte[] file, ImageFormat? format = null, CancellationToken cancellationToken = default)
    {
        using var content = new MemoryStream(file);
        return await Decoder.InspectAsync(content, format ?? ImageFormat.Sniff(file)!, cancellationToken);
    }

    public void Dispose() => _decoder.Dispose();
}
