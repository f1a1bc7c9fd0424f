using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageAspire.Core.Images;

namespace ImageAspire.Tests.Contracts;

/// <summary>Small files of the kinds that people have, each with the right answer (<c>Imaging/Cases/cases.json</c>).</summary>
public abstract partial class ImageDecoderContract
{
    // A plus sign as it is.
    private static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
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

        var (header, made) = await Decoder.InspectAsync(content, ImageFormat.Sniff(file).ShouldNotBeNull(), default);
        var decoded = made.ShouldNotBeNull();

        want["status"]!.GetValue<string>().ShouldBe("analyzed");
        Json(header.TakenAtLocal).ShouldBe(Wanted("takenAtLocal", header.TakenAtLocal));
        Json(header.TakenAt).ShouldBe(Wanted("takenAt", header.TakenAt));
        Json(header.Metadata?.Keywords).ShouldBe(Wanted("keywords", header.Metadata?.Keywords));
        Json(header.Metadata?.Rating).ShouldBe(Wanted("rating", header.Metadata?.Rating));
        (header.Metadata?.Description).ShouldBe(want.ContainsKey("description") ? want["description"]!.GetValue<string>() : header.Metadata?.Description);
        Json(header.Location).ShouldBe(Wanted("location", header.Location));
        if (want.ContainsKey("damaged"))
            (decoded.Damaged is null).ShouldBe(want["damaged"] is null);
        (header.Width, header.Height).ShouldBe((want["width"]?.GetValue<int>() ?? header.Width, want["height"]?.GetValue<int>() ?? header.Height));
        decoded.Thumbnails.Count.ShouldBe(4); // none is large enough for a preview

        // What the case does not speak of is as it is.
        string? Wanted<T>(string member, T actual) => want.ContainsKey(member) ? want[member]?.ToJsonString(Plain) : Json(actual);
    }

    private static string? Json<T>(T value) => value is null ? null : JsonSerializer.Serialize(value, Plain);
}
