using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using OpenTelemetry;

namespace ImageAspire.ServiceDefaults.Tracing;

/// <summary>
/// Drops spans of clients and libraries without a parent: calls of a health check, a sweep or a poll. A trace begins with a request, a message or a
/// unit of work of ours; such calls would fill the list of traces.
/// </summary>
internal sealed class RootSpanFilter : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        var isOfLibrary = data.Kind == ActivityKind.Internal && data.Source.Name != Telemetry.Name;
        if (data.ParentSpanId != default || data.Kind != ActivityKind.Client && !isOfLibrary)
            return;
        data.IsAllDataRequested = false;
        data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
