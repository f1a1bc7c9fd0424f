using System.Text.Json.Nodes;
using ImageAspire.Core.Images;

namespace ImageAspire.Tests.Contracts;

/// <summary>Small files of the kinds that people have, each with the right answer (<c>Imaging/Cases/cases.json</c>).</summary>
public abstract partial class ImageDecoderContract
{
    private static readonly string CasesFolder = Path.Combine(AppContext.BaseDirectory, "Imaging", "Cases");
    private static readonly JsonObject Cases = JsonNode.Parse(File.ReadAllText(Path.Combine(CasesFolder, "cases.json")))!.AsObject();

    public static TheoryData<string> CaseNames => [.. Cases.Select(one => one.Key)];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public async Task Case_HasTheRightAnswer(string name)
    {
        var file = await File.ReadAllBytesAsync(Path.Combine(CasesFolder, name));
        var want = Cases[name]!["want"]!.AsObject();
        using var content = new MemoryStream(file);

        var header = await Decoder.ReadHeaderAsync(content, ImageFormat.Sniff(file).ShouldNotBeNull(), default);
        var decoded = (await Decoder.DecodeAsync(content, header, default)).ShouldNotBeNull();

        want["status"]!.GetValue<string>().ShouldBe("analyzed");
        (header.Width, header.Height).ShouldBe((want["width"]?.GetValue<int>() ?? header.Width, want["height"]?.GetValue<int>() ?? header.Height));
        decoded.Thumbnails.Count.ShouldBeGreaterThanOrEqualTo(4);
    }
}
