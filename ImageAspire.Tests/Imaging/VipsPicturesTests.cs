using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Imaging;

public sealed class VipsPicturesTests : DecodingContract
{
    private protected override IImageDecoder Create(ImagingOptions options) => new VipsPictures(options, new FixedTime(Now));
}
