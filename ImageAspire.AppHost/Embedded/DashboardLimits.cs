using System.Globalization;
using ImageAspire.Dashboard.Telemetry;
using Microsoft.Extensions.Configuration;

namespace ImageAspire.AppHost.Embedded;

/// <summary>How much the dashboard keeps, where the environment of AppHost says so: <c>Dashboard__Limits__Traces=20000</c>.</summary>
internal static class DashboardLimits
{
    private const string Section = "Dashboard:Limits";

    private static readonly (string Name, long Least, long Most, Action<TelemetryLimits, long> Set)[] Known =
    [
        (nameof(TelemetryLimits.Traces), 1, 1_000_000, (limits, value) => limits.Traces = (int)value),
        (nameof(TelemetryLimits.SpansPerTrace), 1, 1_000_000, (limits, value) => limits.SpansPerTrace = (int)value),
        (nameof(TelemetryLimits.SpanEventCount), 0, 10_000, (limits, value) => limits.SpanEventCount = (int)value),
        (nameof(TelemetryLimits.LogsPerResource), 1, 1_000_000, (limits, value) => limits.LogsPerResource = (int)value),
        (nameof(TelemetryLimits.BodyLength), 1, 1_048_576, (limits, value) => limits.BodyLength = (int)value),
        ("MetricMinutes", 1, 1_440, (limits, value) => limits.MetricDuration = TimeSpan.FromMinutes(value)),
        (nameof(TelemetryLimits.MetricSeries), 1, 100_000, (limits, value) => limits.MetricSeries = (int)value),
        (nameof(TelemetryLimits.Resources), 1, 10_000, (limits, value) => limits.Resources = (int)value),
        (nameof(TelemetryLimits.AttributeCount), 1, 10_000, (limits, value) => limits.AttributeCount = (int)value),
        (nameof(TelemetryLimits.AttributeLength), 1, 1_048_576, (limits, value) => limits.AttributeLength = (int)value),
        (nameof(TelemetryLimits.BytesPerStore), 1_048_576, 17_179_869_184, (limits, value) => limits.BytesPerStore = value),
        (nameof(TelemetryLimits.RequestBytes), 65_536, 268_435_456, (limits, value) => limits.RequestBytes = (int)value),
    ];

    /// <summary>Sets what the environment names.</summary>
    /// <returns>What is wrong, all of it, with the names of the variables; empty for nothing.</returns>
    public static IReadOnlyList<string> Apply(TelemetryLimits limits) =>
        Apply(limits, new ConfigurationBuilder().AddEnvironmentVariables().Build());

    internal static IReadOnlyList<string> Apply(TelemetryLimits limits, IConfiguration configuration)
    {
        var problems = new List<string>();
        foreach (var given in configuration.GetSection(Section).GetChildren())
        {
            var known = Array.Find(Known, one => one.Name.Equals(given.Key, StringComparison.OrdinalIgnoreCase));
            if (known.Set is null)
                problems.Add($"{Variable(given.Key)} is not known; there are {string.Join(", ", Known.Select(one => one.Name))}.");
            else if (!long.TryParse(given.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < known.Least || value > known.Most)
                problems.Add($"{Variable(known.Name)} must be a whole number from {known.Least} to {known.Most}, not '{given.Value}'.");
            else
                known.Set(limits, value);
        }

        return problems;
    }

    private static string Variable(string name) => $"{Section.Replace(":", "__", StringComparison.Ordinal)}__{name}";
}
