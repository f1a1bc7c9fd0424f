using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Imaging;

public sealed class VipsImageDecoderTests : DecodingContract
{
    private protected override IImageDecoder Create(ImagingOptions options) => new VipsImageDecoder(options, new FixedTime(Now));
}
