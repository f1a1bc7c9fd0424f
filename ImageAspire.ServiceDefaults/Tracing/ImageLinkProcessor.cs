using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using OpenTelemetry;

namespace ImageAspire.ServiceDefaults.Tracing;

/// <summary>Puts the image's gallery address on spans that have an image id: Aspire's dashboard shows such an attribute as a link.</summary>
/// <param name="address">The address, with <c>{id}</c> as the placeholder of the image's id.</param>
internal sealed class ImageLinkProcessor(string address) : BaseProcessor<Activity>
{
    /// <summary>The setting with the address; the AppHost sets it for local runs.</summary>
    public const string Key = "Telemetry:ImageUrl";

    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem(Spans.ImageId) is string image)
            data.SetTag("imageaspire.image.url", address.Replace("{id}", image, StringComparison.Ordinal));
    }
}
