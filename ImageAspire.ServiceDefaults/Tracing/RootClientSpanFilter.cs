using System.Diagnostics;
using OpenTelemetry;

namespace ImageAspire.ServiceDefaults.Tracing;

/// <summary>
/// Drops client spans without a parent: calls of a health check or a sweep. A trace begins with a request, a message or a unit of work; such
/// calls would fill the list of traces.
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
