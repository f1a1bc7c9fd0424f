using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Json;
using ImageAspire.Core.Lifecycle;

namespace ImageAspire.Tests;

/// <summary>Records, transitions and events.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Cause Someone = new("someone", Noon);

    /// <summary>The same within a trace.</summary>
    public static readonly Cause Traced = Someone with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

    public static readonly Inspection Facts = new() { Width = 600, Height = 450, Orientation = 6 };

    public static readonly ImageFailure Why = new("InspectImage", FailureCodes.Corrupt, "The file cannot be decoded.", 1, Noon);

    public static readonly ImageAnalysis Analysis = new()
    {
        Provider = "test", Model = "test/1", AnalyzedAt = Noon, Caption = "A landscape.", Tags = [new ImageTag("landscape", 1)], VectorModels = [],
    };

    public static string Digest(string of) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(of)));

    /// <summary>A new image with bytes that no other sample has.</summary>
    public static ImageRecord Image(string name = "photo.jpg", int second = 0, long bytes = 1000)
    {
        var at = Noon.AddSeconds(second);
        var id = Guid.CreateVersion7(at);
        return ImageLifecycle.Receive(id, name, ImageFormat.Jpeg, bytes, Digest(id.ToString()), null, Someone with { At = at }).After!;
    }

    public static ImageRecord Received() => ImageLifecycle.Receive(
        Guid.CreateVersion7(Noon), "photo.jpg", ImageFormat.Jpeg, 1234, new string('a', 64), "0af7651916cd43dd8448eb211c80319c", Traced).After!;

    /// <summary>A record that the lifecycle has brought to a status.</summary>
    public static ImageRecord In(ImageStatus status) => status switch
    {
        ImageStatus.Received => Received(),
        ImageStatus.Inspected => ImageLifecycle.Inspect(Received(), Facts, Traced).After!,
        ImageStatus.Analyzed => ImageLifecycle.Analyze(In(ImageStatus.Inspected), Analysis, Traced).After!,
        ImageStatus.Rejected => ImageLifecycle.Reject(Received(), Why, Traced).After!,
        _ => ImageLifecycle.Fail(Received(), Why, Traced).After!,
    };

    public static ImageRecord Seen(this ImageRecord record, string? caption, string[] tags, params string[] lines) => record with
    {
        Status = ImageStatus.Analyzed,
        Analysis = new ImageAnalysis
        {
            Provider = "test", Model = "test/1", AnalyzedAt = Noon, Caption = caption,
            Tags = [.. tags.Select(tag => new ImageTag(tag, 0.9))],
            Text = [.. lines.Select(line => new DetectedText(line, 0.9, new BoundingBox(0, 0, 10, 10)))],
        },
    };

    public static Transition Insert(this ImageRecord record) => new(null, record, Event(ImageEventTypes.Received, record));

    public static Transition Replace(this ImageRecord record, Func<ImageRecord, ImageRecord> change)
    {
        var after = change(record) with { Version = record.Version + 1 };
        return new Transition(record, after, Event(ImageEventTypes.Updated, after));
    }

    public static Transition Delete(this ImageRecord record) => new(record, null, Event(ImageEventTypes.Deleted, record));

    public static ImageEvent Event(string type, ImageRecord record, DateTimeOffset? at = null, ImageFailure? failure = null) => new(
        Guid.CreateVersion7(), type, record.Id, at ?? Noon, null, new ImageEventData
        {
            Version = record.Version, Actor = "someone", Status = record.Status, Name = record.Name, ContentType = record.ContentType,
            Bytes = record.Bytes, UploadedAt = record.UploadedAt, Tags = record.AllTags(), Failure = failure,
        });

    /// <summary>Records hold lists, which C# compares by reference.</summary>
    public static string Json(ImageRecord? record) => JsonSerializer.Serialize(record, CoreJson.Default.ImageRecord!);
}
