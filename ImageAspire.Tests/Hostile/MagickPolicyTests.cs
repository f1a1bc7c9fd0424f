using ImageAspire.Imaging;
using ImageAspire.Imaging.Magick;
using ImageMagick;

namespace ImageAspire.Tests.Hostile;

/// <summary>What ImageMagick could do besides decoding images: its policy forbids it, also without the sandbox around it.</summary>
public sealed class MagickPolicyTests : IDisposable
{
    private static readonly MagickFormat[] Readable = [MagickFormat.Heic, MagickFormat.Jxl, MagickFormat.Jp2, MagickFormat.J2k, MagickFormat.Psd, MagickFormat.Tiff, MagickFormat.Ico, MagickFormat.Pnm, MagickFormat.Qoi];

    private readonly TempFolder _folder = new();

    public MagickPolicyTests() => MagickLibrary.Description.ShouldNotBeNull($"There is no ImageMagick: {ImagingExtensions.InstallCommand}.");

    [Theory]
    [InlineData("xc:red")]
    [InlineData("gradient:red-blue")]
    [InlineData("label:text")]
    [InlineData("caption:text")]
    [InlineData("pango:text")]
    [InlineData("inline:data:image/png;base64,AAAA")]
    [InlineData("http://127.0.0.1:9/image.png")]
    [InlineData("https://127.0.0.1:9/image.png")]
    [InlineData("ftp://127.0.0.1:9/image.png")]
    public void Read_WithoutAFile_IsForbidden(string address) => ShouldBeForbidden(address);

    [Theory]
    [InlineData("text")]
    [InlineData("msl")]
    [InlineData("mvg")]
    [InlineData("svg")]
    [InlineData("msvg")]
    [InlineData("pdf")]
    [InlineData("eps")]
    [InlineData("ps")]
    [InlineData("vid")]
    [InlineData("ephemeral")]
    [InlineData("html")]
    [InlineData("clip")]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("gif")]
    [InlineData("webp")]
    [InlineData("cur")]
    [InlineData("icon")]
    [InlineData("ppm")]
    [InlineData("pfm")]
    [InlineData("phm")]
    public void Read_AFileByAForbiddenCoder_IsForbiddenAndLeavesIt(string coder)
    {
        var file = Path.Combine(_folder.Root, "file");
        File.WriteAllText(file, "%!PS <svg xmlns='http://www.w3.org/2000/svg'/>");

        ShouldBeForbidden($"{coder}:{file}");

        File.Exists(file).ShouldBeTrue();
    }

    [Fact]
    public void Read_EveryOtherCoder_IsForbidden()
    {
        var allowed = MagickNET.SupportedFormats.Where(format => format.SupportsReading && !Readable.Contains(format.Format) && !IsForbidden(format.Format)).Select(format => format.Format);

        allowed.ShouldBeEmpty();
    }

    [Fact]
    public void Write_IsForbidden()
    {
        using var image = new MagickImage(TestImages.Psd(), new MagickReadSettings { Format = MagickFormat.Psd });

        Should.Throw<MagickPolicyErrorException>(() => image.Write(Path.Combine(_folder.Root, "copy.psd"), MagickFormat.Psd));
        Should.Throw<MagickPolicyErrorException>(() => image.ToByteArray(MagickFormat.Png));
    }

    public void Dispose() => _folder.Dispose();

    private static bool IsForbidden(MagickFormat format)
    {
        try
        {
            using var image = new MagickImage(new byte[64], new MagickReadSettings { Format = format, Width = 1, Height = 1 });
            return false;
        }
        catch (Exception error) when (error is MagickPolicyErrorException or MagickMissingDelegateErrorException)
        {
            return true;
        }
        catch (MagickException)
        {
            return false; // it has tried
        }
    }

    private static void ShouldBeForbidden(string address)
    {
        var error = Should.Throw<MagickErrorException>(() =>
        {
            using var image = new MagickImage(address, new MagickReadSettings { Width = 1, Height = 1 });
        });
        (error is MagickPolicyErrorException or MagickMissingDelegateErrorException).ShouldBeTrue($"{error.GetType().Name}: {error.Message}");
    }
}
