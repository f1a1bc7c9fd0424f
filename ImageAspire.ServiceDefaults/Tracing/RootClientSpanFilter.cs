using System.Diagnostics;
using OpenTelemetry;

namespace ImageAspire.ServiceDefaults.Tracing;

/// <summary>
/// Leaves out calls to others that are part of nothing: a health check that asks a service, a sweep that asks a store. A trace begins with
/// a request, a message or a piece of work, and such calls would fill the list of traces.
/// </summary>
internal sealed class RootClientSpanFilter : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        if (data.Kind != ActivityKind.Client || data.ParentSpanId != default)
            return;
        data.IsAllDataRequested = false;
        data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
