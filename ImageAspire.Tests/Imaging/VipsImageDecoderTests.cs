using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.Tests.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Imaging;

public sealed class VipsImageDecoderTests : ImageDecoderContract
{
    private protected override IImageDecoder Create(ImagingOptions options) => new VipsImageDecoder(options, new FakeTimeProvider(Now));
}
