namespace ImageAspire.Dashboard.Telemetry;

/// <summary>What an attribute's value was when it was sent.</summary>
public enum AttributeKind : byte
{
    /// <summary>Text.</summary>
    Text,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A whole number, in decimal digits.</summary>
    WholeNumber,

    /// <summary>A number, in the shortest form that reads back as the same.</summary>
    RealNumber,

    /// <summary>Bytes, in base64.</summary>
    Bytes,

    /// <summary>A list or a map of values, as plain JSON: <c>["a",1]</c>, <c>{"k":true}</c>; bytes in it are text in base64.</summary>
    Structured,

    /// <summary>No value was sent.</summary>
    Empty,
}

/// <summary>A name with a value. The text comes from anybody who can send telemetry: it is data, never markup.</summary>
/// <param name="Key">The name.</param>
/// <param name="Value">The value as text; cut at <see cref="TelemetryLimits.AttributeLength"/>.</param>
/// <param name="Kind">What it was.</param>
public readonly record struct TelemetryAttribute(string Key, string Value, AttributeKind Kind = AttributeKind.Text);

/// <summary>A process that sends telemetry. Those with the same name and instance are one object.</summary>
/// <param name="Name">Its <c>service.name</c>: <c>api</c>, <c>worker</c>.</param>
/// <param name="InstanceId">Its <c>service.instance.id</c>; empty when it sent none.</param>
/// <param name="Attributes">All of its attributes; those of the newest process when one was restarted under the same name.</param>
public sealed record TelemetryResource(string Name, string InstanceId, IReadOnlyList<TelemetryAttribute> Attributes)
{
    /// <summary>How it is called on pages, in addresses and by the telemetry API: the instance when that begins with the name, else <c>name-instance</c>.</summary>
    public string DisplayName { get; } = InstanceId.Length == 0 || InstanceId == Name ? Name
        : InstanceId.StartsWith(Name + "-", StringComparison.Ordinal) ? InstanceId : $"{Name}-{InstanceId}";

    /// <summary>All of its attributes; those of the newest process when one was restarted under the same name.</summary>
    public IReadOnlyList<TelemetryAttribute> Attributes { get; internal set; } = Attributes;

    /// <summary>The same name and instance.</summary>
    public bool Equals(TelemetryResource? other) => other is not null && other.Name == Name && other.InstanceId == InstanceId;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, InstanceId);
}

/// <summary>The library that wrote a span, a log record or a metric.</summary>
/// <param name="Name">Name of the ActivitySource, of the log category or of the Meter.</param>
/// <param name="Version">Its version; empty when unknown.</param>
public sealed record TelemetryScope(string Name, string Version);
