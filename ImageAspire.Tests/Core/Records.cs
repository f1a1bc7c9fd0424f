using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;

namespace ImageAspire.Tests.Core;

/// <summary>Records for tests that need no store.</summary>
internal static class Records
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Cause Someone = new("someone", Noon, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

    public static readonly Inspection Facts = new() { Width = 600, Height = 450, Orientation = 6 };

    public static readonly ImageFailure Why = new("InspectImage", FailureCodes.Corrupt, "The file cannot be decoded.", 1, Noon);

    public static readonly ImageAnalysis Seen = new()
    {
        Provider = "test", Model = "test/1", AnalyzedAt = Noon, Caption = "A landscape.", Tags = [new ImageTag("landscape", 1)],
    };

    public static ImageRecord Received() => ImageLifecycle.Receive(
        Guid.CreateVersion7(Noon), "photo.jpg", ImageFormat.Jpeg, 1234, new string('a', 64), "0af7651916cd43dd8448eb211c80319c", Someone).After!;

    public static ImageRecord In(ImageStatus status) => status switch
    {
        ImageStatus.Received => Received(),
        ImageStatus.Inspected => ImageLifecycle.Inspect(Received(), Facts, Someone).After!,
        ImageStatus.Analyzed => ImageLifecycle.Analyze(In(ImageStatus.Inspected), Seen, Someone).After!,
        ImageStatus.Rejected => ImageLifecycle.Reject(Received(), Why, Someone).After!,
        _ => ImageLifecycle.Fail(Received(), Why, Someone).After!,
    };
}
