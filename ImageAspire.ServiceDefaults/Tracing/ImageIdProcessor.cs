using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using OpenTelemetry;

namespace ImageAspire.ServiceDefaults.Tracing;

/// <summary>Copies the image id from a span to its children of other sources (HTTP clients, drivers).</summary>
internal sealed class ImageIdProcessor : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        if (data.Parent?.GetTagItem(Spans.ImageId) is { } image)
            data.SetTag(Spans.ImageId, image);
    }
}
