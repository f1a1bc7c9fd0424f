using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using OpenTelemetry;

namespace ImageAspire.ServiceDefaults.Tracing;

/// <summary>Puts the gallery's address of the image on spans about one: Aspire's dashboard shows an attribute that is an address as a link.</summary>
/// <param name="address">The address, with <c>{id}</c> in the image's place.</param>
internal sealed class ImageLinkProcessor(string address) : BaseProcessor<Activity>
{
    /// <summary>The setting with the address; the AppHost sets it when everything runs here.</summary>
    public const string Key = "Telemetry:ImageUrl";

    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem(Spans.ImageId) is string image)
            data.SetTag("imageaspire.image.url", address.Replace("{id}", image, StringComparison.Ordinal));
    }
}
