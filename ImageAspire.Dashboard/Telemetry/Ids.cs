using System.Globalization;

namespace ImageAspire.Dashboard.Telemetry;

/// <summary>Identity of a trace: 16 bytes, written as 32 lower-case hexadecimal digits. All zero is no trace.</summary>
/// <param name="Value">The bytes, first one highest.</param>
public readonly record struct TraceId(UInt128 Value)
{
    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => Value == UInt128.Zero;

    /// <summary>Reads 32 hexadecimal digits, of either case.</summary>
    public static bool TryParse(string? text, out TraceId id)
    {
        id = default;
        if (text is not { Length: 32 } || !UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return false;
        id = new TraceId(value);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}

/// <summary>Identity of a span within its trace: 8 bytes, written as 16 lower-case hexadecimal digits. All zero is no span.</summary>
/// <param name="Value">The bytes, first one highest.</param>
public readonly record struct SpanId(ulong Value)
{
    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => Value == 0;

    /// <summary>Reads 16 hexadecimal digits, of either case.</summary>
    public static bool TryParse(string? text, out SpanId id)
    {
        id = default;
        if (text is not { Length: 16 } || !ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return false;
        id = new SpanId(value);
        return true;
    }

    /// <summary>Seeded: whoever sends spans must not be able to choose ids that all fall into one place of a table.</summary>
    public override int GetHashCode() => HashCode.Combine(Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
