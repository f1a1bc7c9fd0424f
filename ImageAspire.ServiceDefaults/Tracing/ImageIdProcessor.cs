using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using OpenTelemetry;

namespace ImageAspire.ServiceDefaults.Tracing;

/// <summary>Spans of others (HTTP clients, drivers) below a span of an image are about that image too.</summary>
internal sealed class ImageIdProcessor : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        if (data.Parent?.GetTagItem(Spans.ImageId) is { } image)
            data.SetTag(Spans.ImageId, image);
    }
}
