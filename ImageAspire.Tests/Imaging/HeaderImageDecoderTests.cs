using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.Tests.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Imaging;

public sealed class HeaderImageDecoderTests : ImageHeaderContract
{
    private protected override IImageDecoder Create(ImagingOptions options) => new HeaderImageDecoder(options, new FakeTimeProvider(Now));

    [Fact]
    public async Task Decode_WithoutCodec_IsNothing()
    {
        using var content = new MemoryStream(TestImages.Jpeg());

        (await Decoder.InspectAsync(content, ImageFormat.Jpeg, default)).Decoded.ShouldBeNull();
        Decoder.CanDecode.ShouldBeFalse();
    }

    [Fact]
    public void AddImaging_LibraryNone_WarnsOnceWithTheCommand()
    {
        var log = new FakeLogCollector();
        using var services = Services(log, "Imaging:Library", "none");

        services.GetRequiredService<IImageDecoder>().ShouldBeOfType<HeaderImageDecoder>();
        services.GetRequiredService<IImageDecoder>();

        log.GetSnapshot().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            record => record.Id.Name.ShouldBe("LogMissing"), record => record.GetStructuredStateValue("Command").ShouldBe(ImagingExtensions.InstallCommand));
    }

    [Theory]
    [InlineData("Imaging:MaxPixels", "0")]
    [InlineData("Imaging:MaxSide", "0")]
    [InlineData("Imaging:Quality", "101")]
    [InlineData("Imaging:Library", "libvips.so.42")]
    [InlineData("Imaging:Isolation", "maybe")]
    [InlineData("Imaging:Sandbox", "maybe")]
    [InlineData("Imaging:Sandbox", "required")] // not without isolation
    [InlineData("Imaging:Decoders", "0")]
    [InlineData("Imaging:DecoderTimeLimit", "00:00:00")]
    [InlineData("Imaging:DecoderMemoryBytes", "1000")]
    [InlineData("Imaging:DecoderRestingBytes", "0")]
    [InlineData("Imaging:DecoderAnswers", "0")]
    [InlineData("Imaging:DecoderIdleTime", "00:00:00")]
    public void AddImaging_WrongSetting_NamesIt(string key, string value)
    {
        using var services = Services(new FakeLogCollector(), key, value);

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IImageDecoder>()).Message.ShouldContain(key);
    }

    private static ServiceProvider Services(FakeLogCollector log, string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Imaging:Isolation", (string?)"none")]).AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]).Build();
        return new ServiceCollection().AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(log))).AddImaging(configuration).BuildServiceProvider();
    }
}
