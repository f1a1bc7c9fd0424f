using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard;

/// <summary>How the dashboard is run. Whoever hosts it sets all of it.</summary>
public sealed class DashboardOptions
{
    /// <summary>Port of pages and telemetry API, on loopback; 0 for any free one.</summary>
    public int Port { get; set; } = 18888;

    /// <summary>Port of OTLP over HTTP, on loopback. The next free one is taken when it is in use; 0 for any free one.</summary>
    public int OtlpPort { get; set; } = 4318;

    /// <summary>
    /// Ports that are meant for somebody else, whether anybody listens there yet or not: OTLP is not put there, as little as at
    /// <see cref="Port"/>.
    /// </summary>
    public HashSet<int> ReservedPorts { get; } = [];

    /// <summary>SHA-256, in hexadecimal digits, of the token that opens the pages.</summary>
    public required string SignInTokenSha256 { get; set; }

    /// <summary>SHA-256, in hexadecimal digits, of the key that opens the telemetry API (<c>X-API-Key</c>).</summary>
    public required string ApiKeySha256 { get; set; }

    /// <summary>SHA-256, in hexadecimal digits, of the key that senders of telemetry show (<c>x-otlp-api-key</c>).</summary>
    public required string OtlpKeySha256 { get; set; }

    /// <summary>Name of the application in the title.</summary>
    public string ApplicationName { get; set; } = "ImageAspire";

    /// <summary>
    /// Attributes whose values are shown as links: key of the attribute → address with <c>{value}</c> in it, which is replaced by the
    /// value, escaped. Only http and https addresses.
    /// </summary>
    public Dictionary<string, string> AttributeLinks { get; } = new(StringComparer.Ordinal);

    /// <summary>What is kept at most.</summary>
    public TelemetryLimits Limits { get; } = new();
}
