using System.Text.Json;
using ImageAspire.Core.Images;
using ImageAspire.Imaging;
using ImageAspire.Imaging.Isolation;

namespace ImageAspire.Tests.Hostile;

/// <summary>What a decoder's own errors become.</summary>
public sealed class DecoderResponsesTests
{
    [Fact]
    public void Failed_WithAStackTrace_HasItForTheLogOnly()
    {
        var answer = Failed("IOException", "The pipe is broken.\n   at Codec.Read()\n   at Codec.Decode()");

        var error = Should.Throw<InvalidOperationException>(() => DecoderResponses.Inspected(answer, ImageFormat.Jpeg, 1000, new ImagingOptions()));

        error.Message.ShouldBe("The decoder failed: IOException: The pipe is broken.");
        error.InnerException.ShouldNotBeNull().Message.ShouldContain("Codec.Decode");
    }

    [Fact]
    public void Failed_WithEndlessText_IsCut()
    {
        var answer = Failed(new string('x', 10_000), $"{new string('y', 10_000)}\n{new string('z', 10_000)}");

        var error = Should.Throw<InvalidOperationException>(() => DecoderResponses.Inspected(answer, ImageFormat.Jpeg, 1000, new ImagingOptions()));

        error.Message.Length.ShouldBeLessThan(1_000);
        error.InnerException.ShouldNotBeNull().Message.Length.ShouldBe(2_000);
    }

    private static Frame Failed(string code, string message) =>
        new(FrameKind.Failed, JsonSerializer.SerializeToUtf8Bytes(new DecoderError(code, message), DecoderJson.Default.DecoderError));
}
