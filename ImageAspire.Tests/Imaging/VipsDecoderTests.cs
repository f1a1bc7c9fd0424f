using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.Tests.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Imaging;

public sealed class VipsDecoderTests : ImageDecoderContract
{
    private protected override IImageDecoder Create(ImagingOptions options) => new VipsPictures(options, new FakeTimeProvider(Now));
}
